"""SARIF: valid by the official schema, exact positions, nothing unread taken for clean."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.findings import Waiver
from checker.render.sarif import FINGERPRINT, uri
from checker.report import Report

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
)


def log_of(write, *reports: Report) -> dict:
    log = json.loads(write("sarif", *reports))
    validator = jsonschema.Draft4Validator(
        SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )
    assert [error.message for error in validator.iter_errors(log)] == []
    return log


def test_every_log_is_valid(write, real: list[Report], hostile: Report) -> None:
    assert log_of(write)["runs"][0]["results"] == []
    (run,) = log_of(write, *real, hostile)["runs"]
    assert len(run["results"]) == sum(len(r.findings) + len(r.waived) for r in [*real, hostile])
    assert run["columnKind"] == "unicodeCodePoints"


def test_the_schema_does_refuse(write, real: list[Report]) -> None:
    log = json.loads(write("sarif", *real))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(jsonschema.Draft4Validator(SCHEMA).iter_errors(log))


def test_regions_are_where_the_words_are(write, real: list[Report], hostile: Report) -> None:
    reports = [report for report in (*real, hostile) if report.document]
    (run,) = log_of(write, *reports)["runs"]
    results = iter(run["results"])
    lined = 0
    for report in reports:
        text = report.document.source.text
        for finding in (*report.findings, *report.waived):
            physical = next(results)["locations"][0]["physicalLocation"]
            if not finding.quote:
                assert "region" not in physical
                continue
            region = physical["region"]
            at = region["charOffset"]
            assert text[at : at + region["charLength"]] == finding.quote
            if "startLine" in region:
                lined += 1
                lines = text.split("\n")
                first, last = region["startLine"] - 1, region["endLine"] - 1
                words = lines[first : last + 1]
                words[-1] = words[-1][: region["endColumn"] - 1]
                words[0] = words[0][region["startColumn"] - 1 :]
                assert "\n".join(words) == finding.quote
    assert lined >= 6


def test_results_lead_to_rules_families_and_files(write, real: list[Report]) -> None:
    (run,) = log_of(write, *real)["runs"]
    rules = run["tool"]["driver"]["rules"]
    families = run["taxonomies"][0]["taxa"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert families[result["taxa"][0]["index"]]["id"] == result["ruleId"].split("-")[0]
        at = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][at["index"]]["location"]["uri"] == at["uri"]
        assert len(result["partialFingerprints"][FINGERPRINT]) == 16
    by_id = {rule["id"]: rule for rule in rules}
    assert "优化营商环境条例" in by_id["FEE-003"]["help"]["text"]
    assert by_id["PRO-105"]["defaultConfiguration"]["level"] == "error"
    titles = {taxon["id"]: taxon["shortDescription"]["text"] for taxon in families}
    assert titles["FEE"] == "收费、基金、保证金"
    assert run["automationDetails"]["id"] == "checker/county-draft/"


def test_addresses_are_logical_locations(write, real: list[Report]) -> None:
    (run,) = log_of(write, real[1])["runs"]
    names = [r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for r in run["results"]]
    assert names == [finding.address for finding in real[1].findings]


def test_waived_findings_are_suppressed_and_only_they(write, real: list[Report]) -> None:
    waiver = Waiver("waived", "试点", "《优化营商环境条例》第二十五条", "法规科", date(2027, 1, 1))
    waived = replace(real[1].findings[0], waiver=waiver)
    report = replace(real[1], findings=real[1].findings[1:], waived=(waived,))
    results = log_of(write, report)["runs"][0]["results"]
    assert [bool(r["suppressions"]) for r in results] == [False] * len(report.findings) + [True]
    (suppression,) = results[-1]["suppressions"]
    assert suppression["justification"] == str(waiver) and "法规科 批准" in str(waiver)


def test_what_was_not_checked_is_a_notification(write, real: list[Report], hostile: Report) -> None:
    (run,) = log_of(write, real[-1], hostile)["runs"]
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert [n["level"] for n in told] == ["error", "warning", "note"]
    assert told[0]["message"]["text"] == real[-1].error
    assert run["invocations"][0]["executionSuccessful"] is True
    crashed = log_of(write, Report("a", error="引擎内部错误", internal=True))["runs"][0]
    assert crashed["invocations"][0]["executionSuccessful"] is False


def test_a_rule_that_is_not_known_is_described_by_its_finding(real: list[Report]) -> None:
    from conftest import written

    from checker.render.output import Rulebook

    run = json.loads(written("sarif", real[1:2], Rulebook()))["runs"][0]
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["help"]["text"] == rule["shortDescription"]["text"] == real[1].findings[0].title


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("草案/办法 1.docx", "%E8%8D%89%E6%A1%88/%E5%8A%9E%E6%B3%95%201.docx"),
        ("a:b#c?.txt", "a%3Ab%23c%3F.txt"),
        ("../x.md", "../x.md"),
        ("\udcb0\udce6.txt", "%B0%E6.txt"),
        ("\ud800", "%EF%BF%BD"),
    ],
)
def test_uri(name: str, expected: str) -> None:
    assert uri(name) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_uri_is_ascii_and_leads_back(name: str) -> None:
    assert uri(name).isascii() and unquote(uri(name)) == name
