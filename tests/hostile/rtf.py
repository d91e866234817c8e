r"""Rich Text: groups without end, lengths that lie, numbers beyond any character, objects."""

from __future__ import annotations

from hostile.case import SAID, Case, cut, file


def written(words: str) -> str:
    r"""Characters as \uN, with the sign for programs that know none."""
    return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in words)


GOOD = written(SAID) + "\\par "


def rtf(more: str | bytes = "", head: str = "\\ansi\\ansicpg936") -> bytes:
    more = more if isinstance(more, bytes) else more.encode("gb18030")
    return f"{{\\rtf1{head} {GOOD}".encode() + more + b"}"


def cells(rows: int, count: int) -> str:
    return ("\\intbl " + "a\\cell " * count + "\\row ") * rows


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "草案.rtf", make, expected, words, heavy=heavy)


CASES = [
    *cut("草案.rtf", rtf, (0.3, 0.9, 0.99), "gap", "中途断开"),
    case("只有文件头", lambda: b"{\\rtf1", "refused", "没有可读的文字"),
    case("只有空组", lambda: b"{\\rtf1{}{}}", "refused", "没有可读的文字"),
    case("右括号过多", lambda: rtf("}}}}甲"), "read"),
    case("组嵌套十万层", lambda: rtf("{" * 100_000 + "}" * 100_000), "refused", "花括号嵌套"),
    case("组嵌套九百层", lambda: rtf("{" * 900 + "甲" + "}" * 900), "read"),
    case("组没有结束", lambda: rtf("{" * 100), "gap", "中途断开"),
    case("空组五十万个", lambda: rtf("{}" * 500_000), "read"),
    case("段落一百万个", lambda: rtf("\\par" * 1_000_000), "read", heavy=True),
    case("段落十万个", lambda: rtf("\\par" * 100_000), "read"),
    case("换行十万个", lambda: rtf("\\line" * 100_000), "read"),
    case("二进制长度超出", lambda: rtf("\\bin2147483647 xx"), "gap", "中途断开"),
    case("二进制长度为负", lambda: rtf("\\bin-5 甲"), "read"),
    case("二进制长度十位数", lambda: rtf("\\bin9999999999 x"), "gap", "中途断开"),
    case("二进制里藏右括号", lambda: rtf("\\bin3 }}}甲"), "read"),
    case("字符编号超出", lambda: rtf("\\u9999999999?\\u-99999?\\u1114112?"), "read"),
    case("字符编号是代理项", lambda: rtf("\\u-10240?\\u-8192?\\u-8192?"), "read"),
    case("字符编号是零", lambda: rtf("\\u0?甲"), "read"),
    case("替代字符数极大", lambda: rtf("\\uc2147483647\\u30002?" + "x" * 50 + "\\par " + GOOD), "read"),
    case("替代字符数为负", lambda: rtf("\\uc-7\\u30002?甲"), "read"),
    case("控制字三万字母", lambda: rtf("\\" + "a" * 30_000 + " 甲"), "read"),
    case("控制字数字三万位", lambda: rtf("\\fs" + "9" * 30_000 + " 甲"), "read"),
    case("十六进制不全", lambda: rtf("\\'zz\\'a\\'"), "read"),
    case("十六进制字节半个汉字", lambda: rtf("\\'b5 \\'b5{}\\'c4"), "gap", "不合文件标明的编码"),
    case("代码页不存在", lambda: rtf("\\'b5\\'da", "\\ansi\\ansicpg99999"), "gap", "不合文件标明的编码"),
    case("代码页是负数", lambda: rtf("甲", "\\ansi\\ansicpg-1"), "gap", "不合文件标明的编码"),
    case("字体表没有结束", lambda: rtf("{\\fonttbl{\\f0 x;"), "gap", "中途断开"),
    case("字体十万种", lambda: rtf("{\\fonttbl" + "{\\f1\\fcharset134 x;}" * 100_000 + "}"), "read"),
    case("嵌入 OLE 对象", lambda: rtf("{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata " + "d0cf11e0" * 10_000 + "}}"), "gap", "嵌入对象"),
    case("更新链接的对象", lambda: rtf("{\\object\\objautlink\\objupdate{\\*\\objdata 0105}}"), "gap", "嵌入对象"),
    case("DDE 域", lambda: rtf('{\\field{\\*\\fldinst DDEAUTO c:\\\\\\\\cmd.exe "/c calc"}{\\fldrslt x}}'), "read"),
    case("引用网址的域", lambda: rtf('{\\field{\\*\\fldinst INCLUDETEXT "http://127.0.0.1:9/"}{\\fldrslt x}}'), "read"),
    case("模板在网址", lambda: rtf("{\\*\\template http://127.0.0.1:9/x.dot}"), "read"),
    case("图片八兆字节", lambda: rtf("{\\pict\\pngblip " + "89504e47" * 1_000_000 + "}"), "gap", "图片"),
    case("脚注五万个", lambda: rtf("{\\footnote x}" * 50_000), "read"),
    case("脚注十万零二个", lambda: rtf("{\\footnote x}" * 100_002), "refused", "脚注和页眉"),
    case("脚注里套脚注九百层", lambda: rtf("{\\footnote x" * 900 + "}" * 900), "read"),
    case("页眉五万个", lambda: rtf("{\\header x}" * 50_000), "read"),
    case("域嵌套三百层", lambda: rtf("{\\field{\\*\\fldinst X}{\\fldrslt " * 300 + "甲" + "}}" * 300), "read"),
    case("表格四百行乘一百格", lambda: rtf(cells(400, 100)), "read"),
    case("一行五万格", lambda: rtf(cells(1, 50_000)), "read"),
    case("表格没有行尾", lambda: rtf("\\intbl a\\cell b\\cell"), "read"),
    case("文字五百一十万字", lambda: rtf(("甲乙丙丁戊己庚辛壬癸" * 100 + "\\par ") * 5100), "refused", "limits.characters"),
    case("零字节", lambda: rtf(b"\0" * 1000 + "甲".encode("gb18030")), "read"),
    case("零宽和双向字符", lambda: rtf(written("\u202e倒\u200b\u2066写")), "read"),
    case("尾部另有一兆字节", lambda: rtf() + b"x" * 2**20, "read"),
    case("隐藏的文字", lambda: rtf("{\\v " + written("隐藏") + "}"), "read", "隐藏文字"),
    file("扩展名是 .doc 的 RTF", "草案.doc", rtf, "read", SAID),
    file("扩展名是 .docx 的 RTF", "草案.docx", rtf, "read", SAID),
]  # fmt: skip
