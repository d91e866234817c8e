"""The pre-commit hook, run by pre-commit itself on a scratch repository.

The hook is installed from this source tree (a temporary repository holds a copy of it), so pre-commit
needs to install the dependencies: from the package index, which may not be there.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from checker.resources import resource

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="needs git"),
    pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="needs pre-commit"),
]
#: What pip says where there is no package index; any other fault is one of the hook.
UNREACHED = ("No matching distribution found", "NewConnectionError", "ConnectTimeoutError")


def shipped() -> list[str]:
    """What the package is built from, and the hook."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    data = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    own = ("checker", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
    return [*own, *data]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHONPATH"))}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def git(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    who = ("-c", "user.name=甲", "-c", "user.email=a@example.com")
    return run(folder, "git", *who, *args)


def copied(folder: Path) -> str:
    """A repository with what the hook is installed from; the commit."""
    folder.mkdir()
    for name in shipped():
        source = ROOT / name
        if source.is_dir():
            skip = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=skip)
        else:
            shutil.copy(source, folder / name)
    git(folder, "init")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "hook")
    return git(folder, "rev-parse", "HEAD").stdout.strip()


def test_a_bad_draft_is_blocked_and_the_mended_one_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "hooks"))
    commit = copied(tmp_path / "checker")
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    git(drafts, "init")
    (drafts / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tmp_path / 'checker'}\n  rev: {commit}\n  hooks:\n  - id: checker\n",
        encoding="utf-8",
    )
    command = (sys.executable, "-m", "pre_commit")
    installed = run(drafts, *command, "install", "--install-hooks")
    if any(words in installed.stdout for words in UNREACHED):
        pytest.skip("pre-commit found no package index to install the hook from")
    assert installed.returncode == 0, installed.stdout
    draft = drafts / "通告.txt"
    draft.write_bytes((resource("examples") / "notice.txt").read_bytes())
    git(drafts, "add", "-A")
    blocked = git(drafts, "commit", "-m", "草案")
    assert blocked.returncode == 1, blocked.stdout + blocked.stderr
    assert "FEE-003" in blocked.stderr + blocked.stdout
    assert git(drafts, "rev-parse", "--verify", "HEAD").returncode != 0
    text = draft.read_text("utf-8")
    bad = [line for line in text.splitlines() if "安居检测" in line or "拆除押金" in line]
    for line in bad:
        text = text.replace(line + "\n", "")
    draft.write_text(text.replace("（三）我局", "（一）我局"), encoding="utf-8")
    git(drafts, "add", "-A")
    passed = git(drafts, "commit", "-m", "草案")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert git(drafts, "rev-parse", "--verify", "HEAD").returncode == 0
