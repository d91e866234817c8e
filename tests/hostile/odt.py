"""OpenDocument texts: spoilt containers, lists and styles in circles, repeats without end."""

from __future__ import annotations

from documents.wordml import zipped

from hostile.case import SAID, Case, cut, file

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
        ("draw", "drawing"), ("manifest", "manifest"), ("script", "script"),
    )
)  # fmt: skip
KIND = "application/vnd.oasis.opendocument.text"
GOOD = f"<text:p>{SAID}</text:p>"


def content(body: str, automatic: str = "", before: str = "", kind: str = "text") -> str:
    return (
        f"{before}<office:document-content {NAMES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )


def odt(body: str = GOOD, automatic: str = "", before: str = "", **more: str | bytes) -> bytes:
    named = {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in more.items()}
    return zipped({"mimetype": KIND, "content.xml": content(body, automatic, before), **named})


def para(words: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def style(name: str, parent: str) -> str:
    return f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{parent}"/>'


def level(start: str, shape: str, number: int = 1) -> str:
    inner = (
        f'<text:list-level-style-number text:level="{number}" style:num-format="{shape}"'
        f' text:start-value="{start}" style:num-suffix="."/>'
    )
    return f'<text:list-style style:name="L">{inner}</text:list-style>'


def listed(depth: int = 1, items: int = 1) -> str:
    opening = '<text:list text:style-name="L"><text:list-item>'
    inner = f"</text:list-item><text:list-item>{para('乙')}" * items
    return opening * depth + para("甲") + inner + "</text:list-item></text:list>" * depth


def table(cell: str, rows: int = 1, cells: int = 1, more: str = "") -> str:
    row = (
        f"<table:table-row {more}>"
        + f"<table:table-cell {more}>{cell}</table:table-cell>" * cells
        + "</table:table-row>"
    )
    return f"<table:table>{row * rows}</table:table>"


def tables(depth: int) -> str:
    before = "<table:table><table:table-row><table:table-cell>"
    after = "</table:table-cell></table:table-row></table:table>"
    return before * depth + GOOD + after * depth


def manifest(inner: str) -> str:
    return f"<manifest:manifest {NAMES}>{inner}</manifest:manifest>"


def notes(count: int) -> str:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>注</text:p></text:note-body></text:note>"
    )
    return para(SAID + note * count)


def inside(depth: int) -> str:
    """A footnote in a footnote in a footnote."""
    opening = "<text:note><text:note-body><text:p>注"
    return para(SAID + opening * depth + "</text:p></text:note-body></text:note>" * depth)


def laughing() -> str:
    grown = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 9))
    return f'<!DOCTYPE x [<!ENTITY l0 "哈">{grown}]>'


_OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "{}">]>'
_LOCKED = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
_CHAIN = "".join(style(f"s{n}", f"s{n + 1}") for n in range(5000))


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "草案.odt", make, expected, words, heavy=heavy)


