"""OFD files: text by position, page by page; what is damaged, locked, hostile or only a picture."""

from __future__ import annotations

import pytest
from documents import ofd
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.api import Checker
from checker.resources import resource
from checker.sources import SourceText, UnreadableSource, read_bytes, read_path
from checker.sources.limits import Limits, applied
from checker.sources.ofd import _edges, _shifts

PICTURE = '<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="7"/>'


def read(*objects: str, **more: str) -> SourceText:
    return read_bytes(ofd.file(ofd.document([ofd.page(objects)], **more)), "a.ofd")


def shadow_lines(source: SourceText) -> list[str]:
    return [line for line in source.shadow.split("\n") if line]


@pytest.mark.parametrize("example", ["faulty.docx", "clean.docx", "notice.txt"])
def test_a_printed_example_gives_the_findings_of_the_original(example: str) -> None:
    path = resource("examples") / example
    paragraphs = [line.strip() for line in read_path(path).text.split("\n") if line.strip()]
    paragraphs[0] = f"^{paragraphs[0]}"
    data = ofd.written([line.replace("\u3000", " ") for line in paragraphs], "东林县公报")
    checker = Checker()
    original, printed = checker.check_file(path), checker.check_bytes(data, "a.ofd")
    assert [(f.rule, f.address, f.clause, f.fingerprint) for f in original.findings] == [
        (f.rule, f.address, f.clause, f.fingerprint) for f in printed.findings
    ]
    assert printed.complete


WORDS = st.text(
    st.sampled_from("有关部门应当按照规定办理登记公布结果企业单位"), min_size=2, max_size=40
)


@st.composite
def paragraphs(draw: st.DrawFn) -> list[str]:
    count = draw(st.integers(4, 20))
    found = [f"^{'关于规范办理登记工作的通知'}"]
    for i in range(count):
        words = "，".join(draw(st.lists(WORDS, min_size=1, max_size=6)))
        found.append(f"第{'一二三四五六七八九十'[i % 10]}条 {words}。")
    return found


@settings(max_examples=60, deadline=None)
@given(paragraphs())
def test_what_is_broken_over_lines_and_pages_is_joined_again(texts: list[str]) -> None:
    source = read_bytes(ofd.written(texts, "县政府公报"), "a.ofd")
    wanted = [text.lstrip("^").replace(" ", "") for text in texts]
    lines = shadow_lines(source)
    assert [line for line in lines if line != "县政府公报"] == wanted


def test_every_character_knows_its_page() -> None:
    numbers = [f"{ten}{one}" for ten in "二三四" for one in "一二三四五六七八九十"]
    texts = [f"第{n}条 {f'第{n}类单位应当办理登记' * 6}。" for n in numbers]
    source = read_bytes(ofd.written(texts), "a.ofd")
    pages = {run.part for run in source.runs}
    assert pages == {"page/1", "page/2", "page/3", "page/4", "page/5"}
    for i, character in enumerate(source.text):
        assert (source.run_at(i) is None) == (character == "\n")
    first = source.run_at(0)
    assert first is not None
    assert (first.part, first.index, first.start) == ("page/1", 0, 0)
    parts = [run.part for run in source.runs]
    assert parts == sorted(parts)


def test_order_is_by_position_and_not_as_written() -> None:
    source = read(
        ofd.text_object("第二条 乙。", 39, 60),
        ofd.text_object("第一条 甲。", 39, 50),
        ofd.text_object("办法", 90, 37),
    )
    assert shadow_lines(source) == ["办法", "第一条甲。", "第二条乙。"]


def test_characters_placed_one_by_one_are_one_line() -> None:
    source = read(*(ofd.text_object(c, 28 + i * 5.6, 40) for i, c in enumerate("应当缴存保证金")))
    assert source.text == "应当缴存保证金\n"


def test_printed_twice_to_look_bold_is_read_once() -> None:
    twice = [ofd.text_object("管理办法", 28 + shift, 40) for shift in (0, 0.1)]
    assert read(*twice).text == "管理办法\n"


def test_a_matrix_and_the_corner_of_the_box_place_text() -> None:
    scaled = '<ofd:TextObject ID="1" Size="1" Boundary="28 60 50 6" CTM="5.6 0 0 5.6 0 0">'
    scaled += '<ofd:TextCode X="0" Y="0.8" DeltaX="g 2 1">后一行</ofd:TextCode></ofd:TextObject>'
    assert shadow_lines(read(scaled, ofd.text_object("前一行", 28, 50))) == ["前一行", "后一行"]


def test_a_text_code_without_a_place_begins_where_the_one_before_did() -> None:
    codes = '<ofd:TextCode X="2" Y="5">前</ofd:TextCode><ofd:TextCode Y="15">后</ofd:TextCode>'
    node = f'<ofd:TextObject ID="1" Size="5" Boundary="28 60 50 6">{codes}</ofd:TextObject>'
    assert read(node).text == "前\n后\n"


