"""Make the Word templates of the forms: templates/opinion.docx, fair.docx, filing.docx.

    python bench/templates.py

Layout after GB/T 9704—2012 (A4; 37 mm above, 28 mm left, text of 156 × 225 mm; titles 小标宋, text 仿宋,
headings 黑体 and 楷体). An office changes its copy in Word: ``checker template opinion -o 模板.docx``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from checker.sources.archive import Archive
from checker.word.package import rewritten

ROOT = Path(__file__).resolve().parent.parent
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
WIDTH = 156
_DAY = datetime(2026, 1, 1)
#: Column widths (mm) of the tables.
_FACTS, _CARD, _RULES = (28, 50, 28, 50), (24, 132), (50, 80, 26)


class Paper:
    """One template under construction."""

    def __init__(self, title: str, note: str) -> None:
        self.word = docx.Document()
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        normal = self.word.styles["Normal"]
        _font(normal, FANG, 16)
        properties = self.word.core_properties
        properties.created = properties.modified = _DAY
        properties.title, properties.author = title, "checker"
        self.line(title, SONG, 22, spacing=36, centred=True, indent=False)
        self.line(note, KAI, 12, spacing=20, centred=True, indent=False)
        self._page_number(section)

    def _page_number(self, section: Any) -> None:
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _say(paragraph, "— ", "宋体", 14)
        run = _say(paragraph, "", "宋体", 14)
        for kind, words in (("begin", ""), ("", " PAGE "), ("separate", ""), ("end", "")):
            node = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                node.set(qn("w:fldCharType"), kind)
            else:
                node.text = words
                node.set(qn("xml:space"), "preserve")
            run._r.append(node)
        _say(paragraph, " —", "宋体", 14)

    def line(
        self, words: str, font: str = FANG, size: float = 16, *, spacing: float = 28,
        centred: bool = False, indent: bool = True,
    ) -> None:  # fmt: skip
        """One paragraph."""
        paragraph = self.word.add_paragraph()
        _set(paragraph, spacing)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        if font in (HEI, KAI) and not centred:
            paragraph.paragraph_format.keep_with_next = True
        _say(paragraph, words, font, size)

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[int], *, together: bool = False
    ) -> None:
        """A table; a row of fewer cells than columns gives the room to its last cell.

        Words after ``#`` stand in 黑体, after ``##`` centred as well, as do labels (the first and third
        of four cells, the first of two). ``together`` keeps all rows on one page.
        """
        table = self.word.add_table(len(rows), len(widths), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _fix_layout(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for r, texts in enumerate(rows):
            cells = table.rows[r].cells
            for c, width in enumerate(widths):
                cells[c].width = Mm(width)
            if len(texts) < len(widths):
                cells[len(texts) - 1].merge(cells[-1])
            no_split = OxmlElement("w:cantSplit")
            table.rows[r]._tr.get_or_add_trPr().append(no_split)
            kept = together and r + 1 < len(rows)
            for c, words in enumerate(texts):
                _write(table.rows[r].cells[c], words, label=_is_label(texts, c), kept=kept)
        self.line("", size=8, spacing=10, indent=False)

    def save(self, name: str) -> None:
        """Write the template; the same bytes each time."""
        out = io.BytesIO()
        self.word.save(out)
        archive = Archive(out.getvalue(), name)
        parts = {entry.filename: archive.read(entry.filename) for entry in archive.entries}
        path = ROOT / "templates" / f"{name}.docx"
        path.write_bytes(rewritten(_Undated(out.getvalue(), name), parts))


class _Undated(Archive):
    """A container whose parts all bear the first day that a zip knows."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data, name)
        for entry in self.entries:
            entry.date_time = (1980, 1, 1, 0, 0, 0)


def _is_label(texts: Sequence[str], column: int) -> bool:
    return len(texts) in (2, 4) and column % 2 == 0 and not any("{{" in t for t in texts[::2])


def _write(cell: Any, words: str, *, label: bool, kept: bool) -> None:
    for i, line in enumerate(words.split("\n")):
        paragraph = cell.paragraphs[0] if i == 0 else cell.add_paragraph()
        _set(paragraph, 18)
        paragraph.paragraph_format.keep_with_next = kept or None
        heading = line.startswith("#")
        if label or line.startswith("##"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _say(paragraph, line.lstrip("#"), HEI if heading or label else FANG, 11)
    cell.vertical_alignment = 1


def _fix_layout(table: Any) -> None:
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    if layout is None:
        layout = OxmlElement("w:tblLayout")
        table._tbl.tblPr.append(layout)
    layout.set(qn("w:type"), "fixed")


def _set(paragraph: Any, spacing: float) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)


def _say(paragraph: Any, words: str, font: str, size: float) -> Any:
    run = paragraph.add_run(words)
    _font(run, font, size)
    return run


