"""Web pages: the main text of government sites, what a browser shows of it, and what is left out."""

from __future__ import annotations

import time
from contextlib import suppress
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources import SourceText, UnreadableSource, read_bytes
from checker.sources.limits import Limits, applied

BODY = "".join(
    f"<p>第{n}条　本县行政区域内停车场的管理，适用本办法，由县城市管理局负责实施。</p>"
    for n in "一二三四五六"
)
LINES = [
    f"第{n}条　本县行政区域内停车场的管理，适用本办法，由县城市管理局负责实施。"
    for n in "一二三四五六"
]
LINKS = "".join(f'<li><a href="/{i}">县政府发布关于第{i}项工作的新闻</a></li>' for i in range(30))


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def read(body: str, head: str = "", name: str = "草案.html") -> SourceText:
    return read_bytes(page(body, head), name)


def lines(source: SourceText) -> list[str]:
    return source.text.splitlines()


def kinds(source: SourceText) -> list[tuple[str, str]]:
    return [(region.kind, source.text[region.start : region.end]) for region in source.regions]


@pytest.mark.parametrize(
    "around",
    [
        '<div class="TRS_Editor">{}</div>',
        '<div class="view TRS_UEDITOR trs_paper_default">{}</div>',
        '<div class="Custom_UnionStyle">{}</div>',
        '<div id="zoom">{}</div>',
        '<div class="pages_content">{}</div>',
        '<div class="article-content">{}</div>',
        '<td id="UCAP-CONTENT">{}</td>',
        "<article>{}</article>",
        "<main>{}</main>",
        '<div class="x17"><div class="y">{}</div></div>',
        '<form id="aspnetForm"><table><tr><td>{}</td></tr></table></form>',
    ],
)
def test_main_text_of_a_page_with_navigation(around: str) -> None:
    noise = f"<nav><ul>{LINKS}</ul></nav><div class='left'><ul>{LINKS}</ul></div>"
    wrapped = around.format(BODY)
    if wrapped.startswith("<td"):
        wrapped = f"<table><tr>{wrapped}</tr></table>"
    source = read(f"{noise}{wrapped}<div class='foot'>{LINKS}</div><footer>版权所有</footer>")
    assert lines(source) == LINES
    assert any("按网页正文检查" in note for note in source.notes)
    assert not source.regions and not source.gaps


def test_a_title_outside_of_the_main_text_comes_first() -> None:
    title = "东林县停车场管理办法"
    head = f'<meta name="ArticleTitle" content="{title}"><title>{title}_东林县人民政府</title>'
    body = f"<ul>{LINKS}</ul><h1>{title}</h1><div class='TRS_Editor'>{BODY}</div>"
    assert lines(read(body, head))[:2] == [title, LINES[0]]
    inside = f"<ul>{LINKS}</ul><div class='TRS_Editor'><p>{title}</p>{BODY}</div>"
    assert lines(read(inside, head))[:2] == [title, LINES[0]]


@pytest.mark.parametrize("cell", ['<td class="titleorange03">{}', "<td>{}", "<td><b>{}</b>"])
def test_a_title_that_is_only_set_large(cell: str) -> None:
    title = "东林县人民政府关于加强停车场管理的通知"
    head = "<title>东林县人民政府</title>"
    top = f"<div class='title'>东林县人民政府门户网站</div><ul>{LINKS}</ul>"
    body = f"{top}<table><tr>{cell.format(title)}</td></tr></table><font id=Zoom>{BODY}</font>"
    assert lines(read(body, head))[:2] == [title, LINES[0]]


def test_much_text_outside_of_the_main_text_is_a_gap() -> None:
    other = f"<div class='TRS_Editor'><p>{'附件里的文字。' * 60}</p></div>"
    source = read(f"<ul>{LINKS}</ul><div class='TRS_Editor'>{BODY * 3}</div>{other}")
    assert lines(source) == LINES * 3
    assert any("420 字不是链接，未读取" in gap for gap in source.gaps)


def test_a_plain_page_is_read_whole() -> None:
    source = read(f"<h1>停车场管理办法</h1>{BODY}<p>东林县人民政府</p>")
    assert lines(source) == ["停车场管理办法", *LINES, "东林县人民政府"]
    assert not source.notes


