"""Examples: every rule is tried on the texts in its own file, with exact spans.

A rule file must show that each line of ``find`` finds something, that each exemption of its own stops
something, and that at least one text that forbids the thing stays clean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from checker.compiled import CompiledRule, Ruleset
from checker.document import Document
from checker.faults import DeclarationError, Declared, Fault
from checker.findings import Finding
from checker.matching import Matcher, Matching
from checker.resources import resource
from checker.rules import Example, RuleModel, read_rule
from checker.ruleset import load_ruleset, ruleset_files
from checker.sources.text import unify
from checker.structure import parse

#: Examples are judged on this day unless they say otherwise.
EXAMPLE_DAY = date(2026, 1, 1)
_MARK = re.compile(r"〔(?!(?:19|20)\d\d〕)([^〔〕]*)〕")
_FORBIDS = re.compile(r"不得|禁止|严禁|不准|不许|取消|停止|不再|不以|不设|不将|免收|杜绝")


@dataclass(frozen=True, slots=True)
class Tested:
    """How many rules and texts were tried, and every fault found."""

    rules: int
    texts: int
    faults: tuple[Fault, ...]


def try_examples(folders: tuple[Path, ...] = (), only: Iterable[str] = ()) -> Tested:
    """Run the examples of all rules (or of the rules and families named in ``only``).

    Raises DeclarationError when the ruleset itself cannot be read.
    """
    ruleset = load_ruleset(folders)
    wanted = frozenset(only)
    faults: list[Fault] = []
    rules = texts = 0
    for rule in ruleset.rules:
        if wanted and rule.id not in wanted and rule.family not in wanted:
            continue
        path = next(
            p
            for n, p in reversed(ruleset_files((resource("rulesets"), *folders)))
            if n == rule.origin
        )
        declared = read_rule(path, rule.origin)
        faults.extend(_Trial(declared, rule).faults())
        rules += 1
        texts += len(declared.value.flag) + len(declared.value.pass_)
    return Tested(rules, texts, tuple(sorted(faults)))


class _Trial:
    """One rule with its own examples."""

    def __init__(self, declared: Declared[RuleModel], rule: CompiledRule) -> None:
        self.declared = declared
        self.model = declared.value
        self.rule = replace(rule, status="test")

    def faults(self) -> list[Fault]:
        """Everything that is wrong with the examples."""
        found = [*self._flags(), *self._passes()]
        if not found:
            found = [*self._lines(), *self._exemptions(), *self._prohibition()]
        return found

    def _flags(self) -> Iterable[Fault]:
        for i, example in enumerate(self.model.flag):
            expected = _MARK.findall(example.text)
            result = _run(self.rule, example)
            quotes = [f.quote for f in result.findings]
            if not quotes:
                why = "、".join(sorted({e.exemption for e in result.exempted}))
                reason = f"（被“{why}”豁免）" if why else ""
                yield self.declared.fault(f"应当报告而没有报告{reason}：{example.text}", "flag", i)
            elif expected and quotes != expected:
                yield self.declared.fault(
                    f"标出的词应当是“{'”“'.join(expected)}”，实际是“{'”“'.join(quotes)}”", "flag", i
                )
            elif example.by and not any(f.softened for f in result.findings):
                yield self.declared.fault(
                    f"应当降为提示（{example.by}）而没有：{example.text}", "flag", i
                )

    def _passes(self) -> Iterable[Fault]:
        for i, example in enumerate(self.model.pass_):
            result = _run(self.rule, example)
            if result.findings:
                quotes = "”“".join(f.quote for f in result.findings)
                yield self.declared.fault(f"不应报告而报告了“{quotes}”：{example.text}", "pass", i)
            elif example.by and example.by not in {e.exemption for e in result.exempted}:
                actual = "、".join(sorted({e.exemption for e in result.exempted})) or "没有豁免条件"
                yield self.declared.fault(
                    f"应当由“{example.by}”豁免，实际是{actual}：{example.text}", "pass", i
                )

    def _lines(self) -> Iterable[Fault]:
        for i, line in enumerate(self.rule.lines):
            alone = replace(self.rule, lines=(line,))
            if not any(_run(alone, example).findings for example in self.model.flag):
                yield self.declared.fault(f"find 的第 {i + 1} 行没有 flag 例句用到", "find", i)

    def _exemptions(self) -> Iterable[Fault]:
        for i, exemption in enumerate(self.rule.unless[: len(self.model.unless)]):
            rest = tuple(e for e in self.rule.unless if e.name != exemption.name)
            without = replace(self.rule, unless=rest)
            texts = self.model.flag if exemption.effect == "review" else self.model.pass_
            if not any(_differs(without, self.rule, example) for example in texts):
                yield self.declared.fault(
                    f"去掉豁免条件“{exemption.name}”，没有一个例句的结果会变，请补一个 pass 例句",
                    "unless",
                    i,
                )

    def _prohibition(self) -> Iterable[Fault]:
        if not any(_FORBIDS.search(example.text) for example in self.model.pass_):
            yield self.declared.fault("pass 里至少要有一个禁止或者取消这样做的例句", "pass")


def _differs(one: CompiledRule, other: CompiledRule, example: Example) -> bool:
    def view(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
        return [(f.quote, f.softened) for f in findings]

    return view(_run(one, example).findings) != view(_run(other, example).findings)


def unmarked(text: str) -> str:
    """The text of an example without its 〔〕 marks (those of document numbers stay)."""
    return _MARK.sub(r"\1", text)


def example_document(example: Example) -> Document:
    """The text of an example as a document of the place it names."""
    return replace(parse(unify("例句", unmarked(example.text))), place=example.place)


def _run(rule: CompiledRule, example: Example) -> Matching:
    document = example_document(example)
    return Matcher(Ruleset((rule,), {}, "")).check(document, example.as_of or EXAMPLE_DAY)


SKELETON = """\
# 写法见 rulesets/README.md；改好后运行 checker rules test {id}
id: {id}
title: 一句话说清查什么
severity: warning
status: draft
basis:
  - {{law: 优化营商环境条例, at: 第二十五条, from: 2020-01-01}}
find:
  - "(应当|必须) …24 缴纳示例费"
unless:
  - restated
message: 要求“{{quote}}”，本条未见足够位阶的依据。
advice: 写明依据的法律、行政法规条款；没有依据的删去。
flag:
  - 经营者〔应当在开业前缴纳示例费〕。
  - 申请人〔必须缴纳示例费〕。
  - 参加活动的单位〔应当按年缴纳示例费〕。
pass:
  - {{text: 任何单位不得要求经营者必须缴纳示例费。, by: prohibited}}
  - {{text: 经营者应当按照《中华人民共和国价格法》第八条的规定缴纳示例费。, by: restated}}
  - 自愿参加的不收取示例费。
"""


def new_rule(folder: Path, rule_id: str) -> Path:
    """Write a skeleton that passes its own checks to ``<folder>/<FAMILY>/<ID>.yaml``.

    Raises DeclarationError if the id is malformed and FileExistsError if the file is there.
    """
    if not re.fullmatch(r"[A-Z]{3,4}-\d{3}", rule_id):
        raise DeclarationError([Fault(rule_id, 1, "规则编号应当是类别加三位数字，如 FEE-003")])
    path = folder / rule_id.split("-", maxsplit=1)[0] / f"{rule_id}.yaml"
    if path.exists():
        raise FileExistsError(f"已有这个规则：{path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SKELETON.format(id=rule_id), encoding="utf-8")
    return path
