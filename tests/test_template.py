"""Templates: words, lists, what is wrong with them."""

from __future__ import annotations

import io
import zipfile

import pytest
from documents.readback import W, part
from documents.wordml import package, para, run
from hypothesis import given
from hypothesis import strategies as st

from checker.sources import read_bytes
from checker.word.template import Filling, Listing, TemplateFault, fill

ROWS = [{"序号": "1", "问题": "甲"}, {"序号": "2", "问题": "乙"}]


def filling(rows: list[dict[str, str]] = ROWS, title: str = "示例办法") -> Filling:
    lists = {"错误": Listing(("序号", "问题"), rows, "没有")}
    return Filling({"标题": title}, lists.get, tuple(lists))


def text(body: str, values: Filling | None = None) -> str:
    return read_bytes(fill(package(body), "模板.docx", values or filling()), "a.docx").text


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{para(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def test_words_are_filled_though_word_cut_the_placeholder() -> None:
    pieces = run("名称：{") + run("{标", "<w:b/>") + run("题}") + run("}。")
    assert text(para(pieces)) == "名称：示例办法。\n"


def test_the_words_look_like_the_beginning_of_the_placeholder() -> None:
    data = fill(package(para(run("{{标题", "<w:b/>") + run("}}"))), "模板.docx", filling())
    runs = part(data, "word/document.xml").iter(f"{W}r")
    found = [(r.findtext(f"{W}t"), r.find(f"{W}rPr/{W}b") is not None) for r in runs]
    assert found == [("示例办法", True), ("", False)]


def test_lines_break() -> None:
    assert text(para("{{标题}}"), filling(title="甲\n乙")) == "甲\n乙\n"


def test_paragraphs_of_a_list_repeat_together_and_others_once() -> None:
    body = para("前") + para("{{错误.序号}}．") + para("{{错误.问题}}（{{标题}}）") + para("后")
    assert text(body) == "前\n1．\n甲（示例办法）\n2．\n乙（示例办法）\n后\n"


def test_rows_of_a_list_repeat_together() -> None:
    table = (
        row("序号", "问题") + row("{{错误.序号}}", "{{错误.问题}}") + row("第{{错误.序号}}项", "□")
    )
    table += row("完", "")
    found = text(f"<w:tbl>{table}</w:tbl>" + para("后"))
    assert found.split() == [
        "序号",
        "问题",
        "1",
        "甲",
        "第1项",
        "□",
        "2",
        "乙",
        "第2项",
        "□",
        "完",
        "后",
    ]


def test_an_empty_list_says_so_in_one_cell() -> None:
    table = f"<w:tbl>{row('{{错误.序号}}', '{{错误.问题}}')}{row('{{错误.序号}}', '□')}</w:tbl>"
    data = fill(package(table + para("{{错误.问题}}等")), "模板.docx", filling([]))
    (made,) = part(data, "word/document.xml").iter(f"{W}tr")
    (cell,) = made.iter(f"{W}tc")
    assert cell.find(f"{W}tcPr/{W}gridSpan").get(f"{W}val") == "2"
    assert read_bytes(data, "a.docx").text.splitlines()[-1] == "没有"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (para("{{标提}}"), "没有占位符“标提”，是否要写“标题”？"),
        (para("{{错误.文题}}"), "没有占位符“错误.文题”，是否要写“错误.问题”？"),
        (para("{{错吴.问题}}"), "没有清单“错吴”，是否要写“错误”？"),
        (para("{{错误.问题}}{{提醒.问题}}"), "只能写一个清单"),
    ],
)
def test_faults_name_the_file_and_the_nearest_word(body: str, said: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        text(body)
    assert said in str(caught.value) and str(caught.value).startswith("模板.docx：")


@given(st.text(max_size=40))
def test_any_words_can_be_filled_in(words: str) -> None:
    data = fill(package(para("{{标题}}") + para("完")), "模板.docx", filling(title=words))
    assert read_bytes(data, "a.docx").text.endswith("完\n")


def test_what_is_filled_in_is_never_read_as_a_placeholder() -> None:
    rows = [{"序号": "{{标题}}", "问题": "{{错误.序号}}"}]
    body = para("{{标题}}") + para("{{错误.序号}}、{{错误.问题}}")
    found = text(body, filling(rows, title="{{没有这个}}"))
    assert found == "{{没有这个}}\n{{标题}}、{{错误.序号}}\n"


def test_nothing_but_the_body_changes_and_same_input_gives_same_bytes() -> None:
    data = package(para("{{标题}}"))
    once = fill(data, "模板.docx", filling())
    assert once == fill(data, "模板.docx", filling())
    before, after = (zipfile.ZipFile(io.BytesIO(d)) for d in (data, once))
    same = [n for n in before.namelist() if before.read(n) == after.read(n)]
    assert sorted({*before.namelist()} - {*same}) == ["word/document.xml"]
