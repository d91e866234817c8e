"""Web pages: tags without end, nesting, numbers no list has, scripts, encodings that lie."""

from __future__ import annotations

import random

from hostile.case import SAID, Case, cut, file

GOOD = f"<p>{SAID}</p>"


def page(body: str = "", head: str = "", codec: str = "utf-8") -> bytes:
    whole = f"<!DOCTYPE html><html><head>{head}</head><body>{GOOD}{body}</body></html>"
    return whole.encode(codec, "xmlcharrefreplace")


def around(tag: str, depth: int, inner: str = "") -> bytes:
    return page(f"<{tag}>" * depth + inner + f"</{tag}>" * depth)


def xhtml(declared: str, body: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{declared}'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{GOOD}<p>{body}</p></body></html>'
    ).encode()


def laughing() -> str:
    grown = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 9))
    return f'<!DOCTYPE html [<!ENTITY l0 "哈">{grown}]>'


def noise(seed: int) -> bytes:
    """Tags and signs in no order."""
    dice = random.Random(seed)
    words = [
        "<div",
        "<p>",
        "</p>",
        "<table>",
        "<td",
        ">",
        "</",
        "<!--",
        "-->",
        "<script>",
        "&#",
        "甲",
    ]
    words += ["</script>", "<![CDATA[", "]]>", "<?", "='", '="', "<li value=9>", "<ol>", "&amp"]
    return page("".join(dice.choices(words, k=1500)))


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "通知.html", make, expected, words, heavy=heavy)


_TABLE = "<table>{}</table>"
_DEEP = "嵌套超过"