def test_lines_are_those_of_a_browser() -> None:
    source = read(
        "<div>第一条\n  为了<b>规范</b>管理，<br>制定本办法。</div>散落的字<p></p><p>&nbsp;&#12288;第二条 &lt;略&gt;</p>"
        "<pre>第三条\n第四条</pre>"
    )
    assert lines(source) == [
        "第一条 为了规范管理，",
        "制定本办法。",
        "散落的字",
        "\xa0\u3000第二条 <略>",
        "第三条",
        "第四条",
    ]


@pytest.mark.parametrize(
    ("markup", "labels"),
    [
        ("<ol>{}</ol>", ["1. ", "2. "]),
        ('<ol start="3">{}</ol>', ["3. ", "4. "]),
        ('<ol type="a">{}</ol>', ["a. ", "b. "]),
        ('<ol style="list-style-type: cjk-ideographic">{}</ol>', ["一、", "二、"]),
        ('<ol style="list-style:none">{}</ol>', ["", ""]),
        ("<ul>{}</ul>", ["", ""]),
        ("<style>li {{ list-style: none; }}</style><ol>{}</ol>", ["", ""]),
        ("<style>ul,li,dl {{list-style-type: none}}</style><ol>{}</ol>", ["", ""]),
    ],
)
def test_numbers_of_lists_as_they_are_seen(markup: str, labels: list[str]) -> None:
    items = "<li><p>未明码标价的；</p></li><li>未公示的。</li>"
    source = read("<p>有下列情形之一的：</p>" + markup.format(items))
    assert lines(source)[1:] == [labels[0] + "未明码标价的；", labels[1] + "未公示的。"]


def test_tables_are_rows_and_layout_tables_are_none() -> None:
    data = "<table><tr><th>类别<th>标准<tr><td>一类<td><p>五元</p><p>每小时</p></table>"
    assert kinds(read(BODY + data)) == [
        ("table", "类别\n标准\n"),
        ("table", "一类\n五元\n每小时\n"),
    ]
    layout = f"<table><tr><td>导航<td>{BODY * 3}</table>"
    assert not read(layout).regions
    nested = f"<table><tr><td>左<td>{data}</table>"
    assert [kind for kind, _ in kinds(read(nested))] == ["table", "table"]


def test_hidden_deleted_and_scripted_is_left_out_and_named() -> None:
    source = read(
        f"{BODY}<p style='display: none'>看不见的字</p><p hidden>也看不见</p>"
        "<script>var a = '第九条';</script><p>罚款<del>三</del><ins>五</ins>千元</p>"
    )
    assert lines(source)[len(LINES) :] == ["罚款五千元"]
    assert any("隐藏文字" in note for note in source.notes)
    assert any("修订痕迹" in note for note in source.notes)


def test_attachments_and_frames_are_gaps() -> None:
    source = read(f'{BODY}<p><a href="/a/1.docx">附件：办法全文</a></p><iframe src="x"></iframe>')
    assert source.gaps == (
        "网页链接的附件“附件：办法全文”未读取",
        "网页中嵌入的其他页面或者文件未读取",
    )


def test_marks_of_footnotes_go_and_their_text_is_a_footnote() -> None:
    source = read(
        f'{BODY}<p>第七条　本办法<a href="#ftn1" id="r1"><sup>1</sup></a>由县政府解释。</p>'
        '<div><p><a id="ftn1" href="#r1">[1]</a>由城市管理局起草。</p></div><p>附件</p>'
    )
    assert lines(source)[-3:] == ["第七条　本办法由县政府解释。", "由城市管理局起草。", "附件"]
    assert kinds(source) == [("footnote", "由城市管理局起草。\n")]


@pytest.mark.parametrize(
    ("said", "codec", "note"),
    [
        ("gb2312", "gb18030", "GB18030"),
        ("gbk", "gb18030", "GB18030"),
        ("utf-8", "utf-8", ""),
        ("gb2312", "utf-8", ""),
        ("utf-8", "gb18030", "GB18030"),
        ("", "gb18030", "GB18030"),
        ("", "utf-16", "UTF-16"),
    ],
)
def test_encoding_as_the_page_says_if_that_holds(said: str, codec: str, note: str) -> None:
    head = f'<meta charset="{said}">' if said else ""
    data = page(BODY, head).decode().encode(codec)
    source = read_bytes(data, "a.htm")
    assert lines(source) == LINES
    assert [n for n in source.notes if "编码" in n] == ([f"按 {note} 编码读取"] if note else [])


