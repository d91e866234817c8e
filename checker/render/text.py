"""A run as text for people: the same words on a terminal (coloured, wrapped) and in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from checker.findings import Basis, Finding, Severity
from checker.report import Report, Tally

if TYPE_CHECKING:
    from rich.console import Console

    from checker.procedure import StepResult

#: Code points of a clause shown on each side of the quoted words, of the quoted words, of a provision.
AROUND, QUOTE, PROVISION = 48, 80, 120
_BREAK = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+ *")
# Not seen where they stand in a text: other controls, marks without width, surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1a\x1c-\x1f\x7f\u200b-\u200f\u2060-\u2065\ufeff\ud800-\udfff\ufffe\uffff]"
)
# What a terminal obeys, or what turns the words after it round.
_ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What in the name of a file is not seen as what it is; surrogates stand for bytes that are no UTF-8.
_IN_NAMES = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_STYLES = {
    "error": "bold red", "warning": "bold yellow", "info": "bold cyan", "name": "bold",
    "mark": "bold underline", "removed": "red strike", "added": "green underline", "quiet": "dim", "place": "bold", "": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a label that stands apart from the words it introduces, and styled words."""

    words: tuple[tuple[str, str], ...] = ()
    label: str = ""
    indent: int = 0
    label_style: str = "quiet"

    @property
    def plain(self) -> str:
        """The line without style."""
        label = f"{self.label}  " if self.label else ""
        return spelled(" " * self.indent + label + "".join(text for text, _ in self.words)).rstrip()


def visible(text: str) -> str:
    """Text of a document on one line; what a terminal would obey or would turn round is spelled out."""
    return spelled(_UNSEEN.sub("", _BREAK.sub(" ", text))).strip()


def spelled(text: str) -> str:
    """Text with controls other than line ends and tabs, and direction marks, as ``<U+202E>``."""
    return _ACTIVE.sub(_code_point, text)


def file_name(name: str) -> str:
    """The name of a file with everything spelled out that is not seen as what it is."""
    return _IN_NAMES.sub(_code_point, name)


def _code_point(m: re.Match[str]) -> str:
    return f"<U+{ord(m[0]):04X}>"


def excerpt(finding: Finding) -> tuple[str, str, str]:
    """Words before, the quoted words, and words after them, each shortened where long.

    Without a clause that holds the quote, only the quote.
    """
    at = finding.clause.find(finding.quote)
    if at < 0 or not finding.quote:
        before = after = ""
    else:
        before, after = finding.clause[:at], finding.clause[at + len(finding.quote) :]
    before, quote, after = visible(before), visible(finding.quote), visible(after)
    if len(before) > AROUND:
        before = "…" + before[-AROUND:]
    if len(after) > AROUND:
        after = after[:AROUND] + "…"
    if len(quote) > QUOTE:
        quote = f"{quote[: QUOTE // 2]}…{quote[-QUOTE // 2 :]}"
    return before, quote, after


