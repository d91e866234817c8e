"""OFD files: pages that are not there, templates in circles, places and sizes that no paper has."""

from __future__ import annotations

from documents.ofd import NAMESPACE, document, packed, page, path, text_object
from documents.ofd import file as ofd
from documents.wordml import zipped

from hostile.case import SAID, Case, cut, file

GOOD = text_object(SAID, 28, 40)
DOCUMENT = "Doc_0/Document.xml"


def good(*objects: str, **more: str) -> bytes:
    return ofd(document([page([GOOD, *objects])], **more))


def parts(**more: str | bytes) -> dict[str, str | bytes]:
    return {**document([page([GOOD])]), **more}


def changed(old: str, new: str, part: str = DOCUMENT) -> bytes:
    held = parts()
    assert old in held[part]
    held[part] = held[part].replace(old, new)
    return ofd(held)


def body(place: str) -> str:
    return f"<ofd:DocBody><ofd:DocRoot>{place}</ofd:DocRoot></ofd:DocBody>"


def root_parts(inner: str = body(DOCUMENT)) -> dict[str, str | bytes]:
    return {"OFD.xml": f"<ofd:OFD {NAMESPACE}>{inner}</ofd:OFD>", **parts()}


def root(inner: str, **more: str | bytes) -> bytes:
    return packed({**root_parts(inner), **more})


def placed(boundary: str, more: str = "", inner: str = 'X="0" Y="5"') -> str:
    return (
        f'<ofd:TextObject ID="1" Size="5" Boundary="{boundary}" {more}>'
        f"<ofd:TextCode {inner}>另一行字</ofd:TextCode></ofd:TextObject>"
    )


def pages(count: int) -> bytes:
    """So many pages that are one part."""
    listed = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' * count
    main = f"<ofd:Document {NAMESPACE}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    return ofd({**parts(), DOCUMENT: main})


def laughing() -> str:
    grown = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 9))
    return f'<!DOCTYPE x [<!ENTITY l0 "哈">{grown}]><x>&l8;</x>'


_OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
_PAGE = "Doc_0/Pages/Page_0/Content.xml"
_LOOP = page([text_object("页眉", 60, 15)], "t0")


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "公文.ofd", make, expected, words, heavy=heavy)