def _font(owner: Any, font: str, size: float) -> None:
    owner.font.name, owner.font.size = font, Pt(size)
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(script), font)


_NOTE = "所列为问题线索，供审核人员判断；意见和结论由人填写，签署后有效。"
_METHOD = (
    "预审由 {{引擎}} 按规则集 {{规则集}}（{{规则数}} 条规则）、适用方案 {{适用方案}} 进行，"
    "按 {{判断日期}}（{{判断日期来源}}）有效的规定判断；{{法规目录}}。"
)


def _card(kind: str) -> list[list[str]]:
    """The rows of one finding."""
    rows = [[f"#{{{{{kind}.序号}}}}．{{{{{kind}.标题}}}}（{{{{{kind}.编号}}}}）"]]
    rows += [
        [f"##{column}", f"{{{{{kind}.{column}}}}}"]
        for column in ("条款", "原文", "问题", "依据", "建议")
    ]
    rows.append(["##审核意见", f"第{{{{{kind}.序号}}}}项：□采纳　□部分采纳　□不采纳\n理由："])
    return rows


def opinion() -> None:
    """合法性审核意见书."""
    paper = Paper("合法性审核意见书", _NOTE)
    paper.line("一、送审文件", HEI)
    paper.table(
        [
            ["文件名称", "{{标题}}"],
            ["制定机关", "{{制定机关}}", "发文字号", "{{发文字号}}"],
            ["成文日期", "{{成文日期}}", "施行日期", "{{施行日期}}"],
            ["有效期", "{{有效期}}", "起草单位", ""],
            ["送审材料名", "{{文件名}}", "送审日期", ""],
        ],
        _FACTS,
    )
    paper.line("二、审核材料", HEI)
    paper.table(
        [["##程序", "##状态", "##材料和日期", "##说明"],
         ["{{步骤.步骤}}", "{{步骤.状态}}", "{{步骤.材料}}\n{{步骤.日期}}", "{{步骤.说明}}"]],
        (40, 24, 46, 46),
    )  # fmt: skip
    paper.line("三、审核方法和局限", HEI)
    paper.line(_METHOD)
    paper.line(
        "{{读取范围}}。按规则列明的豁免情形放行 {{按规则豁免数}} 处，已登记豁免 {{已豁免数}} 处。"
    )
    paper.line(
        "预审只看写出来的文字，不核对事实、授权和所引条文的内容。没有列出的，不等于合法；列出的，也可能不成立。"
    )
    paper.line("没有检查的内容：", KAI)
    paper.line("{{未检查.序号}}．{{未检查.内容}}")
    paper.line("其他说明：", KAI)
    paper.line("{{说明.序号}}．{{说明.内容}}")
    paper.line("四、问题线索", HEI)
    paper.line("错误 {{错误数}} 处，提醒 {{提醒数}} 处，提示 {{提示数}} 处。")
    for number, kind, words in (
        ("（一）", "错误", "依据明确、问题严重"),
        ("（二）", "提醒", "需要核实"),
    ):
        paper.line(f"{number}{kind}（{words}）", KAI)
        paper.table(_card(kind), _CARD, together=True)
    paper.line("（三）提示（供参考）", KAI)
    paper.table(
        [["##序号", "##条款", "##问题", "##是否采纳"],
         ["{{提示.序号}}", "{{提示.条款}}", "{{提示.标题}}：{{提示.问题}}", "□是　□否"]],
        (14, 32, 84, 26),
    )  # fmt: skip
    paper.line("五、审核意见（由审核人员填写）", HEI)
    paper.table(
        [
            ["##审核意见", "□同意　□修改后同意　□不同意\n\n具体意见：\n\n\n"],
            ["##审核人员", "签名：　　　　　　　　　　　　年　　月　　日"],
            ["##审核机构\n负责人", "签名（盖章）：　　　　　　　　年　　月　　日"],
        ],
        _CARD,
        together=True,
    )
    paper.save("opinion")


_STANDARDS = (
    ("MKT", "一、市场准入和退出（条例第八条）"),
    ("FLOW", "二、商品、要素自由流动（条例第九条）"),
    ("COST", "三、影响生产经营成本（条例第十条）"),
    ("BEH", "四、影响生产经营行为（条例第十一条）"),
    ("BID", "五、招标投标、政府采购中的公平竞争"),
)


def _standard(families: str, heading: str, boxes: str) -> list[list[str]]:
    return [
        [f"#{heading}"],
        ["##条款和原文", "##问题线索和依据", "##审查意见"],
        [
            f"{{{{{families}.条款}}}}\n{{{{{families}.原文}}}}",
            f"（{{{{{families}.级别}}}}）{{{{{families}.问题}}}}\n依据：{{{{{families}.依据}}}}",
            boxes,
        ],
    ]


