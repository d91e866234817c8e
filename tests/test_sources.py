"""Text and Markdown files: encodings, line breaks of a page, and everything that is no text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from documents.wordml import zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources import UnreadableSource, read_bytes, read_path
from checker.sources.limits import Limits, applied
from checker.sources.wrapping import find_soft_breaks

TEXT = "第一条　为了规范管理，制定本办法。\n第二条　本办法自印发之日起施行。\n"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (TEXT.encode("gb18030"), "GB18030"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "UTF-32"),
    ],
)
def test_encodings_give_one_text_and_say_so(data: bytes, note: str) -> None:
    source = read_bytes(data, "a.txt")
    assert source.text == TEXT
    assert bool(source.notes) == bool(note)
    assert note in "".join(source.notes)


@pytest.mark.parametrize("word", ["通知", "第一条", "规定", "通知\n", "联通"])
def test_short_chinese_bytes_that_are_valid_utf_8_are_read_as_chinese(word: str) -> None:
    assert read_bytes(word.encode("gb18030"), "a.txt").text == word


@given(st.text(st.characters(codec="gb2312", min_codepoint=0x4E00), min_size=1, max_size=40))
def test_gb18030_of_chinese_is_read(text: str) -> None:
    assert read_bytes(text.encode("gb18030"), "a.txt").text == text


@given(st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF), min_size=1))
def test_utf_8_of_chinese_is_read(text: str) -> None:
    if text.strip():
        assert read_bytes(text.encode(), "a.txt").text == text


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "文件为空"),
        (b"  \n\t\n", "a.txt", "没有可读的文字"),
        ("\u200b\u3000".encode(), "a.txt", "没有可读的文字"),
        (b"%PDF-1.7 x", "a.docx", "PDF 已经损坏"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "图片"),
        (b"<!DOCTYPE html><html></html>", "a.txt", "没有可读的文字"),
        (TEXT.encode(), "a.docx", "不是 Word 文档"),
        (bytes(range(256)) * 4, "a.txt", "不是文本文件（内容是二进制数据）"),
        ("应当".encode() * 30 + b"\xff\xff", "a.txt", "第 180 字节起不是 UTF-8"),
        ("应当报告".encode()[:-1] * 30, "a.txt", "编码无法识别"),
        (b"\xef\xbb\xbf" + b"\xff\xff", "a.txt", "第 3 字节起不合该编码"),
        (b"\x01\x02\x03\x04" * 40, "a.txt", "控制字符"),
        (zipped({"a.txt": "x"}), "a.docx", "这是压缩包"),
        (zipped({"xl/workbook.xml": "x"}), "a.xlsx", "Excel"),
        (b"PK\x03\x04garbage", "a.docx", "压缩容器不完整"),
    ],
)
def test_what_is_refused_and_why(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_bytes(data, name)
    assert reason in caught.value.reason
    assert caught.value.name == name
    assert str(caught.value) == f"{name}：{caught.value.reason}"


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.docx", "a"]))
def test_any_bytes_end_in_a_text_or_a_reason(data: bytes, name: str) -> None:
    try:
        source = read_bytes(data, name)
    except UnreadableSource as error:
        assert error.reason
    else:
        assert source.shadow.strip()


def test_limits_are_named() -> None:
    with applied(Limits(bytes=2**20, characters=1000)):
        with pytest.raises(UnreadableSource, match=r'1 MB 的上限（limits\.bytes="1 MB"）'):
            read_bytes(b"a" * (2**20 + 1), "a.txt")
        with pytest.raises(UnreadableSource, match=r"1,000 字的上限（limits\.characters=1000）"):
            read_bytes(("应当" * 501).encode(), "a.txt")
    assert read_bytes(("应当" * 501).encode(), "a.txt").text


def test_paths(tmp_path: Path) -> None:
    path = tmp_path / "草案.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert read_path(path).text == TEXT
    assert read_path(path).name == str(path)
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    os.mkfifo(tmp_path / "pipe.txt")
    for bad, reason in (
        (tmp_path / "无.txt", "文件不存在"),
        (tmp_path, "这是文件夹"),
        (loop, "符号链接循环"),
        (tmp_path / "pipe.txt", "不是普通文件"),
        (tmp_path / ("长" * 300), "文件名过长"),
        (tmp_path / "a\0b", "不能用于文件名"),
        (path / "inner.txt", "读取失败"),
    ):
        with pytest.raises(UnreadableSource) as caught:
            read_path(bad)
        assert reason in caught.value.reason, bad


@pytest.mark.parametrize(
    ("code", "reason"), [(13, "没有读取权限"), (24, "打开的文件过多"), (5, "读取失败")]
)
def test_errors_of_the_system(
    code: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(UnreadableSource) as caught:
        read_path(path)
    assert reason in caught.value.reason


# Markdown

MARKDOWN = """---
title: 不是正文
---
# 某市**停车**管理办法

