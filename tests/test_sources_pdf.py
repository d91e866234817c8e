"""PDF: lines become paragraphs, edges and feet of pages are told from the text, nothing crashes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from documents.pdfs import HEIGHT, WIDTH, Sheet, pdf
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources import SourceText, UnreadableSource, read_bytes
from checker.sources.limits import Limits, applied

LONG = (
    "为加强公共停车场管理保障停车人和经营者的合法权益根据有关法律法规的规定结合本县实际制定本办法"
)


def read(*sheets: Sheet) -> SourceText:
    return read_bytes(pdf(*sheets), "草案.pdf")


def lines(source: SourceText) -> list[str]:
    return source.text.splitlines()


def kinds(source: SourceText) -> list[tuple[str, str]]:
    return [(region.kind, source.text[region.start : region.end]) for region in source.regions]


def test_lines_of_a_paragraph_are_joined_without_spaces() -> None:
    sheet = Sheet()
    y = sheet.paragraph(100, f"第一条　{LONG}。")
    y = sheet.paragraph(y, "第二条　本县行政区域内停车场的管理，适用本办法。")
    sheet.paragraph(y, f"本办法所称停车场，{LONG}。")
    source = read(sheet)
    assert lines(source) == [
        f"第一条 {LONG}。",
        "第二条 本县行政区域内停车场的管理，适用本办法。",
        f"本办法所称停车场，{LONG}。",
    ]
    assert source.format == "pdf" and not source.notes and not source.gaps


def test_a_paragraph_goes_on_over_a_page_and_each_character_has_its_page() -> None:
    first, second = Sheet(), Sheet()
    first.paragraph(100, "第一条　本办法自公布之日起施行，有效期五年。" + "第二句写明一" * 5)
    second.text(80, 100, "第三句仍是这一段。")
    source = read(first, second)
    assert len(lines(source)) == 1
    parts = {source.run_at(at).part for at in range(len(source.text) - 1) if source.run_at(at)}
    assert parts == {"page/1", "page/2"}
    run = source.run_at(source.text.index("第三句"))
    assert run is not None and (run.part, source.text[run.start : run.end]) == (
        "page/2",
        "第三句仍是这一段。",
    )


def test_a_line_that_begins_with_a_cited_article_is_no_new_paragraph() -> None:
    sheet = Sheet()
    sheet.paragraph(100, f"第九条　{LONG}。")
    sheet.text(112, 172, "违反规定的，由县城市管理局会同有关部门依照本办法")
    sheet.text(80, 196, "第十条第二款的规定处理；情节严重的，由县人民政府依照第十")
    sheet.text(80, 220, "（三）项处理。")
    sheet.text(112, 244, "（一）逾期不改正的；")
    assert len(lines(read(sheet))) == 3


@pytest.mark.parametrize("sizes", [[300], [300] * 9, [300] * 9 + [90] * 3, [4, 48.5, 160, 500]])
def test_large_characters_over_the_text_do_not_mix_its_lines(sizes: list[float]) -> None:
    sheet = Sheet()
    y = sheet.paragraph(100, "第一条　经营者应当缴存保证金。")
    sheet.paragraph(y, "第二条　本办法自公布之日起施行。")
    for i, size in enumerate(sizes):
        sheet.text(90 + 9 * i, 115, "大", size)
    found = lines(read(sheet))
    assert "第一条 经营者应当缴存保证金。" in found
    assert "第二条 本办法自公布之日起施行。" in found


def test_page_numbers_go_and_a_header_is_named_once() -> None:
    sheets = []
    for number in (1, 2, 3):
        sheet = Sheet()
        sheet.text(80, 50, "东林县人民政府文件", 12)
        sheet.paragraph(120, f"第{number}条　{LONG}。")
        sheet.text(270, 800, f"— {number} —", 12)
        sheets.append(sheet)
    source = read(*sheets)
    assert kinds(source) == [("header", "东林县人民政府文件\n")]
    assert source.text.count("东林县人民政府文件") == 1 and "—" not in source.text


def test_two_columns_are_read_one_after_the_other() -> None:
    pages = []
    for number in (1, 2):
        sheet = Sheet()
        sheet.text(60, 60, "东林县人民政府公报", 10)
        if number == 1:
            sheet.text(180, 110, "东林县停车场管理办法", 20)
        for i, left in enumerate((60, 310)):
            y = 150.0
            for n in range(4):
                name = "甲乙丙丁戊己庚辛"[4 * i + n] * 3
                y = sheet.paragraph(
                    y, f"{name}{number}{LONG * 2}。", columns=21, size=11, left=left
                )
        sheet.text(60, 800, str(number), 10)
        pages.append(sheet)
    text = lines(read(*pages))
    names = [f"{name * 3}{number}" for number in (1, 2) for name in "甲乙丙丁戊己庚辛"]
    assert text == [
        "东林县停车场管理办法", *(f"{name}{LONG * 2}。" for name in names), "东林县人民政府公报",
    ]  # fmt: skip


def test_two_signatures_side_by_side_are_no_columns() -> None:
    sheet = Sheet()
    y = 100.0
    for _ in range(8):
        y = sheet.paragraph(y, f"{LONG}。")
    for i in range(3):
        sheet.text(80, y + 24 * i, "甲方：东林县", 16)
        sheet.text(330, y + 24 * i, "乙方：西山县", 16)
    assert lines(read(sheet))[-3:] == ["甲方：东林县 乙方：西山县"] * 3


@pytest.mark.parametrize("number", ["3/9", "- 3 -", "第 3 页 共 9 页", "3", "·3·"])
def test_page_numbers_of_many_kinds(number: str) -> None:
    sheet = Sheet()
    sheet.paragraph(120, f"第一条　{LONG}。")
    sheet.text(270, 805, number, 12)
    assert lines(read(sheet)) == [f"第一条 {LONG}。"]


def test_a_date_at_the_foot_is_no_page_number() -> None:
    sheet = Sheet()
    sheet.paragraph(120, f"第一条　{LONG}。")
    sheet.text(400, 760, "2024-09-10")
    assert lines(read(sheet))[-1] == "2024-09-10"


def test_a_short_line_in_the_middle_of_the_page_is_no_page_number() -> None:
    sheet = Sheet()
    sheet.paragraph(120, f"第一条　{LONG}。")
    sheet.text(270, 400, "3", 16)
    sheet.paragraph(450, "第二条　本办法自公布之日起施行。")
    assert "3" in lines(read(sheet))


def test_footnotes_stand_at_the_end_without_their_mark() -> None:
    sheet = Sheet()
    sheet.text(112, 120, "第一条　本办法适用于停车场")
    sheet.text(320, 115, "1", 9)
    sheet.text(325, 120, "。")
    sheet.paragraph(150, f"第二条　{LONG}。")
    sheet.line(80, 690, 200, 690)
    sheet.text(80, 704, "1", 7)
    sheet.text(86, 709, "本办法由城市管理局起草。", 10)
    source = read(sheet)
    assert kinds(source) == [("footnote", "本办法由城市管理局起草。\n")]
    assert lines(source)[0] == "第一条 本办法适用于停车场。"


def _table(sheet: Sheet, top: float, rows: list[tuple[str, str]]) -> float:
    for i, row in enumerate(rows):
        sheet.box(80, top + 30 * i, 150, 30)
        sheet.box(230, top + 30 * i, 200, 30)
        for x, words in zip((85, 235), row, strict=True):
            sheet.text(x, top + 20 + 30 * i, words, 12)
    return top + 30 * len(rows)


def test_ruled_lines_make_a_table_whose_rows_are_regions() -> None:
    sheet = Sheet()
    sheet.paragraph(100, "第一条　收费标准如下：")
    y = _table(sheet, 120, [("类别", "标准"), ("一类", "每小时五元")])
    sheet.paragraph(y + 30, "第二条　本办法自公布之日起施行。")
    source = read(sheet)
    assert kinds(source) == [("table", "类别\n标准\n"), ("table", "一类\n每小时五元\n")]
    assert lines(source)[-1] == "第二条 本办法自公布之日起施行。"


def test_a_frame_around_the_text_is_no_table() -> None:
    sheet = Sheet()
    sheet.box(40, 40, WIDTH - 80, HEIGHT - 80)
    sheet.paragraph(120, f"第一条　{LONG}。")
    source = read(sheet)
    assert not source.regions and lines(source) == [f"第一条 {LONG}。"]


def test_a_row_cut_by_the_end_of_a_page_is_one_row() -> None:
    first, second = Sheet(), Sheet()
    first.paragraph(100, "第一条　收费标准如下：")
    for sheet, top, words in (
        (first, 700, "由经营者自主确定，报县"),
        (second, 60, "发展改革局备案。"),
    ):
        sheet.box(80, top, 150, 40)
        sheet.box(230, top, 142, 40)
        sheet.text(235, top + 20, words, 12)
    first.text(85, 720, "其他区域", 12)
    source = read(first, second)
    assert kinds(source) == [("table", "其他区域\n由经营者自主确定，报县发展改革局备案。\n")]


def test_a_scan_is_not_checked_and_a_scanned_page_is_a_gap() -> None:
    scan, text = Sheet(), Sheet()
    scan.scan()
    text.paragraph(100, f"第一条　{LONG}。")
    with pytest.raises(UnreadableSource, match=r"扫描件.*OCR"):
        read(scan)
    source = read(text, scan, scan)
    assert source.gaps == ("第 2、3 页没有文字，只有图片（可能是扫描件），未读取",)


def test_a_password_is_named() -> None:
    sheet = Sheet()
    sheet.text(80, 100, "第一条")
    with pytest.raises(UnreadableSource, match="打开密码"):
        read_bytes(pdf(sheet, locked=True), "a.pdf")


def test_codes_without_meaning_are_no_text() -> None:
    sheet = Sheet()
    sheet.paragraph(100, LONG)
    with pytest.raises(UnreadableSource, match=r"没有标明编码"):
        read_bytes(pdf(sheet, meanings=False), "a.pdf")


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_held(rotate: int) -> None:
    words = ["第一条　本办法适用于停车场。", "第二条　本办法自公布之日起施行。"]
    upright = Sheet()
    for i, line in enumerate(words):
        upright.text(80, 100 + 30 * i, line)
    turned = (
        Sheet(width=HEIGHT, height=WIDTH, rotate=rotate) if rotate != 180 else Sheet(rotate=180)
    )
    wide, high = turned.width, turned.height
    matrix = {
        90: (0, 1, -1, 0, wide, 0),
        180: (-1, 0, 0, -1, wide, high),
        270: (0, -1, 1, 0, 0, high),
    }[rotate]
    turned.content = [f"q {' '.join(map(str, matrix))} cm", *upright.content, "Q"]
    assert read(turned).text == read(upright).text


@pytest.mark.parametrize(
    ("matrix", "words"), [("0 1 -1 0 595 0", "自下而上"), ("0 -1 1 0 0 842", "自上而下")]
)
def test_a_page_whose_text_lies_on_its_side_is_read(matrix: str, words: str) -> None:
    upright, lying = Sheet(width=HEIGHT, height=WIDTH), Sheet()
    upright.paragraph(100, f"第一条　{words}。")
    lying.content = [f"q {matrix} cm", *upright.content, "Q"]
    assert lines(read(lying)) == [f"第一条 {words}。"]


def test_much_turned_text_is_a_gap() -> None:
    sheet = Sheet()
    y = sheet.paragraph(100, f"第一条　{LONG}。" * 3)
    for i in range(7):
        sheet.turned(100 + 40 * i, y + 300, "十个斜排的字在这里。", 10)
    assert any("70 个字斜排或者竖排，未读取" in gap for gap in read(sheet).gaps)


def test_a_font_that_is_not_in_the_file_is_a_gap() -> None:
    sheet = Sheet()
    sheet.paragraph(100, f"第一条　{LONG}。")
    source = read_bytes(pdf(sheet, embedded=False), "a.pdf")
    assert lines(source) == [f"第一条 {LONG}。"]
    assert source.gaps in ((), ("第 1 页的字体没有嵌入文件，可能有字读不出",))  # by the fonts here


def test_outlines_of_text_are_no_blank_page() -> None:
    text, outlines = Sheet(), Sheet()
    text.paragraph(100, f"第一条　{LONG}。")
    for i in range(200):
        outlines.box(80 + 2 * i, 100, 1.5, 9)
    assert any("转成曲线" in gap for gap in read(text, outlines).gaps)
    assert not read(text, Sheet()).gaps


def test_text_off_the_page_is_left_out_and_named() -> None:
    sheet = Sheet()
    sheet.paragraph(100, f"第一条　{LONG}。")
    sheet.text(8_000, 200, "看不见")
    sheet.text(80, -3000, "看不见")
    source = read(sheet)
    assert lines(source) == [f"第一条 {LONG}。"]
    assert any("6 个字在页面以外" in note for note in source.notes)


def test_a_watermark_is_left_out_and_named() -> None:
    sheet = Sheet()
    sheet.paragraph(100, f"第一条　{LONG}。")
    sheet.turned(150, 600, "征求意见稿")
    source = read(sheet)
    assert "征求意见稿" not in source.text
    assert any("5 个字斜排" in note for note in source.notes)


def test_bold_type_drawn_twice_is_read_once_and_dashes_stay() -> None:
    sheet = Sheet()
    for shift in (0, 0.3):
        sheet.text(112 + shift, 100, "第一章总则")
    sheet.text(112, 130, "——坚持依法管理。")
    assert lines(read(sheet)) == ["第一章总则", "——坚持依法管理。"]


def test_spaces_stand_where_gaps_show() -> None:
    sheet = Sheet()
    sheet.text(112, 100, "第一条")
    sheet.text(168, 100, "本办法自")
    sheet.text(236, 100, "2024")
    sheet.text(272, 100, "年施行。")
    sheet.text(112, 130, "拉开的字距", gap=3)
    sheet.text(112, 160, "ISO")
    sheet.text(141, 160, "9001")
    sheet.text(112, 190, "http://a.gov.cn/ll")
    assert lines(read(sheet)) == [
        "第一条 本办法自2024年施行。",
        "拉开的字距",
        "ISO 9001",
        "http://a.gov.cn/ll",
    ]


def test_a_wide_page_has_its_own_column() -> None:
    tall, wide = Sheet(), Sheet(width=HEIGHT, height=WIDTH)
    y = tall.paragraph(100, f"第一条　{LONG}。")
    tall.paragraph(y, f"第二条　{LONG}。")
    y = wide.paragraph(100, f"第三条　{LONG}。", columns=42)
    wide.paragraph(y, f"第四条　{LONG}。", columns=42)
    assert len(lines(read(tall, wide))) == 4


def test_more_pages_than_the_limit_are_refused() -> None:
    sheet = Sheet()
    sheet.text(80, 100, "第一条")
    with applied(Limits(pages=2)), pytest.raises(UnreadableSource, match="页数超过 2 页的上限"):
        read(sheet, sheet, sheet)


def test_characters_beyond_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = Sheet(), Sheet()
    short.paragraph(100, "第一条　短的一页。")
    long.paragraph(100, f"第二条　{LONG * 3}。")
    monkeypatch.setattr("checker.sources.pdf.MAX_PAGE_CHARACTERS", 60)
    assert read(short, long).gaps == ("第 2 页字数超过 60 的上限，未读取",)
    with (
        applied(Limits(characters=20)),
        pytest.raises(UnreadableSource, match="文字超过 20 字的上限"),
    ):
        read(short, short, short)


HAN = st.text("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", min_size=1, max_size=90)


@settings(deadline=None, max_examples=60)
@given(st.lists(HAN, min_size=4, max_size=12), st.integers(18, 27))
def test_what_is_set_in_paragraphs_is_read_in_paragraphs(texts: list[str], columns: int) -> None:
    """Holds where the layout shows it: some line reaches the margin, and paragraphs are indented."""
    texts = [LONG] * 4 + texts
    sheets = [Sheet()]
    y = 100.0
    for text in texts:
        if y > 600:
            sheets.append(Sheet())
            y = 100.0
        y = sheets[-1].paragraph(y, f"{text}。", columns=columns)
    assert lines(read(*sheets)) == [f"{text}。" for text in texts]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damaged_files_end_in_a_text_or_a_reason(data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 8))):
        whole[data.draw(st.integers(9, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(9, len(whole)))
    try:
        source = read_bytes(bytes(whole[:cut]), "a.pdf")
    except UnreadableSource as error:
        assert error.reason
    else:
        assert source.shadow.strip()


def _whole() -> bytes:
    sheet, scan = Sheet(), Sheet()
    sheet.paragraph(100, f"第一条　{LONG}。")
    _table(sheet, 300, [("类别", "标准"), ("一类", "每小时五元")])
    scan.scan()
    return pdf(sheet, scan)


WHOLE = _whole()


def test_many_threads_read_the_same() -> None:
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _: read_bytes(WHOLE, "a.pdf").text, range(24)))
    assert len(set(texts)) == 1
