"""checker check --changed: what Git calls changed, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from checker.changes import NoChanges, changed_files
from checker.cli import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder: Path, *args: str) -> None:
    who = ("-c", "user.name=甲", "-c", "user.email=a@example.com")
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True, env=env)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "库"
    (folder / "草案").mkdir(parents=True)
    git(folder, "init", "-b", "main")
    for name in ("旧.txt", "改.txt", "删.txt", "草案/暂存.txt"):
        (folder / name).write_text("第一条　原来的。\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "一")
    return folder


def changed(repo: Path, ref: str = "HEAD", path: str = ".") -> set[str]:
    root = repo.resolve()
    found = changed_files([repo / path], ref)
    return {file.relative_to(root).as_posix() for file in found}


def test_staged_unstaged_and_new_files_are_changed_deleted_and_ignored_not(repo: Path) -> None:
    assert changed(repo) == set()
    (repo / "改.txt").write_text("第一条　改了。\n", encoding="utf-8")
    (repo / "草案/暂存.txt").write_text("第一条　改了。\n", encoding="utf-8")
    git(repo, "add", "草案/暂存.txt")
    (repo / "删.txt").unlink()
    (repo / "草案/新 的.txt").write_text("第一条　新的。\n", encoding="utf-8")
    (repo / ".gitignore").write_text("不管.txt\n", encoding="utf-8")
    (repo / "不管.txt").write_text("第一条　不管。\n", encoding="utf-8")
    assert changed(repo, path="草案") == {"改.txt", "草案/暂存.txt", "草案/新 的.txt", ".gitignore"}


def test_another_version_may_be_named(repo: Path) -> None:
    git(repo, "checkout", "-b", "分支")
    (repo / "改.txt").write_text("第一条　改了。\n", encoding="utf-8")
    git(repo, "commit", "-am", "二")
    assert changed(repo) == set() and changed(repo, "main") == {"改.txt"}


def test_before_the_first_commit_everything_is_changed(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "a.txt").write_text("第一条", encoding="utf-8")
    (tmp_path / "b.txt").write_text("第一条", encoding="utf-8")
    git(tmp_path, "add", "a.txt")
    assert changed(tmp_path) == {"a.txt", "b.txt"}


def test_what_git_cannot_say_is_told(repo: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "外").mkdir()
    for path, ref, said in (
        (tmp_path / "外", "HEAD", "不在 Git 仓库里"),
        (repo, "没有", "没有“没有”这个版本"),
        (repo, "--output=x", "没有“--output=x”这个版本"),
    ):
        with pytest.raises(NoChanges, match=said):
            changed_files([path], ref)
    assert not (repo / "x").exists()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoChanges, match="没有找到 git"):
        changed_files([repo], "HEAD")


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in args])
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


def test_check_looks_only_at_what_was_changed_below_the_paths(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo)
    assert "检查 0 份" in run(capsys, "check", "--changed", ".")[1]
    for name in ("改.txt", "草案/新.txt"):
        (repo / name).write_text("第一条　改了。\n", encoding="utf-8")
    assert "检查 2 份" in run(capsys, "check", ".", "--changed")[1]
    assert "检查 1 份" in run(capsys, "check", "--changed", "草案")[1]
    assert "检查 1 份" in run(capsys, "check", "--changed=HEAD", "旧.txt", "改.txt")[1]
    code, out, err = run(capsys, "check", "--changed=没有", ".")
    assert code == 2 and out == "" and "没有“没有”这个版本" in err
    code, _, err = run(capsys, "check", "--changed", "-")
    assert code == 2 and "不能与标准输入（-）一起用" in err


def test_outside_a_repository_the_error_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "check", "--changed", tmp_path)
    assert code == 2 and out == "" and "不在 Git 仓库里" in err


def test_a_waiver_for_several_is_not_called_idle_when_some_are_looked_at(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "checker-waivers.yml").write_text(
        "- {rule: FEE-003, document: '*.txt', at: 第一条, ground: 《优化营商环境条例》第二十五条,"
        " reason: 国务院批准的试点, by: 法规科, until: 2099-12-31}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(repo)
    (repo / "改.txt").write_text("第一条　改了。\n", encoding="utf-8")
    args = ("check", ".", "--waivers", "checker-waivers.yml")
    assert "WVR-" in run(capsys, *args)[1]
    assert "WVR-" not in run(capsys, *args, "--changed")[1]
