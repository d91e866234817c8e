"""Word files: spoilt containers, XML that grows or reaches out, structure that leads round in circles."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from functools import partial

from documents.wordml import (
    CONTENT_TYPES,
    NAMES,
    PACKAGE_RELATIONS,
    document,
    level,
    listed,
    numbering,
    package,
    para,
    run,
    zipped,
)  # fmt: skip

from hostile.case import SAID, Case, cut, file

GOOD = para(SAID)
MAIN = "word/document.xml"


def parts(main: str | bytes = "", **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of a package, ``__`` in a name for a slash and ``_xml`` at its end for .xml."""
    named = {k.replace("__", "/").replace("_xml", ".xml"): v for k, v in more.items()}
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELATIONS,
        MAIN: main or document(GOOD),
        **named,
    }


def packed(main: str | bytes = "", **more: str | bytes) -> bytes:
    return zipped(parts(main, **more))


def compressed(method: int, size: int) -> bytes:
    """A package whose main part is mostly blanks, by another method of compression."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts(document(" " * size + GOOD)).items():
            archive.writestr(name, content)
    return stream.getvalue()


def doubled(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings(action="ignore"):
        for part, content in [*parts().items(), (name, document(para("另一份正文")))]:
            archive.writestr(zipfile.ZipInfo(part), content)
    return stream.getvalue()


def patched(offset_local: int, offset_central: int, value: bytes) -> bytes:
    """The good package with a field of every entry overwritten."""
    data = bytearray(packed())
    for mark, offset in ((b"PK\x03\x04", offset_local), (b"PK\x01\x02", offset_central)):
        at = data.find(mark)
        while at >= 0 and offset >= 0:
            data[at + offset : at + offset + len(value)] = value
            at = data.find(mark, at + 4)
    return bytes(data)


def at_one_place() -> bytes:
    """All entries of the directory lead to the same bytes."""
    return patched(-1, 42, struct.pack("<L", 0))


def many(count: int) -> bytes:
    return zipped({**parts(), **{f"word/x{n}.xml": "" for n in range(count)}})


def grown(levels: int, width: int) -> str:
    """A type with entities, each of which is several of the one before."""
    inner = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * width) for n in range(1, levels))
    return f'<!DOCTYPE w:document [<!ENTITY l0 "哈">{inner}]>'


def typed(declared: str, words: str) -> bytes:
    return packed(declared + document(para(words if words.startswith("<") else run_raw(words))))


def run_raw(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def with_list(levels: str, *, nums: str = "", count: int = 3) -> bytes:
    body = GOOD + "".join(listed(f"第{n}项", 1) for n in range(count))
    return package(body, numbering=numbering(levels, nums=nums))


def style(name: str, more: str) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{name}">{more}</w:style>'


def styled(*styles: str, body: str = "") -> bytes:
    sheet = f"<w:styles {NAMES}>{''.join(styles)}</w:styles>"
    return package(body or GOOD + para("乙", '<w:pStyle w:val="a"/>'), styles=sheet)


def related(*relations: str) -> bytes:
    """A package whose document has these relations."""
    listed = "".join(relations)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped({
        **parts(), "word/_rels/document.xml.rels":
        f'<Relationships xmlns="{space}">{listed}</Relationships>',
    })  # fmt: skip


def relation(kind: str, target: str, more: str = "") -> str:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="r{kind}" Type="{office}/{kind}" Target="{target}" {more}/>'


def nested(tag: str, depth: int, inner: str = GOOD, more: str = "") -> bytes:
    return packed(document(f"<{tag}{more}>" * depth + inner + f"</{tag}>" * depth))


def in_tables(depth: int) -> bytes:
    return packed(document("<w:tbl><w:tr><w:tc>" * depth + GOOD + "</w:tc></w:tr></w:tbl>" * depth))


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def grid(rows: int, cells: int) -> bytes:
    cell = f"<w:tc>{para('甲')}</w:tc>"
    row = f"<w:tr>{cell * cells}</w:tr>"
    return packed(document(GOOD + f"<w:tbl>{row * rows}</w:tbl>"))


def encoded(codec: str, declared: str, count: int = 0) -> bytes:
    body = document("<w:p/>" * count + GOOD)
    text = f'<?xml version="1.0" encoding="{declared}"?>{body}'
    return packed(text.encode(codec, "xmlcharrefreplace"))


def attributes(count: int, write: str) -> bytes:
    return packed(document(f"<w:p {' '.join(write.format(n) for n in range(count))}/>" + GOOD))


def notes(count: int) -> bytes:
    marks = "".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in range(count))
    held = "".join(f'<w:footnote w:id="{n}">{para("注")}</w:footnote>' for n in range(count))
    return package(para(run(SAID) + marks), footnotes=f"<w:footnotes {NAMES}>{held}</w:footnotes>")


def laughing_part(part: str) -> bytes:
    body = GOOD + para('<w:r><w:footnoteReference w:id="1"/></w:r>')
    return package(body, **{part: f"{grown(9, 10)}<w:{part} {NAMES}>&l8;</w:{part}>"})


_OUTSIDE = '<!DOCTYPE w:document [<!ENTITY a SYSTEM "{}">]>'
_PARAMETER = '<!DOCTYPE w:document [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;]>'
_QUADRATIC = '<!DOCTYPE w:document [<!ENTITY a "{}">]>'.format("哈" * 50_000)
_NUM = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
_DAMAGED, _PLAIN = "已损坏", "不是 Word 文档"
one = partial(level, 0)


def docx(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "草案.docx", make, expected, words, heavy=heavy)


CASES = [
    *cut("草案.docx", packed, (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.999), "refused", _DAMAGED),
    docx("只有一个字节", lambda: b"P", "refused", _PLAIN),
    docx("只有文件头", lambda: b"PK\x03\x04", "refused", _DAMAGED),
    docx("空的压缩容器", lambda: zipped({}), "refused", "这是压缩包"),
    docx("尾部另有一兆字节", lambda: packed() + bytes(2**20), "refused", _DAMAGED),
    docx("头部另有字节", lambda: b"PK\x03\x04" + bytes(60) + packed(), "read"),
    docx("校验和不符", lambda: patched(-1, 16, b"\1\2\3\4"), "refused", "无法解压"),
    docx("条目重叠", at_one_place, "refused", "无法解压"),
    docx("条目位置超出文件", lambda: patched(-1, 42, b"\xf0\xff\xff\x7f"), "refused", _DAMAGED),
    docx("压缩方法不存在", lambda: patched(8, 10, b"\x63\0"), "refused", "压缩方法"),
    docx("按 bzip2 压缩的炸弹", lambda: compressed(zipfile.ZIP_BZIP2, 60 * 2**20), "refused", "压缩方法"),
    docx("按 LZMA 压缩的炸弹", lambda: compressed(zipfile.ZIP_LZMA, 60 * 2**20), "refused", "压缩方法"),
    docx("压缩炸弹", lambda: packed(document(" " * (60 * 2**20))), "refused", "压缩炸弹"),
    docx("解压后超过一个条目的上限", lambda: packed(document(GOOD * 1_200_000)), "refused", "limits."),
    docx("条目一万个", lambda: many(10_000), "refused", "limits.entries"),
    docx("重名条目", lambda: doubled(MAIN), "refused", "重名"),
    docx("大小写不同的重名条目", lambda: doubled("WORD/Document.XML"), "refused", "重名"),
    docx("斜杠方向不同的重名条目", lambda: doubled("word\\document.xml"), "refused", "重名"),
    docx("条目名指向外面", lambda: zipped({**parts(), "../../../etc/passwd": "x"}), "read"),
    docx("条目名是绝对路径", lambda: zipped({**parts(), "/etc/passwd": "x"}), "read"),
    docx("条目标明已加密", lambda: patched(6, 8, b"\1"), "refused", "已加密"),
    docx("没有正文部分", lambda: zipped({"[Content_Types].xml": CONTENT_TYPES}), "refused", "缺少正文"),
    docx("正文是空的", lambda: packed(document("")), "refused", "空白"),
    docx("正文部分不是 XML", lambda: packed("甲" * 100), "refused", "不是完好的 XML"),
    docx("正文部分零字节", lambda: packed(b" "), "refused", "不是完好的 XML"),
    docx("没有 body", lambda: packed(f"<w:document {NAMES}/>"), "refused", "没有正文"),
    docx("外部实体：本机文件", lambda: typed(_OUTSIDE.format("file:///etc/passwd"), "&a;"), "refused", "DTD"),
    docx("外部实体：网址", lambda: typed(_OUTSIDE.format("http://127.0.0.1:9/"), "&a;"), "refused", "DTD"),
    docx("外部实体：参数实体", lambda: typed(_PARAMETER, "甲"), "refused", "DTD"),
    docx("只有 DTD 声明", lambda: typed("<!DOCTYPE w:document>", SAID), "refused", "DTD"),
    docx("实体层层展开", lambda: typed(grown(10, 10), "&l9;"), "refused", "DTD"),
    docx("实体平方展开", lambda: typed(_QUADRATIC, "&a;" * 20_000), "refused", "DTD"),
    docx("实体互相引用", lambda: typed('<!DOCTYPE w:document [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"), "refused", "DTD"),
    docx("样式部分里的实体炸弹", lambda: laughing_part("styles"), "refused", "DTD"),
    docx("编号部分里的实体炸弹", lambda: laughing_part("numbering"), "refused", "DTD"),
    docx("脚注部分里的实体炸弹", lambda: laughing_part("footnotes"), "refused", "DTD"),
    docx("XInclude", lambda: packed(document(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>{GOOD}')), "read"),
    docx("UTF-16 的正文", lambda: encoded("utf-16", "UTF-16", 5), "read"),
    docx("EBCDIC 编码藏元素", lambda: encoded("cp037", "cp037", 1_100_000), "refused", "编码"),
    docx("UTF-7 编码藏元素", lambda: encoded("utf-7", "UTF-7", 100), "refused", "编码"),
    docx("嵌套 400 层", lambda: nested("w:x", 400), "refused", "limits.depth"),
    docx("嵌套十万层", lambda: nested("w:x", 100_000), "refused", "limits.depth"),
    docx("内容控件嵌套 200 层", lambda: nested("w:sdtContent", 200), "read"),
    docx("表格嵌套 70 层", lambda: in_tables(70), "read"),
    docx("元素一百一十万个", lambda: packed(document("<w:p/>" * 1_100_000)), "refused", "limits.elements"),
    docx("属性十万个", lambda: attributes(100_000, 'a{}=""'), "read"),
    docx("命名空间两万个", lambda: attributes(20_000, 'xmlns:n{0}="u{0}"'), "read"),
    docx("一个属性五兆字节", lambda: attributes(1, 'a{}="' + "甲" * 1_700_000 + '"'), "read"),
    docx("连续文字一千一百万字节", lambda: packed(document(para("a1" * 5_500_000))), "refused", "连续文字"),
    docx("文字五百一十万字", lambda: packed(document(para("".join(map(str, range(100_000, 190_000)))) * 10)), "refused", "limits.characters"),
    docx("空段落九十万个", lambda: packed(document(GOOD + "<w:p/>" * 900_000)), "read", heavy=True),
    docx("换行三十万个", lambda: packed(document(GOOD + "<w:p><w:r>" + "<w:br/>" * 300_000 + "</w:r></w:p>")), "read"),
    docx("脚注三万个", lambda: notes(30_000), "read"),
    docx("脚注引用不存在", lambda: package(para(run(SAID) + '<w:r><w:footnoteReference w:id="7"/></w:r>'), footnotes=f"<w:footnotes {NAMES}/>"), "read"),
    docx("表格四百行乘一百格", lambda: grid(400, 100), "read"),
    docx("一行五万格", lambda: grid(1, 50_000), "read"),
    docx("跨十亿列", lambda: packed(document(GOOD + '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>')), "read"),
    docx("编号一万亿", lambda: with_list(one("decimal", "%1.").replace('w:val="1"', f'w:val="{10**12}"')), "read"),
    docx("罗马数字二十亿", lambda: with_list(one("lowerRoman", "%1.").replace('w:val="1"', 'w:val="2000000000"')), "read"),
    docx("字母编号二十亿", lambda: with_list(one("lowerLetter", "%1.").replace('w:val="1"', 'w:val="2000000000"')), "read"),
    docx("汉字编号负数", lambda: with_list(one("chineseCounting", "%1、").replace('w:val="1"', 'w:val="-5"')), "read"),
    docx("编号不是数字", lambda: with_list(one("decimal", "%1.").replace('w:val="1"', 'w:val="甲"')), "read"),
    docx("编号格式很长又很多", lambda: with_list(one("decimal", "甲%1" * 2000), count=2000), "refused", "limits.characters"),
    docx("编号引用自己", lambda: with_list('<w:numStyleLink w:val="a"/>' + one("decimal", "%1."), nums=_NUM), "read"),
    docx("列表级别超出", lambda: package(GOOD + listed("乙", 1, 10**9), numbering=numbering(one("decimal", "%1."))), "read"),
    docx("列表号码超出", lambda: package(GOOD + listed("乙", 10**30), numbering=numbering(one("decimal", "%1."))), "read"),
    docx("样式依据自己", lambda: styled(style("a", '<w:basedOn w:val="a"/>')), "read"),
    docx("样式依据成环", lambda: styled(style("a", '<w:basedOn w:val="b"/>'), style("b", '<w:basedOn w:val="a"/>')), "read"),
    docx("样式依据一万层", lambda: styled(*(style(f"s{n}", f'<w:basedOn w:val="s{n + 1}"/>') for n in range(10_000)), body=GOOD + para("乙", '<w:pStyle w:val="s0"/>')), "read"),
    docx("关系指向自己", lambda: related(relation("styles", "document.xml"), relation("footnotes", "document.xml")), "read"),
    docx("关系指向外面", lambda: related(relation("styles", "../../../../etc/passwd")), "read"),
    docx("关系指向网址", lambda: related(relation("styles", "http://127.0.0.1:9/", 'TargetMode="External"')), "read"),
    docx("关系指向不存在的部分", lambda: related(relation("numbering", "none.xml")), "read"),
    docx("域没有结束", lambda: packed(document(para(field("begin") * 20_000) + GOOD)), "read"),
    docx("域只有结束", lambda: packed(document(para(field("end") * 20_000) + GOOD)), "read"),
    docx("带宏", lambda: zipped({**parts(), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600)}), "read", "宏"),
    docx("嵌入 OLE 对象", lambda: packed(document(GOOD + para('<w:r><w:object><o:OLEObject ProgID="Package"/></w:object></w:r>'))), "gap", "嵌入对象"),
    docx("插入其他文档", lambda: packed(document(GOOD + '<w:altChunk r:id="r9"/>')), "gap", "altChunk"),
    docx("DDE 域", lambda: packed(document(para(run(SAID) + '<w:fldSimple w:instr=" DDEAUTO c:\\\\cmd.exe "/>'))), "read"),
    docx("双向控制字符", lambda: packed(document(GOOD + para("\u202e倒\u2066着\u2069写\u200b\ufeff"))), "read"),
    docx("零宽字符一百万个", lambda: packed(document(GOOD + para("\u200b" * 1_000_000))), "read"),
    docx("零字符", lambda: packed(document(para(run_raw("甲&#0;乙")))), "refused", "不是完好的 XML"),
    docx("孤立的代理项", lambda: packed(document(para(run_raw("甲&#xD800;乙")))), "refused", "不是完好的 XML"),
    docx("非字符和私用区", lambda: packed(document(GOOD + para("\ue000\U000fffff\U0010fffd\ufdd0"))), "read"),
    docx("其实是 Excel", lambda: zipped({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<x/>"}), "refused", "Excel"),
    docx("其实是 PowerPoint", lambda: zipped({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": "<x/>"}), "refused", "PowerPoint"),
    docx("其实是图片", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "refused", "图片"),
    docx("其实是 RAR", lambda: b"Rar!\x1a\x07" + bytes(100), "refused", "RAR"),
    docx("其实是文本", SAID.encode, "refused", _PLAIN),
    docx("其实是网页", f"<html><body><p>{SAID}</p></body></html>".encode, "read"),
    file("文本扩展名的 Word 文件", "草案.txt", packed, "read", SAID),
    file("没有扩展名的 Word 文件", "草案", packed, "read", SAID),
]  # fmt: skip
