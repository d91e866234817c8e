"""checker statutes import, search, show; and check with a law store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest

LAW = "东林县渡口管理办法\n\n2020年4月9日公布\n\n第一条 渡船应当有灯。\n\n过河的人坐稳。\n\n第二条 乙。\n\n第三条 丙。\n"
# The register knows this name; the words are invented.
KNOWN = "\n\n".join(
    ("优化营商环境条例", *(f"第{n}条 渡船应当有帆。" for n in ("一", "二", "二十五")))
)
DRAFT = "东林县通知\n\n一、经营者应当在开业前缴纳保证金五千元。\n"


@pytest.fixture
def run(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("CHECKER_STATUTES", str(tmp_path / "库.sqlite"))
    return run


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    folder = tmp_path / "法规"
    folder.mkdir()
    (folder / "甲.md").write_text(LAW, encoding="utf-8")
    (folder / "优化营商环境条例(2019-10-22).txt").write_text(KNOWN, encoding="utf-8")
    (folder / "通知.txt").write_text("关于渡口的通知\n\n一、甲\n", encoding="utf-8")
    (folder / "扫描.pdf").write_bytes(b"%PDF-1.4")
    word = docx.Document()
    for line in (
        "东林县船员规定",
        "（2021年3月4日公布）",
        "第一条 甲。",
        "第二条 乙。",
        "第三条 丙。",
    ):
        word.add_paragraph(line)
    word.save(str(folder / "丙.docx"))
    return folder


def test_a_folder_is_imported_and_what_is_no_law_is_named(run, laws: Path) -> None:
    ran = run("statutes", "import", laws)
    assert ran.code == 3
    assert (
        "读取 5 个文件：新增 3、更新 0、没有变化 0，未能导入 2；原文库现有 3 件法规、3 个文本"
        in ran.out
    )
    assert "未导入 通知.txt：没有“第一条”这样的条文" in ran.err
    assert "未导入 扫描.pdf：" in ran.err and "扫描.pdf：扫描.pdf" not in ran.err
    assert "注意 优化营商环境条例(2019-10-22).txt：法规目录记这个文本共72条" in ran.err
    again = run("statutes", "import", laws)
    assert "新增 0、更新 0、没有变化 3" in again.out
    (laws / "甲.md").write_text(LAW.replace("乙", "改"), encoding="utf-8")
    only = run("statutes", "import", laws / "甲.md")
    assert only.code == 0 and "新增 0、更新 1、没有变化 0，未能导入 0" in only.out
    assert "2021-03-04" in run("statutes", "search", "甲", "--law", "船员").out


def test_search_and_show_print_the_words(run, laws: Path) -> None:
    run("statutes", "import", laws)
    assert run("statutes", "search", "应当有灯").out == (
        "东林县渡口管理办法（2020-04-09）\n    第一条第一款  渡船应当有灯。\n"
    )
    found = json.loads(run("statutes", "search", "坐稳", "应当", "-f", "json").out)
    assert [(row["address"], row["law"], row["promulgated"], row["source"]) for row in found] == [
        ("第一条第一款", "东林县渡口管理办法", "2020-04-09", "甲.md"),
        ("第一条第二款", "东林县渡口管理办法", "2020-04-09", "甲.md"),
    ]
    none = run("statutes", "search", "没有的词")
    assert (none.code, none.out) == (0, "") and "找到 0 处" in none.err
    shown = run("statutes", "show", "优化营商环境条例", "第二十五条")
    assert (
        shown.out == "《优化营商环境条例》第二十五条（2019-10-22公布的文本）\n    渡船应当有帆。\n"
    )
    assert "位阶  行政法规" in run("statutes", "show", "优化营商环境条例").out


@pytest.mark.parametrize(
    "args, said",
    [
        (["statutes", "show", "优化营商环境条例", "第九十条"], "没有第九十条"),
        (["statutes", "show", "优化营商环境条例", "九十"], "应当写成 第三条"),
        (["statutes", "show", "优化营商环境条例", "第一条", "--at", "2001-01-01"], "以前的文本"),
        (["statutes", "show", "没有这部法", "第一条"], "没有《没有这部法》"),
        (["statutes", "search", "甲", "--store", "none"], "还没有法规原文"),
        (["statutes", "search", "甲", "--store", "没有.sqlite"], "没有这个法规原文库"),
        (["statutes", "import", "法规", "--store", "none"], "没有说明写到哪个库"),
        (["statutes", "import", "法规", "--store", "法规/甲.md"], "甲.md：这个文件不是法规原文库"),
        (["statutes", "import", "法规", "--store", "法规/甲.md/库"], "无法建立文件夹"),
        (["check", "草案.txt", "--store", "法规/甲.md"], "甲.md：这个文件不是法规原文库"),
    ],
)
def test_wrong_use_exits_2_and_says_why(
    run, laws: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    run("statutes", "import", laws)
    monkeypatch.chdir(laws.parent)
    Path("草案.txt").write_text(DRAFT, encoding="utf-8")
    ran = run(*args)
    assert ran.code == 2 and said in ran.err and ran.out == "" and "Traceback" not in ran.err


def test_check_shows_the_provision_and_says_where_it_is_from(
    run, laws: Path, tmp_path: Path
) -> None:
    run("statutes", "import", laws)
    draft = tmp_path / "草案.txt"
    draft.write_text(DRAFT, encoding="utf-8")
    ran = run("check", draft, "--select", "FEE-003")
    assert (
        "    条文  《优化营商环境条例》第二十五条：渡船应当有帆。（2019-10-22公布的文本）"
        in ran.out
    )
    assert " · 法规原文 3 个文本 " in ran.out
    (report,) = json.loads(run("check", draft, "--select", "FEE-003", "-f", "json").out)["reports"]
    first = report["findings"][0]["basis"][0]
    assert (first["words"], first["words_from"]) == ("渡船应当有帆。", "2019-10-22公布的文本")
    plain = run("check", draft, "--select", "FEE-003", "--store", "none")
    assert "    条文  " not in plain.out and "法规原文" not in plain.out


def test_the_default_store_is_used_once_it_is_there(
    run, laws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHECKER_STATUTES")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "数据")
    draft = tmp_path / "草案.txt"
    draft.write_text(DRAFT, encoding="utf-8")
    assert "法规原文" not in run("check", draft).out
    assert run("statutes", "import", laws).out.endswith(
        f"{tmp_path / '数据' / 'statutes.sqlite'}\n"
    )
    assert "法规原文 3 个文本" in run("check", draft).out
