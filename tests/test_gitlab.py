"""Code quality report of GitLab: the fields it needs, and fingerprints of their own."""

from __future__ import annotations

import json
from dataclasses import replace

from checker.report import Report


def test_issues_have_what_gitlab_reads(write, real: list[Report], hostile: Report) -> None:
    issues = json.loads(write("gitlab", *real, hostile))
    assert len(issues) == sum(
        len(r.findings) + bool(r.error) + len(r.gaps) for r in (*real, hostile)
    )
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1 and issue["location"]["path"]
    lines = [i["location"]["lines"]["begin"] for i in json.loads(write("gitlab", real[1]))]
    assert lines == [finding.line for finding in real[1].findings]


def test_the_same_finding_in_two_files_is_two_issues(write, real: list[Report]) -> None:
    copy = replace(real[1], name="副本.txt")
    prints = [issue["fingerprint"] for issue in json.loads(write("gitlab", real[1], copy))]
    assert len(set(prints)) == len(prints) == 2 * len(real[1].findings)


def test_what_could_not_be_read_blocks(write, real: list[Report]) -> None:
    (issue,) = json.loads(write("gitlab", real[-1]))
    assert issue["severity"] == "blocker" and issue["description"] == real[-1].error


def test_nothing_is_an_empty_array(write) -> None:
    assert json.loads(write("gitlab")) == []
