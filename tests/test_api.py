"""Checker: texts, files, folders, dossiers; processes, threads, and what goes wrong."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import checker
from checker import Checker, Report, Severity
from checker.batch import jobs_for
from checker.catalog import UnknownCode
from checker.profile import UnknownProfile
from checker.resources import resource
from checker.sources.limits import Limits

EXAMPLES = resource("examples")
FAULTY = EXAMPLES / "faulty.docx"
NOTICE = """东林县城市管理局关于规范户外招牌设置的通告

一、办理方式
（一）商铺经营者应当在设置前缴存拆除保证金二千元。
（二）我局不得收取办理费用。

东林县城市管理局
2024年8月26日
"""
DAY = date(2024, 9, 1)


@pytest.fixture(scope="module")
def engine() -> Checker:
    return Checker()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good, bad, hidden and foreign files, two levels deep."""
    place = tmp_path / "来文"
    (place / "乙").mkdir(parents=True)
    shutil.copy(FAULTY, place / "乙" / "办法.docx")
    for name in ("通告.txt", "乙/通告.md", ".隐藏.txt", "~$办法.docx"):
        (place / name).write_text(NOTICE, encoding="utf-8")
    (place / "坏.docx").write_bytes(b"PK\x03\x04broken")
    (place / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old")
    (place / "空.txt").write_bytes(b"")
    (place / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    return place


def test_public_names() -> None:
    for name in checker.__all__:
        assert getattr(checker, name) is not None
    with pytest.raises(AttributeError):
        checker.nothing  # noqa: B018
    pyproject = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{checker.__version__}"' in pyproject


def test_every_finding_quotes_the_text_it_points_at(engine: Checker) -> None:
    report = engine.check_file(FAULTY)
    text = engine.parse_file(FAULTY).source.text
    assert report.complete and report.findings
    for f in report.findings:
        assert text[f.start : f.end] == f.quote
        assert f.address and f.message and f.basis and len(f.fingerprint) == 16
    assert list(report.findings) == sorted(report.findings, key=lambda f: (f.start, f.end, f.rule))
    assert report.coverage.characters == len(text)


def test_a_misquote_is_an_error_that_names_the_rule(
    engine: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from checker.matching import Matcher

    honest = Matcher.check

    def off_by_one(self: Matcher, *args: Any) -> Any:
        found = honest(self, *args)
        return replace(found, findings=tuple(replace(f, start=f.start + 1) for f in found.findings))

    monkeypatch.setattr(Matcher, "check", off_by_one)
    with pytest.raises(RuntimeError, match=r"规则 [A-Z]{3,4}-\d{3} 在"):
        engine.check_text(NOTICE)


def test_the_day_is_the_one_given_else_that_of_the_document_else_today(engine: Checker) -> None:
    assert _day(engine.check_text(NOTICE, as_of=DAY)) == (DAY, "指定")
    assert _day(engine.check_text(NOTICE)) == (date(2024, 8, 26), "成文日期")
    assert _day(engine.check_text("经营者应当守法。")) == (date.today(), "今天")


def _day(report: Report) -> tuple[date | None, str]:
    return report.as_of, report.as_of_from


def test_text_bytes_and_file_give_the_same_findings(engine: Checker, tmp_path: Path) -> None:
    path = tmp_path / "通告.txt"
    path.write_text(NOTICE, encoding="utf-8")
    reports = [
        engine.check_text(NOTICE, "通告.txt"),
        engine.check_bytes(path.read_bytes(), "通告.txt"),
        engine.check_file(path),
    ]
    assert reports[0].findings
    assert len({report.to_json() for report in reports}) == 1


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_nothing_to_read_is_not_complete(engine: Checker, text: str) -> None:
    for report in (engine.check_text(text), engine.check_bytes(text.encode(), "a.txt")):
        assert report.error and not report.complete and not report.findings


def test_a_file_that_is_not_there(engine: Checker, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        engine.check_file(tmp_path / "无.txt")
    with pytest.raises(NotADirectoryError):
        engine.check_folder(tmp_path / "无")
    with pytest.raises(FileNotFoundError):
        engine.check_dossier(tmp_path / "无")


def test_a_folder_is_checked_whole_whatever_lies_in_it(engine: Checker, folder: Path) -> None:
    reports = list(engine.check_folder(folder))
    assert [r.name for r in reports] == [
        "乙/办法.docx", "乙/通告.md", "坏.docx", "旧.doc", "空.txt", "通告.txt",
    ]  # fmt: skip
    assert [bool(r.error) for r in reports] == [False, False, True, True, True, False]
    assert all(r.findings for r in reports if not r.error)
    assert not any(r.internal for r in reports)


def test_names_never_say_where_on_the_machine_a_file_lies(
    engine: Checker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert engine.check_file(folder / "通告.txt").name == "通告.txt"
    assert engine.check_file("来文/通告.txt").name == "来文/通告.txt"
    assert next(iter(engine.check_folder("来文"))).name == "来文/乙/办法.docx"
    assert [job.name for job in jobs_for(Path(), [".md"])] == ["来文/乙/通告.md"]


def test_a_folder_without_documents_is_reported(engine: Checker, tmp_path: Path) -> None:
    (report,) = engine.check_folder(tmp_path)
    assert "没有可以检查的文件" in report.error and not report.complete


def test_a_folder_that_cannot_be_opened_is_reported(
    engine: Checker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = os.scandir

    def closed(path: Any) -> Any:
        if str(path).endswith("乙"):
            raise PermissionError(13, "Permission denied", str(path))
        return honest(path)

    monkeypatch.setattr(os, "scandir", closed)
    reports = {r.name: r for r in engine.check_folder(folder)}
    assert "无法打开文件夹" in reports["乙"].error and "通告.txt" in reports


def test_reports_are_the_same_from_one_process_and_from_four(engine: Checker, folder: Path) -> None:
    for i in range(40):
        (folder / f"{i:02}.txt").write_text(NOTICE + f"\n{i}\n", encoding="utf-8")
    one, four = ([r.to_json() for r in engine.check_folder(folder, jobs)] for jobs in (1, 4))
    assert one == four and len(one) == 46


def test_a_crash_on_one_file_costs_only_that_file(
    engine: Checker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_parse(monkeypatch, lambda: {}["坏"])
    for jobs in (1, 2):
        reports = {r.name: r for r in engine.check_folder(folder, jobs)}
        assert reports["乙/通告.md"].internal and "KeyError" in reports["乙/通告.md"].error
        assert reports["通告.txt"].findings and reports["乙/办法.docx"].findings


@pytest.mark.skipif(sys.platform != "linux", reason="the child must inherit the broken parser")
def test_a_process_that_dies_costs_only_the_file_it_died_of(
    engine: Checker, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_parse(monkeypatch, lambda: os._exit(9))
    reports = list(engine.check_folder(folder, 2))
    assert [r.name for r in reports if r.internal] == ["乙/通告.md"]
    assert "意外终止" in reports[1].error and len(reports) == 6
    assert reports[-1].findings


def _break_parse(monkeypatch: pytest.MonkeyPatch, accident: Any) -> None:
    import checker.structure

    honest = checker.structure.parse

    def parse(source: Any) -> Any:
        if source.name.endswith(".md"):
            accident()
        return honest(source)

    monkeypatch.setattr(checker.structure, "parse", parse)


def test_reports_come_one_at_a_time(engine: Checker, folder: Path) -> None:
    reports = engine.check_folder(folder)
    assert isinstance(reports, Iterator)
    first = next(reports)
    (folder / "通告.txt").unlink()
    assert first.name == "乙/办法.docx"
    assert "文件" in list(reports)[-1].error


def test_a_reader_may_stop_early(engine: Checker, folder: Path) -> None:
    from multiprocessing import active_children

    reports = engine.check_folder(folder, 2)
    next(reports)
    reports.close()  # type: ignore[attr-defined]
    assert not active_children()


def test_one_checker_serves_many_threads(engine: Checker) -> None:
    texts = [NOTICE, *(NOTICE.replace("二千元", f"{n}千元") for n in "三四五六七八九")] * 4
    alone = [engine.check_text(text).to_json() for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = [r.to_json() for r in pool.map(engine.check_text, texts)]
    assert together == alone


def test_a_checker_cannot_change_and_can_be_sent_to_another_process(engine: Checker) -> None:
    with pytest.raises(FrozenInstanceError):
        engine.select = ("FEE",)  # type: ignore[misc]
    twin = pickle.loads(pickle.dumps(Checker(select=("FEE",))))
    assert (
        twin.check_text(NOTICE).to_json() == Checker(select=("FEE",)).check_text(NOTICE).to_json()
    )


def test_results_do_not_depend_on_the_hash_seed() -> None:
    code = "import sys, checker; print(checker.Checker().check_file(sys.argv[1]).to_json())"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, FAULTY],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "20241124")
    }
    assert len(outputs) == 1


def test_select_and_ignore_take_rules_and_families_and_say_so(tmp_path: Path) -> None:
    from checker.examples import new_rule

    rule = new_rule(tmp_path, "PEN-951")
    rule.write_text(rule.read_text("utf-8").replace("draft", "test"), encoding="utf-8")
    text = "经营者应当在开业前缴存文明经营保证金。\n经营者必须缴纳示例费。"

    def found(**codes: Any) -> tuple[set[str], str]:
        report = Checker(rulesets=[tmp_path], **codes).check_text(text)
        return {f.rule for f in report.findings}, "".join(report.notes)

    assert {"FEE-003", "PEN-951"} <= found()[0] and not found()[1]
    assert found(select=["PEN"]) == ({"PEN-951"}, "只运行指定的规则：PEN")
    assert found(select=("FEE-003",))[0] == {"FEE-003"}
    rules, notes = found(ignore=("PEN-951",))
    assert "PEN-951" not in rules and "FEE-003" in rules and notes == "按要求不运行的规则：PEN-951"


def test_no_rule_at_all_is_not_a_complete_check(engine: Checker) -> None:
    report = Checker(select=("PRO-101",)).check_text(NOTICE)
    assert not report.complete and "没有可以运行的规则" in report.gaps[0]


def test_the_examples_show_what_they_are_for(engine: Checker) -> None:
    faulty, clean = engine.check_file(FAULTY), engine.check_file(EXAMPLES / "clean.docx")
    found: dict[str, set[str]] = {}
    for f in faulty.findings:
        if f.severity is not Severity.INFO:
            found.setdefault(f.address, set()).add(f.family)
    wanted = {
        "第五条": "LIC",
        "第六条": "FEE",
        "第七条": "FLOW",
        "第九条": "MKT",
        "第十一条": "BID",
        "第十四条": "PEN",
        "第十六条": "ENF",
        "第十八条": "RGT",
    }
    assert {address: family in found.get(address, ()) for address, family in wanted.items()} == (
        dict.fromkeys(wanted, True)
    )
    lawful_traps = {"第十条", "第十二条", "第十三条", "第十五条", "第十七条"}
    assert not lawful_traps & set(found)
    assert clean.complete and not [f for f in clean.findings if f.severity is not Severity.INFO]
    assert "修订" in "".join(clean.notes)
    assert dict(faulty.coverage.regions).keys() == {"table", "footnote"}


def test_the_examples_are_what_their_script_builds(tmp_path: Path) -> None:
    spec = spec_from_file_location("build", EXAMPLES / "build.py")
    assert spec and spec.loader
    build = module_from_spec(spec)
    spec.loader.exec_module(build)
    for name, make in (("faulty.docx", build.build_faulty), ("clean.docx", build.build_clean)):
        make().save(tmp_path / name)
        parts = [
            ZipFile(folder / name).read("word/document.xml") for folder in (tmp_path, EXAMPLES)
        ]
        assert parts[0] == parts[1], f"运行 python examples/build.py 更新 {name}"
    assert (EXAMPLES / "notice.txt").read_text("utf-8") == build.NOTICE


def test_unknown_codes_and_profiles_are_refused_with_the_nearest_word() -> None:
    with pytest.raises(UnknownCode, match="是否要写“FEE"):
        Checker(select=("FEEE",))
    with pytest.raises(UnknownProfile, match="county-draft"):
        Checker(profile="natonal")


def test_a_profile_file(tmp_path: Path) -> None:
    from checker.faults import DeclarationError

    path = tmp_path / "某县.yaml"
    path.write_text("level: 县\nignore: [FEE]\n", encoding="utf-8")
    report = Checker(profile=path).check_text(NOTICE)
    assert report.profile == "某县"
    assert "FEE" not in {f.family for f in report.findings}
    path.write_text("levle: 县\nignore: FEE\n", encoding="utf-8")
    with pytest.raises(DeclarationError) as fault:
        Checker(profile=path)
    assert "“level”" in str(fault.value) and "ignore" in str(fault.value)
    path.write_text("level: 县\nrulesets:\n  - 没有\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"某县\.yaml 第3行：没有规则文件夹“没有”"):
        Checker(profile=path)


def test_a_dossier_is_its_draft_and_its_steps(engine: Checker) -> None:
    complete = engine.check_dossier(EXAMPLES / "dossiers" / "complete")
    faulty = engine.check_dossier(EXAMPLES / "dossiers" / "faulty")
    assert complete.steps and not [f for f in complete.findings if f.family == "PRO"]
    assert [f for f in faulty.findings if f.family == "PRO"]
    assert complete.coverage.characters


def test_a_dossier_without_anything_to_read(engine: Checker, tmp_path: Path) -> None:
    report = engine.check_dossier(tmp_path)
    assert "没有" in report.error and not report.complete


def test_parsing_needs_no_rules() -> None:
    from checker.parsing import parse_text

    kinds = [p.kind for p in parse_text(NOTICE).walk()]
    assert "heading1" in kinds and "heading2" in kinds


KILLED = """
import os, sys
from pathlib import Path
from checker import Checker

if __name__ == "__main__":
    for n, _ in enumerate(Checker().check_folder(sys.argv[1], jobs=2)):
        if n == 3:
            print(os.getpid(), flush=True)
            os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_end_with_the_run_that_started_them(tmp_path: Path) -> None:
    drafts = tmp_path / "草案"
    drafts.mkdir()
    for n in range(40):
        (drafts / f"{n}.txt").write_text(NOTICE, encoding="utf-8")
    script = tmp_path / "run.py"
    script.write_text(KILLED, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "MARK": str(tmp_path)}
    subprocess.run(
        [sys.executable, script, drafts], env=env, check=False, stdout=subprocess.DEVNULL
    )

    def left() -> list[str]:
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"MARK={tmp_path}".encode() in entry.read_bytes():
                    found.append(entry.parent.name)
            except OSError:
                continue
        return found

    for _ in range(100):
        if not left():
            return
        time.sleep(0.1)
    raise AssertionError(left())


def test_half_a_character_is_read_as_unknown_and_quoted_as_it_is(engine: Checker) -> None:
    report = engine.check_text("经营者应当在开业前缴存\ud800安全保证金五千元。")
    assert report.complete and any("\ud800" in f.quote for f in report.findings)
    assert "\\ud800" in report.to_json()


def test_of_too_many_findings_the_first_are_listed_and_the_report_says_so(engine: Checker) -> None:
    whole = engine.check_file(FAULTY)
    assert len(whole.findings) > 2
    some = Checker(limits=Limits(findings=2)).check_file(FAULTY)
    assert some.findings == whole.findings[:2] and not some.complete
    assert some.gaps == ("问题线索超过 2 条的上限（limits.findings=2），只列出前 2 条",)
    assert Checker(limits=Limits(findings=len(whole.findings))).check_file(FAULTY) == whole


def test_limits_are_those_of_the_checker_that_is_asked(engine: Checker, tmp_path: Path) -> None:
    strict = pickle.loads(pickle.dumps(Checker(limits=Limits(characters=20, bytes=4000))))
    path = tmp_path / "通告.txt"
    path.write_text(NOTICE, encoding="utf-8")
    words = "limits.characters=20"
    for report in (
        strict.check_text(NOTICE),
        strict.check_bytes(NOTICE.encode(), "a.txt"),
        strict.check_file(path),
        *strict.check_paths([path, path]),
    ):
        assert words in report.error and not report.internal
    assert "limits.bytes" in strict.check_bytes(b"x" * 5000, "a.txt").error
    assert engine.check_file(path).findings
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: (engine, strict)[n % 2].check_file(path).error, range(40)))
    assert [words in error for error in found] == [False, True] * 20


def test_limits_hold_for_the_papers_of_a_dossier(tmp_path: Path) -> None:
    dossier = EXAMPLES / "dossiers" / "faulty"
    report = Checker(limits=Limits(characters=300)).check_dossier(dossier)
    assert any("limits.characters=300" in gap for gap in report.gaps) and not report.complete


@pytest.mark.skipif(sys.platform != "linux", reason="the child must inherit the broken reader")
def test_a_paper_that_hangs_or_kills_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import checker.papers

    folder = tmp_path / "卷宗"
    shutil.copytree(EXAMPLES / "dossiers" / "faulty", folder)
    honest = checker.papers.read_path
    names = [path for path in sorted(folder.iterdir()) if path.suffix == ".txt"][-2:]

    def read(path: Path) -> Any:
        if path == names[0]:
            time.sleep(60)
        if path == names[1]:
            os._exit(9)
        return honest(path)

    monkeypatch.setattr(checker.papers, "read_path", read)
    report = Checker(limits=Limits(seconds=2)).check_dossier(folder)
    gaps = "；".join(report.gaps)
    assert (
        f"{names[0].name}：检查超过 2 秒的上限" in gaps
        and f"{names[1].name}：检查进程意外终止" in gaps
    )
    assert report.findings and report.steps