CASES = [
    *cut("公文.ofd", good, (0.1, 0.5, 0.9, 0.99), "refused", "已损坏"),
    case("没有 OFD.xml", lambda: packed(parts()), "refused", ""),
    case("没有文档", lambda: root(""), "refused", "没有页面"),
    case("文档位置不存在", lambda: root(body("Doc_9/Document.xml")), "refused", "缺少"),
    case("文档位置指向外面", lambda: root(body("../../../etc/passwd")), "refused", "缺少"),
    case("文档位置是绝对路径", lambda: root(body("/Doc_0/Document.xml")), "read"),
    case("文档位置是网址", lambda: root(body("http://127.0.0.1:9/x.xml")), "refused", "缺少"),
    case("文档指向 OFD.xml 自己", lambda: root(body("OFD.xml")), "refused", "没有页面"),
    case("同一文档列一千次", lambda: root(body(DOCUMENT) * 1000), "read", "1000 份文档"),
    case("页面不存在", lambda: changed("Page_0/", "Page_9/"), "refused", "缺少"),
    case("页面位置是空的", lambda: changed("Pages/Page_0/Content.xml", ""), "refused", "缺少"),
    case("页面指向文档自己", lambda: changed("Pages/Page_0/Content.xml", "Document.xml"), "refused", "没有可读的文字"),
    case("没有页面", lambda: ofd(document([])), "refused", "没有页面"),
    case("同一页列二千零一次", lambda: pages(2001), "refused", "limits.pages"),
    case("同一页列二千次", lambda: pages(2000), "read"),
    case("模板用模板自己", lambda: ofd(document([page([GOOD], "t0")], templates=[_LOOP])), "read"),
    case("模板不存在", lambda: ofd(document([page([GOOD], "t7")])), "read"),
    case("模板一万个", lambda: changed("<ofd:CommonData>", "<ofd:CommonData>" + '<ofd:TemplatePage ID="x" BaseLoc="OFD.xml"/>' * 10_000), "read"),
    case("已加密", lambda: packed({**parts(), "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:Encryptions/></ofd:OFD>"}), "refused", "已加密"),
    case("另有加密清单", lambda: root(body(DOCUMENT), **{"Encryptions.xml": "<x/>"}), "refused", "已加密"),
    case("只有图片", lambda: ofd(document([page(['<ofd:ImageObject ID="5" Boundary="0 0 210 297"/>'])])), "refused", "只有图片"),
    case("只有曲线", lambda: ofd(document([page([path(1, 1, "M 0 0 B 1 1 2 2 3 3")] * 60)])), "refused", "没有可读的文字"),
    case("外部实体", lambda: ofd({**parts(), _PAGE: _OUTSIDE}), "refused", "DTD"),
    case("实体炸弹", lambda: ofd({**parts(), _PAGE: laughing()}), "refused", "DTD"),
    case("页面不是 XML", lambda: ofd({**parts(), _PAGE: "甲"}), "refused", "不是完好的 XML"),
    case("页面嵌套十万层", lambda: ofd({**parts(), _PAGE: "<x>" * 100_000 + "</x>" * 100_000}), "refused", "limits.depth"),
    case("解压炸弹", lambda: zipped({**root_parts(), _PAGE: " " * (60 * 2**20)}), "refused", "压缩炸弹"),
    case("文字在页面以外", lambda: good(placed("900000 900000 9 9")), "read"),
    case("位置极大", lambda: good(placed("1e300 1e300 1e300 1e300")), "read"),
    case("位置是 NaN", lambda: good(placed("nan nan nan nan")), "read"),
    case("位置是无穷", lambda: good(placed("inf -inf inf inf")), "read"),
    case("位置不是数字", lambda: good(placed("甲 乙 丙 丁")), "read"),
    case("矩阵全零", lambda: good(placed("28 60 9 9", 'CTM="0 0 0 0 0 0"')), "read"),
    case("矩阵为负", lambda: good(placed("28 60 9 9", 'CTM="-1 0 0 -1 0 0"')), "read"),
    case("矩阵极大", lambda: good(placed("28 60 9 9", 'CTM="1e5 0 0 1e5 1e5 1e5"')), "read"),
    case("矩阵是 NaN", lambda: good(placed("28 60 9 9", 'CTM="nan nan nan nan nan nan"')), "read"),
    case("字号为负", lambda: good(placed("28 60 9 9").replace('Size="5"', 'Size="-5"')), "read"),
    case("字号极大", lambda: good(placed("28 60 9 9").replace('Size="5"', 'Size="999999"')), "read"),
    case("间距重复一万亿次", lambda: good(placed("28 60 9 9", inner='DeltaX="g 1000000000000 1"')), "read"),
    case("间距一百万个", lambda: good(placed("28 60 9 9", inner=f'DeltaX="{"1 " * 1_000_000}"')), "read"),
    case("间距为负", lambda: good(placed("28 60 9 9", inner='DeltaX="-5 -5 -5"')), "read"),
    case("页面大小为零", lambda: changed("<ofd:CommonData>", "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 0 0</ofd:PhysicalBox></ofd:PageArea>"), "read"),
    case("页面大小极大", lambda: changed("<ofd:CommonData>", "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 1e9 1e9</ofd:PhysicalBox></ofd:PageArea>"), "read"),
    case("线条三万条", lambda: good(path(0, 0, "M 0 0 L 120 0 L 120 90 L 0 90 C") * 30_000), "read"),
    case("一条路径五十万段", lambda: good(path(0, 0, "M 0 0 " + "L 9 0 L 0 9 " * 250_000)), "read"),
    case("文字五万处叠在一起", lambda: good(placed("28 60 9 9") * 50_000), "read", heavy=True),
    case("一行五十万字", lambda: good(text_object("甲" * 500_000, 28, 60)), "read", heavy=True),
    case("字没有编码", lambda: good(text_object("¤¤¤¤", 28, 60)), "gap", "没有文字编码"),
    case("附件", lambda: good(extra="<ofd:Attachments>A.xml</ofd:Attachments>"), "gap", "附件未读取"),
    case("复合图元", lambda: good('<ofd:CompositeObject ID="7" ResourceID="7"/>'), "gap", "复合图元"),
    case("动作和脚本", lambda: good(extra='<ofd:Actions><ofd:Action Event="DO"><ofd:URI URI="http://127.0.0.1:9/"/></ofd:Action></ofd:Actions>'), "read"),
    case("双向控制字符", lambda: good(text_object("\u202e倒\u2066写\u200b", 28, 60)), "read"),
    file("扩展名是 .docx 的 OFD", "公文.docx", good, "read", SAID),
]  # fmt: skip