def test_xhtml_is_read_and_its_entities_are_not_followed() -> None:
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    names = '<html xmlns="http://www.w3.org/1999/xhtml">'
    data = f"{start}{names}<body><p>第一条<span/>本办法。</p></body></html>".encode()
    assert lines(read_bytes(data, "a.xhtml")) == ["第一条本办法。"]
    evil = f'{start}<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>{names}'
    text = read_bytes(f"{evil}<body><p>第一条&x;本办法。</p></body></html>".encode(), "a.html").text
    assert "第一条" in text and "本办法" in text and len(text) < 20


def test_other_xml_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="XML"):
        read_bytes(b"<?xml version='1.0'?><note>x</note>", "a.xml")


@pytest.mark.parametrize("tag", ["div", "span", "ol", "table"])
def test_nesting_without_end_is_refused(tag: str) -> None:
    data = page(f"<{tag}>" * 60_000 + "第一条")
    with pytest.raises(UnreadableSource, match=r"嵌套超过|元素超过|没有可读"):
        read_bytes(data, "a.html")


def test_nesting_up_to_the_limit_is_read() -> None:
    assert lines(read("<div>" * 200 + "第一条" + "</div>" * 200)) == ["第一条"]


def test_a_page_of_pictures_is_not_checked() -> None:
    with pytest.raises(UnreadableSource, match="只有图片"):
        read('<div id="zoom"><img src="1.jpg"><img src="2.jpg"></div>')


@pytest.mark.parametrize(
    "body",
    [
        "<style>" + "li," * 300_000 + "</style>",
        " " * 1_000_000 + "<?xml",
        f'<a href="{".doc?" * 200_000}">附件</a>',
        f"<title>{' -' * 300_000}</title>",
        "<header>" * 20_000,
        "<a href='#'>1" * 20_000,
        "<ol><li>" * 120,
        "<table><tr><td>" * 60 + "<td>" * 20_000,
    ],
)
def test_no_page_takes_unbounded_time(body: str) -> None:
    start = time.process_time()
    for data in (page(f"<p>第一条</p>{body}"), f"<?xml?><html>{body}".encode()):
        with suppress(UnreadableSource):
            read_bytes(data, "a.html")
    assert time.process_time() - start < 15


def test_deep_pages_of_many_elements_take_linear_time() -> None:
    def seconds(times: int) -> float:
        names = "<div class='content'>" * 200
        start = time.process_time()
        read(f"<ul>{LINKS}</ul>{names}" + "<p>第一条规定</p>" * times)
        return time.process_time() - start

    seconds(200)
    assert seconds(8000) < 12 * seconds(2000) + 0.3


def test_many_elements_are_refused() -> None:
    with applied(Limits(elements=100)), pytest.raises(UnreadableSource, match="100 个的上限"):
        read("<p>一</p>" * 200)


WORDS = st.text("甲乙丙丁<>&\"' a1，。", min_size=1, max_size=30).map(lambda s: " ".join(s.split()))


@settings(deadline=None)
@given(
    st.lists(WORDS.filter(bool), min_size=1, max_size=12), st.sampled_from(["p", "div", "li", "h2"])
)
def test_what_is_written_in_blocks_is_read_in_lines(texts: list[str], tag: str) -> None:
    body = "\n".join(f"<{tag}>\n  {escape(text)}\n</{tag}>" for text in texts)
    assert lines(read(body)) == texts


@settings(deadline=None, max_examples=150)
@given(st.text("<>/=\"'& apdivtrolh!-第一条", max_size=200))
def test_any_markup_ends_in_a_text_or_a_reason(text: str) -> None:
    try:
        source = read_bytes(page(text), "a.html")
    except UnreadableSource as error:
        assert error.reason
    else:
        assert source.shadow.strip()


@pytest.mark.parametrize("mark", ["\x01", "&#1;", "\x0b", "\uffff"])
def test_a_control_character_after_the_footer_of_a_page(mark: str) -> None:
    source = read(
        f"{BODY}<footer>版权所有</footer>第七条{mark}　甲。<header>首页</header>{mark}乙。"
    )
    assert "第七条" in source.text and source.text.rstrip().endswith("乙。")
    assert "版权所有" not in source.text and "首页" not in source.text
