"""Bulk runs: sources, portions, parts, resuming, dead workers, and the same rows from Ray."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner

pytest.importorskip("pyarrow", reason="pyarrow 没有安装")

import pyarrow
from pyarrow import parquet

from bench import corpus
from checker.api import Checker
from checker.bulk import engines
from checker.bulk.intake import Entry, SourceFault, entries, find
from checker.bulk.run import Bulk, prepare
from checker.cli import cli
from checker.render.workbook import MissingLibrary
from checker.report import Report

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus.write(tmp_path / "文件", 12, seed=7, length=600)
    (tmp_path / "文件" / "d000003.txt").write_bytes(b"")
    (tmp_path / "文件" / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "文件" / ".隐藏.txt").write_text("x")
    return tmp_path / "文件"


def ready(
    checker: Checker, source: Path, target: Path, resume: bool = False, size: int = 4
) -> Bulk:
    return prepare(checker, str(source), str(target), as_of=DAY, resume=resume, size=size)


def complete(bulk: Bulk) -> None:
    """Do a run in this process."""
    list(map(bulk.work, bulk.intake.portions))
    bulk.work.parts.close()


def rows(target: Path, kind: str) -> list[dict[str, object]]:
    return parquet.read_table(target / kind).to_pylist()


def contents(target: Path) -> dict[str, bytes]:
    return {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }


def test_rows_are_the_findings_of_the_same_documents(checker, folder, tmp_path) -> None:
    bulk = ready(checker, folder, tmp_path / "out")
    assert sum(bulk.run(jobs=2)) == bulk.documents == 13
    reports = list(checker.check_folder(folder, 1, DAY))
    names = [Path(report.name).name for report in reports]
    documents = rows(tmp_path / "out", "documents")
    assert [row["document"] for row in documents] == names
    assert [row["status"] for row in documents].count("unread") == 2
    assert [row["error"] for row in documents] == [report.error for report in reports]
    found = rows(tmp_path / "out", "findings")
    assert [(row["document"], row["fingerprint"], row["start"], row["quote"]) for row in found] == [
        (Path(report.name).name, f.fingerprint, f.start, f.quote)
        for report in reports
        for f in report.findings
    ]
    assert found
    assert {(row["ruleset"], row["as_of"]) for row in found} == {
        (checker.ruleset.version, DAY.isoformat())
    }
    assert bulk.tally().documents == 13
    assert bulk.tally().counts.error == sum(report.counts.error for report in reports)


@pytest.mark.parametrize("column", ["text", "bytes"])
def test_parquet_gives_the_same_rows_as_a_folder(checker, folder, tmp_path, column) -> None:
    (folder / "旧.doc").unlink()
    files = sorted(path for path in folder.glob("d*.txt"))
    read = Path.read_bytes if column == "bytes" else lambda path: path.read_text(encoding="utf-8")
    table = pyarrow.table({"name": [f.name for f in files], column: [read(f) for f in files]})
    parquet.write_table(table, tmp_path / "in.parquet", row_group_size=5)
    complete(ready(checker, folder, tmp_path / "a"))
    complete(ready(checker, tmp_path / "in.parquet", tmp_path / "b", size=3))
    assert rows(tmp_path / "a", "findings") == rows(tmp_path / "b", "findings")
    assert [row["document"] for row in rows(tmp_path / "b", "documents")] == [f.name for f in files]


def test_rows_of_a_table_come_once_each_whatever_the_portions(tmp_path) -> None:
    names = [f"n{i}" for i in range(23)]
    table = pyarrow.table({"name": [*names[:-1], None], "text": [*names[:-1], None]})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=10)
    for size in (1, 3, 7, 100):
        intake = find(str(tmp_path), size)
        got = [e for p in intake.portions for e in entries(intake.files, intake.root, p)]
        assert [e.name for e in got] == [*names[:-1], "t.parquet 第3组第3行"]
        assert got[-1] == Entry("t.parquet 第3组第3行", problem="text 列或者 bytes 列没有内容")
        assert sum(p.size for p in intake.portions) == 23


def test_a_url_is_read_like_the_folder(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "a"))
    bulk = prepare(checker, folder.as_uri(), (tmp_path / "b").as_uri(), as_of=DAY, size=4)
    complete(bulk)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_broken_off_run_is_taken_up_again(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "whole"))
    first = ready(checker, folder, tmp_path / "out").run(jobs=1)
    next(first)
    first.close()
    again = ready(checker, folder, tmp_path / "out", resume=True)
    assert again.ready > 0
    list(again.run(jobs=1))
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert list(ready(checker, folder, tmp_path / "out", resume=True).run()) == []


def test_another_run_is_not_mixed_in(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "out"))
    with pytest.raises(SourceFault, match="已经存在"):
        ready(checker, folder, tmp_path / "out")
    with pytest.raises(SourceFault, match="文件清单"):
        ready(checker, folder, tmp_path / "out", resume=True, size=5)
    with pytest.raises(SourceFault, match="检查的设置"):
        ready(replace(checker, select=("FEE",)), folder, tmp_path / "out", resume=True)


@dataclass(frozen=True, slots=True)
class Deadly:
    """A check that kills its process at one document."""

    check: object
    name: str

    def __call__(self, entry: Entry) -> Report:
        if entry.name == self.name:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.check(entry)

    def lost(self, entry: Entry, why: str) -> Report:
        return self.check.lost(entry, why)


def test_a_document_that_kills_its_process_costs_only_itself(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "whole"))
    bulk = ready(checker, folder, tmp_path / "out")
    deadly = replace(bulk.work, check=Deadly(bulk.work.check, "d000005.txt"))
    list(replace(bulk, work=deadly).run(jobs=2))
    expected = rows(tmp_path / "whole", "documents")
    found = rows(tmp_path / "out", "documents")
    assert [row["document"] for row in found] == [row["document"] for row in expected]
    assert [a["document"] for a, b in zip(found, expected, strict=True) if a != b] == [
        "d000005.txt"
    ]
    assert "意外终止" in found[5]["error"]
    assert bulk.tally().internal == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc 只在 Linux 上有")
def test_workers_end_when_the_run_is_killed(folder, tmp_path) -> None:
    corpus.write(folder, 400, seed=8, length=600)
    arguments = ["batch", str(folder), "-o", str(tmp_path / "o"), "--jobs", "2", "--portion", "4"]
    run = subprocess.Popen([sys.executable, "-m", "checker", *arguments], cwd=Path.cwd())
    begun = tmp_path / "o" / "begun"
    _until(lambda: begun.is_dir() and any(path.suffix == "" for path in begun.iterdir()))
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    run.kill()
    run.wait()
    assert children
    _until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    result = CliRunner().invoke(cli, [*arguments, "--resume"], standalone_mode=False)
    assert result.output.startswith("检查 401 份：")


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end
        sleep(0.05)


@dataclass(frozen=True, slots=True)
class KilledOnce:
    """A check that kills its process at one document, but only the first time."""

    check: object
    name: str
    mark: Path

    def __call__(self, entry: Entry) -> Report:
        if entry.name == self.name and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.check(entry)

    def lost(self, entry: Entry, why: str) -> Report:
        return self.check.lost(entry, why)


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray 没有安装")
def test_ray_writes_the_same_rows_though_a_worker_is_killed(
    checker, folder, tmp_path, monkeypatch
) -> None:
    here = Path(__file__).parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (here.parent, here))))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    complete(ready(checker, folder, tmp_path / "local"))
    bulk = ready(checker, folder, tmp_path / "ray")
    mark = tmp_path / "killed"
    once = replace(bulk.work, check=KilledOnce(bulk.work.check, "d000005.txt", mark))
    assert sum(replace(bulk, work=once).run("ray", 2)) == bulk.documents
    assert mark.exists()
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "没有这个文件或者文件夹"),
        (lambda path: path.mkdir(), "没有可以检查的文件"),
        (lambda path: path.write_bytes(b"PAR1"), "没有可以检查的文件"),
    ],
)
def test_a_source_that_cannot_be_used_is_told(tmp_path, make, says) -> None:
    source = tmp_path / "来源"
    make(source)
    result = CliRunner().invoke(cli, ["batch", str(source), "-o", str(tmp_path / "o")])
    assert result.exit_code == 2
    assert says in result.output


def test_a_table_that_cannot_be_used_is_told(tmp_path) -> None:
    (tmp_path / "坏.parquet").write_bytes(b"PAR1")
    with pytest.raises(SourceFault, match=r"坏.parquet 不是能读的 Parquet 文件"):
        find(str(tmp_path))
    parquet.write_table(pyarrow.table({"名称": ["a"]}), tmp_path / "坏.parquet")
    with pytest.raises(SourceFault, match="要有 name 列"):
        find(str(tmp_path))
    with pytest.raises(SourceFault, match="无法使用 nowhere://a"):
        find("nowhere://a")


def test_a_missing_library_is_told(monkeypatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "ray" else name)
    with pytest.raises(MissingLibrary, match=r"legality-precheck\[ray\]"):
        engines.require("ray")
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(MissingLibrary, match=r"legality-precheck\[batch\]"):
        engines.require("local")


def test_the_command_ends_with_the_closing_line_and_code(folder, tmp_path) -> None:
    arguments = ["batch", str(folder), "-o", str(tmp_path / "o"), "--as-of", "2026-01-01"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.output.startswith("检查 13 份：")
    assert result.return_value == 1
    again = CliRunner().invoke(cli, [*arguments, "--resume"], standalone_mode=False)
    assert again.output == result.output
