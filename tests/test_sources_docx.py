"""Word documents: text, numbering, tracked changes, notes, boxes, limits, and damaged files."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from documents.wordml import (
    NAMES,
    document,
    level,
    listed,
    numbering,
    package,
    para,
    run,
    run_texts,
    zipped,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources import SourceText, UnreadableSource, read_bytes
from checker.sources.limits import Limits, applied
from checker.sources.numbering import format_number

MAIN = "word/document.xml"


def read(body: str, **parts: str) -> SourceText:
    return read_bytes(package(body, **parts), "草案.docx")


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read_bytes(data, "草案.docx")
    return caught.value.reason


# Runs

INLINE = {
    "tab": "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>",
    "break": '<w:r><w:t>甲</w:t><w:br/><w:br w:type="page"/><w:cr/><w:t>乙</w:t></w:r>',
    "hyphen": "<w:r><w:t>2020</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>1</w:t></w:r>",
    "symbol": '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:sym w:char="4E2D"/></w:r>',
    "link": f'<w:hyperlink r:id="x">{run("甲")}</w:hyperlink>',
    "smart tag": f"<w:smartTag>{run('甲')}<w:smartTag>{run('乙')}</w:smartTag></w:smartTag>",
    "control": f"<w:sdt><w:sdtPr/><w:sdtContent>{run('甲')}</w:sdtContent></w:sdt>",
    "prompt": "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
    f"{run('单击此处')}</w:sdtContent></w:sdt>{run('甲')}",
    "inserted": f'<w:ins w:id="1">{run("甲")}</w:ins><w:del w:id="2"><w:r><w:delText>乙'
    "</w:delText></w:r></w:del>",
    "moved": f'<w:moveFrom w:id="1">{run("甲")}</w:moveFrom><w:moveTo>{run("乙")}</w:moveTo>',
    "field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a '
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    f'{run("第三条")}<w:r><w:fldChar w:fldCharType="end"/></w:r>{run("规定")}',
    "page": f'<w:fldSimple w:instr=" PAGE ">{run("7")}</w:fldSimple>{run("甲")}',
    "ruby": "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase>"
    f"{run('拼')}</w:rubyBase></w:ruby></w:r>",
    "line end": "<w:r><w:t>甲\n乙</w:t></w:r>",
    "comment mark": f'<w:commentRangeStart w:id="0"/>{run("甲")}<w:commentRangeEnd w:id="0"/>'
    '<w:r><w:commentReference w:id="0"/></w:r>',
}
EXPECTED = {
    "tab": "甲\t乙",
    "break": "甲\n\n乙",
    "hyphen": "2020-1",
    "symbol": "☐中",
    "link": "甲",
    "smart tag": "甲乙",
    "control": "甲",
    "prompt": "甲",
    "inserted": "甲",
    "moved": "乙",
    "field": "第三条规定",
    "page": "甲",
    "ruby": "拼",
    "line end": "甲 乙",
    "comment mark": "甲",
}


@pytest.mark.parametrize("case", INLINE)
def test_what_stands_in_a_paragraph(case: str) -> None:
    assert read(para(INLINE[case])).text == EXPECTED[case] + "\n"


def test_tracked_changes_are_named() -> None:
    assert read(para(INLINE["inserted"])).notes == ("含修订痕迹，按接受修订后的文本检查",)
    assert read(para("甲")).notes == ()


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    deleted = "<w:rPr><w:del/></w:rPr>"
    parts = {"numbering": numbering(level(0, "decimal", "%1."))}
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = para("甲", number + deleted) + para("乙", number) + para("丙", deleted)
    source = read(body, **parts)
    assert source.text == "1.甲乙\n丙"
    gone = para('<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del>', number + deleted)
    assert read(gone + para("新", number), **parts).text == "1.新\n"


def test_hidden_text_is_left_out_and_named() -> None:
    styles = (
        f"<w:styles {NAMES}>"
        '<w:style w:type="character" w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        "</w:styles>"
    )
    body = para(
        run("甲")
        + run("乙", "<w:vanish/>")
        + run("丙", '<w:rStyle w:val="B"/>')
        + run("丁", '<w:rStyle w:val="B"/><w:vanish w:val="0"/>')
    )
    source = read(body, styles=styles)
    assert source.text == "甲丁\n"
    assert source.notes == ("含隐藏文字，未列入检查",)


# Tables, boxes, notes, headers


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_each_row_of_a_table_is_a_region() -> None:
    source = read(para("前") + table(["项目", "金额"], ["停车", "五元"]) + para("后"))
    assert source.text == "前\n项目\n金额\n停车\n五元\n后\n"
    assert [(r.kind, source.text[r.start : r.end]) for r in source.regions] == [
        ("table", "项目\n金额\n"),
        ("table", "停车\n五元\n"),
    ]


def test_a_table_of_one_column_is_layout() -> None:
    assert read(table(["第一条 甲"], ["第二条 乙"])).regions == ()


def test_a_deleted_row_is_gone() -> None:
    rows = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{para('旧')}</w:tc></w:tr>"
    source = read(f"<w:tbl>{rows}<w:tr><w:tc>{para('新')}</w:tc></w:tr></w:tbl>")
    assert source.text == "新\n"
    assert source.notes


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{para('盒中')}</w:txbxContent>"
    alternative = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        f"{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    for content in (alternative, old):
        source = read(para(run("前") + content + run("后")))
        assert source.text == "前后\n盒中\n"
        assert [(r.kind, source.text[r.start : r.end]) for r in source.regions] == [
            ("textbox", "盒中\n")
        ]


def test_notes_follow_the_body_in_the_order_of_their_marks() -> None:
    marks = '<w:r><w:footnoteReference w:id="3"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = "".join(
        f'<w:footnote w:id="{i}">{para("<w:r><w:footnoteRef/></w:r>" + run(text))}</w:footnote>'
        for i, text in ((0, "分隔"), (2, "乙注"), (3, "甲注"))
    )
    source = read(
        para(run("正文") + marks) + para("完"),
        footnotes=f"<w:footnotes {NAMES}>{notes}</w:footnotes>",
    )
    assert source.text == "正文\n完\n甲注\n乙注\n"
    assert {r.kind for r in source.regions} == {"footnote"}
    run_of_note = source.run_at(source.text.index("甲注"))
    assert run_of_note is not None
    assert run_of_note.part == "word/footnotes.xml"


def test_headers_come_last_and_once() -> None:
    def header(content: str) -> str:
        return f"<w:hdr {NAMES}>{para(content)}</w:hdr>"

    page = f'{run("— ")}<w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple>{run(" —")}'
    references = "".join(f'<w:headerReference r:id="header{i}"/>' for i in (1, 2))
    section = f'<w:sectPr>{references}<w:footerReference r:id="footer1"/></w:sectPr>'
    source = read(
        para("正文", section) + section,
        header1=header("征求意见稿"),
        header2=header("征求意见稿"),
        footer1=header(page).replace("w:hdr", "w:ftr"),
    )
    assert source.text == "正文\n征求意见稿\n"
    assert [(r.start, r.kind) for r in source.regions] == [(3, "header")]
    of_header = source.run_at(4)
    assert of_header is not None
    assert (of_header.part, of_header.index, of_header.offset) == ("word/header1.xml", 0, 0)


def test_contents_are_a_region_without_page_numbers() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def entry(text: str, lead: str = "", tail: str = "") -> str:
        page = f"{char('begin')}<w:r><w:instrText>PAGEREF a</w:instrText></w:r>{char('separate')}"
        return para(f"{lead}{run(text)}{page}{run('12')}{char('end')}{tail}")

    start = f"{char('begin')}<w:r><w:instrText>TOC \\o</w:instrText></w:r>{char('separate')}"
    body = (
        entry("第一章 总则", start) + entry("第二章 附则") + para(char("end")) + para("第一章 总则")
    )
    source = read(body)
    assert source.text == "第一章 总则\n第二章 附则\n\n第一章 总则\n"
    assert source.regions[-1].end <= source.text.rindex("第一章")
    assert {r.kind for r in source.regions} == {"contents"}


@pytest.mark.parametrize("word", ["TOC", "PAGE", ""])
def test_a_field_that_never_ends_hides_nothing_after_its_paragraph(word: str) -> None:
    start = (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{word}</w:instrText></w:r>'
    )
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' if word else ""
    source = read(para(start + separate) + para("第一条 甲"))
    assert source.text == "\n第一条 甲\n"
    assert source.regions == ()


# What is not read

PICTURE = "<w:r><w:drawing><a:blip/></w:drawing></w:r>"


@pytest.mark.parametrize(
    ("content", "gap"),
    [
        (para(run("甲") + "<w:r><w:object><o:OLEObject/></w:object></w:r>"), "嵌入对象"),
        (para(run("甲") + "<w:r><w:drawing><c:chart/></w:drawing></w:r>"), "图表"),
        (para("甲") + "<w:altChunk/>", "altChunk"),
        (para(run("甲") + PICTURE), "正文只有 1 字，另有 1 张图片"),
    ],
)
def test_gaps_are_named(content: str, gap: str) -> None:
    assert any(gap in found for found in read(content).gaps)


def test_a_scanned_document_is_unreadable() -> None:
    assert "扫描件" in refusal(package(para(PICTURE)))
    assert read(para(run("应当" * 40) + PICTURE)).gaps == ()


# Numbering

STATUTE = numbering(
    level(0, "chineseCountingThousand", "第%1章", suffix="space")
    + level(1, "chineseCountingThousand", "第%2条", suffix="tab", more='<w:lvlRestart w:val="0"/>')
    + level(2, "chineseCounting", "（%3）")
    + level(3, "decimal", "%4.")
    + level(4, "decimalEnclosedCircleChinese", "%5")
)
NOTICE = numbering(
    level(0, "japaneseCounting", "%1、")
    + level(1, "japaneseCounting", "（%2）")
    + level(2, "decimal", "%3．")
    + level(3, "decimalFullWidth", "（%4）"),
    level(0, "decimal", "%1.", suffix="space") + level(1, "decimal", "%1.%2", suffix="space"),
    level(0, "bullet", "•"),
)


def test_a_numbered_statute_reads_as_typed() -> None:
    levels = [0, 1, 1, 2, 2, 3, 4, 4, 1, 2, 0, 1]
    body = "".join(listed("内容", 1, i) for i in levels)
    typed = (
        "第一章 内容\n第一条\t内容\n第二条\t内容\n（一）内容\n（二）内容\n1.内容\n①内容\n②内容\n"
        "第三条\t内容\n（一）内容\n第二章 内容\n第四条\t内容\n"
    )
    source = read(body, numbering=STATUTE)
    assert source.text == typed
    assert source.shadow == read("".join(map(para, typed.splitlines()))).shadow
    label = source.run_at(source.text.index("第二条"))
    assert label is not None
    assert (label.part, label.index) == (f"{MAIN}#numbering", 2)


def test_a_numbered_notice_reads_as_typed() -> None:
    body = "".join(
        listed("内容", n, i) for n, i in [(1, 0), (1, 1), (1, 1), (1, 2), (1, 3), (1, 0), (1, 1)]
    )
    body += listed("甲", 2) + listed("乙", 2, 1) + listed("丙", 2, 1) + listed("丁", 3)
    assert read(body, numbering=NOTICE).text == (
        "一、内容\n（一）内容\n（二）内容\n1．内容\n（１）内容\n二、内容\n（一）内容\n"
        "1. 甲\n1.1 乙\n1.2 丙\n丁\n"
    )


def test_many_articles() -> None:
    text = read("".join(listed("内容", 1, 1) for _ in range(121)), numbering=STATUTE).text
    lines = text.split("\n")
    assert (lines[9], lines[22], lines[100], lines[120]) == (
        "第十条\t内容",
        "第二十三条\t内容",
        "第一百零一条\t内容",
        "第一百二十一条\t内容",
    )


def test_a_list_that_starts_again_or_later() -> None:
    def num(i: int, start: str) -> str:
        override = f'<w:lvlOverride w:ilvl="0">{start}</w:lvlOverride>'
        return f'<w:num w:numId="{i}"><w:abstractNumId w:val="0"/>{override}</w:num>'

    nums = (
        num(8, '<w:startOverride w:val="1"/>')
        + num(9, '<w:startOverride w:val="5"/>')
        + num(7, level(0, "upperRoman", "%1）"))
        + '<w:num w:numId="6"><w:abstractNumId w:val="0"/></w:num>'
    )
    part = numbering(level(0, "decimal", "%1."), nums=nums)
    body = "".join(listed("", n) for n in (1, 1, 6, 8, 8, 9, 9, 7, 1))
    assert read(body, numbering=part).text.split() == (
        ["1.", "2.", "3.", "1.", "2.", "5.", "6.", "VII）", "8."]
    )


def test_numbering_through_a_style() -> None:
    styles = (
        f"<w:styles {NAMES}>"
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="Derived"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Item"><w:pPr><w:numPr><w:ilvl w:val="2"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
        "</w:styles>"
    )
    part = numbering(
        level(0, "decimal", "%1")
        + level(1, "chineseCountingThousand", "第%2条", more='<w:pStyle w:val="Base"/>')
        + level(2, "chineseCounting", "（%3）")
    )
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        para("甲", '<w:pStyle w:val="Base"/>')
        + para("乙", '<w:pStyle w:val="Derived"/>')
        + para("丙", '<w:pStyle w:val="Item"/>')
        + para("丁", f'<w:pStyle w:val="Base"/>{off}')
        + para("戊", '<w:pStyle w:val="Loop"/>')
    )
    source = read(body, styles=styles, numbering=part)
    assert source.text == "第一条甲\n第二条乙\n（一）丙\n丁\n戊\n"


def test_a_list_that_links_to_a_numbering_style() -> None:
    styles = (
        f'<w:styles {NAMES}><w:style w:type="numbering" w:styleId="S"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    part = numbering(level(0, "chineseCounting", "%1、"), '<w:numStyleLink w:val="S"/>')
    assert read(listed("甲", 2), styles=styles, numbering=part).text == "一、甲\n"


def test_legal_numbering_and_a_custom_format() -> None:
    custom = (
        '<w:lvl w:ilvl="2"><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom"'
        ' w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>'
        '</mc:Fallback></mc:AlternateContent><w:lvlText w:val="%3"/><w:suff w:val="space"/></w:lvl>'
    )
    part = numbering(
        level(0, "chineseCounting", "%1") + level(1, "decimal", "%1.%2", more="<w:isLgl/>") + custom
    )
    body = listed("甲", 1) + listed("乙", 1, 1) + listed("丙", 1, 2)
    assert read(body, numbering=part).text == "一甲\n1.1乙\n001 丙\n"


@pytest.mark.parametrize("number", ["", "99", "-1", "x"])
def test_a_list_that_is_not_defined_has_no_label(number: str) -> None:
    properties = f'<w:numPr><w:ilvl w:val="12"/><w:numId w:val="{number}"/></w:numPr>'
    assert read(para("甲", properties), numbering=STATUTE).text == "甲\n"
    assert read(listed("甲", 1)).text == "甲\n"


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (10, "chineseCounting", "十"),
        (11, "taiwaneseCountingThousand", "十一"),
        (20, "ideographDigital", "二〇"),
        (23, "chineseLegalSimplified", "贰拾叁"),
        (3, "ideographTraditional", "丙"),
        (12, "ideographZodiac", "亥"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "21"),
        (3, "decimalEnclosedParen", "⑶"),
        (27, "lowerLetter", "aa"),
        (26, "upperLetter", "Z"),
        (1994, "lowerRoman", "mcmxciv"),
        (4, "upperRoman", "IV"),
        (5, "decimalZero", "05"),
        (12, "decimalFullWidth", "１２"),
        (3, "numberInDash", "- 3 -"),
        (3, "none", ""),
        (3, "unheardOf", "3"),
        (99999, "lowerLetter", "99999"),
        (99999, "upperRoman", "99999"),
    ],
)
def test_formats(number: int, kind: str, text: str) -> None:
    assert format_number(number, kind) == text


# The map back to runs

CONTENT = st.text(st.sampled_from("第一条应当 a1\t\n，。"), max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CONTENT, max_size=4), min_size=1, max_size=5), st.booleans())
def test_every_character_leads_back_to_its_run(texts: list[list[str]], in_table: bool) -> None:
    made = docx.Document()
    for texts_of_paragraph in texts:
        target = made.add_table(1, 2).cell(0, 1) if in_table else made
        paragraph = target.add_paragraph()
        for text in texts_of_paragraph:
            paragraph.add_run(text)
    made.add_paragraph("完")
    out = io.BytesIO()
    made.save(out)
    source = read_bytes(out.getvalue(), "a.docx")
    written = run_texts(out.getvalue(), MAIN)
    covered = 0
    for piece in source.runs:
        length = piece.end - piece.start
        covered += length
        own = written[piece.index][piece.offset : piece.offset + length]
        assert own == source.text[piece.start : piece.end]
    assert covered == sum(map(len, written))
    assert [r.text for p in made.paragraphs for r in p.runs] == (
        written if not in_table else ["完"]
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(INLINE)), min_size=1, max_size=6))
def test_runs_are_exact_among_all_kinds_of_content(cases: list[str]) -> None:
    data = package("".join(para(INLINE[case]) for case in cases))
    source = read_bytes(data, "a.docx")
    assert source.text == "".join(EXPECTED[case] + "\n" for case in cases)
    written = run_texts(data, MAIN)
    spans = [(piece.start, piece.end) for piece in source.runs]
    assert spans == sorted(spans)
    for piece in source.runs:
        own = written[piece.index].replace("\n", " ")
        said = source.text[piece.start : piece.end].replace("\n", " ")
        if set("-☐中").isdisjoint(said):
            assert own[piece.offset : piece.offset + len(said)] == said


def test_strict_open_xml_is_read() -> None:
    data = document(para("甲")).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read_bytes(zipped({MAIN: data}), "a.docx").text == "甲\n"


def test_a_page_layout_pasted_into_word_is_joined_outside_tables() -> None:
    line = "有关单位应当依照本办法的规定及时向主管部门报送登记材料"
    body = "".join(para(line) for _ in range(9)) + para("并公布。")
    assert read(body).shadow == f"{line * 9}并公布。\n"
    assert read(body + table(["甲", "，乙"])).shadow.endswith("并公布。\n甲\n，乙\n")


# Damaged and hostile files


def spoilt(**parts: str | bytes) -> bytes:
    return zipped({"_rels/.rels": "<x/>", "[Content_Types].xml": "<x/>", **parts})


def test_damaged_files() -> None:
    whole = package(para("甲" * 500))
    assert "压缩容器不完整" in refusal(whole[: len(whole) // 2])
    assert "缺少正文" in refusal(spoilt())
    assert "不是完好的 XML" in refusal(spoilt(**{MAIN: "<w:document><w:body>"}))
    assert "不是完好的 XML" in refusal(spoilt(**{MAIN: ""}))
    assert "没有正文（w:body）" in refusal(spoilt(**{MAIN: f"<w:document {NAMES}/>"}))
    assert "没有可读的文字" in refusal(package(para("")))
    broken = bytearray(whole)
    at = whole.index(b"word/document.xml") + 30
    broken[at : at + 20] = b"\xff" * 20
    assert "无法解压" in refusal(bytes(broken))


def test_entities_and_types_are_refused() -> None:
    declared = '<!DOCTYPE w:document [<!ENTITY a "甲"><!ENTITY b "&a;&a;">]>'
    assert "DTD" in refusal(
        spoilt(**{MAIN: declared + document(para("甲&b;").replace("&amp;", "&"))})
    )
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert "DTD" in refusal(spoilt(**{MAIN: outside + document(para("甲"))}))


def test_zip_bombs_are_stopped() -> None:
    packed = b"<w:document>" + b" " * (20 * 2**20)
    assert "压缩比超过 100:1" in refusal(spoilt(**{MAIN: packed}))


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(part=2**10), '解压后超过 1 KB 的上限（limits.part="1 KB"），未读取'),
        (Limits(inflated=2**10), '合计超过 1 KB 的上限（limits.inflated="1 KB"），未读取'),
        (Limits(entries=2), "条目超过 2 个的上限（limits.entries=2），未读取"),
        (Limits(elements=100), "XML 元素超过 100 个的上限（limits.elements=100），未读取"),
        (Limits(depth=3), "XML 嵌套超过 3 层的上限（limits.depth=3），未读取"),
        (Limits(characters=300), "文字超过 300 字的上限（limits.characters=300），未读取"),
    ],
)
def test_limits_are_named(limits: Limits, reason: str) -> None:
    data = package(para("甲") * 200)
    with applied(limits):
        assert reason in refusal(data)
    assert read_bytes(data, "a.docx").text


def test_depth_counts_the_root_as_the_first() -> None:
    deep = package(para(nested("w:smartTag", run("甲"), 90)))  # document, body, p, 90, r, t
    with applied(Limits(depth=94)):
        assert "94 层" in refusal(deep)
    with applied(Limits(depth=95)):
        assert read_bytes(deep, "a.docx").text == "甲\n"


def nested(outer: str, inner: str, times: int) -> str:
    names = outer.split()
    opening, closing = "".join(f"<{n}>" for n in names), "".join(f"</{n}>" for n in names[::-1])
    return opening * times + inner + closing * times


def test_deep_nesting_is_read_or_stopped() -> None:
    assert read(nested("w:tbl w:tr w:tc", para("甲"), 80)).text.strip() == "甲"
    assert read(para(nested("w:smartTag", run("甲"), 240))).text == "甲\n"
    drawing = nested("wps:wsp", f"<w:txbxContent>{para('乙')}</w:txbxContent>", 230)
    assert read(para(f"{run('甲')}<w:r><w:drawing>{drawing}</w:drawing></w:r>")).text == "甲\n乙\n"
    boxes = nested("w:p w:r w:pict w:txbxContent", para("甲"), 60)
    assert read(boxes).text.strip() == "甲"
    assert "嵌套超过 256 层" in refusal(package(nested("w:tbl w:tr w:tc", para("甲"), 90)))
    assert "嵌套超过 256 层" in refusal(package(para(nested("w:smartTag", run("甲"), 3000))))


def test_one_huge_text_is_stopped() -> None:
    words = "".join(map(chr, range(0x4E00, 0x9000))) * 400
    reason = refusal(package(para(words)))
    assert "10,000,000 字节的上限" in reason


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_and_encrypted_entries_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(MAIN, document(para("甲")))
        archive.writestr("word/Document.xml", document(para("乙")))
    assert "重名条目" in refusal(out.getvalue())
    data = bytearray(package(para("甲")))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "加密" in refusal(bytes(data))


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_damage_ends_in_a_text_or_a_reason(data: st.DataObject) -> None:
    whole = bytearray(package(listed("甲", 1, 1) + table(["乙", "丙"]), numbering=STATUTE))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_bytes(bytes(whole), "a.docx").shadow.strip()
    except UnreadableSource as error:
        assert error.reason


def test_an_entry_without_a_name_is_no_reason_to_stop() -> None:
    out = io.BytesIO(package(para("第一条 甲。")))
    with zipfile.ZipFile(out, "a") as whole:
        whole.writestr(zipfile.ZipInfo(""), b"x")
    assert read_bytes(out.getvalue(), "草案.docx").text.strip() == "第一条 甲。"
