"""Rebuild the example drafts, always to the same bytes; needs python-docx.

The drafts are invented. They use what real drafts use: automatic numbering for 章, 条 and （一）,
a table, a tracked change and a footnote.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement

HERE = Path(__file__).parent
CHAPTER, ARTICLE, ITEM = range(3)
NUMBERING = f"""
<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
  <w:suff w:val="space"/><w:lvlText w:val="第%1章"/><w:lvlJc w:val="left"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
  <w:lvlRestart w:val="0"/><w:suff w:val="space"/><w:lvlText w:val="第%2条"/>
  <w:lvlJc w:val="left"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
  <w:suff w:val="nothing"/><w:lvlText w:val="（%3）"/><w:lvlJc w:val="left"/></w:lvl>
</w:abstractNum>"""
FOOTNOTES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>
</w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{{0}}</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""


class Draft:
    """A Word document in the making."""

    def __init__(self) -> None:
        self.word = Document()
        normal = self.word.styles["Normal"]
        normal.font.name = "仿宋"
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
        numbering = self.word.part.numbering_part.element
        numbering.insert(0, parse_xml(NUMBERING))
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
        )

    def line(self, text: str, *, middle: bool = False, right: bool = False) -> Any:
        """A paragraph."""
        paragraph = self.word.add_paragraph(text)
        if middle:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return paragraph

    def numbered(self, level: int, text: str) -> Any:
        """A paragraph whose number Word counts."""
        paragraph = self.word.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        number = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", level), ("w:numId", 90)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), str(value))
            number.append(child)
        properties.append(number)
        return paragraph

    def body(self, text: str) -> None:
        """Lines of a text: ``# `` chapter, ``- `` item, ``  `` further paragraph, else article."""
        for line in text.strip().splitlines():
            if line.startswith("# "):
                self.numbered(CHAPTER, line[2:]).alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif line.startswith("  "):
                self.line(line.strip())
            elif line.startswith("- "):
                self._written(ITEM, line[2:])
            else:
                self._written(ARTICLE, line)

    def _written(self, level: int, line: str) -> None:
        """A numbered paragraph that may hold one tracked change, written 【old→new】."""
        before, _, rest = line.partition("【")
        paragraph = self.numbered(level, before)
        if not rest:
            return
        change, after = rest.split("】")
        old, new = change.split("→")
        space = nsdecls("w")
        author = 'w:author="法规科" w:date="2024-08-20T09:00:00Z"'
        for xml in (
            f'<w:del {space} w:id="1" {author}><w:r><w:delText>{old}</w:delText></w:r></w:del>',
            f'<w:ins {space} w:id="2" {author}><w:r><w:t>{new}</w:t></w:r></w:ins>',
        ):
            paragraph._p.append(parse_xml(xml))
        paragraph.add_run(after)

    def table(self, rows: list[tuple[str, ...]]) -> None:
        """A table."""
        table = self.word.add_table(0, len(rows[0]), style="Table Grid")
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text

    def footnote(self, paragraph: Any, text: str) -> None:
        """The footnote of the document, at the end of a paragraph."""
        part = Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            FOOTNOTES.format(text).encode(),
            self.word.part.package,
        )
        self.word.part.relate_to(part, RT.FOOTNOTES)
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), "1")
        paragraph.add_run()._r.append(reference)

    def save(self, path: Path) -> None:
        """Write the file without anything that changes from one build to the next."""
        facts = self.word.core_properties
        facts.author, facts.title = "legality-precheck", path.stem
        facts.created = facts.modified = datetime(2024, 1, 1)
        built = io.BytesIO()
        self.word.save(built)
        with zipfile.ZipFile(built) as old, zipfile.ZipFile(path, "w") as new:
            for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 0
                new.writestr(entry, old.read(name))


FAULTY = """
# 总则
为规范乡村民宿经营，促进乡村旅游健康发展，根据《中华人民共和国旅游法》等法律法规，结合本县实际，制定本办法。
本县行政区域内乡村民宿的开办、经营和监督管理，适用本办法。
  本办法所称乡村民宿，是指利用乡村住宅等闲置资源，为旅游者提供住宿和体验服务的小型场所。
县文化和旅游局（以下简称县文旅局）负责乡村民宿的指导和服务工作，有关部门按照职责分工（见附表）做好相关工作。
# 开办
开办乡村民宿应当符合治安、消防、卫生等方面的要求；依法需要取得特种行业许可、卫生许可的，按照有关法律、行政法规的规定办理。
乡村民宿实行备案管理。未取得县文旅局核发的备案证明的，不得从事民宿经营活动。
经营者应当在开业前向县旅游服务中心缴存文明经营保证金五千元，两年内无投诉的予以退还。
县外企业在本县投资经营乡村民宿的，应当在本县设立具有独立法人资格的子公司。
# 经营规范
乡村民宿的价格由经营者依法自主制定，明码标价。
乡村民宿的布草洗涤和消防设施维护保养，统一由县旅游发展集团有限公司承担，经营者不得另行委托其他单位。
任何单位和个人不得强制经营者参加付费培训、评比，不得向经营者摊派费用。
乡村民宿集群建设项目招标时，对注册地在本县的投标人在综合评分中加【三→五】分。
县人民政府有关部门在项目招标、政府采购中，不得以所有制形式、组织形式等不合理条件限制潜在投标人。
# 监督管理
县文旅局应当会同有关部门建立联合检查机制，合理确定检查频次，减少对正常经营活动的干扰。
违反本办法第五条规定擅自经营的，由县文旅局处二千元以上一万元以下罚款。
违反消防安全管理规定的，由消防救援机构依照《中华人民共和国消防法》的有关规定处理。
经营者逾期不改正的，由县文旅局通知供电、供水企业对其停止供电、供水。
有下列情形之一的，县文旅局应当及时提醒、约谈经营者：
- 未明码标价的；
- 未公示服务项目的；
- 旅游者投诉较多的。
经营者被查处两次以上的，其配偶、子女不得申请本县乡村旅游扶持资金。
# 附则
本办法自2024年11月1日起施行，有效期至2026年10月31日。
"""

