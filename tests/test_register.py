"""Building the register from a table of facts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checker.faults import DeclarationError
from checker.register import read_facts, register_text
from checker.statutes import read_register

LAW = {
    "name": "中华人民共和国试验法",
    "short": ["试验法", "共用简称"],
    "rank": "法律",
    "status": "有效",
    "versions": [
        {"promulgated": "2020-01-01", "effective": "2020-06-01", "articles": 40,
         "in_force_until": None, "effective_basis": "text", "inserted_articles": ["12-1"]},
        {"promulgated": "2010-01-01", "effective": "2010-01-01", "articles": 30,
         "in_force_until": "2020-05-31", "effective_basis": "assumed", "doc_number": "主席令 1号"},
    ],
    "verified": {"articles": "two sources", "status": "flk", "status_as_of": "2026-09-30"},
}  # fmt: skip
OTHER = {"name": "国务院关于试验的决定", "short": ["共用简称"], "rank": "国务院文件",
         "status": "已废止", "repealed_on": "2015-01-01", "replaced_by": ["中华人民共和国试验法"],
         "doc_number": "国发（2001）5号"}  # fmt: skip


def written(folder: Path, *rows: object) -> Path:
    path = folder / "facts.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_what_is_built_reads_back(tmp_path: Path) -> None:
    text = register_text(read_facts(written(tmp_path, LAW, OTHER)), date(2026, 1, 2))
    known = read_register(text)
    law = known.find("试验法")
    assert law is not None and (known.as_of, known.size) == (date(2026, 1, 2), 2)
    assert [v.articles for v in law.versions] == [30, 40]
    assert law.versions[0].assumed and not law.versions[1].assumed
    assert law.has_article(12, 1, date(2021, 1, 1)) and not law.has_article(12, 2, date(2021, 1, 1))
    assert law.sure == 2 and law.checked == date(2026, 9, 30)
    other = known.find("", "国发〔2001〕5号")
    assert other is not None and other.replaced_by == ("中华人民共和国试验法",)
    assert known.find("关于试验的决定") == other


def test_a_short_name_of_two_laws_finds_neither(tmp_path: Path) -> None:
    known = read_register(register_text(read_facts(written(tmp_path, LAW, OTHER)), date.today()))
    assert known.find("共用简称") is None


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, LAW, {"name": "甲法"}, LAW)
    path.write_text(path.read_text("utf-8") + "\n{坏", "utf-8")
    with pytest.raises(DeclarationError) as caught:
        read_facts(path)
    told = [(fault.line, fault.message) for fault in caught.value.faults]
    assert {line for line, _ in told} == {0, 2, 4}
    assert any("rank" in message for _, message in told)
    assert any("名称重复" in message for _, message in told)
