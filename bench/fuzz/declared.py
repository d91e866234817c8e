"""Declared files: rules, settings, lists of every kind are read, or refused with faults that have a line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bench.fuzz import mutation, seeds
from bench.fuzz.outcomes import checker, said
from bench.fuzz.soundness import expect
from checker.faults import DeclarationError


@cache
def _folder() -> Path:
    """A folder for files whose readers want a path; one for each process."""
    folder = tempfile.TemporaryDirectory(prefix="fuzz-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def _written(text: str, name: str) -> Path:
    path = _folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def declared(read: Callable[[str], object], text: str) -> str:
    """The outcome of reading a declared file; each fault has a line and words."""
    from checker.places import UnknownPlace

    try:
        read(text)
    except DeclarationError as fault:
        expect(bool(fault.faults), "faults without a fault")
        for one in fault.faults:
            expect(one.line >= 0 and bool(one.message), "a fault without line or words")
            str(one).encode("utf-8", "backslashreplace")
        return said(fault)
    except UnknownPlace as fault:
        return said(fault)
    return "read"


def keyed(files: Callable[[], tuple[str, ...]], also: tuple[str, ...], rng: Random) -> str:
    """A declared file, changed."""
    texts = texts_of(files)
    text = rng.choice(texts)
    if rng.random() < 0.002:
        return text
    if rng.random() < 0.1:
        return (
            mutation.mutate_bytes(rng, text.encode(), [t.encode() for t in texts])
            .decode("utf-8", "surrogateescape")
            .encode("utf-8", "replace")
            .decode()
        )
    return mutation.mutate_keyed(rng, text, also)


@cache
def texts_of(files: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """The seeds of a kind of declared file, read once."""
    return files()


_ENTRY = re.compile(r"\n(?=\w|  - )")


def shipped(pattern: str, step: int = 1, most: int = 3000) -> Callable[[], tuple[str, ...]]:
    """Texts of shipped files, each ``step``-th one; those that are long cut where an entry begins."""

    @cache
    def files() -> tuple[str, ...]:
        found = sorted((seeds.ROOT / "rulesets").glob(pattern))[::step]
        texts = [path.read_text("utf-8") for path in found]
        cuts = [max((m.end() for m in _ENTRY.finditer(text, 0, most)), default=0) for text in texts]
        if pattern.startswith(("national", "local")):
            return tuple(text for text in texts if len(text) <= most)
        return tuple(
            text if len(text) <= most else text[:cut]
            for text, cut in zip(texts, cuts, strict=True)
            if len(text) <= most or cut > 200
        )

    return files


@cache
def _compiler() -> Any:
    """A compiler that knows the shipped lists, families and exemptions."""
    from checker.compilation import Compiler
    from checker.resources import resource
    from checker.ruleset import ruleset_files

    files = ruleset_files((resource("rulesets"),))
    return Compiler([pair for pair in files if not pair[0].startswith(("national/", "local/"))])


def _code(text: str, otherwise: str, family: str = "[A-Z]+") -> str:
    """The id of a rule, which is also the name of its file."""
    code = re.match(f"id: ({family}-[0-9]+)\\n", text)
    return code[1] if code else otherwise


def rule(text: str) -> None:
    """A rule, compiled with the lists and exemptions that ship."""
    from checker.rules import read_rule

    path = _written(text, f"{_code(text, 'FEE-003')}.yaml")
    compiler = _compiler()
    compiler.faults.clear()
    compiler.rule(read_rule(path), path.name)
    if compiler.faults:
        raise DeclarationError(compiler.faults)


def ruleset(text: str) -> None:
    """A file of lists, of exemptions or of families, by what it holds."""
    from checker.compilation import compile_ruleset

    label = (
        "lists/甲.yaml"
        if "words:" in text
        else "exemptions.yaml"
        if "any:" in text
        else "families.yaml"
    )
    compile_ruleset([(label, _written(text, "甲.yaml"))], "")


WAIVERS = """- rule: FEE-003
  document: 办法.txt
  at: 第二条
  ground: 《优化营商环境条例》第二十五条
  reason: 国务院批准的试点项目
  by: 法规科 李某
  until: 2027-06-30
- {rule: FEE, document: "*.docx", quote: 保证金, ground: 《公平竞争审查条例》第十二条第三项, reason: 经过公平竞争审查, by: 某, from: 2024-01-01, until: 2027-01-01, kind: authorised}
"""
DOSSIER = """name: 公共汽车线网优化
place: 上海
issued: 2024-03-01
market: true
filed: false
major: true
urgent: 汛情
secret: ""
also: [听证材料]
materials:
  - {file: 草案.docx, role: 文件草案, date: 2024-02-01}
  - file: 说明.txt
    role: 起草说明
    start: 2024-01-01
    end: 2024-01-31
    conclusion: 同意