CLEAN = """
# 总则
为加强农村公共照明设施管护，方便群众出行，根据《中华人民共和国乡村振兴促进法》等法律法规，结合本县实际，制定本办法。
本县行政区域内农村公共照明设施的管护及其监督，适用本办法。
农村公共照明设施管护坚持政府引导、村民参与、节能高效的原则。
# 管护责任
乡镇人民政府负责本辖区农村公共照明设施管护的组织协调，县住房和城乡建设局负责业务指导。
村民委员会可以通过购买服务等方式确定管护单位。确定管护单位应当公开、公平，不得限定或者变相限定特定的经营者。
管护单位应当履行下列职责：
- 每月巡查【一→两】次，并做好记录；
- 接到故障报修后及时维修；
- 按照约定报告管护情况。
管护经费由县、乡两级财政保障。任何单位和个人不得以管护为名向村民收取费用、保证金。
# 监督
县住房和城乡建设局应当公布报修电话，及时答复群众反映的问题。
损坏公共照明设施，构成违反治安管理行为的，由公安机关依照《中华人民共和国治安管理处罚法》的规定处理。
有关单位及其工作人员在管护工作中滥用职权、玩忽职守的，依法给予处分。
# 附则
本办法自2024年12月1日起施行，有效期五年。
"""

NOTICE = """东林县城市管理局关于规范沿街商铺户外招牌设置的通告

东城管规〔2024〕2号

　　为维护市容环境，保障公共安全，根据《城市市容和环境卫生管理条例》，结合本县实际，现就规范沿街商铺户外招牌设置有关事项通告如下：

　　一、设置要求
　　（一）户外招牌应当牢固、安全，与周边环境相协调。
　　（二）设置户外招牌不得遮挡交通信号灯、交通标志，不得妨碍他人通行、采光。

　　二、办理方式
　　（一）商铺经营者设置户外招牌，应当由东林县安居检测有限公司出具安全检测报告，其他机构出具的报告不予认可。
　　（二）商铺经营者应当在设置前交纳拆除押金二千元。
　　（三）我局不得收取办理费用，不得要求重复提交材料。

　　三、监督管理
　　对未按照要求设置的，由我局责令改正；依法应当给予行政处罚的，依照有关法律、法规的规定执行。

　　本通告自2024年10月1日起施行，有效期至2029年9月30日。

东林县城市管理局
2024年8月26日
"""


def build_faulty() -> Draft:
    """The draft with faults: a notice that issues a set of measures."""
    draft = Draft()
    draft.line("东林县人民政府关于印发《东林县乡村民宿管理暂行办法》的通知", middle=True)
    draft.line("东政规〔2024〕6号", middle=True)
    draft.line("各乡镇人民政府，县政府各部门：")
    draft.line("《东林县乡村民宿管理暂行办法》已经县人民政府同意，现印发给你们，请认真贯彻执行。")
    draft.line("东林县人民政府", right=True)
    draft.line("2024年9月10日", right=True)
    title = draft.line("东林县乡村民宿管理暂行办法", middle=True)
    draft.footnote(title, "本办法由县文旅局起草。")
    draft.body(FAULTY)
    draft.line("附表", middle=False)
    draft.table(
        [
            ("部门", "职责"),
            ("县文旅局", "服务质量指导、行业统计"),
            ("县公安局", "治安管理"),
            ("县消防救援大队", "消防安全监督检查"),
        ]
    )
    return draft


def build_clean() -> Draft:
    """The draft in which nothing should be found."""
    draft = Draft()
    draft.line("东林县人民政府办公室关于印发《东林县农村公共照明设施管护办法》的通知", middle=True)
    draft.line("东政办规〔2024〕9号", middle=True)
    draft.line("各乡镇人民政府，县政府有关部门：")
    draft.line(
        "《东林县农村公共照明设施管护办法》已经县人民政府同意，现印发给你们，请结合实际贯彻落实。"
    )
    draft.line("东林县人民政府办公室", right=True)
    draft.line("2024年10月18日", right=True)
    draft.line("东林县农村公共照明设施管护办法", middle=True)
    draft.body(CLEAN)
    return draft


if __name__ == "__main__":
    build_faulty().save(HERE / "faulty.docx")
    build_clean().save(HERE / "clean.docx")
    (HERE / "notice.txt").write_text(NOTICE, encoding="utf-8", newline="\n")