CASES = [
    *cut("通知.html", page, (0.3,), "refused", "没有可读的文字"),
    *cut("通知.html", page, (0.9, 0.99), "read", SAID),
    case("只有一个标签", lambda: b"<html>", "refused", "没有可读的文字"),
    case("没有文字", lambda: b"<html><body><p> </p></body></html>", "refused", "没有可读的文字"),
    case("div 嵌套十万层", lambda: around("div", 100_000), "refused", _DEEP),
    case("div 嵌套 240 层", lambda: around("div", 240, GOOD), "read"),
    case("表格嵌套十万层", lambda: around("table><tr><td", 100_000), "refused", _DEEP),
    case("粗体嵌套十万层", lambda: around("b", 100_000), "refused", _DEEP),
    case("列表嵌套十万层", lambda: around("ol><li", 100_000), "refused", _DEEP),
    case("段落不闭合三十万个", lambda: page("<p>甲" * 300_000), "read", heavy=True),
    case("段落不闭合五万个", lambda: page("<p>甲" * 50_000), "read"),
    case("链接和粗体交叉一万次", lambda: page("<a><b>" * 100 + "</a><i></b></i>" * 10_000), "read"),
    case("换行一百万个", lambda: page("<br/>" * 990_000), "read", heavy=True),
    case("换行十万个", lambda: page("<br>" * 100_000), "read"),
    case("元素一百一十万个", lambda: page("<i>" * 1_100_000), "refused", "limits.elements"),
    case("小于号五十万个", lambda: page("<" * 500_000), "read"),
    case("与号一百万个", lambda: page("&" * 1_000_000), "read"),
    case("注释没有结束", lambda: page("<!--" + "甲" * 100_000), "read"),
    case("注释十万个", lambda: page("<!-- x -->" * 100_000), "read"),
    case("脚本五兆字节", lambda: page("<script>" + "var a='<p>';" * 400_000 + "</script>"), "read"),
    case("脚本没有结束", lambda: page("<script>" + "x" * 1_000_000), "read"),
    case("样式里的正则陷阱", lambda: page(head="<style>" + "ol { list-style" * 100_000 + "</style>"), "read"),
    case("行内样式的正则陷阱", lambda: page('<p style="display' + " " * 1_000_000 + ':x">甲</p>'), "read"),
    case("图片和事件", lambda: page("<img src=x onerror=alert(1)><svg onload=alert(1)></svg>"), "gap", "图片中的文字未读取"),
    case("内嵌本机文件", lambda: page('<iframe src="file:///etc/passwd"></iframe>'), "gap", "嵌入的其他页面"),
    case("内嵌对象", lambda: page('<object data="http://127.0.0.1:9/x"></object>'), "gap", "嵌入的其他页面"),
    case("自动跳转", lambda: page(head='<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">'), "read"),
    case("外部样式和基址", lambda: page(head='<base href="http://127.0.0.1:9/"><link rel="stylesheet" href="x.css">'), "read"),
    case("链接附件", lambda: page('<a href="http://127.0.0.1:9/附件.docx">附件</a>'), "gap", "附件"),
    case("附件链接的正则陷阱", lambda: page('<a href="' + ".docx?" * 200_000 + 'x">附件</a>'), "gap", "附件"),
    case("跨十亿列", lambda: page(_TABLE.format("<tr><td colspan=1000000000>甲<td rowspan=1000000000>乙")), "read"),
    case("表格四百行乘一百格", lambda: page(_TABLE.format(("<tr>" + "<td>甲" * 100) * 400)), "read"),
    case("表格一行三万格", lambda: page(_TABLE.format("<tr>" + "<td>甲" * 30_000)), "read"),
    case("表格嵌套 60 层", lambda: around("table><tr><td", 60), "read"),
    case("编号一万亿", lambda: page(f"<ol start={10**12}><li>甲</ol>"), "read"),
    case("罗马数字近十亿", lambda: page("<ol type=i start=99999999><li>甲</ol>"), "read"),
    case("字母编号近十亿", lambda: page("<ol type=a start=99999999><li>甲</ol>"), "read"),
    case("编号是上标数字", lambda: page("<ol start=²><li value=٣>甲<li value=-9>乙</ol>"), "read"),
    case("一个属性十兆字节", lambda: page('<p title="' + "x" * 10_100_000 + '">甲</p>'), "refused", "过长"),
    case("属性五万个", lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>甲</p>"), "read"),
    case("标签名一兆字节", lambda: page(f"<{'x' * 1_000_000}>甲"), "read"),
    case("文字一千一百万字节", lambda: page("a1" * 5_500_000), "refused", ""),
    case("文字五百一十万字", lambda: page("<p>" + "</p><p>".join(["一二三四五六七八九十" * 1000] * 510) + "</p>"), "refused", "limits.characters"),
    case("字符引用超出", lambda: page("<p>&#x110000;&#0;&#xD800;&#99999999999;&bogus;</p>"), "read"),
    case("零字符", lambda: page("<p>甲\x00乙</p>"), "refused", "不是文本文件"),
    case("双向控制字符", lambda: page("<p>\u202e倒\u2066写\u200b<bdo dir=rtl>反</bdo></p>"), "read"),
    case("XHTML 外部实体", lambda: xhtml('<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"), "read"),
    case("XHTML 外部实体：网址", lambda: xhtml('<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>', "&a;"), "read"),
    case("XHTML 实体炸弹", lambda: xhtml(laughing(), "&l8;"), "read"),
    case("XHTML 没有闭合", lambda: xhtml("", "<b><i>甲"), "read"),
    case("自称 GBK 的 UTF-8", lambda: page(head='<meta charset="gbk">'), "read"),
    case("自称 UTF-8 的 GB18030", lambda: page(head='<meta charset="utf-8">', codec="gb18030"), "read"),
    case("自称不存在的编码", lambda: page(head='<meta charset="nonsense">'), "read"),
    case("自称 UTF-7", lambda: page(head='<meta charset="utf-7">', body="+ADw-script+AD4-"), "read"),
    case("自称会解压的编码", lambda: page(head='<meta charset="zlib_codec">'), "read"),
    case("UTF-16 的网页", lambda: page(codec="utf-16"), "read"),
    case("UTF-32 的网页", lambda: page(codec="utf-32"), "read"),
    case("Big5 的网页", lambda: "<html><meta charset=big5><body><p>第一條 經營者應當繳存保證金。</p></body></html>".encode("big5"), "read", "保證金"),
    case("框架集", lambda: b"<html><frameset><frame src=a><frame src=b></frameset></html>", "refused", "没有可读的文字"),
    *(case(f"标签乱序之{n}", lambda n=n: noise(n), "read") for n in range(4)),
    file("扩展名是 .docx 的网页", "通知.docx", page, "read", SAID),
    file("扩展名是 .txt 的网页", "通知.txt", page, "read", SAID),
]  # fmt: skip
