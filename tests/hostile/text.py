"""Plain text and Markdown: encodings, marks, signs that are not seen, lengths."""

from __future__ import annotations

import codecs

from hostile.case import SAID, Case, file

GOOD = SAID + "\n"
_LONG = "第二条 本办法自公布之日起施行，由县人民政府负责解释。\n"


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "草案.txt", make, expected, words, heavy=heavy)


def markdown(title: str, words: str, expected: str = "read", heavy: bool = False) -> Case:
    return file(title, "草案.md", (GOOD + words).encode, expected, SAID, heavy=heavy)


def said(words: str) -> bytes:
    return (GOOD + words).encode("utf-8", "surrogatepass")


CASES = [
    case("零字节", lambda: b"", "refused", "文件为空"),
    case("一个字节", lambda: b"a", "read", "a"),
    case("一个零字节", lambda: b"\0", "refused", "不是文本文件"),
    case("一个换行", lambda: b"\n", "refused", "空白"),
    case("只有标记", lambda: codecs.BOM_UTF8, "refused", "空白"),
    case("只有空格一百万个", lambda: b" " * 1_000_000, "refused", "空白"),
    case("只有零宽字符", lambda: "\u200b\ufeff\u2060".encode() * 1000, "refused", "空白"),
    case("UTF-16 无标记", lambda: (GOOD * 9).encode("utf-16-le"), "read"),
    case("UTF-16 大端无标记", lambda: (GOOD * 9).encode("utf-16-be"), "read"),
    case("UTF-16 断在半个字", lambda: GOOD.encode("utf-16") + b"\x01", "refused", "UTF-16"),
    case("UTF-16 有孤立代理项", lambda: GOOD.encode("utf-16") + b"\x00\xd8", "refused", "UTF-16"),
    case("UTF-32 有标记", lambda: GOOD.encode("utf-32"), "read"),
    case("UTF-32 无标记", lambda: GOOD.encode("utf-32-le"), "refused", "不是文本文件"),
    case("UTF-32 编号超出", lambda: codecs.BOM_UTF32_LE + b"\xff\xff\xff\x7f" * 9, "refused", "UTF-32"),
    case("UTF-7", lambda: GOOD.encode("utf-7"), "read", "+"),
    case("Big5", lambda: "第一條 經營者應當繳存保證金。\n".encode("big5") * 9, "refused", "编码无法识别"),
    case("Shift-JIS", lambda: "第一条 経営者は保証金を納める。\n".encode("shift-jis") * 9, "refused", "编码无法识别"),
    case("GB18030 生僻字", lambda: (GOOD + "㐀𠀀䶮").encode("gb18030"), "read"),
    case("GB18030 断在半个字", lambda: GOOD.encode("gb18030") + b"\xb5", "refused", "编码无法识别"),
    case("UTF-8 断在半个字", lambda: GOOD.encode()[:-3] + b"\xe3\x80", "refused", "编码无法识别"),
    case("UTF-8 和 GB18030 混用", lambda: GOOD.encode() + GOOD.encode("gb18030"), "refused", "编码无法识别"),
    case("UTF-8 过长编码", lambda: GOOD.encode() + b"\xc0\xaf\xc0\xae", "refused", "编码无法识别"),
    case("UTF-8 里的代理项", lambda: said("\ud800"), "refused", "编码无法识别"),
    case("标记在中间", lambda: said("\ufeff第二条\ufeff 乙。"), "read"),
    case("标记重复一千次", lambda: codecs.BOM_UTF8 * 1000 + GOOD.encode(), "read"),
    case("标明 UTF-8 实为 GB18030", lambda: codecs.BOM_UTF8 + GOOD.encode("gb18030"), "refused", "标明 UTF-8"),
    case("EBCDIC", lambda: b"\xc1\xc2\xc3\x40" * 100, "refused", "编码无法识别"),
    case("双向控制字符", lambda: said("\u202e倒\u2066着\u2069写\u202c"), "read"),
    case("双向控制一百万个", lambda: said("\u202e" * 1_000_000), "read"),
    case("零宽字符在每两字之间", lambda: "\u200b".join(GOOD * 1000).encode(), "read", "第\u200b一"),
    case("组合符号十万个叠在一字上", lambda: said("甲" + "\u0301" * 100_000), "read"),
    case("变体选择符", lambda: said("甲\ufe00\U000e0100" * 10_000), "read"),
    case("零字符两个", lambda: said("甲\0乙\0"), "refused", "不是文本文件"),
    case("控制字符两个", lambda: said("甲\x01乙\x1b[31m"), "read"),
    case("控制字符一千个", lambda: said("\x01" * 1000), "refused", "控制字符"),
    case("C1 控制字符", lambda: said("甲\x9b31m\x85乙"), "read"),
    case("各种换行", lambda: said("甲\r乙\r\n丙\u2028丁\u2029戊\x85己\x0b庚\x0c辛"), "read"),
    case("换行符一百万个", lambda: said("\n" * 1_000_000), "read"),
    case("回车符一百万个", lambda: said("\r" * 1_000_000), "read"),
    case("二百四十万行", lambda: said("甲\n" * 2_400_000), "refused", "limits.", heavy=True),
    case("十万行", lambda: said("甲乙丙丁\n" * 100_000), "read", heavy=True),
    case("三万条", lambda: said(_LONG * 30_000), "gap", "limits.findings", heavy=True),
    case("五千条", lambda: said(_LONG * 5000), "read"),
    case("五十兆一行", lambda: b"a" * (50 * 2**20), "refused", "limits.characters"),
    case("五十兆零一字节", lambda: b"a" * (50 * 2**20 + 1), "refused", "limits.bytes"),
    case("一行四百九十万字", lambda: said("甲" * 4_900_000), "read", heavy=True),
    case("一行一百万字", lambda: said("甲乙，" * 333_333), "read"),
    case("五百万零一字", lambda: said("甲" * 5_000_001), "refused", "limits.characters"),
    case("左括号十万个", lambda: said("（" * 100_000), "read"),
    case("书名号嵌套五万层", lambda: said("《" * 50_000 + "》" * 50_000), "read"),
    case("引号十万个", lambda: said("“" * 100_000), "read"),
    case("编号数字一百万位", lambda: said("第" + "9" * 1_000_000 + "条 乙。"), "read"),
    case("汉字数字一百万位", lambda: said("第" + "九" * 1_000_000 + "条 乙。"), "read"),
    case("日期十万个", lambda: said("2024年1月1日" * 100_000), "read"),
    case("条号倒序一万条", lambda: said("".join(f"第{n}条 乙。\n" for n in range(10_000, 0, -1))), "gap", "limits.findings"),
    case("引用条款十万处", lambda: said("依照第三条第二款" * 50_000), "read", heavy=True),
    case("顿号并列二十万项", lambda: said("甲、" * 200_000), "read"),
    case("应当重复二十万次", lambda: said("应当" * 200_000), "read"),
    case("各级标题交替两万行", lambda: said("一、甲\n（一）乙\n1.丙\n（1）丁\n" * 5000), "read"),
    case("目录一万行", lambda: said("目录\n" + "第一章 甲……1\n" * 10_000), "read"),
    case("抄送两万行", lambda: said("抄送：甲。\n" * 20_000), "read"),
    case("附件两万个", lambda: said("附件1\n某某办法\n" * 10_000), "read"),
    case("程序文件", lambda: b"MZ\x90\0" + bytes(range(256)) * 40, "refused", "不是文本文件"),
    case("其实是 PNG", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "refused", "图片"),
    case("其实是 gzip", lambda: b"\x1f\x8b" + bytes(99), "refused", "gzip"),
    case("其实是 7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "refused", "7z"),
    case("其实是 XML", lambda: b'<?xml version="1.0"?><a>&b;</a>', "refused", "XML"),
    file("扩展名是 .pdf 的文本", "草案.pdf", GOOD.encode, "read", "内容却是文本"),
    file("扩展名是 .exe 的文本", "草案.exe", GOOD.encode, "read", SAID),
    markdown("标题号十万个", "#" * 100_000 + " 甲"),
    markdown("强调没有结束", "*" * 100_000 + "甲"),
    markdown("链接嵌套", "[" * 50_000 + "甲" + "](x)" * 50_000),
    markdown("链接没有结束", "[甲](" * 50_000),
    markdown("引用嵌套十万层", ">" * 100_000 + " 甲"),
    markdown("代码块没有结束", "```\n" + "甲\n" * 10_000),
    markdown("反引号各种长度", "".join("`" * n + "a" for n in range(600))),
    markdown("表格五千列", "|" + "甲|" * 5000 + "\n|" + "-|" * 5000 + "\n" + ("|" + "甲|" * 5000 + "\n") * 5),
    markdown("网页标签", "<script>alert(1)</script><div" + " a" * 50_000 + ">"),
    markdown("注释没有结束", "<!--" * 50_000),
    markdown("图片指向本机", "![x](file:///etc/passwd)"),
]  # fmt: skip