<!-- 起草说明：
不检查 -->
## 第一章 总则

第一条 为了`规范`停车，按照[《条例》](https://example.org/a)和国发[2024]1号制定。[^1]

> 引用的话
- 条目甲
* 条目乙
1. 有序一
\\* 星号
---
| 项目 | 金额 |
|------|:----:|
| 停车费 | 5元<br>每时 |

![图](a.png)
***要点***：a*b*c，2 * 3 < 4，<某条例>
"""


def test_markdown_is_read_without_its_marks() -> None:
    source = read_bytes(MARKDOWN.encode(), "a.md")
    assert source.text == MARKDOWN
    assert source.format == "md"
    lines = [line for line in source.shadow.split("\n") if line]
    assert lines == [
        "某市停车管理办法",
        "第一章总则",
        "第一条为了规范停车，按照《条例》和国发〔2024〕1号制定。",
        "引用的话",
        "条目甲",
        "条目乙",
        "1.有序一",
        "*星号",
        "项目",
        "金额",
        "停车费",
        "5元",
        "每时",
        "要点：abc，2*3<4，<某条例>",
    ]
    for region in source.regions:
        assert region.kind == "table"
        assert source.text[region.start] == "|"


@given(st.text(st.sampled_from("#*_>-|`<!br/>[]()^~\\ \n甲乙1."), max_size=80))
def test_markdown_of_any_kind_keeps_its_positions(text: str) -> None:
    try:
        source = read_bytes(text.encode(), "a.md")
    except UnreadableSource:
        return
    for i, character in enumerate(source.shadow):
        if character != "\n":
            assert read_bytes(f"甲{text}".encode(), "a.txt").text[source.origin(i) + 1] in (
                text[source.origin(i)],
            )


# Line breaks that a page layout made

WORDS = st.text(st.sampled_from("有关部门应当按照规定办理登记公布结果企业单位个人"), min_size=8)


@st.composite
def paragraphs(draw: st.DrawFn) -> list[str]:
    count = draw(st.integers(6, 12))
    found = []
    for i in range(count):
        words = [draw(WORDS) for _ in range(draw(st.integers(3, 7)))]
        found.append(f"第{'一二三四五六七八九十甲乙'[i % 10]}条 {'，'.join(words)}。")
    return found


def wrapped(paragraph: str, width: int) -> str:
    return "\n".join(paragraph[i : i + width] for i in range(0, len(paragraph), width))


@settings(max_examples=60)
@given(paragraphs(), st.integers(20, 34), st.sampled_from(["", "　　"]))
def test_a_text_broken_by_page_width_reads_as_if_it_were_not(
    texts: list[str], width: int, indent: str
) -> None:
    broken = read_bytes("\n".join(wrapped(indent + p, width) for p in texts).encode(), "a.txt")
    whole = read_bytes("\n".join(indent + p for p in texts).encode(), "a.txt")
    # A line may end in 。 exactly at the page width only where the paragraph ends.
    assert broken.shadow == whole.shadow


@given(paragraphs())
def test_one_paragraph_a_line_stays_so(texts: list[str]) -> None:
    assert find_soft_breaks("\n".join(texts)) == ()


def test_page_numbers_between_broken_lines_go_with_the_break() -> None:
    line = "有关单位应当依照本办法的规定及时向主管部门报送登记材料"
    end = ["并公布。", "- 4 -", "第二条", "完。"]
    text = "\n".join([line, line, "— 3 —", *[line] * 8, *end])
    shadow = read_bytes(text.encode(), "a.txt").shadow
    assert shadow == f"{line * 10}并公布。\n第二条完。"


@pytest.mark.parametrize(
    ("text", "shadow"),
    [
        (
            "关于印发《某市停车\n管理办法》的通知\n各区：",
            "关于印发《某市停车管理办法》的通知\n各区：",
        ),
        ("各区人民政府\n，各部门：\n第一条", "各区人民政府，各部门：\n第一条"),
        ("依照《某条例》\n《某办法》执行", "依照《某条例》\n《某办法》执行"),
        ("《甲\n\n乙》", "《甲\n\n乙》"),
        ("某局\n某市\n2024年1月1日", "某局\n某市\n2024年1月1日"),
    ],
)
def test_lone_breaks(text: str, shadow: str) -> None:
    assert read_bytes(text.encode(), "a.txt").shadow == shadow