def test_rows_of_cells_between_ruled_lines_are_a_table() -> None:
    cells = [("项目", "标准"), ("停车费", "五元"), ("清洁费", "两元")]
    words = [
        ofd.text_object(words, 30 + 60 * column, 42 + 10 * row)
        for row, pair in enumerate(cells)
        for column, words in enumerate(pair)
    ]
    level = [ofd.path(28, 40 + 10 * row, "M 0 0 L 120 0") for row in range(4)]
    upright = [ofd.path(28 + 60 * column, 40, "M 0 0 L 0 30 C") for column in range(3)]
    source = read(*words, *level, *upright)
    assert shadow_lines(source) == ["项目", "标准", "停车费", "五元", "清洁费", "两元"]
    assert [region.kind for region in source.regions] == ["table"] * 3


@pytest.mark.parametrize(
    ("written", "edges"),
    [
        ("M 0 0 L 5 0 L 5 5 C", [((0, 0), (5, 0)), ((5, 0), (5, 5)), ((5, 5), (0, 0))]),
        ("S 1 1 Q 2 2 3 3 L 4 3", [((3, 3), (4, 3))]),
        ("M 0 0 B 1 1 2 2 3 3 A 1 1 0 1 0 9 9 L 9 0", [((9, 9), (9, 0))]),
        ("L 1", []),
        ("? x M 1 1 L 2 1", [((1, 1), (2, 1))]),
    ],
)
def test_straight_edges_of_paths(written: str, edges: list[object]) -> None:
    assert list(_edges(written.split())) == edges


def test_templates_and_watermarks_stand_once_at_the_end() -> None:
    template = ofd.page([ofd.text_object("东林县人民政府文件", 60, 15)])
    slanted = ofd.text_object("内部资料", 60, 150, attributes='CTM="0.7 0.7 -0.7 0.7 0 0"')
    pages = [
        ofd.page([ofd.text_object(f"第{n}条 甲。", 39, 50), slanted], "t0") for n in ("一", "二")
    ]
    source = read_bytes(ofd.file(ofd.document(pages, templates=[template])), "a.ofd")
    assert shadow_lines(source) == [
        "第一条甲。",
        "第二条乙。".replace("乙", "甲"),
        "内部资料",
        "东林县人民政府文件",
    ]
    assert [region.kind for region in source.regions] == ["header", "header"]


def test_text_off_the_page_stands_at_the_end() -> None:
    source = read(
        ofd.text_object("第一条 甲。", 39, 50),
        ofd.text_object("旁边的字", 400, 50),
        ofd.text_object("下面的字", 39, 1e5),
        ofd.path(1e5, 1e5, "M 0 0 L 9 0"),
    )
    assert shadow_lines(source) == ["第一条甲。", "旁边的字", "下面的字"]
    assert [region.kind for region in source.regions] == ["header", "header"]
    assert source.notes == ("有的字在页面以外，列在最后检查",)


def test_several_documents_are_read_in_turn() -> None:
    parts = [
        ofd.document([ofd.page([ofd.text_object(text, 39, 50)])], folder=folder)
        for text, folder in (("第一条 甲。", "Doc_0"), ("第二条 乙。", "Doc_1"))
    ]
    source = read_bytes(ofd.file(*parts), "a.ofd")
    assert shadow_lines(source) == ["第一条甲。", "第二条乙。"]
    assert source.notes == ("文件里有 2 份文档，依次连在一起检查",)
    assert source.runs[-1].part == "page/2"


def test_the_current_version_is_read() -> None:
    old = ofd.document([ofd.page([ofd.text_object("旧稿", 39, 50)])])
    new = ofd.document([ofd.page([ofd.text_object("新稿", 39, 50)])], folder="Doc_0/V2")
    listed = '<ofd:Version ID="1" Current="true" BaseLoc="/Doc_0/V2/Version.xml"/>'
    root = (
        f"<ofd:OFD {ofd.NAMESPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        f"<ofd:Versions>{listed}</ofd:Versions></ofd:DocBody></ofd:OFD>"
    )
    version = (
        f"<ofd:DocVersion {ofd.NAMESPACE}><ofd:DocRoot>Document.xml</ofd:DocRoot></ofd:DocVersion>"
    )
    data = ofd.packed({"OFD.xml": root, **old, **new, "Doc_0/V2/Version.xml": version})
    assert read_bytes(data, "a.ofd").text == "新稿\n"


def test_what_is_not_read_is_told() -> None:
    words = "应当办理登记，并且公布办理的结果" * 4
    text = "".join(ofd.text_object(words[i : i + 22], 39, 50 + i) for i in range(0, 64, 22))
    unseen = ofd.text_object("藏", 39, 60, attributes='Visible="false"')
    glyph = ofd.text_object("¤", 39, 140)
    composite = '<ofd:CompositeObject ID="3" Boundary="0 0 9 9" ResourceID="1"/>'
    extra = "<ofd:Annotations>a</ofd:Annotations><ofd:Attachments>b</ofd:Attachments>"
    source = read(text, unseen, glyph, composite, PICTURE, extra=extra)
    assert "藏" not in source.text
    assert [note[:5] for note in source.notes] == ["批注、签章", "含不显示的", "另有 1 "]
    assert [gap[:5] for gap in source.gaps] == ["OFD 中", "有的字只有", "复合图元中"]


