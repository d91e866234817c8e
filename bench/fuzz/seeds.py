"""Seeds: small valid files of each format, made by the writers of the tests, and texts of drafts."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path

from bench.fuzz.mutation import packed, parts_of
from tests.documents import ofd, pdfs, wordml

ROOT = Path(__file__).resolve().parents[2]
_W = 'w:val="{}"'
DRAFT = """某县人民政府关于印发《某县停车场管理办法》的通知
某政发〔2024〕3号
各乡镇人民政府，县直各单位：
现将《某县停车场管理办法》印发给你们，请遵照执行。
某县人民政府
2024年3月1日
某县停车场管理办法
第一章 总则
第一条 为了规范停车场管理，根据《中华人民共和国道路交通安全法》第三十三条，制定本办法。
第二条 本办法所称停车场，是指供车辆停放的场所。
第二章 管理
第三条 经营者应当具备下列条件：
（一）在本县设立具有独立法人资格的公司；
（二）缴纳保证金五万元，按每车位30元预存：
1.现金；
2.银行保函。
前款规定的保证金，由县财政局收取。
第四条 外地企业不得参加投标，但是另有规定的除外。
第五条 违反本办法第三条第一款第（二）项的，由县交通局处1000元罚款。
第六条 本办法自2024年4月1日起施行，有效期5年。《某县停车管理规定》（某政发〔2010〕5号）同时废止。
附件：1.申请表
"""
TABLE = (("项目", "标准"), ("停车费", "每小时5元"), ("保证金", "五万元"))


@cache
def drafts() -> tuple[str, ...]:
    """Texts of drafts: the one here, the examples, the cases of structure."""
    import yaml

    from checker.sources import read_path

    cases = yaml.safe_load((ROOT / "tests/cases/structure.yaml").read_text("utf-8"))
    files = ("faulty.docx", "clean.docx", "notice.txt")
    return (
        DRAFT,
        *(read_path(ROOT / "examples" / name).text for name in files),
        *(case["text"] for case in cases if isinstance(case, dict) and "text" in case),
    )


def _lines(text: str = DRAFT) -> list[str]:
    return text.strip().split("\n")


def docx() -> tuple[bytes, ...]:
    """Word files: plain; with lists, table, notes, header, changes, text box, field."""
    body = "".join(map(wordml.para, _lines()))
    levels = wordml.level(0, "chineseCounting", "第%1条 ") + wordml.level(
        1, "chineseCounting", "（%2）"
    )
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{wordml.para(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in TABLE
    )
    note = f'{wordml.run("收费")}<w:r><w:footnoteReference w:id="2"/></w:r>{wordml.run("的标准")}'
    change = f'<w:ins w:id="1">{wordml.run("应当")}</w:ins><w:del w:id="2"><w:r><w:delText>可以</w:delText></w:r></w:del>'
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{wordml.para('框内文字')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    rich = "".join(
        (
            wordml.para("某县停车场管理办法", '<w:pStyle w:val="T"/>'),
            wordml.listed("经营者应当缴纳保证金：", 1),
            wordml.listed("五万元；", 1, 1),
            wordml.listed("在本县设立子公司。", 1, 1),
            wordml.para(note),
            wordml.para(change),
            wordml.para(field),
            wordml.para(box),
            f"<w:tbl>{rows}</w:tbl>",
            '<w:sdt><w:sdtContent><w:p><w:r><w:t>甲</w:t><w:tab/><w:br/><w:sym w:font="Wingdings" w:char="F0A8"/></w:r></w:p></w:sdtContent></w:sdt>',
        )
    )
    notes = f'<w:footnotes {wordml.NAMES}><w:footnote w:id="2">{wordml.para("注文")}</w:footnote></w:footnotes>'
    styles = (
        f'<w:styles {wordml.NAMES}><w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/>'
        '<w:basedOn w:val="N"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="N"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    )
    header = f"<w:hdr {wordml.NAMES}>{wordml.para('某县人民政府文件')}</w:hdr>"
    parts = {
        "numbering": wordml.numbering(levels),
        "footnotes": notes,
        "styles": styles,
        "header1": header,
    }
    return tuple(
        packed(parts_of(package), deflated=True)  # without the hour at which it was made
        for package in (wordml.package(body), wordml.package(rich, **parts))
    )


def pdf() -> tuple[bytes, ...]:
    """PDFs: paragraphs with header and page number; a ruled table; two columns and turned text."""
    plain, ruled, columns = pdfs.Sheet(), pdfs.Sheet(), pdfs.Sheet(rotate=90)
    y = 80.0
    for line in _lines()[:14]:
        y = plain.paragraph(y, line)
    plain.text(250, 800, "— 1 —", 12)
    for i, row in enumerate(TABLE):
        for j, cell in enumerate(row):
            ruled.box(80 + 150 * j, 100 + 30 * i, 150, 30)
            ruled.text(85 + 150 * j, 120 + 30 * i, cell)
    ruled.line(80, 300, 400, 300)
    ruled.text(80, 330, "注：本表由县财政局制定。", 10)
    for i in range(8):
        columns.text(60, 100 + 24 * i, "第三条 经营者应当缴纳")
        columns.text(320, 100 + 24 * i, "第四条 外地企业不得")
    columns.turned(200, 500, "草稿")
    return pdfs.pdf(plain), pdfs.pdf(ruled, columns), pdfs.pdf(ruled, embedded=False)


def ofd_files() -> tuple[bytes, ...]:
    """OFD files of paragraphs."""
    return ofd.written(["^某县停车场管理办法", *_lines()[7:16]], header="某县文件"), ofd.written(
        ["甲"]
    )


def html() -> tuple[bytes, ...]:
    """Web pages: a government page with navigation, table and script; a plain one; one of Word."""
    body = "".join(f"<p>{escape(line)}</p>" for line in _lines())
    rows = "".join(
        "<tr>" + "".join(f"<td colspan='1'>{c}</td>" for c in r) + "</tr>" for r in TABLE
    )
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>办法</title><style>p{display:none}</style>'
        "<script>var a='<p>';</script></head><body><nav><ul><li><a href='/a'>首页</a></li></ul></nav>"
        f'<div class="TRS_Editor" id="zoom">{body}<table border="1">{rows}</table><ol start="3"><li>甲<li>乙</ol>'
        "<!-- 注 --><p hidden>隐</p><p style='display:none'>藏</p>&nbsp;&#12288;&#x7532;<br><sup>1</sup><del>旧</del></div>"
        "<footer>版权</footer></body></html>"
    )
    plain = f"<html><body>{body}</body></html>"
    return page.encode(), plain.encode(), plain.encode("gb18030"), plain.encode("utf-16")


_ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing"))
)  # fmt: skip


def odt() -> tuple[bytes, ...]:
    """An OpenDocument text with list, table, note, change and spaces."""
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in _lines()[:10])
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in TABLE
    )
    body = (
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>旧</text:p></text:deletion>'
        '</text:changed-region></text:tracked-changes><text:h text:outline-level="1">总则</text:h>'
        f'{paragraphs}<text:list text:style-name="L"><text:list-item><text:p>缴纳<text:s text:c="2"/>保证金<text:tab/>'
        '</text:p></text:list-item><text:list-item text:start-value="5"><text:p>乙<text:change text:change-id="c"/></text:p>'
        "<text:list><text:list-item><text:p>丙</text:p></text:list-item></text:list></text:list-item></text:list>"
        f'<table:table><table:table-column table:number-columns-repeated="2"/>{cells}</table:table>'
        '<text:p>收费<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>注</text:p></text:note-body></text:note><text:line-break/>"
        "<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame></text:p>"
    )
    level = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-prefix="第" '
        'style:num-suffix="条" style:num-format="一, 二, 三, ..." text:display-levels="1"/>'
        '<text:list-level-style-number text:level="2" style:num-format="1" text:start-value="3"/></text:list-style>'
    )
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{level}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    styles = f"<office:document-styles {_ODF}/>"
    parts = (
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
        ("styles.xml", styles),
    )
    return (packed([(name, part.encode()) for name, part in parts]),)


def rtf() -> tuple[bytes, ...]:
    """Rich Text: words as bytes of a code page and as numbers; list, table, note, field, hidden words."""
    text = "\\par\n".join(_lines()[:10])
    gbk = "".join(
        c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("gb18030")) for c in text
    )
    units = text.encode("utf-16-le")
    codes = "".join(
        chr(u) if u < 128 else f"\\u{u - 65536 if u > 32767 else u}?"
        for u in (units[i] | units[i + 1] << 8 for i in range(0, len(units), 2))
    )
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce;}{\f2\fcharset2 Wingdings;}}"
    more = (
        r"{\*\listtable{\list{\listlevel\levelnfc37\levelstartat1{\leveltext\'02\'00.;}}\listid1}}"
        r"{\*\listoverridetable{\listoverride\listid1\ls1}}\pard\ls1\ilvl0{\listtext 1.\tab}\uc1 a\par"
        r"\trowd\cellx1000\cellx2000\intbl b\cell c\cell\row\pard{\footnote d}{\v e}{\*\unknown f}"
        r"{\field{\*\fldinst PAGE}{\fldrslt 1}}\line\tab\emdash\bin3 abc{\shp{\shptxt g}}\deleted h\plain"
    )
    return (
        f"{head}{gbk}\\par {more}}}".encode("latin-1"),
        f"{head}\\uc1 {codes}\\par}}".encode("latin-1"),
    )


def plain() -> tuple[bytes, ...]:
    """Texts in the encodings that are met."""
    return tuple(
        DRAFT.encode(name, "replace")
        for name in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "big5hkscs")
    )


def markdown() -> tuple[bytes, ...]:
    """Markdown with headings, lists, tables, code, links."""
    table = "\n".join(f"| {a} | {b} |" for a, b in (TABLE[0], ("---", ":--:"), *TABLE[1:]))
    text = f"# 某县停车场管理办法\n\n## 第一章 总则\n\n{DRAFT}\n\n{table}\n\n- 甲\n  - 乙\n1. 丙\n\n> **丁** *戊* `己` [庚](http://a) ~~辛~~\n\n```\n壬\n```\n<!-- 癸 -->\n"
    return (text.encode(),)


def mail() -> tuple[bytes, ...]:
    """E-mails: parts and attachments; a bare one."""
    head = "From: a@b.cn\nTo: c@d.cn\nSubject: =?gb2312?B?sOy3qA==?=\nMessage-ID: <1@b>\nMIME-Version: 1.0\n"
    page = b64encode(html()[1]).decode()
    parts = (
        'Content-Type: multipart/alternative; boundary="in"\n\n--in\nContent-Type: text/plain; charset=gb2312\n'
        "Content-Transfer-Encoding: quoted-printable\n\n=B0=EC=B7=A8\n--in\nContent-Type: text/html\n\n<p>办法</p>\n--in--\n",
        "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=UTF-8''%E5%8A%9E%E6%B3%95.html\n"
        f"Content-Transfer-Encoding: base64\n\n{page}\n",
        'Content-Type: text/plain; name="=?utf-8?B?5Yqe5rOV?=.txt"\nContent-Disposition: attachment\n\n第一条 甲。\n',
        f"Content-Type: message/rfc822\n\n{head}Content-Type: text/plain\n\n转发\n",
    )
    whole = f'{head}Content-Type: multipart/mixed; boundary="out"\n\n' + "".join(
        f"--out\n{part}" for part in parts
    )
    return f"{whole}--out--\n".encode(), f"{head}\n第一条 甲。\n".encode("gb18030")


def archives() -> tuple[bytes, ...]:
    """Zips of documents, one inside another."""
    inner = packed([("内/办法.txt", plain()[0])])
    return (
        packed(
            [
                ("办法.docx", docx()[0]),
                ("说明/说明.txt", plain()[2]),
                ("内.zip", inner),
                ("信.eml", mail()[0]),
            ]
        ),
        packed([("a.txt", b"a"), ("b.rtf", rtf()[1])]),
    )
