"""Exhaustion: a full disk, no more files to open, folders that cannot be opened; told, never hidden."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checker.dossier import read_dossier
from checker.sources import UnreadableSource, read_path

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
FULL = Path("/dev/full")
full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")


def _run(
    *args: object, out: Path | None = None, files: int = 0
) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, which may open so many files (0: as usual)."""
    command = [sys.executable, "-m", "checker", *map(str, args)]
    if files:
        command = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command]
    with (out or Path(os.devnull)).open("wb") as stream:
        return subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=subprocess.PIPE,
            check=False,
        )


def _refused(ran: subprocess.CompletedProcess[bytes], said: str) -> None:
    words = ran.stderr.decode()
    assert ran.returncode == 2 and said in words and "Traceback" not in words, words


@full
@pytest.mark.parametrize("name", ["json", "html", "csv", "sarif", "junit", "gitlab", "xlsx"])
def test_a_full_disk_is_told_for_every_format(name: str) -> None:
    _refused(_run("check", EXAMPLES / "notice.txt", "-f", f"{name}={FULL}"), "磁盘已满")


@full
@pytest.mark.parametrize(
    "args",
    [
        ["check", EXAMPLES / "notice.txt"],
        ["check", EXAMPLES, "--jobs", "2"],
        ["cite", EXAMPLES / "faulty.docx"],
        ["explain", "FEE-003"],
    ],
)
def test_standard_output_that_is_full_is_told(args: list[object]) -> None:
    _refused(_run(*args, out=FULL), "磁盘已满")


@full
def test_a_copy_for_which_there_is_no_room_is_told() -> None:
    _refused(_run("annotate", EXAMPLES / "faulty.docx", "-o", FULL), "磁盘已满")


def test_with_few_files_to_open_fewer_processes_do_the_work(tmp_path: Path) -> None:
    for n in range(6):
        shutil.copy(EXAMPLES / "clean.docx", tmp_path / f"{n}.docx")
    ran = _run("check", tmp_path, "--no-cache", "--jobs", 8, files=14)
    assert ran.returncode == 0, ran.stderr.decode()


def test_a_file_that_cannot_be_opened_for_want_of_handles_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "办法.txt"
    path.write_text("第一条　为了规范管理，制定本办法。", encoding="utf-8")

    def refuse(self: Path, *_: Any, **__: Any) -> Any:
        raise OSError(errno.EMFILE, "Too many open files", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableSource, match="打开的文件过多"):
        read_path(path)


def test_a_folder_of_a_dossier_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "卷宗"
    shutil.copytree(EXAMPLES / "dossiers" / "faulty", folder)
    (folder / "附件").mkdir()
    honest = os.scandir

    def closed(path: Any) -> Any:
        if str(path).endswith("附件"):
            raise PermissionError(13, "Permission denied", str(path))
        return honest(path)

    monkeypatch.setattr(os, "scandir", closed)
    unreadable = read_dossier(folder).unreadable
    assert ("附件", "无法打开文件夹：没有读取权限") in [(u.name, u.reason) for u in unreadable]
