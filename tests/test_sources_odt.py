"""OpenDocument texts: numbers that no paragraph holds, notes, changes, hidden words, limits."""

from __future__ import annotations

from html import escape

import pytest
from documents.wordml import zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.numerals import chinese_number
from checker.sources import SourceText, UnreadableSource, read_bytes

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
        ("draw", "drawing"), ("manifest", "manifest"),
    )
)  # fmt: skip
KIND = "application/vnd.oasis.opendocument.text"


def package(
    body: str, *, styles: str = "", automatic: str = "", kind: str = "text", **more: str
) -> bytes:
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    style = f"<office:document-styles {NAMES}>{styles}</office:document-styles>"
    files = {"mimetype": KIND, "content.xml": content, "styles.xml": style}
    return zipped({**files, **{name.replace("__", "/"): part for name, part in more.items()}})


def read(body: str, **parts: str) -> SourceText:
    return read_bytes(package(body, **parts), "草案.odt")


def lines(source: SourceText) -> list[str]:
    return source.text.splitlines()


def kinds(source: SourceText) -> list[tuple[str, str]]:
    return [(region.kind, source.text[region.start : region.end]) for region in source.regions]


def para(words: str, style: str = "") -> str:
    name = f' text:style-name="{style}"' if style else ""
    return f"<text:p{name}>{words}</text:p>"


def listed(*items: str, more: str = 'text:style-name="L"') -> str:
    inner = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f"<text:list {more}>{inner}</text:list>"


def level(
    number: int, prefix: str, suffix: str, kind: str = "一, 二, 三, ...", more: str = ""
) -> str:
    return (
        f'<text:list-level-style-number text:level="{number}" style:num-prefix="{prefix}" '
        f'style:num-suffix="{suffix}" style:num-format="{kind}" {more}>'
        "<style:list-level-properties><style:list-level-label-alignment "
        'text:label-followed-by="nothing"/></style:list-level-properties>'
        "</text:list-level-style-number>"
    )


STYLE = (
    f'<text:list-style style:name="L">{level(1, "第", "条")}{level(2, "（", "）")}'
    f"{level(3, '', '.', '1')}</text:list-style>"
)


def test_list_numbers_are_counted_again() -> None:
    body = listed(
        para("为了规范管理。"),
        para("经营者应当：")
        + listed(para("明码标价；"), para("公示。") + listed(para("甲"), more=""), more=""),
    )
    body += para("插入的一段。")
    body += listed(
        para("继续。"),
        listed(para("重新数。"), more=""),
        more='text:continue-numbering="true" text:style-name="L"',
    )
    assert lines(read(body, automatic=STYLE)) == [
        "第一条为了规范管理。", "第二条经营者应当：", "（一）明码标价；", "（二）公示。", "1.甲",
        "插入的一段。", "第三条继续。", "（一）重新数。",
    ]  # fmt: skip


def test_lists_begin_anew_unless_they_go_on() -> None:
    body = listed(para("甲"), more='text:style-name="L" xml:id="a"') + listed(para("乙"))
    body += listed(para("丙"), more='text:style-name="L" text:continue-list="a"')
    start = '<text:list text:style-name="L"><text:list-item text:start-value="9"><text:p>丁</text:p></text:list-item></text:list>'
    assert lines(read(body + start, styles=STYLE)) == [
        "第一条甲",
        "第一条乙",
        "第二条丙",
        "第九条丁",
    ]


def test_an_item_of_two_paragraphs_has_one_number_and_a_list_header_none() -> None:
    body = listed(para("第一款。") + para("第二款。"))
    header = '<text:list text:style-name="L"><text:list-header><text:p>前言</text:p></text:list-header><text:list-item><text:p>甲</text:p></text:list-item></text:list>'
    assert lines(read(body + header, automatic=STYLE)) == [
        "第一条第一款。",
        "第二款。",
        "前言",
        "第一条甲",
    ]


def test_labels_show_the_levels_above_and_follow_a_given_format() -> None:
    two = level(2, "", "", "1", 'text:display-levels="2"')
    given_format = level(3, "", "", "1", 'style:num-list-format="【%3%】"')
    style = f'<text:list-style style:name="L">{level(1, "", "", "1")}{two}{given_format}</text:list-style>'
    body = listed(para("甲") + listed(para("乙") + listed(para("丙"), more=""), more=""))
    assert lines(read(body, automatic=style)) == ["1甲", "1.1乙", "【1】丙"]


def test_headings_take_the_numbers_of_the_outline() -> None:
    outline = (
        '<office:styles><text:outline-style style:name="Outline"><text:outline-level-style '
        'text:level="1" style:num-prefix="第" style:num-suffix="章 " style:num-format="一, 二, 三, ..."/>'
        "</text:outline-style></office:styles>"
    )
    body = (
        '<text:h text:outline-level="1">总则</text:h><text:h text:outline-level="1">附则</text:h>'
    )
    assert lines(read(body, styles=outline)) == ["第一章  总则", "第二章  附则"]


def test_spaces_tabs_and_breaks() -> None:
    body = para('第一条<text:s text:c="2"/>为了\n   规范<text:tab/>管理<text:line-break/>制定。')
    assert lines(read(body)) == ["第一条  为了 规范\t管理", "制定。"]


