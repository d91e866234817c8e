"""PDFs: trees and streams that lead round in circles, wrong lengths, bombs, text where no page is."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from documents.pdfs import Sheet, _file, pdf

from hostile.case import SAID, Case, cut, file


def good(*more: str) -> bytes:
    """A page that says what every file says, with further operators on it."""
    return pdf(sheet(*more))


def sheet(*more: str, width: float = 595, height: float = 842) -> Sheet:
    made = Sheet(width, height)
    made.text(80, 100, SAID)
    made.content += more
    return made


def over(size: float) -> Sheet:
    """The good page with large characters laid over its words."""
    made = sheet()
    made.text(90, 110, "大字", size)
    return made


def replaced(*pairs: tuple[bytes, bytes]) -> bytes:
    """The good file with some of its bytes exchanged."""
    data = good()
    for old, new in pairs:
        assert old in data
        data = data.replace(old, new)
    return data


def with_page(page: str, *objects: bytes, catalog: str = "", trailer: str = "") -> bytes:
    """A file of one page so written; further objects have the numbers from 4 on."""
    return _file(
        [
            f"<< /Type /Catalog /Pages 2 0 R {catalog}>>".encode(),
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            page.encode(),
            *objects,
        ],
        trailer,
    )


def stream(data: bytes, more: str = "") -> bytes:
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(data), more.encode(), data)


def content(data: bytes, more: str = "", resources: str = "", *objects: bytes) -> bytes:
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>"
    return with_page(page, stream(data, more), *objects)


def bomb(size: int, layers: int = 1) -> bytes:
    data = b" " * size
    for _ in range(layers):
        data = zlib.compress(data, 9)
    filters = " ".join(["/FlateDecode"] * layers)
    return content(data, f"/Filter [{filters}] ")


def tree(*nodes: bytes) -> bytes:
    """A file whose tree of pages is written so; the nodes have the numbers from 2 on."""
    return _file([b"<< /Type /Catalog /Pages 2 0 R >>", *nodes], "")


def pages(count: int) -> bytes:
    kids = " ".join(f"{n} 0 R" for n in range(3, count + 3))
    node = f"<< /Type /Pages /Count {count} /Kids [{kids}] /MediaBox [0 0 595 842] >>"
    return tree(node.encode(), *[b"<< /Type /Page /Parent 2 0 R >>"] * count)


def deep(count: int) -> bytes:
    """A tree of pages of so many levels."""
    nodes = [f"<< /Type /Pages /Count 1 /Kids [{n + 1} 0 R] >>".encode() for n in range(2, count)]
    return tree(*nodes, b"<< /Type /Page /MediaBox [0 0 595 842] >>")


def object_streams(extends: str) -> bytes:
    """A file with a table of places as a stream, in which the catalogue lies in itself."""
    body = b"%PDF-1.5\n"
    held = b"1 0 << /Type /Catalog /Pages 2 0 R >>"
    at = len(body)
    body += b"3 0 obj\n<< /Type /ObjStm /N 1 /First 4 %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        extends.encode(), len(held), held,
    )  # fmt: skip
    table = len(body)
    rows = [(0, 0, 0), (2, 3, 0), (2, 2, 0), (1, at, 0), (1, table, 0)]
    packed = b"".join(bytes([k]) + a.to_bytes(4, "big") + bytes([b]) for k, a, b in rows)
    body += b"4 0 obj\n<< /Type /XRef /W [1 4 1] /Size 5 /Root 1 0 R /Prev %d /Length %d >>\nstream\n" % (
        table, len(packed),
    )  # fmt: skip
    return body + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table


def lying(startxref: bytes) -> bytes:
    data = good()
    return data[: data.rindex(b"startxref")] + b"startxref\n" + startxref + b"\n%%EOF\n"


def annotated(count: int) -> bytes:
    listed = "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (x) >> " * count
    return replaced((b"/Rotate 0", b"/Rotate 0 /Annots [%s]" % listed.encode()))


def acting(action: str) -> bytes:
    return replaced((b"/Type /Catalog", b"/Type /Catalog " + action.encode()))


def attached() -> bytes:
    names = "/Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) >>] >> >>"
    return acting(names)


def long_page(count: int) -> bytes:
    made = Sheet()
    for row in range(count):
        made.text(10, 10 + row % 800, "甲" * 100, 1)
    return pdf(sheet(), made)


def crowded(lines: Sequence[str]) -> bytes:
    return good("\n".join(lines))


_LOOP_FORM = stream(
    b"/X Do",
    "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> ",
)
_BIG_IMAGE = "/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
_BROKEN = "PDF 已经损坏"


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "草案.pdf", make, expected, words, heavy=heavy)


CASES = [
    *cut("草案.pdf", good, (0.01, 0.02), "refused", _BROKEN),
    *cut("草案.pdf", good, (0.2, 0.4, 0.6, 0.8, 0.9, 0.95), "refused", "PDF"),
    *cut("草案.pdf", good, (0.99, 0.999), "read", SAID),
    case("只有文件头", lambda: b"%PDF-1.7\n", "refused", _BROKEN),
    case("只有五个字节", lambda: b"%PDF-", "refused", _BROKEN),
    case("头部另有空白", lambda: b" \n" * 300 + good(), "read"),
    case("尾部另有一兆字节", lambda: good() + b"x" * 2**20, "read"),
    case("页面树指向自己", lambda: tree(b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"), "refused", "损坏"),
    case("页面树成环", lambda: tree(b"<< /Type /Pages /Count 2 /Kids [3 0 R 3 0 R] >>", b"<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] >>"), "refused", "损坏"),
    case("页面的上级指向自己", lambda: with_page("<< /Type /Page /Parent 3 0 R >>"), "refused", "没有"),
    case("页数谎报十亿", lambda: replaced((b"/Count 1", b"/Count 1000000000")), "read"),
    case("页数谎报负数", lambda: replaced((b"/Count 1", b"/Count -1")), "read"),
    case("页面树一万层", lambda: deep(10_000), "refused", "损坏"),
    case("没有页面", lambda: tree(b"<< /Type /Pages /Count 0 /Kids [] >>"), "refused", "损坏"),
    case("页面不是字典", lambda: tree(b"<< /Type /Pages /Count 1 /Kids [(x)] >>"), "refused", "损坏"),
    case("目录不存在", lambda: replaced((b"/Root 1 0 R", b"/Root 99 0 R")), "refused", _BROKEN),
    case("空白页二千零一页", lambda: pages(2001), "refused", "limits.pages"),
    case("空白页二千页", lambda: pages(2000), "refused", "没有"),
    case("对象流放在自己里", lambda: object_streams(""), "refused", _BROKEN),
    case("对象流扩展自己", lambda: object_streams("/Extends 3 0 R"), "refused", _BROKEN),
    case("交叉引用位置错误", lambda: lying(b"7"), "read"),
    case("交叉引用位置超出", lambda: lying(b"99999999999999999999"), "read"),
    case("交叉引用位置为负", lambda: lying(b"-1"), "read"),
    case("交叉引用指向自己", lambda: replaced((b"/Root 1 0 R", b"/Prev 9 /Root 1 0 R")), "read"),
    case("流长度过大", lambda: content(b"BT ET", "/Length 2000000000 "), "refused", "没有"),
    case("流长度为负", lambda: content(b"BT ET", "/Length -5 "), "refused", "没有"),
    case("流长度指向自己", lambda: content(b"BT ET", "/Length 4 0 R "), "refused", "没有"),
    case("设了密码", lambda: pdf(sheet(), locked=True), "refused", "打开密码"),
    case("加密方式不明", lambda: with_page("<< /Type /Page >>", trailer="/Encrypt << /Filter /X /V 99 >> /ID [<00> <00>] "), "refused", "加密"),
    case("加密字典指向自己", lambda: with_page("<< /Type /Page >>", b"<< /Filter 4 0 R /V 4 0 R >>", trailer="/Encrypt 4 0 R /ID [<00> <00>] "), "refused", "加密"),
    case("解压炸弹二百兆", lambda: bomb(200 * 2**20), "refused", "没有"),
    case("解压炸弹一吉", lambda: bomb(2**30), "refused", "limits.memory", heavy=True),
    case("解压炸弹三层", lambda: bomb(100 * 2**20, 3), "refused", "没有"),
    case("滤镜一万个", lambda: content(b"x", f"/Filter [{'/ASCIIHexDecode ' * 10_000}] "), "refused", "没有"),
    case("行程编码炸弹", lambda: content(b"\x81 " * 500_000, "/Filter /RunLengthDecode "), "refused", "没有"),
    case("表单引用自己", lambda: content(b"/X Do", "", "/XObject << /X 5 0 R >>", _LOOP_FORM), "refused", "没有"),
    case("图片自称一百万乘一百万", lambda: content(b"q 595 0 0 842 0 0 cm /X Do Q", "", "/XObject << /X 5 0 R >>", stream(b"x", _BIG_IMAGE)), "refused", "扫描件"),
    case("保存图形状态十万层", lambda: good("q " * 100_000), "read"),
    case("恢复图形状态十万次", lambda: good("Q " * 100_000), "read"),
    case("数组嵌套十万层", lambda: content(b"[" * 100_000), "refused", "没有"),
    case("字典嵌套十万层", lambda: with_page("<< /Type /Page /X " + "<< /A " * 100_000 + ">>" * 100_000 + ">>"), "refused", "没有"),
    case("括号嵌套十万层", lambda: content(b"BT " + b"(" * 100_000), "refused", "没有"),
    case("操作符一百万个", lambda: content(b"0 g " * 1_000_000), "refused", "没有"),
    case("短线六万条", lambda: good("0 0 m 9 0 l S " * 60_000), "read", heavy=True),
    case("一条路径五十万段", lambda: good("0 0 m " + "9 0 l 0 9 l " * 250_000 + "S"), "read"),
    case("横竖线两万条成格", lambda: crowded([f"{n % 500} {n % 800} m {n % 500} 840 l S" for n in range(10_000)] + [f"0 {n % 800} m 590 {n % 800} l S" for n in range(10_000)]), "read"),
    case("页面大小十亿", lambda: pdf(sheet(width=1e9, height=1e9)), "refused", "没有"),
    case("页面大小一万四千", lambda: pdf(sheet(width=14_400, height=14_400)), "read"),
    case("大字压在正文上", lambda: pdf(over(300)), "read"),
    case("满页大字压在正文上", lambda: pdf(over(1500)), "read"),
    case("页面大小为零", lambda: replaced((b"[0 0 595 842]", b"[0 0 0 0]")), "read"),
    case("页面大小为负", lambda: replaced((b"[0 0 595 842]", b"[595 842 0 0]")), "read"),
    case("页面大小不是数字", lambda: replaced((b"[0 0 595 842]", b"[(a) /b << >> null]")), "read"),
    case("旋转三十七度", lambda: replaced((b"/Rotate 0", b"/Rotate 37")), "read"),
    case("文字在页面以外", lambda: good("BT 1 0 0 1 90000 90000 Tm /F0 16 Tf <00010203> Tj ET"), "read", "页面以外"),
    case("矩阵为负", lambda: good("BT -1 0 0 -1 300 300 Tm /F0 16 Tf <00010203> Tj ET"), "read", "斜排或者竖排"),
    case("矩阵极大", lambda: good("BT 1e38 0 0 1e38 1e38 1e38 Tm /F0 1e38 Tf <00010203> Tj ET"), "read"),
    case("矩阵全零", lambda: good("BT 0 0 0 0 0 0 Tm /F0 16 Tf <00010203> Tj ET"), "read"),
    case("字号为零和为负", lambda: good("BT 1 0 0 1 80 300 Tm /F0 0 Tf <0001> Tj /F0 -9 Tf <0203> Tj ET"), "read"),
    case("字距极大", lambda: good("BT 1e9 Tc 1e9 Tw 1 0 0 1 80 300 Tm /F0 16 Tf <00010203> Tj ET"), "read"),
    case("字体不存在", lambda: good("BT /F99 16 Tf 80 300 Td (x) Tj ET"), "read"),
    case("字没有编码", lambda: pdf(sheet(), meanings=False), "refused", "认不出"),
    case("编码对照指向自己", lambda: replaced((b"/ToUnicode ", b"/ToUnicode 1 0 R /X ")), "refused", "认不出"),
    case("字意为零和代理项", lambda: replaced((b"<00> <0020>", b"<00> <d800>")), "read", "应当缴存保证金"),
    case("一页十万字叠在一起", lambda: long_page(1000), "read", heavy=True),
    case("一页三十万字", lambda: long_page(3000), "gap", "字数超过"),
    case("批注三万条", lambda: annotated(30_000), "read", "批注"),
    case("批注数组指向自己", lambda: replaced((b"/Rotate 0", b"/Rotate 0 /Annots 3 0 R")), "read"),
    case("打开时运行 JavaScript", lambda: acting("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), "read"),
    case("打开时运行程序", lambda: acting("/OpenAction << /S /Launch /F (cmd.exe) >>"), "read"),
    case("打开时访问网址", lambda: acting("/OpenAction << /S /URI /URI (http://127.0.0.1:9/) >>"), "read"),
    case("附带文件", attached, "gap", "另附的文件"),
    case("附件名称树成环", lambda: acting("/Names << /EmbeddedFiles 1 0 R >>"), "read"),
    case("XFA 表单", lambda: acting("/AcroForm << /XFA (<x/>) /Fields [] >>"), "read"),
    case("内容流一万个", lambda: with_page(f"<< /Type /Page /MediaBox [0 0 9 9] /Contents [{'4 0 R ' * 10_000}] >>", stream(b"BT ET")), "refused", "没有"),
    case("扫描件", lambda: pdf(_scanned()), "refused", "扫描件"),
    file("扩展名是 .docx 的 PDF", "草案.docx", good, "read", SAID),
    file("扩展名是 .txt 的 PDF", "草案.txt", good, "read", SAID),
]  # fmt: skip


def _scanned() -> Sheet:
    made = Sheet()
    made.scan()
    return made
