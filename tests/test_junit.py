"""JUnit XML: parses, counts what it holds, and never passes what was not checked."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from lxml import etree

from checker.findings import Severity
from checker.report import Report


def suites(write, *reports: Report) -> list[ElementTree.Element]:
    text = write("junit", *reports)
    etree.fromstring(text.encode())  # a second parser, stricter about characters
    return list(ElementTree.fromstring(text))


def test_counts_agree_with_cases(write, real: list[Report], hostile: Report) -> None:
    reports = [*real, hostile]
    found = suites(write, *reports)
    assert len(found) == len(reports)
    for suite, report in zip(found, reports, strict=True):
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        for kind, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(name)) == len(suite.findall(f"testcase/{kind}"))
        passed = [case for case in cases if not len(case)]
        assert len(passed) == (0 if report.error else 1)


def test_a_failure_says_all_findings_of_its_rule(write, real: list[Report]) -> None:
    (suite,) = suites(write, real[0])
    grave = {f.rule for f in real[0].findings if f.severity is not Severity.INFO}
    failed = {c.get("name").split()[0]: c for c in suite if c.find("failure") is not None}
    assert set(failed) == grave
    told = failed["MKT-022"].find("failure").text
    places = [f.address for f in real[0].findings if f.rule == "MKT-022"]
    assert len(places) > 1 and told.count("问题  ") == len(places)
    hints = {c.get("name").split()[0] for c in suite if c.find("system-out") is not None}
    assert hints == {f.rule for f in real[0].findings} - grave


def test_what_could_not_be_read_is_an_error(write, real: list[Report]) -> None:
    (suite,) = suites(write, real[-1])
    assert suite.find("testcase/error").get("message") == real[-1].error
    (suite,) = suites(write, Report("a", gaps=("第 2 页是图片",)))
    assert (suite.get("errors"), suite.get("failures")) == ("1", "0")


def test_waived_findings_are_skipped(write, real: list[Report]) -> None:
    report = replace(real[1], findings=(), waived=real[1].findings)
    (suite,) = suites(write, report)
    assert int(suite.get("skipped")) == len({f.rule for f in report.waived})
    assert suite.get("failures") == "0"