CASES = [
    *cut("草案.odt", odt, (0.1, 0.5, 0.9, 0.99), "refused", "已损坏"),
    case("没有正文部分", lambda: zipped({"mimetype": KIND, "x": ""}), "refused", "缺少正文"),
    case("正文不是 XML", lambda: zipped({"mimetype": KIND, "content.xml": "甲"}), "refused", "不是完好的 XML"),
    case("没有 body", lambda: zipped({"mimetype": KIND, "content.xml": "<x/>"}), "refused", "没有正文"),
    case("正文是空的", lambda: odt(""), "refused", "空白"),
    case("其实是表格", lambda: zipped({"mimetype": KIND, "content.xml": content("", kind="spreadsheet")}), "refused", "表格"),
    case("其实是演示文稿", lambda: zipped({"mimetype": KIND, "content.xml": content("", kind="presentation")}), "refused", "演示"),
    case("设了密码", lambda: odt(**{"META-INF/manifest.xml": manifest(_LOCKED)}), "refused", "打开密码"),
    case("清单里有实体炸弹", lambda: odt(**{"META-INF/manifest.xml": laughing() + "<x>&l8;</x>"}), "refused", "DTD"),
    case("外部实体：本机文件", lambda: odt(para("&a;"), before=_OUTSIDE.format("file:///etc/passwd")), "refused", "DTD"),
    case("外部实体：网址", lambda: odt(para("&a;"), before=_OUTSIDE.format("http://127.0.0.1:9/")), "refused", "DTD"),
    case("实体炸弹", lambda: odt(para("&l8;"), before=laughing()), "refused", "DTD"),
    case("样式里的实体炸弹", lambda: odt(styles_xml=laughing() + "<x>&l8;</x>"), "refused", "DTD"),
    case("压缩炸弹", lambda: odt(" " * (60 * 2**20)), "refused", "压缩炸弹"),
    case("嵌套十万层", lambda: odt("<text:section>" * 100_000 + "</text:section>" * 100_000), "refused", "limits.depth"),
    case("节嵌套 200 层", lambda: odt("<text:section>" * 200 + GOOD + "</text:section>" * 200), "read"),
    case("表格嵌套 80 层", lambda: odt(tables(80)), "read"),
    case("列表嵌套 100 层", lambda: odt(GOOD + listed(100), level("1", "1")), "read"),
    case("脚注里套脚注 60 层", lambda: odt(inside(60)), "read"),
    case("脚注三万个", lambda: odt(notes(30_000)), "read"),
    case("元素一百一十万个", lambda: odt("<text:p/>" * 1_100_000), "refused", "limits.elements"),
    case("空段落五十万个", lambda: odt(GOOD + "<text:p/>" * 500_000), "read", heavy=True),
    case("换行三十万个", lambda: odt(GOOD + para("<text:line-break/>" * 300_000)), "read"),
    case("空格重复十亿个", lambda: odt(GOOD + para('<text:s text:c="1000000000"/>')), "read"),
    case("空格重复负数", lambda: odt(GOOD + para('<text:s text:c="-5"/>甲')), "read"),
    case("行重复一百万次", lambda: odt(GOOD + table(para("甲"), more='table:number-rows-repeated="1000000" table:number-columns-repeated="1000000"')), "read"),
    case("跨十亿列", lambda: odt(GOOD + table(para("甲"), more='table:number-columns-spanned="1000000000"')), "read"),
    case("表格四百行乘一百格", lambda: odt(GOOD + table(para("甲"), 400, 100)), "read"),
    case("编号一万亿", lambda: odt(GOOD + listed(), level(str(10**12), "1")), "read"),
    case("罗马数字二十亿", lambda: odt(GOOD + listed(), level("2000000000", "i")), "read"),
    case("字母编号二十亿", lambda: odt(GOOD + listed(), level("2000000000", "a")), "read"),
    case("编号不是数字", lambda: odt(GOOD + listed(), level("甲", "1")), "read"),
    case("列表级别是负数", lambda: odt(GOOD + listed(), level("1", "1", -1)), "read"),
    case("列表级别一百万", lambda: odt(GOOD + listed(), level("1", "1", 1_000_000)), "read"),
    case("列表项五万个", lambda: odt(GOOD + listed(1, 50_000), level("1", "1")), "read"),
    case("续接自己的列表", lambda: odt(GOOD + '<text:list xml:id="l" text:continue-list="l">' + f"<text:list-item>{para('甲')}</text:list-item></text:list>"), "read"),
    case("样式上级指向自己", lambda: odt(GOOD + para("乙", "a"), style("a", "a")), "read"),
    case("样式上级成环", lambda: odt(GOOD + para("乙", "a"), style("a", "b") + style("b", "a")), "read"),
    case("样式上级五千层，段落五千个", lambda: odt(GOOD + para("乙", "s0") * 5000, _CHAIN), "read"),
    case("带宏", lambda: odt(**{"Basic/Standard/Module1.xml": "<x/>"}), "read", "宏"),
    case("脚本事件", lambda: odt(GOOD + '<text:script script:language="JavaScript">x</text:script>'), "read"),
    case("嵌入对象", lambda: odt(GOOD + para('<draw:frame><draw:object/></draw:frame>')), "gap", "嵌入对象"),
    case("条目名指向外面", lambda: odt(**{"../../etc/passwd": "x"}), "read"),
    case("其实是图片", lambda: b"\x89PNG" + bytes(99), "refused", "图片"),
    file("扩展名是 .docx 的 ODT", "草案.docx", odt, "read", SAID),
]  # fmt: skip
