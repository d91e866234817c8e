"""Reports kept from earlier runs: the same bytes, found only by what they rest on."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import recall
from checker.api import Checker
from checker.cli import main
from checker.report import Report
from checker.resources import resource

EXAMPLES = resource("examples")
NOTICE = EXAMPLES / "notice.txt"


def check(path: Path, as_of: date | None = None, **options: object) -> Report:
    return Checker(recall=True, **options).check_file(path, as_of)  # type: ignore[arg-type]


def entries(kept_reports: Path) -> list[Path]:
    return sorted(kept_reports.glob("*.json")) if kept_reports.exists() else []


@pytest.mark.parametrize("name", ["faulty.docx", "notice.txt", "clean.docx"])
def test_a_kept_report_is_the_same(name: str, kept_reports: Path) -> None:
    fresh = Checker().check_file(EXAMPLES / name)
    first, second = check(EXAMPLES / name), check(EXAMPLES / name)
    assert (first.recalled, second.recalled) == (False, True)
    assert fresh == first == second
    assert fresh.to_json() == second.to_json() and fresh.particulars == second.particulars
    assert len(entries(kept_reports)) == 1


CLAUSES = [
    "经营者应当在开业前缴存文明经营保证金五千元。", "县外企业应当在本县设立子公司。",
    "任何单位不得收取保证金。", "本办法自2024年11月1日起施行。", "\ud800坏字", "2024年9月10日",
]  # fmt: skip


def _written(*args: object) -> tuple[str, object]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()), pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in args])
    return out.getvalue(), ended.value.code


@given(
    st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=5),
    st.sampled_from([(), ("--as-of", "2021-01-01"), ("--select", "FEE"), ("--profile", "stock")]),
    st.sampled_from(["json", "text"]),
)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_output_is_the_same_with_and_without(
    tmp_path: Path, clauses: list[str], options: tuple[str, ...], form: str
) -> None:
    path = tmp_path / "草案.txt"
    text = "".join(f"第{i}条　{c}\n" for i, c in enumerate(clauses, 1))
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    args = ("check", path, "--no-config", "-f", form, *options)
    fresh = _written(*args, "--no-cache")
    assert _written(*args) == fresh and _written(*args) == fresh


def test_what_a_report_rests_on_is_in_its_key(tmp_path: Path, kept_reports: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(NOTICE.read_bytes())
    check(path)
    rules = tmp_path / "rules"
    with pytest.raises(SystemExit):
        main(["rules", "new", "FEE-951", "--to", str(rules)])
    others = (
        check(path, date(2020, 1, 1)),
        check(path, select=("FEE",)),
        check(path, ignore=("FEE",)),
        check(path, profile="filed"),
        check(path, place="上海"),
        check(path, rulesets=(rules,)),
    )
    renamed = path.rename(tmp_path / "b.txt")
    assert not any(report.recalled for report in (*others, check(renamed)))
    renamed.write_text(NOTICE.read_text("utf-8") + "\n", encoding="utf-8")
    assert not check(renamed).recalled and check(renamed).recalled


def test_the_code_of_the_engine_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    check(NOTICE)
    monkeypatch.setattr(recall, "engine_digest", lambda: "another engine")
    assert not check(NOTICE).recalled


def test_what_rests_on_today_is_used_today_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undated = tmp_path / "草案.txt"
    undated.write_text("第一条　经营者应当缴存保证金。\n", encoding="utf-8")
    assert check(undated).as_of_from == "今天" and check(NOTICE).as_of_from == "成文日期"
    assert check(undated).recalled and check(NOTICE).recalled
    monkeypatch.setattr(recall, "_today", lambda: "2100-01-01")
    assert not check(undated).recalled and check(NOTICE).recalled


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace("错误".encode(), b"", 1) + b" ",
        lambda data: data.replace(b'"start": ', b'"start": 1', 1),
        lambda data: b"\xff" * 100,
    ],
)
def test_a_damaged_entry_counts_as_none(kept_reports: Path, spoil) -> None:
    fresh = check(NOTICE)
    (entry,) = entries(kept_reports)
    entry.write_bytes(spoil(entry.read_bytes()))
    again = check(NOTICE)
    assert not again.recalled and again == fresh
    assert check(NOTICE).recalled


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs POSIX permissions")
def test_a_folder_that_others_can_write_is_not_read(kept_reports: Path) -> None:
    check(NOTICE)
    kept_reports.chmod(0o777)
    assert not check(NOTICE).recalled


def test_a_place_that_cannot_be_written_is_no_fault(kept_reports: Path) -> None:
    kept_reports.parent.write_text("a file in the way")
    assert check(NOTICE) == Checker().check_file(NOTICE)


def test_the_longest_unused_are_dropped(
    tmp_path: Path, kept_reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "MOST", 5)
    monkeypatch.setattr(recall, "LEFT", 3)
    checker = Checker(recall=True)
    for n in range(5):
        (tmp_path / f"{n}.txt").write_text(f"第一条　第{n}份。", encoding="utf-8")
        list(checker.check_paths([tmp_path / f"{n}.txt"]))
    for age, entry in enumerate(entries(kept_reports)):
        os.utime(entry, (1000 + age, 1000 + age))
    assert checker.check_file(tmp_path / "0.txt").recalled
    (tmp_path / "5.txt").write_text("第一条　又一份。", encoding="utf-8")
    list(checker.check_paths([tmp_path / "5.txt"]))
    assert len(entries(kept_reports)) == 3
    assert checker.check_file(tmp_path / "0.txt").recalled
    assert checker.check_file(tmp_path / "5.txt").recalled


def test_many_write_at_once(tmp_path: Path, kept_reports: Path) -> None:
    for n in range(6):
        (tmp_path / f"{n}.txt").write_text(f"第一条　第{n}份缴存保证金。", encoding="utf-8")
    checker = Checker(recall=True)
    fresh = list(Checker().check_paths([tmp_path]))

    def both(_: int) -> list[Report]:
        return list(checker.check_paths([tmp_path]))

    with ThreadPoolExecutor(8) as pool:
        assert all(reports == fresh for reports in pool.map(both, range(8)))
    assert list(checker.check_paths([tmp_path], jobs=2)) == fresh
    assert len(entries(kept_reports)) == 6 and not list(kept_reports.glob("*.part"))


def test_reports_that_carry_their_document_are_made_anew(kept_reports: Path) -> None:
    report = check(NOTICE, keep_document=True)
    assert report.document is not None and entries(kept_reports) == []
