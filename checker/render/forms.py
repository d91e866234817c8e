"""Papers for the file: review opinion, fair competition table, filing table.

They list findings and leave every conclusion to a person. Layout is that of a Word template, which an
office may replace by its own; docxtpl is not used, for a template must not hold a program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from checker.findings import Finding, Severity
from checker.particulars import Particulars
from checker.periods import chinese_day
from checker.procedure import StepResult
from checker.render.text import REGIONS, excerpt, visible
from checker.report import Report, Tally
from checker.resources import resource
from checker.ruleset import load_ruleset
from checker.word.template import Filling, Listing, TemplateFault, fill

_FINDING = (
    "序号", "级别", "编号", "标题", "条款", "原文", "问题", "依据", "建议", "说明",
)  # fmt: skip
_STEP = ("序号", "步骤", "状态", "材料", "日期", "说明")
_LINE = ("序号", "内容")
_LISTS = ("线索", "错误", "提醒", "提示", "步骤", "未检查", "说明")


def filled(report: Report, template: bytes, name: str) -> bytes:
    """The template with what the report knows; ``name`` is for messages.

    Raises TemplateFault for a placeholder that does not exist, UnreadableSource for no Word file.
    """
    return fill(template, name, filling(report))


def filling(report: Report) -> Filling:
    """What a template may ask for; ``docs/模板.md`` explains it.

    A list of findings is 线索, 错误, 提醒, 提示, or families joined by 、 (MKT、FLOW).
    """
    return Filling(_words(report), lambda name: _listing(report, name), (*_LISTS, "MKT、FLOW"))


def _words(report: Report) -> dict[str, str]:
    about, counts = report.particulars or Particulars(), report.counts
    words = {
        "标题": about.title,
        "发文字号": about.number,
        "制定机关": about.issuer,
        "成文日期": chinese_day(about.made),
        "施行日期": about.effect,
        "有效期": about.validity,
        "文件名": PurePath(report.name).name,
        "引擎": f"checker {report.engine}",
        "规则集": report.ruleset,
        "规则数": str(report.coverage.rules),
        "适用方案": report.profile,
        "判断日期": chinese_day(report.as_of),
        "判断日期来源": report.as_of_from,
        "法规目录": _register(report),
        "读取范围": _read(report),
        "错误数": str(counts.error),
        "提醒数": str(counts.warning),
        "提示数": str(counts.info),
        "已豁免数": str(len(report.waived)),
        "按规则豁免数": str(report.exempted),
    }
    return {name: visible(value) for name, value in words.items()}


def _register(report: Report) -> str:
    if report.statutes is None:
        return "没有使用法规目录"
    day, size = report.statutes
    return f"法规目录截至{chinese_day(day)}，收录{size}件，没有收录的不作判断"


def _read(report: Report) -> str:
    seen = report.coverage
    regions = "".join(f"，{REGIONS.get(kind, kind)}{n}段" for kind, n in seen.regions)
    return f"读取{seen.characters}字、{seen.provisions}个条目{regions}"


def _listing(report: Report, name: str) -> Listing | None:
    match name:
        case "步骤":
            return Listing(
                _STEP, list(map(_step_row, _from_1(report.steps))), "只检查了文本，没有检查报备材料"
            )
        case "未检查":
            return Listing(_LINE, _lines(report.gaps), "没有。")
        case "说明":
            return Listing(_LINE, _lines(report.notes), "没有。")
    labels = {severity.label: severity for severity in Severity}
    families = frozenset(name.split("、"))
    if name in labels:
        chosen = [f for f in report.findings if f.severity is labels[name]]
    elif name == "线索":
        chosen = list(report.findings)
    elif families <= {*load_ruleset().families, *(f.family for f in report.findings)}:
        chosen = [f for f in report.findings if f.family in families]
    else:
        return None
    rows = [_finding_row(i, finding) for i, finding in enumerate(chosen, 1)]
    return Listing(_FINDING, rows, "没有这一类问题线索")


def _finding_row(number: int, finding: Finding) -> Mapping[str, str]:
    before, quote, after = excerpt(finding)
    values = (
        str(number),
        finding.severity.label,
        finding.rule,
        finding.title,
        finding.address,
        f"{before}〔{quote}〕{after}" if quote else "—",
        finding.message,
        "；".join(map(str, finding.basis)),
        finding.advice,
        "；".join((*((finding.softened,) if finding.softened else ()), *_also(finding))),
    )
    return dict(zip(_FINDING, map(visible, values), strict=True))


def _also(finding: Finding) -> Iterator[str]:
    if finding.also:
        yield f"同见{'、'.join(finding.also)}"


def _step_row(numbered: tuple[int, StepResult]) -> Mapping[str, str]:
    number, step = numbered
    values = (str(number), step.title, step.state.value, step.material, step.dates, step.note)
    return dict(zip(_STEP, map(visible, values), strict=True))


def _from_1(steps: Iterable[StepResult]) -> Iterable[tuple[int, StepResult]]:
    return enumerate(steps, 1)


def _lines(said: Iterable[str]) -> list[Mapping[str, str]]:
    return [{"序号": str(i), "内容": visible(line)} for i, line in enumerate(said, 1)]


def template_of(form: str, own: Path | None = None) -> tuple[bytes, str]:
    """The bytes and the name of the template of a form: the office's own, or the one shipped.

    Raises TemplateFault where it cannot be read.
    """
    path = own or resource("templates", f"{form}.docx")
    try:
        return path.read_bytes(), str(own or path.name)
    except OSError as fault:
        raise TemplateFault(f"无法读取模板 {path}：{fault.strerror or fault}") from fault


class FormWriter:
    """Writes one paper about the one document or dossier that is checked."""

    def __init__(self, file: Path, form: str, own: Path | None = None) -> None:
        self._file, self._template = file, template_of(form, own)
        self._paper: bytes | None = None
        self._error = ""

    def add(self, report: Report) -> None:
        """Fill the paper. Raises TemplateFault, UnreadableSource."""
        self._error = report.error
        if not report.error:
            self._paper = filled(report, *self._template)

    def close(self, tally: Tally) -> None:
        """Write the paper; where nothing could be read there is none. Raises OSError."""
        if self._paper is None:
            sys.stderr.write(f"没有写出 {self._file}：{visible(self._error)}\n")
        else:
            self._file.write_bytes(self._paper)
