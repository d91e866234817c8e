"""Settlement: waivers and a baseline as a Checker uses them, by path or as objects."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker import Checker
from checker.baseline import Baseline, baseline_text, entries_of
from checker.faults import DeclarationError
from checker.waivers import Entry, Waivers

TEXT = "东林县办法\n第一条 为了规范经营，制定本办法。\n第二条 {}\n"
DEPOSIT = TEXT.format("经营者应当在开业前缴存文明经营保证金五千元。")
ENTRY = Entry(
    rule="FEE-003",
    document="办法.txt",
    at="第二条",
    ground="《优化营商环境条例》第二十五条",
    reason="国务院批准的试点项目",
    by="法规科 李某",
    until=date(2099, 12, 31),
)
CHOSEN = ("FEE-003", "WVR")


def test_a_portal_gives_its_own_waivers_and_baseline() -> None:
    bare = Checker(select=CHOSEN)
    waived = Checker(select=CHOSEN, waivers=Waivers((ENTRY,)))
    known = Baseline({"办法.txt": entries_of(bare.check_text(DEPOSIT, "办法.txt").findings)})
    for report in (
        waived.check_text(DEPOSIT, "办法.txt"),
        waived.check_bytes(DEPOSIT.encode(), "办法.txt"),
        Checker(select=CHOSEN, waivers=Waivers((ENTRY,)), baseline=known).check_text(
            DEPOSIT, "办法.txt"
        ),
    ):
        assert (report.findings, len(report.waived), report.known) == ((), 1, ())
        assert report.waived[0].waiver.reason == ENTRY.reason
    report = Checker(select=CHOSEN, baseline=known).check_text(DEPOSIT, "办法.txt")
    assert (report.findings, report.waived, len(report.known)) == ((), (), 1)
    (finding,) = waived.check_text(DEPOSIT, "别的.txt").findings
    assert finding.rule == "FEE-003"


def test_both_survive_being_sent_to_another_process() -> None:
    checker = Checker(select=CHOSEN, waivers=Waivers((ENTRY,)), baseline=Baseline())
    again = pickle.loads(pickle.dumps(checker))
    assert again.check_text(DEPOSIT, "办法.txt") == checker.check_text(DEPOSIT, "办法.txt")


def test_documents_are_named_from_the_files_that_speak_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "草案" / "办法.txt"
    path.parent.mkdir()
    path.write_text(DEPOSIT, encoding="utf-8")
    baseline = tmp_path / "基线" / "b.json"
    baseline.parent.mkdir()
    found = Checker(select=CHOSEN).check_file(path).findings
    baseline.write_text(baseline_text(Baseline({"../草案/办法.txt": entries_of(found)})), "utf-8")
    monkeypatch.chdir(path.parent)
    checker = Checker(select=CHOSEN, baseline=baseline)
    for given in (path, "办法.txt"):
        assert len(checker.check_file(given).known) == 1
    (report,) = checker.check_folder(tmp_path / "草案")
    assert report.findings == () and report.name == "办法.txt"


def test_a_rule_that_must_run_needs_a_high_ground() -> None:
    """The village rules are mandatory; a document of the State Council is not enough for them."""
    text = "东林村村规民约\n第一条 为了移风易俗，制定本公约。\n第二条 违反本公约的，罚款二百元。\n"
    checks = {}
    for ground in ("国办发〔2018〕37号", "《中华人民共和国村民委员会组织法》第二十七条"):
        entry = replace(ENTRY, rule="PEN-901", document="*", ground=ground)
        checker = Checker(profile="village-rules", waivers=Waivers((entry,)))
        report = checker.check_text(text, "公约")
        checks[ground] = (
            [f.rule for f in report.waived],
            [f.rule for f in report.findings if f.family in ("WVR", "PEN")],
        )
    assert [*checks.values()] == [
        ([], ["WVR-004", "PEN-901"]),
        (["PEN-901"], []),
    ]


def test_wrong_waivers_of_a_portal_are_refused() -> None:
    wrong = replace(ENTRY, rule="FEE-0")
    with pytest.raises(DeclarationError, match="第1项：没有规则“FEE-0”"):
        Checker(waivers=Waivers((wrong,)))
