"""Bulk runs: sources, portions, parts, resuming, dead workers, and the same rows from Ray."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path, PurePath
from time import monotonic, sleep
from urllib.parse import quote, urlencode

import pytest

pytest.importorskip("pyarrow", reason="pyarrow 没有安装")

import pyarrow
from conftest import Ran
from pyarrow import parquet

from bench import corpus
from checker.api import Checker
from checker.bulk import engines
from checker.bulk.columns import Checked
from checker.bulk.intake import Entry, Portion, SourceFault, entries, find
from checker.bulk.portions import EntryCheck, Outcome, PortionCheck
from checker.bulk.run import Bulk, prepare
from checker.extras import MissingLibrary
from checker.recall import engine_digest

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


def complete(bulk: Bulk) -> list[str]:
    """Do a run in this process; what became of its portions."""
    outcomes = [bulk.work(portion).how for portion in bulk.intake.portions]
    bulk.close()
    return outcomes


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
    outcomes = list(bulk.run(jobs=2))
    assert sum(outcome.documents for outcome in outcomes) == bulk.documents == 13
    assert {outcome.how for outcome in outcomes} == {"checked"}
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


@pytest.fixture
def s3(monkeypatch) -> Iterator[Callable[[str], str]]:
    """An S3 server on this machine with two buckets; gives the URL of a path on it."""
    moto = pytest.importorskip("moto.server", reason="moto[server] 没有安装，S3 没有试")
    from pyarrow.fs import S3FileSystem

    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    server = moto.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    at = ":".join(map(str, server.get_host_and_port()))
    options = {"endpoint_override": at, "scheme": "http", "region": "us-east-1"}
    files = S3FileSystem(**options, allow_bucket_creation=True)
    for bucket in ("stock", "results"):
        files.create_dir(bucket)
    yield lambda path: f"s3://{path}?{urlencode(options)}"
    server.stop()


def test_s3_is_read_and_written_like_a_folder(checker, folder, tmp_path, s3) -> None:
    from pyarrow.fs import copy_files

    copy_files(str(folder), s3("stock/文件").replace("文件", quote("文件")))
    complete(ready(checker, folder, tmp_path / "local"))
    bulk = prepare(checker, s3("stock/文件"), s3("results/out"), as_of=DAY, size=4)
    assert [outcome.how for outcome in deadly(bulk, tmp_path / "killed").run(jobs=2)]
    copy_files(s3("results/out"), str(tmp_path / "s3"))
    assert contents(tmp_path / "s3") == contents(tmp_path / "local")
    again = prepare(checker, s3("stock/文件"), s3("results/out"), as_of=DAY, size=4, resume=True)
    assert set(complete(again)) == {"kept"}
    with pytest.raises(SourceFault, match="没有这个文件或者文件夹"):
        find(s3("stock/别处"))
    left = find(s3("stock/文件"), excludes=lambda path: path != PurePath("d000001.txt"))
    assert left.portions[0].files == ("d000001.txt",)


def test_a_broken_off_run_is_taken_up_again(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "whole"))
    first = ready(checker, folder, tmp_path / "out")
    first.work(first.intake.portions[1])
    again = ready(checker, folder, tmp_path / "out", resume=True)
    assert complete(again) == ["checked", "kept", "checked", "checked"]
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert set(complete(ready(checker, folder, tmp_path / "out", resume=True))) == {"kept"}


def test_portions_whose_documents_changed_are_checked_again(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "out"))
    (folder / "d000005.txt").write_text("第一条 经营者应当缴存保证金。\n", encoding="utf-8")
    again = ready(checker, folder, tmp_path / "out", resume=True)
    assert complete(again) == ["kept", "changed", "kept", "kept"]
    complete(ready(checker, folder, tmp_path / "whole"))
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    row = rows(tmp_path / "out", "documents")[5]
    data = (folder / "d000005.txt").read_bytes()
    assert (row["size"], row["sha256"]) == (len(data), sha256(data).hexdigest())


def test_another_run_is_not_mixed_in(checker, folder, tmp_path, monkeypatch) -> None:
    complete(ready(checker, folder, tmp_path / "out"))
    with pytest.raises(SourceFault, match="已经存在"):
        ready(checker, folder, tmp_path / "out")
    with pytest.raises(SourceFault, match="文件清单"):
        ready(checker, folder, tmp_path / "out", resume=True, size=5)
    with pytest.raises(SourceFault, match="适用方案或者所选的规则"):
        ready(replace(checker, select=("FEE",)), folder, tmp_path / "out", resume=True)
    monkeypatch.setattr("checker.bulk.run.engine_digest", lambda: "0" * 64)
    with pytest.raises(SourceFault, match="上次的引擎的代码或者随附的数据不同"):
        ready(checker, folder, tmp_path / "out", resume=True)


@dataclass(frozen=True, slots=True)
class Deadly(EntryCheck):
    """A check that kills its process at one document: always, or until ``mark`` is there."""

    doomed: str = ""
    mark: Path | None = None

    def __call__(self, entry: Entry) -> Checked:
        if entry.name == self.doomed and not (self.mark and self.mark.exists()):
            if self.mark:
                self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return EntryCheck.__call__(self, entry)


def deadly(bulk: Bulk, mark: Path | None = None) -> Bulk:
    """A run whose check kills its process at d000005.txt."""
    check = bulk.work.check
    doomed = Deadly(check.checker, check.as_of, check.folder, "d000005.txt", mark)
    return replace(bulk, work=replace(bulk.work, check=doomed))


def test_a_document_that_kills_its_process_costs_only_itself(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "whole"))
    bulk = ready(checker, folder, tmp_path / "out")
    list(deadly(bulk).run(jobs=2))
    expected = rows(tmp_path / "whole", "documents")
    found = rows(tmp_path / "out", "documents")
    assert [row["document"] for row in found] == [row["document"] for row in expected]
    assert [a["document"] for a, b in zip(found, expected, strict=True) if a != b] == [
        "d000005.txt"
    ]
    assert "意外终止" in found[5]["error"]
    assert bulk.tally().internal == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc 只在 Linux 上有")
def test_workers_end_when_the_run_is_killed(run, folder, tmp_path) -> None:
    corpus.write(folder, 200, seed=8, length=600)
    arguments = ["batch", str(folder), "-o", str(tmp_path / "o"), "--jobs", "2", "--portion", "4"]
    killed = subprocess.Popen([sys.executable, "-m", "checker", *arguments], cwd=Path.cwd())
    begun = tmp_path / "o" / "begun"
    _until(lambda: begun.is_dir() and any(path.suffix == "" for path in begun.iterdir()))
    children = Path(f"/proc/{killed.pid}/task/{killed.pid}/children").read_text().split()
    killed.kill()
    killed.wait()
    assert children
    _until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    assert run(*arguments, "--resume").closing[0] == 201


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end
        sleep(0.05)


def test_a_worker_killed_midway_costs_only_time(checker, folder, tmp_path) -> None:
    complete(ready(checker, folder, tmp_path / "whole"))
    mark = tmp_path / "killed"
    outcomes = list(deadly(ready(checker, folder, tmp_path / "out"), mark).run(jobs=2))
    assert mark.exists() and sum(outcome.documents for outcome in outcomes) == 13
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_node_with_other_code_is_refused(checker, folder, tmp_path) -> None:
    work = ready(checker, folder, tmp_path / "o").work
    engines._Worker(work, engine_digest())
    with pytest.raises(RuntimeError, match="请安装同一个版本"):
        engines._Worker(work, "0" * 64)


@dataclass(frozen=True, slots=True)
class Dying(PortionCheck):
    """A check whose process dies whatever it is given."""

    def __call__(self, portion: Portion) -> Outcome:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it is dead")


def test_processes_that_always_die_end_the_run(checker, folder, tmp_path) -> None:
    bulk = ready(checker, folder, tmp_path / "o")
    work = Dying(bulk.work.check, bulk.work.files, bulk.work.root, bulk.work.parts)
    with pytest.raises(SourceFault, match=r"一再意外终止.*--resume"):
        list(replace(bulk, work=work).run(jobs=1))


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
    outcomes = deadly(bulk, mark).run("ray", 2)
    assert sum(outcome.documents for outcome in outcomes) == bulk.documents
    assert mark.exists()
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "没有这个文件或者文件夹"),
        (lambda path: path.mkdir(), "没有可以检查的文件"),
    ],
)
def test_a_source_that_cannot_be_used_is_told(batch, tmp_path, make, says) -> None:
    source = tmp_path / "来源"
    make(source)
    ran = batch(source, "-o", tmp_path / "o")
    assert ran.code == 2
    assert says in ran.err


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


def test_the_command_ends_with_the_closing_line_and_code(run, batch, folder, tmp_path) -> None:
    arguments = [folder, "-o", tmp_path / "o", "--as-of", "2026-01-01", "--portion", "7"]
    ran = batch(*arguments)
    assert ran.code == 1
    assert ran.closing == run("check", folder, "--as-of", "2026-01-01").closing
    assert batch(*arguments).code == 2
    assert batch(*arguments, "--resume") == ran._replace(err="")
    (folder / "d000001.txt").write_text("第一条 略。\n", encoding="utf-8")
    assert "所在的批共 7 份已经重新检查" in batch(*arguments, "--resume").err


@pytest.mark.parametrize("where", [str, Path.as_uri])
def test_what_is_excluded_is_left_out(run, batch, folder, tmp_path, where) -> None:
    options = ["--exclude", "d00000[0-4]*", "--exclude", "旧.doc", "--exclude", "文件夹"]
    ran = batch(where(folder), "-o", tmp_path / "o", *options)
    assert ran.closing == run("check", folder, *options).closing
    assert ran.closing[0] == 7


def test_the_output_may_lie_in_the_source(batch, folder, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    ran = batch(".", "-o", "结果.parquet")
    assert ran.closing[0] == 13
    assert batch(".", "-o", "结果.parquet", "--resume").closing == ran.closing


def test_what_cannot_be_opened_is_told_and_stops_nothing(folder) -> None:
    (folder / "目录").mkdir()
    intake = find(str(folder))
    portion = replace(intake.portions[0], files=("目录", "没有.txt", "d000001.txt"))
    found = list(entries(intake.files, intake.root, portion))
    assert [entry.problem for entry in found] == ["无法打开文件夹", "文件不存在", ""]


@pytest.fixture
def batch(run) -> Callable[..., Ran]:
    """Run the command batch with one process."""
    return lambda *arguments: run("batch", *arguments, "--jobs", "1")


@pytest.fixture
def asides(run, tmp_path, monkeypatch) -> Path:
    """A folder with a configuration that waives, knows and excludes."""
    monkeypatch.chdir(tmp_path)
    drafts = tmp_path / "草案"
    drafts.mkdir()
    text = "东林县市场管理办法\n第一条 经营者应当在开业前缴存文明经营保证金五千元。\n"
    for name in ("甲", "乙", "丙"):
        (drafts / f"{name}.txt").write_text(text, encoding="utf-8")
    assert run("baseline", "write", "草案/乙.txt").code == 0
    entry = (
        "  reason: 市政府批准的安全整治试点\n  by: 法规科 王某\n  until: 2027-06-30\n"
        "  ground: 《优化营商环境条例》第二十五条\n"
    )
    (tmp_path / "w.yml").write_text(
        f"- rule: FEE\n  document: 草案/甲.txt\n  at: 第一条\n{entry}"
        f"- rule: MKT\n  document: '草案/*'\n  at: 第九条\n{entry}",
        encoding="utf-8",
    )
    (tmp_path / "checker.toml").write_text(
        'waivers = "w.yml"\nbaseline = "checker-baseline.json"\nexclude = ["丙*"]\n'
        "as-of = 2026-11-25\n",
        encoding="utf-8",
    )
    return tmp_path


def test_waivers_baseline_and_exclude_are_those_of_check(run, batch, asides) -> None:
    checked = run("check", "草案")
    ran = batch("草案", "-o", "o")
    assert (ran.code, ran.closing) == (checked.code, checked.closing)
    found = rows(asides / "o", "findings")
    assert {(row["document"], row["settled"]) for row in found} == {
        ("甲.txt", "waived"), ("乙.txt", "known"), ("w.yml", "none")
    }  # fmt: skip
    waived = next(row for row in found if row["settled"] == "waived")
    assert waived["entry"] == 1 and waived["ground"] == "《优化营商环境条例》第二十五条"
    assert (waived["by"], waived["until"]) == ("法规科 王某", "2027-06-30")
    assert [row["rule"] for row in found if row["document"] == "w.yml"] == ["WVR-001"]
    documents = {row["document"]: row for row in rows(asides / "o", "documents")}
    assert documents["甲.txt"]["waived"] == 1 and documents["乙.txt"]["known"] == 1


def test_another_list_of_waivers_is_another_run(batch, asides) -> None:
    assert batch("草案", "-o", "o").code == batch("草案", "-o", "o", "--resume").code
    (asides / "w.yml").write_text("[]\n", encoding="utf-8")
    ran = batch("草案", "-o", "o", "--resume")
    assert ran.code == 2 and "上次的豁免清单不同" in ran.err


def test_place_profile_and_rules_are_chosen_as_for_check(run, batch, folder, tmp_path) -> None:
    options = [
        "--place",
        "上海",
        "--profile",
        "filed",
        "--select",
        "FEE,VAL",
        "--ignore",
        "FEE-003",
    ]
    ran = batch(folder, "-o", tmp_path / "o", *options)
    assert ran.closing == run("check", folder, *options).closing
    found = rows(tmp_path / "o", "findings")
    assert {row["family"] for row in found} == {"FEE", "VAL"}
    assert "FEE-003" not in {row["rule"] for row in found}
    assert {row["profile"] for row in rows(tmp_path / "o", "documents")} == {"filed"}