def test_a_page_that_is_a_picture_is_a_gap_and_a_file_of_them_is_refused() -> None:
    words = ofd.page([ofd.text_object("第一条 甲。", 39, 50)])
    curves = ofd.page(['<ofd:PathObject ID="1" Boundary="0 0 1 1"/>'] * 60)
    source = read_bytes(ofd.file(ofd.document([words, ofd.page([PICTURE]), curves])), "a.ofd")
    assert source.gaps == ("第 2、3 页没有文字，只有图片或者图形，未读取",)
    with pytest.raises(UnreadableSource, match="扫描件"):
        read(PICTURE)


def body(root: str) -> str:
    return f"<ofd:OFD {ofd.NAMESPACE}><ofd:DocBody>{root}</ofd:DocBody></ofd:OFD>"


MAIN = "<ofd:DocRoot>D.xml</ofd:DocRoot>"


def pages_at(place: str) -> str:
    return f'<ofd:Document {ofd.NAMESPACE}><ofd:Pages><ofd:Page BaseLoc="{place}"/></ofd:Pages></ofd:Document>'


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"OFD.xml": "<a"}, "OFD.xml 不是完好的 XML"),
        ({"OFD.xml": body("")}, "缺少 Document"),
        ({"OFD.xml": f"<ofd:OFD {ofd.NAMESPACE}/>"}, "没有页面"),
        ({"OFD.xml": body(MAIN)}, "缺少 D.xml"),
        ({"OFD.xml": body(MAIN), "D.xml": pages_at("P.xml")}, "缺少 P.xml"),
        ({"OFD.xml": body(MAIN), "D.xml": pages_at("../../../etc/passwd")}, "缺少 ../../../etc"),
        ({"OFD.xml": body(MAIN), "D.xml": f"<ofd:Document {ofd.NAMESPACE}/>"}, "没有页面"),
        ({"OFD.xml": body("<ofd:Encryptions>e</ofd:Encryptions>")}, "已加密"),
        ({"OFD.xml": body(MAIN), "Encryptions.xml": "x"}, "已加密"),
        ({"OFD.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}, "DTD"),
        ({"OFD.xml": "<a>" * 300 + "</a>" * 300}, "嵌套超过"),
    ],
)
def test_what_is_refused_and_why(parts: dict[str, str | bytes], reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_bytes(ofd.packed(parts), "a.ofd")
    assert reason in caught.value.reason


def test_empty_pages_hold_nothing_to_read() -> None:
    with pytest.raises(UnreadableSource, match="没有可读的文字"):
        read()


def test_limits_are_named() -> None:
    data = ofd.file(ofd.document([ofd.page([ofd.text_object("甲", 9, 9)])] * 2))
    for limits, reason in (
        (Limits(pages=1), "页数超过 1 页的上限（limits.pages=1）"),
        (Limits(characters=1), "文字超过 1 字的上限（limits.characters=1）"),
    ):
        with applied(limits), pytest.raises(UnreadableSource) as caught:
            read_bytes(data, "a.ofd")
        assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("written", "count", "wanted"),
    [
        ("5 g 3 2.5 6", 9, [5, 2.5, 2.5, 2.5, 6]),
        ("g 999999999999 1", 4, [1, 1, 1]),
        (f"g {'9' * 6000} 1", 3, [1, 1]),
        ("g -3 1", 4, []),
        ("g 2", 4, [0, 0]),
        ("x nan 1e999 2", 9, [0, 0, 0, 2]),
        (None, 3, []),
        ("1 2 3", 1, []),
        ("1 2 3", 0, []),
    ],
)
def test_groups_of_distances(written: str | None, count: int, wanted: list[float]) -> None:
    assert _shifts(written, count) == wanted


@settings(max_examples=80, deadline=None)
@given(
    # A character set twice in one place is a bold one and read once, so each stands once.
    st.lists(st.sampled_from('应当甲乙ab &<"'), min_size=1, max_size=12, unique=True).map("".join),
    st.text(st.sampled_from("0123456789.- gGe"), max_size=20),
    st.text(st.sampled_from("0123456789.- naife"), max_size=20),
)
def test_whatever_the_numbers_are_no_character_is_lost(text: str, delta: str, box: str) -> None:
    code = (
        f'<ofd:TextCode X="{box}" Y="1" DeltaX="{delta}" DeltaY="{delta}">'
        f"{ofd.escape(text)}</ofd:TextCode>"
    )
    node = f'<ofd:TextObject Boundary="{box}" Size="{box}" CTM="{box}">{code}</ofd:TextObject>'
    source = read(node, ofd.text_object("正文", 9, 90))
    # Two lines of one wording at the edge of a page are one header.
    assert {*source.text} - {"\n", " "} == {*text, *"正文"} - {" "}
