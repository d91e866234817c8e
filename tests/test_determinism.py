"""Determinism: the same bytes whatever the processes, locale, time zone, hash seed, encoding and order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.corpus import write
from checker.batch import jobs_for

ROOT = Path(__file__).parent.parent
FORMATS = ("text", "json", "html", "sarif", "csv", "junit", "gitlab", "github")
SURROUNDINGS = {
    "c": {"LC_ALL": "C", "PYTHONHASHSEED": "1", "TZ": "UTC"},
    "chinese": {"LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai"},
    "gb18030": {"LC_ALL": "zh_CN.GB18030", "PYTHONIOENCODING": "gb18030", "PYTHONUTF8": "0"},
    "ascii": {"LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"},
    "far": {"TZ": "Pacific/Kiritimati", "PYTHONUTF8": "1", "PYTHONHASHSEED": "20241124"},
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/Anchorage"},
}
JOBS = ("1", "2", "4", "1", "3", "2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("来文")
    write(path / "乙", 8, length=1200)
    write(path / "甲" / "a b", 4, seed=2, length=1200)
    (path / "坏.docx").write_bytes(b"PK\3\4")
    (path / "办法.docx").write_bytes((ROOT / "examples" / "faulty.docx").read_bytes())
    return path


def _run(surrounding: dict[str, str], *args: object, place: Path) -> dict[str, bytes]:
    """What a command writes, by file name, in these surroundings."""
    place.mkdir()
    targets = [part for name in FORMATS[1:] for part in ("-f", f"{name}={place / name}")]
    command = [sys.executable, "-m", "checker", *args, *targets, "-f", "text"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        [str(arg) for arg in command],
        env={**kept, "PYTHONPATH": str(ROOT), **surrounding},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr.decode()
    return {"text": ran.stdout, **{file.name: file.read_bytes() for file in place.iterdir()}}


@pytest.fixture(scope="module")
def usual(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    place = tmp_path_factory.mktemp("通常")
    args = ("--no-cache", "--as-of", "2026-01-05")
    return {
        "check": _run({}, "check", folder, *args, "--jobs", 1, place=place / "check"),
        "dossier": _run({}, "dossier", _dossier(), *args[1:], place=place / "dossier"),
    }


def _dossier() -> Path:
    return ROOT / "examples" / "dossiers" / "faulty"


@pytest.mark.parametrize(("name", "jobs"), list(zip(SURROUNDINGS, JOBS, strict=True)))
def test_a_folder(name: str, jobs: str, folder: Path, usual, tmp_path: Path) -> None:
    args = ("check", folder, "--no-cache", "--as-of", "2026-01-05", "--jobs", jobs)
    found = _run(SURROUNDINGS[name], *args, place=tmp_path / "out")
    assert set(found) == set(FORMATS)
    assert [name for name in found if found[name] != usual["check"][name]] == []


@pytest.mark.parametrize("name", ["c", "gb18030", "far"])
def test_a_dossier(name: str, usual, tmp_path: Path) -> None:
    args = ("dossier", _dossier(), "--as-of", "2026-01-05")
    found = _run(SURROUNDINGS[name], *args, place=tmp_path / "out")
    assert [name for name in found if found[name] != usual["dossier"][name]] == []


def test_the_order_of_a_folder_is_that_of_its_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [job.name for job in jobs_for(folder, {".txt", ".docx"})]
    assert expected == sorted(expected) and len(expected) == 14
    assert "甲/a b/d000000.txt" in expected and not any("\\" in name for name in expected)
    honest, rng = os.walk, random.Random(1)

    def walk(*args: object, **options: object) -> Iterator[tuple[str, list[str], list[str]]]:
        for at, folders, files in honest(*args, **options):  # type: ignore[call-overload]
            rng.shuffle(folders)
            rng.shuffle(files)
            yield at, folders, files

    monkeypatch.setattr(os, "walk", walk)
    assert [job.name for job in jobs_for(folder, {".txt", ".docx"})] == expected
