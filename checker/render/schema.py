"""The published JSON schema of a run and its reports; pydantic serves only to write it.

``python -m checker.render.schema > docs/schema/report.schema.json`` renews the published file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from checker.dating import Found
from checker.findings import Severity
from checker.procedure import State
from checker.render.json import RUN_SCHEMA
from checker.report import REPORT_SCHEMA, dump_json


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BasisShape(_Shape):
    """A provision of law that a finding rests on or that the document names."""

    law: str
    at: str
    number: str
    valid_from: Annotated[date | None, Field(alias="from", description="首日，含当日")]
    valid_to: Annotated[date | None, Field(alias="to", description="末日，含当日")]
    text: Annotated[str, Field(description="可以直接引用的写法")]
    words: Annotated[str, Field(description="条文，款项各占一行；空为没有导入这件法规的原文")]
    words_from: Annotated[str, Field(description="条文出自哪个文本，是不是当日有效的文本")]


class FindingShape(_Shape):
    """One question about one place; positions count Unicode code points of the original text."""

    rule: str
    title: str
    family: str
    severity: Severity
    start: NonNegativeInt
    end: NonNegativeInt
    line: Annotated[NonNegativeInt, Field(description="原文行号，自 1 起；0 表示不适用")]
    page: Annotated[NonNegativeInt, Field(description="PDF 的页码，自 1 起；0 表示不适用")]
    quote: Annotated[str, Field(description="原文 start 至 end 之间的文字")]
    address: Annotated[str, Field(description="条款位置，如第五条第二款第三项")]
    clause: str
    message: str
    advice: str
    basis: list[BasisShape]
    fingerprint: Annotated[str, Field(description="修改他处文字后保持不变")]
    also: Annotated[list[str], Field(description="在同一处得出同一结论的其他规则")]
    softened: Annotated[str, Field(description="降低严重程度的理由；空为未降低")]
    cited: Annotated[list[BasisShape], Field(description="原文引用的条款和条文；引用类的线索才有")]


class WaiverShape(_Shape):
    """Why a finding is set aside."""

    kind: Annotated[
        Literal["waived", "authorised"], Field(description="waived 豁免；authorised 依授权")
    ]
    reason: str
    ground: str
    by: str
    valid_from: Annotated[date | None, Field(alias="from", description="首日，含当日")]
    until: Annotated[date, Field(description="末日，含当日")]
    number: Annotated[NonNegativeInt, Field(description="豁免清单里的第几项，自 1 起")]


class WaivedShape(FindingShape):
    """A finding set aside by a waiver."""

    waiver: WaiverShape | None


class StepShape(_Shape):
    """One step of making the document, as the dossier proves it."""

    title: str
    state: State
    material: Annotated[str, Field(description="材料的文件名，以顿号分隔")]
    dates: Annotated[str, Field(description="从材料读出的日期")]
    arithmetic: Annotated[
        str, Field(description="期限的算式，如：起 至 止，共 6 个工作日，少 1 日")
    ]
    note: str
    stop: Annotated[str, Field(description="解决之前不宜提交审议的原因；空为没有")]


class CoverageShape(_Shape):
    """What was looked at."""

    characters: NonNegativeInt
    provisions: NonNegativeInt
    rules: NonNegativeInt
    regions: dict[str, NonNegativeInt]


class CountsShape(_Shape):
    """Findings by severity."""

    error: NonNegativeInt
    warning: NonNegativeInt
    info: NonNegativeInt


class StatutesShape(_Shape):
    """The register of laws that was used: its day and how many laws it holds."""

    as_of: date
    size: NonNegativeInt


class ReportShape(_Shape):
    """The result of checking one document."""

    schema_: Annotated[Literal["checker-report/1"], Field(alias="schema")]
    name: str
    complete: bool
    error: Annotated[str, Field(description="未能检查的原因；空为已检查")]
    internal: Annotated[bool, Field(description="error 是否出自引擎本身的故障")]
    engine: str
    ruleset: str
    profile: str
    statutes: Annotated[StatutesShape | None, Field(description="所用法规目录；没有收录的不作判断")]
    texts: Annotated[str, Field(description="所用的法规原文库；空为没有使用")]
    as_of: date | None
    as_of_from: Found
    coverage: CoverageShape
    counts: CountsShape
    exempted: Annotated[NonNegativeInt, Field(description="规则自身的豁免条件排除的处数")]
    gaps: Annotated[list[str], Field(description="没有检查的内容")]
    notes: list[str]
    steps: Annotated[list[StepShape], Field(description="制定程序的各个步骤；只检查文本的为空")]
    findings: list[FindingShape]
    waived: Annotated[list[WaivedShape], Field(description="经批准豁免的问题线索")]
    known: Annotated[list[FindingShape], Field(description="基线里已有的问题线索")]


class SummaryShape(_Shape):
    """What the run adds up to."""

    documents: NonNegativeInt
    flagged: NonNegativeInt
    incomplete: NonNegativeInt
    waived: NonNegativeInt
    exempted: NonNegativeInt
    known: NonNegativeInt
    counts: CountsShape
    closing: str


class RunShape(_Shape):
    """What ``checker check -f json`` writes."""

    schema_: Annotated[Literal["checker-run/1"], Field(alias="schema")]
    reports: list[ReportShape]
    summary: SummaryShape


def report_schema() -> str:
    """JSON Schema (2020-12) of a run; ``$defs/ReportShape`` is that of ``Report.to_json()``."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:legality-precheck:{RUN_SCHEMA}:{REPORT_SCHEMA}",
        **RunShape.model_json_schema(),
    }
    return dump_json(schema, indent=2) + "\n"


if __name__ == "__main__":
    print(report_schema(), end="")