def fair() -> None:
    """公平竞争审查表."""
    paper = Paper("公平竞争审查表", _NOTE)
    paper.table(
        [
            ["政策措施名称", "{{标题}}"],
            ["制定机关", "{{制定机关}}", "起草单位", ""],
            ["联系人", "", "联系电话", ""],
            ["文件性质", "□规章　□规范性文件　□其他政策措施"],
            ["是否涉及经营者经济活动", "□是　□否　理由："],
            [
                "听取意见",
                "□公开征求意见　□听取经营者、行业协会商会意见\n时间、对象、意见和采纳情况：",
            ],
        ],
        _FACTS,
    )
    paper.line("审查标准", HEI, indent=False)
    for family, heading in _STANDARDS:
        paper.table(_standard(family, heading, "□不违反\n□违反\n□适用例外"), _RULES, together=True)
    paper.line("例外规定和审查结论（由审查人员填写）", HEI, indent=False)
    paper.table(
        [
            ["##例外规定\n（条例第十二条）",
             "□国家安全和发展利益\n□科技进步、自主创新\n□节能环保、救灾救助等社会公共利益\n"
             "□法律、行政法规规定或者国务院批准的情形\n□不适用例外规定"],
            ["##适用理由", "没有对公平竞争影响更小的替代方案：□是　□否\n实施期限或者终止条件：\n理由：\n"],
            ["##审查结论", "□可以出台　□修改后出台　□不得出台\n\n理由：\n\n"],
            ["##起草单位", "经办人：　　　　　负责人（盖章）：　　　　　年　　月　　日"],
            ["##市场监督\n管理部门", "经办人：　　　　　负责人（盖章）：　　　　　年　　月　　日"],
        ],
        (30, 126),
        together=True,
    )  # fmt: skip
    paper.line(
        _METHOD + "“条例”指《公平竞争审查条例》，自2024年8月1日起施行；此前的文件按当时的规定审查。",
        FANG, 12, spacing=20,
    )  # fmt: skip
    paper.save("fair")


_POINTS = (
    ("PWR", "一、制定主体和权限"),
    ("LIC、PEN、ENF、FEE、TAK、CRT、CRD", "二、设定许可、处罚、强制、收费、征收、证明、惩戒等事项"),
    ("RGT、REM、RET", "三、减损权利、增加义务、限制救济、溯及既往"),
    ("MKT、FLOW、COST、BEH、BID", "四、公平竞争"),
    ("CIT", "五、引用的依据"),
    ("VAL", "六、施行日期和有效期"),
    ("PRO", "七、制定程序"),
    ("FMT、TXT", "八、体例和文字"),
)


def filing() -> None:
    """备案审查登记表."""
    paper = Paper("备案审查登记表", _NOTE)
    paper.table(
        [
            ["文件名称", "{{标题}}"],
            ["制定机关", "{{制定机关}}", "发文字号", "{{发文字号}}"],
            ["成文日期", "{{成文日期}}", "公布日期", ""],
            ["施行日期", "{{施行日期}}", "有效期", "{{有效期}}"],
            ["报备机关", "", "报备日期", ""],
            ["登记编号", "", "登记日期", ""],
            ["是否按期报备", "□是　□否", "材料是否齐全", "□是　□否，应补："],
        ],
        _FACTS,
    )
    paper.line("报备材料", HEI, indent=False)
    paper.table(
        [["##程序", "##状态", "##材料和日期", "##说明"],
         ["{{步骤.步骤}}", "{{步骤.状态}}", "{{步骤.材料}}\n{{步骤.日期}}", "{{步骤.说明}}"]],
        (40, 24, 46, 46),
    )  # fmt: skip
    paper.line("审查内容", HEI, indent=False)
    for families, heading in _POINTS:
        paper.table(_standard(families, heading, "□成立\n□不成立\n□需核实"), _RULES, together=True)
    paper.line("审查意见（由审查人员填写）", HEI, indent=False)
    paper.table(
        [
            [
                "##审查意见",
                "□准予登记　□补正后登记　□不予登记\n□建议制定机关自行改正　□其他\n\n理由：\n\n",
            ],
            ["##承办人", "签名：　　　　　　　　　　　　年　　月　　日"],
            ["##负责人", "签名（盖章）：　　　　　　　　年　　月　　日"],
        ],
        _CARD,
        together=True,
    )
    paper.line("没有检查的内容：{{未检查.内容}}", FANG, 12, spacing=20)
    paper.line(_METHOD, FANG, 12, spacing=20)
    paper.save("filing")


def main() -> None:
    """Command line."""
    for make in (opinion, fair, filing):
        make()


if __name__ == "__main__":
    main()
