"""Hostile: a folder with twenty files that cannot be checked; the others are, and each is named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.corpus import write
from bench.hostile import LIMITS, REASONS, check, faults, unread, write_hostile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, FIFOs, limits of memory")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("来文")
    write(path, 30, length=1000)
    (path / "checker.toml").write_text(LIMITS.format(seconds=4), encoding="utf-8")
    write_hostile(path)
    return path


def test_the_others_are_checked_and_each_is_named_with_its_reason(folder: Path) -> None:
    code, run = check(folder, 2)
    assert faults(code, run, 30) == []
    assert len(unread(run)) == len(REASONS) == 20
    assert str(folder) not in str(run)


def test_with_nothing_found_the_exit_code_says_not_fully_checked(folder: Path) -> None:
    for path in folder.glob("d*.txt"):
        path.write_text("第一条　为了规范管理，制定本办法。\n", encoding="utf-8")
    for name in ("查很久.txt", "内存炸弹.docx"):
        (folder / name).unlink()
    code, run = check(folder, 1)
    assert code == 3 and run["summary"]["incomplete"] == 18