def _together(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings about overlapping words of one clause, the gravest first; groups in order."""
    groups: list[list[Finding]] = []
    end = -1
    for finding in findings:
        clause = (finding.address, finding.clause)
        if (
            groups
            and finding.quote
            and finding.start < end
            and clause == (groups[-1][0].address, groups[-1][0].clause)
        ):
            groups[-1].append(finding)
        else:
            groups.append([finding])
            end = -1
        end = max(end, finding.end)
    return [sorted(g, key=lambda f: (-f.severity.weight, -len(f.quote))) for g in groups]


def provision(basis: Basis, most: int = PROVISION) -> str:
    """A provision with its words, shortened to ``most`` code points, and the text they are of."""
    words = visible(basis.words)
    shown = words[:most] + "…" if len(words) > most else words
    return f"{visible(str(basis))}：{shown}（{basis.words_from}）"


def _problem_lines(group: list[Finding], verbose: bool) -> Iterator[Line]:
    """Lines of one place: the gravest finding in full, what else concerns the same words by name."""
    finding = group[0]
    yield Line(
        (
            (finding.severity.label, finding.severity.value),
            (f" {finding.rule} {visible(finding.title)}", ""),
            (f"  {visible(finding.place)}", "place"),
        ),
        "",
        2,
    )
    before, quote, after = excerpt(finding)
    if quote:
        yield Line(((before, ""), (f"〔{quote}〕", "mark"), (after, "")), "原文", 4)
    yield Line(((visible(finding.message), ""),), "问题", 4)
    if finding.basis:
        yield Line((("；".join(map(str, finding.basis)), ""),), "依据", 4)
    for label, laws in (("条文", finding.basis), ("所引", finding.cited)):
        worded = [basis for basis in laws if basis.words]
        for basis in worded if verbose else worded[:1]:
            yield Line(((provision(basis), "quiet"),), label, 4)
    if finding.advice:
        yield Line(((visible(finding.advice), ""),), "建议", 4)
    if finding.softened:
        yield Line(((visible(finding.softened), ""),), "说明", 4)
    if finding.also:
        yield Line((("、".join(finding.also), ""),), "同见", 4)
    for other in group[1:]:
        name = f"{other.severity.label} {other.rule} {visible(other.title)}"
        yield Line(((name, ""),), "另涉", 4)


def finding_text(finding: Finding) -> str:
    """A finding in full as lines of plain text, as a report on paper has it."""
    return "\n".join(line.plain.strip() for line in _problem_lines([finding], verbose=True))


def _by_severity(report: Report) -> str:
    counts = [(s.label, sum(f.severity is s for f in report.findings)) for s in Severity]
    return "、".join(f"{label} {count}" for label, count in counts if count)


def verdict(report: Report) -> str:
    """What came of a document, in a few words."""
    if report.error:
        return f"未能检查：{visible(report.error)}"
    aside = _aside(report)
    if report.findings:
        return _by_severity(report) + aside + ("" if report.complete else "，未能完整检查")
    none = f"未发现{'新的' if report.known else ''}问题线索{aside}"
    return none if report.complete else f"{none}，但未能完整检查"


def _aside(report: Report) -> str:
    """How many findings waivers and the baseline set apart."""
    authorised = sum(f.waiver is not None and f.waiver.kind == "authorised" for f in report.waived)
    by_law = f"（其中依授权 {authorised} 处）" if authorised else ""
    waived = f"，已豁免 {len(report.waived)} 处{by_law}" if report.waived else ""
    return waived + (f"，基线内 {len(report.known)} 处" if report.known else "")


def _waived_line(finding: Finding) -> Line:
    """One line of what is set aside: the finding, then why, on what ground, by whom, until when."""
    waiver = finding.waiver
    quote = excerpt(finding)[1]
    name = f"{finding.rule} {visible(finding.title)}"
    words = [(name, ""), (f"  {visible(finding.place)}", "place")]
    words.append((f"〔{quote}〕" if quote else "", "mark"))
    if waiver is None:
        return Line(tuple(words), "已豁免", 2)
    words.append((f"：{visible(str(waiver))}", "quiet"))
    return Line(tuple(words), "依授权" if waiver.kind == "authorised" else "已豁免", 2)


def judged_by(report: Report) -> str:
    """By the law of which day a document was judged; nothing where none was."""
    if report.as_of is None:
        return ""
    return f"按{report.as_of_from.replace('指定', '指定日期')} {report.as_of} 有效的规定"


_STATES = {"缺失": "error", "不符": "error", "无法判断": "warning"}


def _step_lines(step: StepResult) -> Iterator[Line]:
    """A step with its files, then what its dates add up to and why it stands as it does."""
    style = _STATES.get(step.state.value, "quiet")
    files = f"：{visible(step.material)}" if step.material else ""
    words = ((visible(step.title), "place"), (files, ""))
    yield Line(words, f"{step.state.value:　<4}", 2, style)
    facts = "；".join(visible(fact) for fact in (step.arithmetic, step.dates, step.note) if fact)
    if facts:
        yield Line(((facts, "quiet"),), "", 12)


def _procedure_lines(steps: Sequence[StepResult]) -> Iterator[Line]:
    """How many steps stand how, what must be settled first, then every step."""
    if not steps:
        return
    states = [step.state.value for step in steps]
    counts = "、".join(f"{s} {states.count(s)}" for s in dict.fromkeys(_ALL) if s in states)
    yield Line(((counts, "name"),), "程序", 2)
    stops = "；".join(visible(step.stop) for step in steps if step.stop)
    if stops:
        yield Line(((f"{stops}。解决之前不宜提交集体审议、印发。", "error"),), "先解决", 2)
    for step in steps:
        yield from _step_lines(step)


_ALL = ("齐全", "缺失", "不符", "无法判断", "不适用")


def report_lines(report: Report, verbose: bool = False) -> Iterator[Line]:
    """The lines of one report; ``verbose`` adds what was read, what exemptions and waivers set aside,
    the words of every basis, and the words and bases of mere hints, which otherwise take a line each."""
    style = "" if report.complete else "warning"
    law = judged_by(report)
    yield Line(
        (
            (file_name(report.name), "name"),
            ("  ", ""),
            (verdict(report), style),
            (law and f"  （{law}）", "quiet"),
        )
    )
    if verbose and not report.error:
        seen = report.coverage
        regions = "".join(f"、{REGIONS.get(kind, kind)} {n} 段" for kind, n in seen.regions)
        read = f"读取 {seen.characters} 字、{seen.provisions} 个条目{regions}"
        yield Line(((f"{read}，运行 {seen.rules} 条规则", "quiet"),), "", 2)
    if verbose and report.exempted:
        aside = f"另有 {report.exempted} 处符合规则所列豁免条件，不作为问题线索（不计入“已豁免”）"
        yield Line(((aside, "quiet"),), "", 2)
    for note in report.notes:
        yield Line(((visible(note), "quiet"),), "说明", 2)
    for gap in report.gaps:
        yield Line(((visible(gap), ""),), "未检查", 2)
    if verbose:
        yield from map(_waived_line, report.waived)
    yield from _procedure_lines(report.steps)
    groups = _together(report.findings)
    for group in groups:
        if verbose or group[0].severity is not Severity.INFO:
            yield Line()
            yield from _problem_lines(group, verbose)
    hints = [] if verbose else [g[0] for g in groups if g[0].severity is Severity.INFO]
    if hints:
        yield Line()
    for hint in hints:
        place = (f"  {visible(hint.place)}", "place")
        yield Line(((f"{hint.rule} {visible(hint.title)}", "quiet"), place), "提示", 2)


REGIONS = {
    "table": "表格", "footnote": "脚注", "endnote": "尾注", "header": "页眉", "footer": "页脚",
    "textbox": "文本框", "comment": "批注",
}  # fmt: skip


class TextWriter:
    """Writes reports as text; with ``terminal`` wrapped to the window and coloured by rich.

    ``quiet`` leaves only the closing line, ``verbose`` adds how much was looked at.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        terminal: bool = False,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self._stream = stream
        self._console = _console(stream) if terminal else None
        self._quiet, self._verbose = quiet, verbose
        self._made_by = ""
        self._apart: bool | None = None

    def add(self, report: Report) -> None:
        """Write one report, apart from its neighbours where it takes more than a line."""
        if report.ruleset:
            self._made_by = (
                f"checker {report.engine} · 规则集 {report.ruleset} · 适用方案 {report.profile}"
            )
        if report.statutes:
            self._made_by += " · 法规目录截至 {}（{} 件，没有收录的不作判断）".format(
                *report.statutes
            )
        if report.texts:
            self._made_by += f" · 法规原文 {report.texts}"
        if self._quiet:
            return
        lines = list(report_lines(report, self._verbose))
        if self._apart or (self._apart is False and len(lines) > 1):
            self._line(Line())
        for line in lines:
            self._line(line)
        self._apart = len(lines) > 1

    def close(self, tally: Tally) -> None:
        """Write what made the reports, and the closing line."""
        if not self._quiet:
            self._line(Line())
            if tally.counts.info:
                self._line(Line(((f"另有提示 {tally.counts.info} 处", "quiet"),)))
            if tally.known:
                self._line(Line(((f"基线内 {tally.known} 处，没有列出", "quiet"),)))
            self._line(Line((("问题线索由审核人员判断；没有提示不等于合法", "quiet"),)))
            if self._made_by:
                self._line(Line(((self._made_by, "quiet"),)))
        self._line(Line(((tally.closing, "name"),)))

    def _line(self, line: Line) -> None:
        if self._console is None:
            self._stream.write(line.plain + "\n")
        else:
            _print_wrapped(self._console, line)


def print_lines(lines: Iterable[Line], stream: TextIO) -> None:
    """Write lines: wrapped and coloured on a terminal, plain elsewhere."""
    console = _console(stream) if stream.isatty() else None
    for line in lines:
        if console is None:
            stream.write(line.plain + "\n")
        else:
            _print_wrapped(console, line)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False, emoji=False, markup=False)


def _print_wrapped(console: Console, line: Line) -> None:
    from rich.table import Table
    from rich.text import Text

    words = Text.assemble(*((spelled(text), _STYLES[style]) for text, style in line.words))
    if not line.indent:
        console.print(words)
        return
    margin = Text(" " * line.indent + line.label, style=_STYLES[line.label_style])
    grid = Table.grid(padding=(0, 0))
    grid.add_column(width=margin.cell_len + (2 if line.label else 0), no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(margin, words)
    console.print(grid)
