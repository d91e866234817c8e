"""Ordeal: every hostile file ends as it should, within its limits, and says why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.ordeal import cases, page, run
from checker.batch import jobs_for
from checker.sources.mail import open_mail

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory, FIFOs")


def test_every_light_case_ends_as_it_should() -> None:
    results = list(run(cases(every=False)))
    assert len(results) >= 200
    assert [f"{r.reader}/{r.title}: {r.wrong}" for r in results if r.wrong] == []


def test_a_case_that_ends_otherwise_is_told() -> None:
    reader, case = next(iter(cases(every=False, only="text")))
    wrong = type(case)(case.title, case.make, "read", "没有这些字")
    (result,) = run([(reader, wrong)])
    assert "refused, not read" in result.wrong and "does not say" in result.wrong
    assert "| 文本、Markdown | 1 | 0 | 0 | 1 | 1 |" in page([result])


def test_a_name_that_is_too_long_is_a_job_as_any_other(tmp_path: Path) -> None:
    (job,) = jobs_for(tmp_path / ("长" * 300 + ".txt"), (".txt",))
    assert job.problem == ""


def test_attachments_of_one_name_are_numbered_in_their_order() -> None:
    part = 'Content-Disposition: attachment; filename="{}"\r\n\r\nx\r\n--B\r\n'
    names = ("a.txt", "a（2）.txt", "a.txt", "a.txt")
    body = "".join(part.format(name) for name in names)
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\n'
    mail = open_mail((head + body).encode(), "x.eml")
    assert mail.names == ("a.txt", "a（2）.txt", "a（3）.txt", "a（4）.txt")
