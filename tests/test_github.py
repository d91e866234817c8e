"""Workflow commands of GitHub Actions: one line each, nothing a document says becomes a command."""

from __future__ import annotations

import re

from checker.report import Report

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    *lines, closing = text.splitlines()
    assert closing.startswith("检查 ")
    found = []
    for line in lines:
        match = COMMAND.fullmatch(line)
        assert match, line
        given = dict(pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], given, match[3]))
    return found


def test_each_finding_is_a_command_with_file_and_line(write, real: list[Report]) -> None:
    found = commands(write("github", real[1]))
    assert len(found) == len(real[1].findings)
    for (name, given, told), finding in zip(found, real[1].findings, strict=True):
        assert name == {"info": "notice"}.get(finding.severity, finding.severity)
        assert given["line"] == str(finding.line) and given["file"] == "notice.txt"
        assert finding.message in told and finding.address in told


def test_a_word_file_has_no_lines(write, real: list[Report]) -> None:
    assert all("line" not in given for _, given, _ in commands(write("github", real[0])))


def test_what_could_not_be_read_is_an_error(write, real: list[Report]) -> None:
    ((name, given, told),) = commands(write("github", real[-1]))
    assert (name, given["title"], told) == ("error", "未能检查", real[-1].error)


def test_words_of_a_document_are_data(write, hostile: Report) -> None:
    text = write("github", hostile)
    assert len(commands(text)) == len(hostile.findings) + len(hostile.gaps)
    assert "%250A" in text and "\x1b" not in text and "\u202e" not in text
