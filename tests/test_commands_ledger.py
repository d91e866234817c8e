"""``checker ledger``: what a clerk types and reads, exit codes, JSON, workbooks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra ledger")
pytest.importorskip("openpyxl", reason="needs the extra ledger")

import openpyxl

from checker.commands import ledger as command
from checker.ledger import entries, statistics
from checker.resources import resource

EXAMPLES = resource("examples")


@pytest.fixture
def run(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command in a folder of its own that holds two documents and a broken one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CHECKER_LEDGER", raising=False)
    for name in ("faulty.docx", "clean.docx"):
        shutil.copy(EXAMPLES / name, tmp_path)
    Path("坏.docx").write_bytes(b"PK\x03\x04broken")
    return partial(run, "ledger")


def test_adding_twice_makes_one_row_with_two_checks(run) -> None:
    first = run("add", "faulty.docx", "--on", "2026-03-02", "--note", "县府办报送")
    assert first.code == 0
    assert first.lines[0].startswith("新增 1  faulty.docx  错误 ")
    assert first.lines[-1] == "登记 1 份：新增 1、更新 0；0 份未能完整检查，0 份未能读取、未登记"
    second = run("add", "faulty.docx", "--on", "2026-04-02", "--how", "主动审查")
    assert second.lines[0].startswith("更新 1 ")
    shown = json.loads(run("show", "1", "-f", "json").out)["entries"][0]
    assert [check["day"] for check in shown["checks"]] == ["2026-03-02", "2026-04-02"]
    assert [(event["step"], event["note"]) for event in shown["events"]] == [
        ("接收", "县府办报送"), ("主动审查", ""),
    ]  # fmt: skip
    assert shown["counts"]["error"] > 0
    assert shown["checks"][0]["ruleset"] and shown["checks"][0]["engine"]


def test_a_file_that_cannot_be_read_stops_nothing_and_is_told(run) -> None:
    ran = run("add", ".")
    assert ran.code == 3
    assert ran.lines[-1] == "登记 2 份：新增 2、更新 0；0 份未能完整检查，1 份未能读取、未登记"
    assert ran.err.startswith("未登记  坏.docx：")
    assert run("list").lines[-1] == "共 2 份"


def test_many_documents_from_several_processes_are_all_recorded(run) -> None:
    Path("许多").mkdir()
    for number in range(70):
        text = f"某县人民政府关于第{number}项工作的通知\n各乡镇：\n一、认真落实。\n"
        Path(f"许多/{number}.txt").write_text(text, encoding="utf-8")
    ran = run("add", "许多", "--jobs", "2")
    assert ran.code == 0
    assert ran.lines[-1].startswith("登记 70 份：新增 70、更新 0；")


def test_an_issuer_stands_in_only_where_the_document_names_none(run) -> None:
    Path("无名.txt").write_text("第一条 收费。\n第二条 施行。\n", encoding="utf-8")
    run("add", "clean.docx", "无名.txt", "--issuer", "西山县财政局")
    listed = json.loads(run("list", "-f", "json").out)["entries"]
    assert [(e["issuer"], e["place"]) for e in listed] == [
        ("东林县人民政府办公室", "东林县"), ("西山县财政局", "西山县"),
    ]  # fmt: skip
    assert run("list", "--unit", "西山县财政局").lines[-1] == "共 1 份"


def test_steps_and_corrections(run) -> None:
    run("add", "faulty.docx", "--on", "2026-03-02")
    ran = run("set", 1, "书面意见", "--on", "2026-03-09", "--note", "某法意〔2026〕3号")
    assert ran.lines[0].startswith("编号 1  已提意见")
    assert "    2026-03-09  书面意见  某法意〔2026〕3号" in ran.lines
    ran = run("set", 1, "--issuer", "某县司法局", "--place", "某县", "--expires", "无")
    assert "  某县司法局  成文 2024-09-10  施行 2024-11-01  有效至 —" in ran.lines
    assert "  来源 接收  适用地区 某县  有效期至2026年10月31日" in ran.lines
    assert run("set", 1, "--state", "继续有效").lines[0].startswith("编号 1  继续有效")
    assert run("list", "--state", "待审").out == "共 0 份\n"


def test_statistics_as_table_json_and_workbook(run) -> None:
    run("add", "faulty.docx", "clean.docx", "--on", "2026-03-02")
    run("set", 1, "书面意见", "--on", "2026-05-06")
    assert run("stats", "--by", "quarter", "--to", "2026-03-31").lines == [
        "统计期间：最早 至 2026-03-31",
        "季度           接收  主动审查  依申请审查  发现问题  书面意见  修改或废止",
        "2026年第1季度     2         0           0         1         0           0",
        "合计              2         0           0         1         0           0",
        statistics.FLAGGED_NOTE,
    ]
    told = json.loads(run("stats", "--by", "year", "--by", "unit", "-f", "json").out)
    assert told["by"] == ["年份", "制定机关"]
    assert [sum(v for k, v in row.items() if k != "labels") for row in told["rows"]] == [3, 1]
    assert told["total"]["接收"] == 2
    assert run("stats", "-f", "xlsx=统计.xlsx").code == 0
    sheet = openpyxl.load_workbook("统计.xlsx")["统计"]
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[0] == ["制定机关", *statistics.BUCKETS]
    assert rows[-3][:2] == ["合计", 2]


def test_a_workbook_holds_all_and_runs_nothing(run) -> None:
    run("add", "faulty.docx", "clean.docx", "--on", "2026-03-02")
    for id, title in ((1, '=HYPERLINK("http://x","y")'), (2, "@SUM(1)")):
        run("set", id, "书面意见", "--on", "2026-03-03", "--note", "-1+1")
        run("set", id, "--title", title)
    assert run("export", "台账.xlsx").code == 0
    first = Path("台账.xlsx").read_bytes()
    book = openpyxl.load_workbook("台账.xlsx")
    assert book.sheetnames == ["台账", "检查记录", "办理记录"]
    assert [book[name].max_row for name in book.sheetnames] == [3, 3, 5]
    cells = [book["台账"]["C2"], book["台账"]["C3"], book["办理记录"]["E3"]]
    assert [c.value for c in cells] == ['=HYPERLINK("http://x","y")', "@SUM(1)", "-1+1"]
    assert [(c.data_type, c.quotePrefix) for c in cells] == [("s", True)] * 3
    assert book["台账"]["G2"].value.date().isoformat() == "2024-09-10"
    run("export", "再来.xlsx")
    assert Path("再来.xlsx").read_bytes() == first


def test_the_place_may_come_from_the_environment(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKER_LEDGER", "别处.db")
    run("add", "clean.docx")
    assert Path("别处.db").exists() and not Path("台账.db").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["list"], "没有这个台账：台账.db"),
        (["list", "--ledger", "mysql://h/x"], "台账只能是 SQLite 文件或者 PostgreSQL"),
        (["list", "--ledger", "clean.docx"], "这个文件不是台账"),
        (["add", "-"], "不能用标准输入"),
        (["add", "没有.docx"], "没有这个文件或者文件夹：没有.docx"),
        (["add", "clean.docx", "--how", "接受"], "不能写“接受”，是否要写“接收”？"),
        (["add", "clean.docx", "--on", "3月2日"], "“3月2日”不是日期"),
        (["add", "clean.docx", "--ledger", "没有/a.db"], "无法打开"),
        (["set", "1"], "没有写要登记什么"),
        (["set", "1", "--on", "2026-03-02"], "要和事项一起写"),
        (["set", "1", "废止", "--state", "待审"], "状态随事项改变"),
        (["set", "x", "废止"], "“x”不是 1 以上的整数"),
        (["stats", "--by", "week"], "不能写“week”"),
        (["stats", "-f", "xlsx"], "xlsx 要写明文件"),
        (["stats", "--from", "2026-02-01", "--to", "2026-01-01"], "晚于"),
        (["export", "a.csv"], "只能导出为 .xlsx"),
    ],
)
def test_wrong_use_is_told_in_chinese(run, args: list[str], said: str) -> None:
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not Path("台账.db").exists()


def test_a_file_that_cannot_be_written_is_named(run) -> None:
    run("add", "clean.docx")
    for args in (["export", "没有/a.xlsx"], ["stats", "-f", "xlsx=没有/a.xlsx"],
                 ["list", "-f", "json=没有/a.json"]):  # fmt: skip
        ran = run(*args)
        assert ran.code == 2
        assert "无法写入 没有/a." in ran.err


@pytest.mark.parametrize(
    ("missing", "args"),
    [
        ("sqlalchemy", ["add", "clean.docx"]),
        ("psycopg", ["add", "clean.docx", "--ledger", "postgresql:///x"]),
        ("openpyxl", ["export", "台账.xlsx"]),
    ],
)
def test_a_missing_library_is_named_with_what_to_install(run, missing, args) -> None:
    if missing == "openpyxl":
        run("add", "clean.docx")
    without = f"import sys; sys.modules[{missing!r}] = None; from checker.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", without, "ledger", *args],
        capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    assert ran.returncode == 2
    extra = "xlsx" if missing == "openpyxl" else "ledger"
    assert f"pip install 'legality-precheck[{extra}]'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_words_of_the_command_are_those_of_the_ledger() -> None:
    assert list(command._STEPS) == [str(step) for step in entries.Step]
    assert list(command._STATES) == [str(state) for state in entries.State]
    assert list(command._GROUPS) == list(statistics.GROUPS)
