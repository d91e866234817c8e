"""Completion by the shell: the scripts, and what they offer, asked as a shell asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from checker.cli import cli, main


def offered(*words: str, kind: str = "plain") -> list[str]:
    """What is offered for the last of the words after ``checker``."""
    complete = ShellComplete(cli, {}, "checker", "_CHECKER_COMPLETE")
    items = complete.get_completions(list(words[:-1]), words[-1])
    return [item.value for item in items if item.type == kind]


def test_commands_options_and_rules_are_offered() -> None:
    assert offered("expl") == ["explain"]
    assert "--fail-on" in offered("check", "--fa")
    assert offered("explain", "FEE-003") == ["FEE-003"]
    assert offered("explain", "fee-00")[:2] == ["FEE-001", "FEE-002"]
    assert "PRO" not in offered("explain", "PR")
    assert offered("check", "--select", "FEE,VAL-00")[0].startswith("FEE,VAL-00")
    assert "PRO" in offered("check", "--ignore", "PR")
    assert offered("check", "--fail-on", "w") == ["warning"]
    assert offered("completion", "z") == ["zsh"]


def test_files_and_folders_are_left_to_the_shell() -> None:
    assert offered("check", "草", kind="file") == ["草"]
    assert offered("diff", "旧.txt", "新", kind="file") == ["新"]
    assert offered("dossier", "报", kind="file") == ["报"]
    assert offered("check", "--rules", "本", kind="dir") == ["本"]


def test_rules_of_a_folder_are_offered(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["rules", "new", "FEE-951", "--to", str(tmp_path)])
    assert offered("explain", "--rules", str(tmp_path), "FEE-95") == ["FEE-951"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_says_how_to_switch_it_on(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["completion", shell])
    out = capsys.readouterr().out
    assert ended.value.code in (0, None)
    assert out.startswith("# checker 的命令补全。启用：") and f"{shell}_complete" in out


def test_an_unknown_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["completion", "zhs"])
    assert ended.value.code == 2 and "是否要写“zsh”" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_itself_completes(tmp_path: Path) -> None:
    command = tmp_path / "checker"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n')
    command.chmod(0o755)
    script = (
        'eval "$(checker completion bash)"; '
        "COMP_WORDS=(checker explain FEE-00); COMP_CWORD=2; _checker_completion checker; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    root = str(Path(__file__).resolve().parents[1])
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": root}
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines()[:2] == ["FEE-001", "FEE-002"], ran.stderr