def test_notes_stand_at_the_end_in_order_and_headers_after_them() -> None:
    def note(words: str) -> str:
        return (
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            f"{para(words)}</text:note-body></text:note>"
        )

    master = (
        '<office:master-styles><style:master-page style:name="Standard">'
        f"<style:header>{para('内部资料')}</style:header>"
        f"<style:footer>{para('— <text:page-number>1</text:page-number> —')}</style:footer>"
        "</style:master-page></office:master-styles>"
    )
    source = read(para(f"第一条{note('甲注。')}本办法{note('乙注。')}。"), styles=master)
    assert lines(source) == ["第一条本办法。", "甲注。", "乙注。", "内部资料"]
    assert kinds(source) == [
        ("footnote", "甲注。\n"),
        ("footnote", "乙注。\n"),
        ("header", "内部资料\n"),
    ]


def test_changes_read_as_accepted() -> None:
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        f"{para('三')}</text:deletion></text:changed-region></text:tracked-changes>"
    )
    body = changes + para(
        '加<text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>五'
        '<text:change-end text:change-id="c2"/>分'
    )
    source = read(body)
    assert lines(source) == ["加五分"] and any("修订痕迹" in note for note in source.notes)


def test_hidden_words_are_left_out_and_named() -> None:
    style = (
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="I" style:family="text" style:parent-style-name="H"/>'
    )
    source = read(para('第一条<text:span text:style-name="I">暗</text:span>明。'), automatic=style)
    assert lines(source) == ["第一条明。"] and any("隐藏文字" in note for note in source.notes)


def test_tables_contents_boxes_pictures_and_objects() -> None:
    def row(*cells: str) -> str:
        inner = "".join(f"<table:table-cell>{para(cell)}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{inner}<table:covered-table-cell/></table:table-row>"

    body = (
        f"<text:table-of-content><text:index-body>{para('第一章 1')}</text:index-body></text:table-of-content>"
        f"{para('第一条')}<table:table><table:table-header-rows>{row('类别', '标准')}</table:table-header-rows>"
        f"{row('一类', '五元')}</table:table><table:table>{row('只有一列')}</table:table>"
        + para(f"图<draw:frame><draw:text-box>{para('框中字')}</draw:text-box></draw:frame>")
        + para(
            "<draw:frame><draw:image/></draw:frame><draw:frame><draw:object/><draw:image/></draw:frame>"
        )
    )
    source = read(body + para("第二条" * 20))
    assert kinds(source) == [
        ("contents", "第一章 1\n"), ("table", "类别\n标准\n"), ("table", "一类\n五元\n"),
        ("textbox", "框中字\n"),
    ]  # fmt: skip
    assert any("1 张图片" in note for note in source.notes)
    assert any("嵌入对象" in gap for gap in source.gaps)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (package("", kind="spreadsheet"), "表格"),
        (package("", kind="presentation"), "演示文稿"),
        (package("", kind="drawing"), "没有正文"),
        (zipped({"mimetype": KIND}), "缺少正文 content.xml"),
        (package("<text:p>"), "不是完好的 XML"),
        (
            package(
                para("x"),
                **{
                    "META-INF__manifest.xml": f"<manifest:manifest {NAMES}><manifest:encryption-data/></manifest:manifest>"
                },
            ),
            "打开密码",
        ),
        (
            zipped({"mimetype": KIND, "content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "DTD",
        ),
        (package("<text:section>" * 300 + "</text:section>" * 300), "嵌套超过"),
    ],
)
def test_what_is_refused_and_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        read_bytes(data, "a.odt")


def test_it_is_known_by_content_even_packed_again() -> None:
    content = package(para("第一条"))
    assert read_bytes(content, "草案.docx").format == "odt"
    again = zipped(
        {
            "META-INF/manifest.xml": f"<manifest:manifest {NAMES}/>",
            "content.xml": f"<office:document-content {NAMES}><office:body><office:text>{para('第一条')}</office:text></office:body></office:document-content>",
        }
    )
    assert read_bytes(again, "a.odt").text == "第一条\n"


def test_nesting_up_to_the_limit_is_read() -> None:
    deep = "<text:span>" * 240 + "深" + "</text:span>" * 240
    assert lines(read(para(deep))) == ["深"]


WORDS = st.text('甲乙丙丁<>&" a1，。', min_size=1, max_size=20).map(lambda s: " ".join(s.split()))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), WORDS.filter(bool)), min_size=1, max_size=15))
def test_what_is_written_in_lists_is_read_with_its_numbers(rows: list[tuple[int, str]]) -> None:
    """Level 0 is a paragraph outside of lists; numbers are counted here in the simplest way."""
    body, expected, counts = "", [], [0, 0]
    for depth, words in rows:
        text = para(escape(words))
        go_on = 'text:continue-numbering="true" text:style-name="L"'
        if depth == 0:
            body += text
            expected.append(words)
        elif depth == 1:
            body += listed(text, more=go_on)
            counts = [counts[0] + 1, 0]
            expected.append(f"第{chinese_number(counts[0])}条{words}")
        else:
            body += listed(listed(text, more=""), more=go_on)
            counts[1] += 1
            expected.append(f"（{chinese_number(counts[1])}）{words}")
    assert lines(read(body, automatic=STYLE)) == expected
