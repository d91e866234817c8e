"""Pages: one Markdown page a rule in docs/rules/, made from the rule files and the measured hits.

    python bench/pages.py [--docs FOLDER]

With --docs the hits of every rule on that folder are counted anew and kept in bench/hits.json.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checker.compiled import CompiledRule, Ruleset
from checker.matching import Matcher
from checker.render.rule import STATUSES
from checker.resources import resource
from checker.rules import RuleModel, read_rule
from checker.ruleset import load_ruleset
from checker.sources import SUPPORTED_SUFFIXES, read_path
from checker.structure import parse

ROOT = Path(__file__).resolve().parents[1]
HITS = ROOT / "bench" / "hits.json"


@dataclass(frozen=True, slots=True)
class Hits:
    """Findings of each rule on a folder of real documents."""

    documents: int
    characters: int
    measured: str
    rules: dict[str, int]


def count_hits(folder: Path, ruleset: Ruleset, day: str) -> Hits:
    """Check every document of a folder by the law of its own date."""
    from bench.quality import AS_OF

    matcher = Matcher(ruleset)
    counts: Counter[str] = Counter()
    documents = characters = 0
    for path in sorted(p for p in folder.rglob("*") if p.suffix in SUPPORTED_SUFFIXES):
        document = parse(read_path(path))
        documents += 1
        characters += len(document.source.text)
        counts.update(f.rule for f in matcher.check(document, document.date or AS_OF).findings)
    return Hits(documents, characters, day, dict(sorted(counts.items())))


def page(rule: CompiledRule, model: RuleModel, family: str, hits: Hits | None) -> Iterator[str]:
    """Lines of a rule's page."""
    yield f"# {rule.id} {rule.title}"
    yield ""
    yield f"类别：{family}　级别：{rule.severity.label}　状态：{STATUSES[rule.status]}"
    yield ""
    yield "## 依据"
    yield ""
    for basis in rule.basis:
        force = (f"{basis.start} 起" if basis.start else "") + (
            f"至 {basis.end}" if basis.end else ""
        )
        yield f"- {basis}" + (f"（{force}施行）" if force else "")
    yield ""
    yield "## 提示"
    yield ""
    yield f"- 问题：{_plain(rule.message)}"
    yield f"- 建议：{_plain(rule.advice)}"
    if model.checks:
        yield f"- 检查项目：{'、'.join(model.checks)}"
    yield ""
    yield "## 会提示的写法"
    yield ""
    yield from (f"- {_bold(example.text)}" for example in model.flag)
    yield ""
    yield "## 不提示的写法"
    yield ""
    yield from (f"- {_escape(example.text)}" for example in model.pass_)
    if rule.unless:
        yield ""
        yield "## 豁免条件"
        yield ""
        yield from (
            f"- {e.why}" + ("（改为提示核实）" if e.effect == "review" else "") for e in rule.unless
        )
    yield ""
    yield "## 实测"
    yield ""
    if hits is None:
        yield "尚未测量。"
    else:
        n = hits.rules.get(rule.id, 0)
        yield (
            f"在 {hits.documents} 份真实文件（{hits.characters} 字）上提示 {n} 处"
            f"（{hits.measured} 测；按各文件成文日的规定检查）。"
        )


def _plain(template: str) -> str:
    return re.sub(r"\{([^{}]+)\}", lambda m: "…" if m[1].isascii() else f"〈{m[1]}〉", template)


def _escape(text: str) -> str:
    return text.replace("\n", "<br>").replace("*", "\\*")


def _bold(text: str) -> str:
    marked = re.sub(r"〔(?!(?:19|20)\d\d〕)([^〔〕]*)〕", r"【\1】", text)
    return _escape(marked)


def read_hits() -> Hits | None:
    """The hits last measured, or None."""
    return Hits(**json.loads(HITS.read_text(encoding="utf-8"))) if HITS.exists() else None


def pages() -> dict[str, str]:
    """File name -> text of every page and of the index."""
    ruleset, hits = load_ruleset(), read_hits()
    made = {}
    index = ["# 规则库", "", "由 `python bench/pages.py` 从规则文件生成。", ""]
    family = ""
    for rule in ruleset.rules:
        model = read_rule(resource("rulesets", *rule.origin.split("/"))).value
        title = ruleset.families[rule.family]
        made[f"{rule.id}.md"] = "\n".join(page(rule, model, title, hits)) + "\n"
        if rule.family != family:
            family = rule.family
            index += ["", f"## {title}（{family}）", ""]
        index.append(f"- [{rule.id}]({rule.id}.md) {rule.title}（{rule.severity.label}）")
    made["README.md"] = "\n".join(index) + "\n"
    return made


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path)
    parser.add_argument("--day", default="2026-11-24", help="day of measurement, for the record")
    options = parser.parse_args()
    if options.docs:
        hits = count_hits(options.docs, load_ruleset(), options.day)
        HITS.write_text(
            json.dumps(
                {
                    "documents": hits.documents,
                    "characters": hits.characters,
                    "measured": hits.measured,
                    "rules": hits.rules,
                },
                ensure_ascii=False,
                indent=1,
            )
            + "\n",
            encoding="utf-8",
        )
    folder = ROOT / "docs" / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    print(f"{len(made) - 1} pages")


if __name__ == "__main__":
    main()
