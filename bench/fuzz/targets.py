"""Targets: what is fuzzed, how its inputs are made, and what must come of each.

A target gives a random generator to ``make`` and what that makes to ``run``, which gives a short name of
the outcome. What ``run`` raises is a crash: errors that the module declares are outcomes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from bench.fuzz import checks, declared, readers, seeds, texts


@dataclass(frozen=True, slots=True)
class Target:
    """``weight`` is its part of the executions of a long run."""

    name: str
    make: Callable[[Random], Any]
    run: Callable[[Any], str]
    weight: int


_S = "BCJTabcdeiPKHNAQLSDFXYO"
TARGETS = (
    Target("docx", partial(readers.pick, seeds.docx, readers.as_package), partial(readers.read, ".docx"), 6),
    Target("pdf", partial(readers.pick, seeds.pdf, readers.as_pdf), partial(readers.read, ".pdf"), 5),
    Target("html", partial(readers.pick, seeds.html, readers.as_html), partial(readers.read, ".html"), 6),
    Target("odt", partial(readers.pick, seeds.odt, readers.as_package), partial(readers.read, ".odt"), 5),
    Target("rtf", partial(readers.pick, seeds.rtf, readers.as_rtf), partial(readers.read, ".rtf"), 5),
    Target("ofd", partial(readers.pick, seeds.ofd_files, readers.as_package), partial(readers.read, ".ofd"), 5),
    Target("txt", partial(readers.pick, seeds.plain, readers.as_plain), partial(readers.read, ".txt"), 4),
    Target("md", partial(readers.pick, seeds.markdown, readers.as_markdown), partial(readers.read, ".md"), 4),
    Target("eml", partial(readers.pick, seeds.mail, readers.as_mail), readers.opened, 5),
    Target("zip", partial(readers.pick, seeds.archives, readers.as_archive), readers.opened, 4),
    Target("annotate", partial(readers.pick, seeds.docx, readers.as_package), readers.annotated, 3),
    Target("structure.lark", partial(texts.letters, _S, 30), texts.structure, 4),
    Target("citations", texts.text, texts.citations, 6),
    Target("clauses", texts.text, texts.clauses, 6),
    Target("structure", texts.text, texts.structured, 6),
    Target("told", texts.text, texts.told, 3),
    Target("law", texts.act, texts.law, 2),
    Target("pattern.lark", texts.pattern, texts.patterns, 6),
    Target("rule", partial(declared.keyed, declared.shipped("national/*/*.yaml", 9), ()), partial(declared.declared, declared.rule), 4),
    Target("lists", partial(declared.keyed, declared.shipped("lists/*.yaml", 1, 1200), ()), partial(declared.declared, declared.ruleset), 2),
    Target("exemptions", partial(declared.keyed, declared.shipped("[ef]*.yaml", 1, 1500), ()), partial(declared.declared, declared.ruleset), 2),
    Target("steps", partial(declared.keyed, declared.shipped("procedure/PRO-*.yaml", 3), ()), partial(declared.declared, declared.steps), 2),
    Target("place", partial(declared.keyed, declared.shipped("local/*/place.yaml", 1, 1200), ()), partial(declared.declared, declared.place), 2),
    Target("procedure", partial(declared.keyed, declared.shipped("procedure/[chm]*.yaml", 1, 1200), ()), partial(declared.declared, declared.others), 2),
    Target("waivers", partial(declared.keyed, lambda: (declared.WAIVERS,), ("FEE", "《公平竞争审查条例》第十二条")), partial(declared.declared, declared.waivers), 3),
    Target("baseline", partial(declared.keyed, declared.baselines, ("[1]", '"办法.txt"', "1", "null", "[]", "{}", '"FEE-003"', '""', "true", "[[]]", '{"rule": 1}', "-1e400", '"\\ud800"')), partial(declared.declared, declared.baseline), 3),
    Target("config", partial(declared.keyed, lambda: (declared.CONFIG, declared.CONFIG.replace("tool.checker.", "").replace("[tool.checker]", "")), declared.TOML), partial(declared.declared, declared.config), 3),
    Target("dossier", partial(declared.keyed, lambda: (declared.DOSSIER,), ("文件草案", "[说明.txt]")), partial(declared.declared, declared.dossier), 3),
    Target("profile", partial(declared.keyed, lambda: (declared.PROFILE,), ("市", "上海")), partial(declared.declared, declared.profile), 2),
    Target("check", checks.document, checks.check, 4),
    Target("render", checks.document, checks.render, 1),
    Target("compare", checks.two, checks.compare, 1),
)  # fmt: skip