"""
CONFIG = """[tool.checker]
profile = "county-draft"
place = "上海"
rulesets = []
select = ["FEE", "FLOW-011"]
ignore = []
as-of = 2024-03-01
fail-on = "error"
format = ["text", "json=a.json"]
jobs = 2
baseline = "baseline.json"
waivers = "waivers.yaml"
exclude = ["*.bak", "旧/**"]

[tool.checker.limits]
bytes = "50 MB"
seconds = 30
depth = 200
"""
TOML = (
    '"50 GB"', '"0 KB"', '"甲"', '""', "1", "0", "-1", "2", "1.5", "true", "[]", '["甲"]', '["FEE", 1]', "[[]]", "{}", "{a = 1}",
    "2024-03-01", "2024-03-01T00:00:00", "00:30:00", "inf", "nan", '"error"', '["json"]', '["json="]', '["x=y"]', '"上海"',
    '"county-draft"', "0xff", "99999999999999999999", '"""', '"\\u0000"', '"\\ud800"', '["**", "[", "/"]', '"none"',
)  # fmt: skip
PROFILE = """level: 县
rank: 规范性文件
setting: 草案
rulesets: []
select: [FEE]
ignore: []
place: 上海
later: hide
"""


@cache
def _rules() -> tuple[Any, ...]:
    return tuple(checker().rules())


def waivers(text: str) -> None:
    """A list of waivers."""
    from checker.waivers import read_waivers

    read_waivers(_written(text, "waivers.yaml"), _rules())


def baseline(text: str) -> None:
    """A baseline, written again and applied."""
    from checker.baseline import baseline_text, read_baseline, settle

    read = read_baseline(_written(text, "baseline.json"))
    baseline_text(read).encode("utf-8", "surrogatepass")
    report = _report()
    settle(read, report, next(iter(read.documents), ""), frozenset({"FEE-003"}))


@cache
def _report() -> Any:
    return checker().check_text(seeds.DRAFT, "办法.txt")


@cache
def baselines() -> tuple[str, ...]:
    """The baseline of a draft."""
    from checker.baseline import Baseline, baseline_text, entries_of

    return (baseline_text(Baseline({"办法.txt": entries_of(_report().findings)})),)


def config(text: str) -> None:
    """Settings, and how they are shown."""
    from checker.config import Options, configure, setting_lines

    table = "[tool.checker" in text
    path = _written(text, "pyproject.toml" if table else "checker.toml")
    configuration = configure([], Options(config=path))
    _ = [*setting_lines(configuration)]
    configuration.excludes(Path("甲.docx"))


def dossier(text: str) -> None:
    """A dossier.yaml."""
    from checker.materials import load_vocabulary
    from checker.statement import read_facts

    roles = load_vocabulary().names
    read_facts(
        text.encode("utf-8", "surrogatepass"),
        "dossier.yaml",
        ("草案.docx", "说明.txt"),
        (*roles, "文件草案"),
    )


def profile(text: str) -> None:
    """A profile."""
    from checker.profile import load_profile

    load_profile(_written(text, "甲.yaml"))


def place(text: str) -> None:
    """The figures of a place."""
    from checker.places import read_place

    name = re.match(r"name: (\w{1,9})\n", text)
    read_place(_written(text, f"{name[1] if name else '北京'}/place.yaml"))


def steps(text: str) -> None:
    """A rule of procedure."""
    from checker.steps import load_procedure_rules

    path = _written(text, f"程序/{_code(text, 'PRO-101', 'PRO')}.yaml")
    try:
        load_procedure_rules(path.parent)
    finally:
        path.unlink()


def others(text: str) -> None:
    """What else is declared: holidays, materials, circumstances, the register of laws."""
    from checker.circumstances import load_circumstances
    from checker.materials import load_vocabulary
    from checker.register import read_facts
    from checker.workdays import load_calendar

    path = _written(text, "日历/holidays.yaml")
    if text.lstrip().startswith("{"):
        read_facts(path)
    elif re.search("^years:", text, re.M):
        load_calendar.__wrapped__((path.parent,))
    elif re.search("^circumstances:", text, re.M):
        load_circumstances.__wrapped__(path)
    else:
        load_vocabulary.__wrapped__(path)
