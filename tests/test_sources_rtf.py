"""Rich Text: Chinese as bytes and as numbers, lists, tables, notes, what is hidden, what is hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources import SourceText, UnreadableSource, read_bytes

FONTS = r"{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fnil\fcharset0 Calibri;}{\f2\fcharset2 Wingdings;}}"


def gbk(words: str) -> str:
    """Words as a program writes them in code page 936."""
    return "".join(
        c if c.isascii() else "".join(f"\\'{byte:02x}" for byte in c.encode("gb18030"))
        for c in words
    )


def codes(words: str) -> str:
    """Words as numbers of UTF-16 with a question mark for old programs."""
    units = words.encode("utf-16-le")
    out = ""
    for i in range(0, len(units), 2):
        unit = int.from_bytes(units[i : i + 2], "little")
        out += f"\\u{unit - 0x10000 if unit > 0x7FFF else unit}?"
    return out


def read(
    body: str, *, head: str = r"\ansi\ansicpg936\deff0" + FONTS, name: str = "草案.rtf"
) -> SourceText:
    return read_bytes(("{\\rtf1" + head + "\n" + body + "}").encode("latin-1"), name)


def lines(source: SourceText) -> list[str]:
    return source.text.splitlines()


def kinds(source: SourceText) -> list[tuple[str, str]]:
    return [(region.kind, source.text[region.start : region.end]) for region in source.regions]


@pytest.mark.parametrize("write", [gbk, codes])
def test_chinese_as_bytes_and_as_numbers(write) -> None:
    words = "第一条　经营者应当“明码标价”，每人 5 元。"
    assert lines(read(f"\\pard\\f0 {write(words)}\\par")) == [words]


def test_the_second_byte_of_a_character_may_be_a_plain_letter() -> None:
    assert "丂".encode("gbk") == b"\x81@"
    assert lines(read(r"\f0 \'81@\'b5\'da\par")) == ["丂第"]


def test_bytes_of_a_western_font_follow_the_code_page_of_the_file() -> None:
    assert lines(read("\\f1 " + gbk("规定") + "\\par")) == ["规定"]


def test_how_many_characters_a_number_replaces() -> None:
    assert lines(read(r"{\uc2\u31532\'b5\'da\u19968\'d2\'bb}{\uc0\u26465 }\u20026?X\par")) == [
        "第一条为X"
    ]


def test_pairs_of_numbers_make_one_character() -> None:
    assert lines(read(codes("𠮷野") + "\\par")) == ["𠮷野"]


def test_labels_of_lists_are_kept_and_bullets_are_not() -> None:
    body = (
        r"{\listtext\pard\plain " + codes("第一条") + r"\tab}\ls1 " + gbk("甲") + r"\par"
        r"{\pntext\f2\'b7\tab}"
        + gbk("乙")
        + r"\par{\*\pn\pnlvlbody{\pntxta .}}"
        + gbk("丙")
        + "\\par"
    )
    assert lines(read(body)) == ["第一条\t甲", "乙", "丙"]


def test_tables_and_lines() -> None:
    body = (
        gbk("前") + r"\par\trowd\cellx1\cellx2\pard\intbl " + gbk("类别") + r"\cell " + gbk("标准")
        + r"\cell\row\trowd\pard\intbl " + gbk("一") + r"\par " + gbk("类") + r"\cell\cell\row\pard "
        + gbk("后") + r"\line " + gbk("行") + r"\tab x\par\trowd\pard\intbl " + gbk("一列") + r"\cell\row\pard z\par"
    )  # fmt: skip
    source = read(body)
    assert kinds(source) == [("table", "类别\n标准\n"), ("table", "一\n类\n\n")]
    assert lines(source)[-4:] == ["后", "行\tx", "一列", "z"]


def test_notes_headers_and_page_numbers() -> None:
    body = (
        r"{\header\pard " + gbk("内部资料") + r"\par}{\footer\pard{\field{\*\fldinst { PAGE }}{\fldrslt 3}}\par}"
        + gbk("第一条") + r"{\super\chftn{\*\footnote\pard\plain\chftn " + gbk("甲注。") + "}}" + gbk("本办法。") + r"\par"
    )  # fmt: skip
    source = read(body)
    assert lines(source) == ["第一条本办法。", "甲注。", "内部资料"]
    assert kinds(source) == [("footnote", "甲注。\n"), ("header", "内部资料\n")]


def test_what_is_hidden_deleted_or_no_text() -> None:
    body = (
        r"{\info{\title x}}{\stylesheet{\s1 Normal;}}{\*\generator Y;}" + gbk("加")
        + r"{\deleted " + gbk("三") + r"}{\revised " + gbk("五") + r"}\v " + gbk("暗") + r"\v0 " + gbk("分")
        + r"{\*\bkmkstart a}{\field{\*\fldinst HYPERLINK \"http://a\"}{\fldrslt " + gbk("链接") + r"}}"
        + r"{\upr{old}{\*\ud " + codes("新") + r"}}\par"
    )  # fmt: skip
    source = read(body)
    assert lines(source) == ["加五分链接新"]
    assert any("修订痕迹" in note for note in source.notes)
    assert any("隐藏文字" in note for note in source.notes)


def test_pictures_objects_and_boxes() -> None:
    body = (
        r"{\pict\pngblip 89504e47}{\*\shppict{\pict\bin5 {}{}}}{\nonshppict{\pict 00}}"
        r"{\object\objemb{\*\objdata 0102}{\result{\pict 00}}}"
        + gbk("第一条" * 20) + r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt " + gbk("框") + r"}}}\par"
    )  # fmt: skip
    source = read(body)
    assert ("textbox", "框\n") in kinds(source)
    assert any("图片" in note for note in source.notes)
    assert any("嵌入对象" in gap for gap in source.gaps)


def test_contents_are_a_region() -> None:
    body = (
        r"{\field{\*\fldinst TOC \\o}{\fldrslt "
        + gbk("第一章 总则")
        + r"\par}}"
        + gbk("第一章")
        + r"\par"
    )
    assert ("contents", "第一章 总则\n") in kinds(read(body))


def test_a_file_that_breaks_off_has_a_gap() -> None:
    data = ("{\\rtf1" + FONTS + gbk("第一条")).encode()
    source = read_bytes(data, "a.rtf")
    assert source.text == "第一条" and any("中途断开" in gap for gap in source.gaps)


def test_bytes_that_fit_no_encoding_are_a_gap() -> None:
    source = read(r"\f0 \'ff\'ff" + gbk("第一条") + r"\par")
    assert "\ufffd" in source.text and source.gaps


def test_braces_without_end_are_refused() -> None:
    with pytest.raises(UnreadableSource, match="嵌套超过 1,000 层"):
        read_bytes(b"{\\rtf1" + b"{" * 5_000_000, "a.rtf")


def test_notes_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.sources.limits.MAX_NOTES", 20)
    with pytest.raises(UnreadableSource, match="超过 20 个的上限"):
        read("{\\footnote x}" * 30)


def test_a_starred_word_may_stand_on_the_next_line() -> None:
    assert lines(read("{\\*\n\\unknown x}" + gbk("第一条") + "\\par")) == ["第一条"]


def test_long_files_take_linear_time() -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        read(("{\\b " + gbk("第一条") + "}\\par ") * times)
        return time.process_time() - start

    seconds(200)
    assert seconds(8000) < 12 * seconds(2000) + 0.2


def test_it_is_known_by_content() -> None:
    assert read("x\\par", name="a.doc").format == "rtf"


WORDS = st.text(
    st.characters(codec="gb2312", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=10))
def test_what_is_written_is_read(rows: list[tuple[str, bool]]) -> None:
    def plain(words: str) -> str:
        return "".join("\\" + c if c in "{}\\" else c for c in words)

    body = "".join(
        "{\\f0 "
        + "".join((gbk if wide else codes)(plain(c) if c in "{}\\" else c) for c in words)
        + "}\\par "
        for words, wide in rows
        if words
    )
    if any(c in "{}\\" for words, wide in rows for c in words if not wide):
        return
    assert lines(read(body)) == [words for words, _ in rows]


@settings(deadline=None, max_examples=200)
@given(st.text("{}\\'*u1f0parcelowvinb ;-", max_size=200))
def test_any_groups_end_in_a_text_or_a_reason(text: str) -> None:
    try:
        source = read(text)
    except UnreadableSource as error:
        assert error.reason
    else:
        assert source.shadow.strip()
