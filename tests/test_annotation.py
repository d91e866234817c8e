"""Comments on exactly the words: read back without the project's code."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import yaml
from documents.readback import W, comments, part
from documents.wordml import NAMES, level, numbering, package, para, run, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources import UnreadableSource, read_bytes
from checker.word.annotation import AUTHOR, Remark, Unmarkable, annotate

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "annotation.yaml").read_text("utf-8"))
NUMBERED = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
PARTS = {
    "numbering": numbering(level(0, "chineseCounting", "%1、")),
    "footnotes": f'<w:footnotes {NAMES}><w:footnote w:id="3">{para("脚注里的话")}</w:footnote>'
    "</w:footnotes>",
    "header1": f"<w:hdr {NAMES}>{para('页眉里的话')}</w:hdr>",
}
OLD = (
    f'<w:comments {NAMES}><w:comment w:id="4" w:author="王某">{para("原有批注")}</w:comment>'
    "</w:comments>"
)


def body_of(short: str) -> str:
    long = re.sub(r"\{r:(.*?)\}", lambda m: run(m[1]), short)
    long = re.sub(r"\{b:(.*?)\}", lambda m: run(m[1], "<w:b/>"), long)
    return long.replace("<P>", "<w:p>").replace("</P>", "</w:p>").replace("<N/>", NUMBERED)


def marked(data: bytes, *spans: tuple[int, int]) -> bytes:
    source = read_bytes(data, "草案.docx")
    return annotate(data, source, [Remark(*span, ("标题", "问题：内容")) for span in spans])


def span_of(data: bytes, words: str) -> tuple[int, int]:
    text = read_bytes(data, "草案.docx").text
    assert words in text
    return text.index(words), text.index(words) + len(words)


def lines(data: bytes) -> list[list[str]]:
    """The lines of every comment."""
    return [
        ["".join(t.text for t in p.iter(f"{W}t")) for p in comment.iter(f"{W}p")]
        for comment in part(data, "word/comments.xml").iter(f"{W}comment")
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_comment_covers_the_words(case: dict[str, str]) -> None:
    data = package(body_of(case["body"]), **PARTS)
    copy = marked(data, span_of(data, case["words"]))
    assert comments(copy) == [(AUTHOR, case.get("covers", case["words"]))]
    assert read_bytes(copy, "a").text == read_bytes(data, "a").text
    (said,) = lines(copy)
    assert said[:2] == ["标题", "问题：内容"]
    assert case.get("says", "") in "".join(said[2:]) and bool(said[2:]) == ("says" in case)


def test_formatting_is_kept_on_every_part_of_a_cut_run() -> None:
    data = package(para(run("应当缴存保证金五千元", '<w:b/><w:color w:val="FF0000"/>')))
    copy = marked(data, span_of(data, "保证金"))
    runs = [r for r in part(copy, "word/document.xml").iter(f"{W}r") if r.find(f"{W}t") is not None]
    assert ["".join(t.text for t in r.iter(f"{W}t")) for r in runs] == [
        "应当缴存",
        "保证金",
        "五千元",
    ]
    assert all(r.find(f"{W}rPr/{W}color").get(f"{W}val") == "FF0000" for r in runs)
    spaces = part(copy, "word/document.xml").iter(f"{W}t")
    assert all(t.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve" for t in spaces)


def test_a_whole_insertion_stays_whole_and_the_mark_stands_outside() -> None:
    inserted = f'<w:ins w:id="7" w:author="甲">{run("缴存保证金")}</w:ins>'
    data = package(para(run("应当") + inserted + run("。")))
    root = part(marked(data, span_of(data, "缴存保证金")), "word/document.xml")
    (change,) = root.iter(f"{W}ins")
    assert [child.tag for child in change] == [f"{W}r"] and change.get(f"{W}author") == "甲"


def test_tracked_changes_of_format_get_ids_of_their_own() -> None:
    change = '<w:rPrChange w:id="9" w:author="甲"><w:rPr/></w:rPrChange>'
    data = package(para(run("应当缴存保证金五千元", f"<w:b/>{change}")))
    root = part(marked(data, span_of(data, "保证金")), "word/document.xml")
    ids = [node.get(f"{W}id") for node in root.iter(f"{W}rPrChange")]
    assert len(ids) == 3 == len(set(ids)) and "9" in ids


def test_earlier_comments_stay_and_ids_are_unique() -> None:
    first = '<w:commentRangeStart w:id="4"/>' + run("缴存") + '<w:commentRangeEnd w:id="4"/>'
    body = para(first + '<w:r><w:commentReference w:id="4"/></w:r>' + run("保证金"))
    data = package(body, comments=OLD)
    copy = marked(data, span_of(data, "存保"), span_of(data, "缴存"))
    assert sorted(comments(copy)) == sorted([("王某", "缴存"), (AUTHOR, "存保"), (AUTHOR, "缴存")])
    assert lines(copy)[0] == ["原有批注"]
    ids = [c.get(f"{W}id") for c in part(copy, "word/comments.xml").iter(f"{W}comment")]
    assert len(ids) == len(set(ids)) == 3 and ids[0] == "4"
    assert (
        zipfile.ZipFile(io.BytesIO(copy)).namelist() == zipfile.ZipFile(io.BytesIO(data)).namelist()
    )


def test_other_parts_keep_their_bytes_and_the_new_part_is_announced() -> None:
    data = package(para("应当缴存保证金"), **PARTS)
    copy = marked(data, span_of(data, "保证金"))
    before, after = (zipfile.ZipFile(io.BytesIO(d)) for d in (data, copy))
    assert after.namelist() == [*before.namelist(), "word/comments.xml"]
    changed = {n for n in before.namelist() if before.read(n) != after.read(n)}
    assert changed == {"[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"}
    assert b'PartName="/word/comments.xml"' in after.read("[Content_Types].xml")
    relations = part(copy, "word/_rels/document.xml.rels")
    (new,) = [r for r in relations if r.get("Type").endswith("/comments")]
    assert new.get("Target") == "comments.xml"
    assert len({r.get("Id") for r in relations}) == len(relations)


def test_same_input_same_bytes() -> None:
    data = package(para("应当缴存保证金"), **PARTS)
    assert marked(data, (0, 3), (2, 5)) == marked(data, (0, 3), (2, 5))


def test_strict_files_stay_strict() -> None:
    names = (
        (
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    with zipfile.ZipFile(io.BytesIO(package(para("应当缴存保证金")))) as usual:
        strict = {name: usual.read(name) for name in usual.namelist()}
    for a, b in names:
        strict = {name: content.replace(a, b) for name, content in strict.items()}
    data = zipped(strict)
    copy = marked(data, span_of(data, "保证金"))
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        for name in ("word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels"):
            assert b"http://purl.oclc.org/" in archive.read(name)
            assert names[0][0] not in archive.read(name) and names[1][0] not in archive.read(name)


def test_what_cannot_be_annotated_is_refused() -> None:
    text = read_bytes("应当缴存保证金。".encode(), "草案.txt")
    with pytest.raises(Unmarkable, match=r"只有 \.docx"):
        annotate(b"", text, [])
    data = package(para("正文"))
    files = {n: zipfile.ZipFile(io.BytesIO(data)).read(n) for n in ("[Content_Types].xml",)}
    main = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
    for kind in ("styles", "numbering", "footnotes", "endnotes"):
        part = {f"word/{kind}.xml": f"<w:{kind} {NAMES}/>"}
        lost = zipped({**files, "word/document.xml": main, **part})
        with pytest.raises(Unmarkable, match="关系表缺失"):
            annotate(lost, read_bytes(lost, "草案.docx"), [])


WORDS = st.text("应当缴存保证金，。 甲𠮷", min_size=1, max_size=6)
PLAIN = WORDS.map(run)
MADE = st.one_of(
    PLAIN,
    WORDS.map(lambda t: run(t, "<w:b/>")),
    st.tuples(WORDS, WORDS).map(
        lambda t: (
            f'<w:r><w:t xml:space="preserve">{t[0]}</w:t><w:tab/><w:t>{t[1].strip()}</w:t></w:r>'
        )
    ),
    PLAIN.map(lambda r: f'<w:ins w:id="91" w:author="甲">{r}</w:ins>'),
    WORDS.map(lambda t: f'<w:del w:id="92"><w:r><w:delText>{t}</w:delText></w:r></w:del>'),
    st.lists(PLAIN, min_size=1, max_size=3).map(
        lambda rs: f'<w:hyperlink w:anchor="a">{"".join(rs)}</w:hyperlink>'
    ),
    PLAIN.map(lambda r: f"<w:sdt><w:sdtPr/><w:sdtContent>{r}</w:sdtContent></w:sdt>"),
    st.just('<w:r><w:footnoteReference w:id="3"/></w:r><w:bookmarkStart w:id="93" w:name="b"/>'),
)
BODIES = st.lists(
    st.lists(MADE, min_size=1, max_size=6).map(lambda rs: para("".join(rs))), min_size=1, max_size=3
)


@settings(max_examples=150, deadline=None)
@given(BODIES, st.data())
def test_any_words_of_any_document(bodies: list[str], choose: st.DataObject) -> None:
    data = package(para("标题") + "".join(bodies), **PARTS)
    source = read_bytes(data, "草案.docx")
    end = source.text.index("脚注里") if "脚注里" in source.text else len(source.text)
    places = [i for i in range(end) if source.run_at(i)]
    spans = []
    for _ in range(choose.draw(st.integers(1, 4))):
        pair = sorted((choose.draw(st.sampled_from(places)), choose.draw(st.sampled_from(places))))
        spans.append((pair[0], pair[1] + 1))
    copy = marked(data, *spans)
    covered = sorted(words for _, words in comments(copy))
    assert covered == sorted(source.text[a:b] for a, b in spans)
    assert read_bytes(copy, "a").text == source.text


def test_a_package_without_a_list_of_its_parts_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(package(para("甲乙丙")))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    del parts["[Content_Types].xml"]
    data = zipped(parts)
    assert read_bytes(data, "草案.docx").text.strip() == "甲乙丙"
    with pytest.raises(UnreadableSource, match=r"里面没有 \[Content_Types\]\.xml"):
        marked(data, (0, 2))
