"""checker sweep: files in, table, JSON and workbook out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from checker.batch import jobs_for
from checker.holdings import Holding
from checker.render.stock import ROW_HEADS
from checker.render.workbook import Sheet, write_workbook
from checker.sweep import sweep
from checker.workers import for_each

DOCUMENTS: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "cases/stock.yaml").read_text("utf-8")
)["documents"]


@pytest.fixture
def run(run: Callable[..., Any]) -> Callable[..., Any]:
    return partial(run, "sweep")


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    folder = tmp_path / "存量"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


DAY = ("--as-of", "2025-01-31")


def test_the_table_has_a_group_for_each_proposal_and_a_closing_line(run, stock: Path) -> None:
    ran = run(stock, *DAY)
    assert ran.code == 0 and ran.err == ""
    heads = [line for line in ran.out.splitlines() if line and not line.startswith((" ", "清理"))]
    assert heads == ["废止（3 份）", "修改（3 份）", "待核（3 份）", "继续有效（4 份）"]
    assert ran.out.splitlines()[-1] == (
        "清理 13 份（基准日 2025-01-31）：失效 0、废止 3、修改 3、待核 3、继续有效 4；"
        "183 日内到期 1；0 份未能读取"
    )


def test_the_same_input_gives_the_same_bytes_in_one_process_or_two(run, stock: Path) -> None:
    one = run(stock, *DAY, "-f", "json", "--jobs", 1)
    assert one == run(stock, *DAY, "-f", "json", "--jobs", 2)
    assert str(stock.parent) not in one.out


def test_json_has_every_row_with_its_facts(run, stock: Path) -> None:
    found = json.loads(run(stock, *DAY, "-f", "json").out)
    assert (found["schema"], found["as_of"], found["within_days"]) == (
        "checker-sweep/1", "2025-01-31", 183,
    )  # fmt: skip
    rows = {row["name"]: row for row in found["rows"]}
    assert list(rows) == sorted(rows) and len(rows) == len(DOCUMENTS)
    row = rows["停车新办法.txt"]
    assert row["expires"] == "2025-06-30" and row["standing"] == "将于2025-06-30到期"
    assert [link["name"] for link in row["supersedes"]] == ["停车旧办法.txt"]
    (base,) = rows["物权通知.txt"]["repealed_bases"]
    assert base["since"] == "2021-01-01" and base["address"] == "一、"


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_judged(run, stock: Path) -> None:
    (stock / "坏.docx").write_bytes(b"PK\x03\x04broken")
    ran = run(stock, *DAY)
    assert ran.code == 3
    assert "未能读取 坏.docx：" in ran.err
    assert "清理 14 份" in ran.out and ran.out.endswith("1 份未能读取\n")
    found = json.loads(run(stock, *DAY, "-f", "json").out)
    assert [file["name"] for file in found["unread"]] == ["坏.docx"]


def test_a_file_that_was_not_read_whole_is_named(
    run, stock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Holding("甲.docx", title="甲", made=date(2020, 1, 1), gaps=("嵌入对象没有读",))
    monkeypatch.setattr("checker.sweep.read_stock", lambda *_: (held,))
    for options in (DAY, ("--law", "物权法")):
        ran = run(stock, *options)
        assert ran.code == 3 and "没有读完整 甲.docx：嵌入对象没有读" in ran.err


def test_the_workbook_holds_the_rows_as_text_and_dates(run, stock: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    ran = run(stock, *DAY, "-f", f"xlsx={first}", "-f", f"xlsx={second}")
    assert ran.code == 0 and ran.out == "" and ran.err.startswith("清理 13 份")
    assert first.read_bytes() == second.read_bytes()
    sheet = openpyxl.load_workbook(first).active
    heads, *rows = sheet.iter_rows(values_only=True)
    assert heads == ROW_HEADS and len(rows) == len(DOCUMENTS)
    assert sheet.freeze_panes == "A2"
    row = next(row for row in rows if row[0] == "停车新办法.txt")
    assert row[6].date() == date(2025, 6, 30) and row[8] == "继续有效"


def test_a_title_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    words = ["=1+1", "+1", "-1", "@A1", "甲\x07乙", "正常"]
    write_workbook(path, Sheet("表", ["甲"], [[word] for word in words]))
    cells = [cell for (cell,) in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["=1+1", "+1", "-1", "@A1", "甲乙", "正常"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 4 + [False] * 2


def test_the_documents_that_rest_on_one_law(run, stock: Path, tmp_path: Path) -> None:
    ran = run(stock, "--law", "物权法")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "作依据  2018-06-01  东林县人民政府关于规范住宅小区共有部分管理的通知（东政发〔2018〕11号）",
        "          一、  《中华人民共和国物权法》第七十条",
        "引用“物权法”的文件 1 份，其中作依据的 1 份；0 份未能读取",
    ]
    found = json.loads(run(stock, "--law", "物权法", "-f", "json").out)
    (place,) = found["documents"][0]["places"]
    text = (stock / "物权通知.txt").read_text("utf-8")
    assert text[place["start"] : place["end"]] == place["quote"]
    path = tmp_path / "引用.xlsx"
    run(stock, "--law", "物权法", "-f", f"xlsx={path}")
    assert openpyxl.load_workbook(path).active.cell(2, 5).value == "是"


def test_an_unknown_law_says_so_and_offers_the_nearest(run, stock: Path) -> None:
    ran = run(stock, "--law", "中华人民共和国义务教育发")
    assert ran.code == 0 and "0 份" in ran.out
    assert "目录里没有“中华人民共和国义务教育发”，最接近的是：义务教育法" in ran.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-f", "xlsx"), "xlsx 要写明文件"),
        (("-f", "text", "-f", "json"), "只能有一种格式写到标准输出"),
        (("--within", "0"), "不是 1 以上的整数"),
        (("-f", "json=没有/的/文件.json"), "没有这个文件夹"),
    ],
)
def test_wrong_use_is_refused(run, stock: Path, options: tuple[str, ...], words: str) -> None:
    ran = run(stock, *options)
    assert ran.code == 2 and words in ran.err


def test_without_openpyxl_the_message_says_what_to_install(
    run, stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    ran = run(stock, "-f", f"xlsx={tmp_path / '表.xlsx'}")
    assert ran.code == 2 and "legality-precheck[xlsx]" in ran.err


def test_a_file_given_twice_is_one_document(stock: Path) -> None:
    once = sweep([stock], date(2025, 1, 31))
    assert sweep([stock, stock], date(2025, 1, 31)) == once


def test_lines_fit_the_width(run, stock: Path) -> None:
    from rich.cells import cell_len

    lines = run(stock, *DAY).out.splitlines()
    assert max(map(cell_len, lines[:-1])) <= 120


def test_for_each_keeps_the_order_and_tells_of_the_lost(stock: Path) -> None:
    jobs = jobs_for(stock, {".txt"})
    found = list(for_each(_die_on_one, jobs, 2, lambda job, loss: f"{job.name} {loss.reason[:8]}"))
    expected = [f"{j.name} 检查进程意外终止" if "环保" in j.name else j.name for j in jobs]
    assert found == expected


def _die_on_one(job) -> str:  # type: ignore[no-untyped-def]
    import os

    if "环保" in job.name:
        os._exit(9)
    return str(job.name)
