"""Targets: what is fuzzed, how its inputs are made, and what must come of each.

A target gives a random generator to ``make`` and what that makes to ``run``, which gives a short name of
the outcome. What ``run`` raises is a crash: errors that the module declares are outcomes.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from bench.fuzz import mutation, seeds
from bench.fuzz.soundness import expect, joined_soundly, matches_by_hand, read_soundly
from checker import Checker
from checker.faults import DeclarationError
from checker.sources import UnreadableSource, read_bytes

Make = Callable[[Random], Any]
Run = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Target:
    """``weight`` is its part of the executions of a long run."""

    name: str
    make: Make
    run: Run
    weight: int


_VARYING = re.compile(r"[0-9]+|“[^”]*”|（[^）]*）|[^：，。]*\.[a-z]+")


def _said(fault: Exception) -> str:
    """A declared error as the name of an outcome: without numbers, quotes, file names."""
    words = getattr(fault, "reason", "") or str(fault).split("\n", 1)[0]
    return f"{type(fault).__name__} {_VARYING.sub('', words)[:60]}"


@cache
def _checker() -> Checker:
    return Checker(keep_document=True)


@cache
def _folder() -> Path:
    """A folder for files whose readers want a path; one for each process."""
    folder = tempfile.TemporaryDirectory(prefix="fuzz-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


# --- readers ---------------------------------------------------------------------------------------


def _pick(
    files: Callable[[], tuple[bytes, ...]], change: Callable[[Random, bytes], bytes], rng: Random
) -> bytes:
    data = rng.choice(cache_of(files))
    return data if rng.random() < 0.002 else change(rng, data)


@cache
def cache_of(files: Callable[[], tuple[bytes, ...]]) -> tuple[bytes, ...]:
    """The seeds of a format, made once."""
    return files()


def _read(suffix: str, data: bytes) -> str:
    try:
        source = read_bytes(data, f"草案{suffix}")
    except UnreadableSource as fault:
        return _said(fault)
    document = read_soundly(source)
    kinds = "".join(sorted({p.kind[:3] for p in document.provisions}))
    return f"{source.format} {kinds} {len(source.notes)} {len(source.gaps)}"


def _as_package(rng: Random, data: bytes) -> bytes:
    return mutation.mutate_package(rng, data, mutation.xml_part)


def _as_html(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.2 or not data.startswith(b"<"):
        return mutation.mutate_bytes(rng, data, cache_of(seeds.html))
    return mutation.xml_part(rng, data)


_PDF_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?")
_PDF_WORDS = (b"/Kids [2 0 R]", b"/Rotate 45", b"/MediaBox [0 0 0 0]", b"/Length 0", b"<<", b">>", b"[", b"]", b"BT", b"ET", b"Tj", b"Q q", b"null", b"/Type /Pages", b"1e9", b"endobj", b"stream")  # fmt: skip


def _as_pdf(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.3:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.pdf))
    for _ in range(rng.choice((1, 1, 2, 6))):
        places = list(_PDF_NUMBER.finditer(data))
        if not places:
            return data
        m = rng.choice(places)
        new = rng.choice(
            (
                rng.choice(mutation.ODD_NUMBERS).encode(),
                rng.choice(places)[0],
                rng.choice(_PDF_WORDS),
            )
        )
        data = data[: m.start()] + new + data[m.end() :]
    return data


_RTF_WORD = re.compile(rb"\\[a-z]+-?\d*|\\'[0-9a-f]{2}|[{}]")
_RTF_WORDS = (b"{", b"}", b"\\bin99999999999 ", b"\\bin5 ", b"\\u-1", b"\\uc9 ", b"\\uc-1 ", b"\\u99999999", b"\\'zz", b"\\cell", b"\\row", b"\\trowd", b"\\ls99", b"\\ilvl99", b"\\listtext", b"{\\*\\", b"\\ansicpg99999", b"\\fcharset999", b"\\f9", b"\\footnote", b"\\v", b"\\deleted", b"\\par", b"\\sect", b"\\page", b"\\-", b"\\\n", b"\\", b"\\u55357?\\u56832?", b"\\upr", b"\\mac")  # fmt: skip


def _as_rtf(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.3:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.rtf))
    for _ in range(rng.choice((1, 2, 6))):
        places = list(_RTF_WORD.finditer(data))
        if not places:
            return data
        m, n = rng.choice(places), rng.choice(places)
        new = rng.choice(
            (
                rng.choice(_RTF_WORDS),
                n[0],
                b"",
                m[0] * rng.choice((2, 50)),
                re.sub(rb"\d+", b"32768", m[0]),
            )
        )
        data = data[: m.start()] + new + data[m.end() :]
    return data


def _as_plain(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.4:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.plain))
    codec = rng.choice(
        ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-32", "latin-1", "big5hkscs")
    )
    return mutation.mutate_lines(rng, seeds.DRAFT).encode(codec, "replace")


def _as_markdown(rng: Random, data: bytes) -> bytes:
    text = mutation.mutate_lines(rng, data.decode())
    for _ in range(3):
        at = rng.randrange(len(text) + 1)
        text = (
            text[:at]
            + rng.choice(
                (
                    "#",
                    "```",
                    "|",
                    "---",
                    "[a](b)",
                    "**",
                    "<!--",
                    "-->",
                    "\n\n",
                    "> ",
                    "- ",
                    "<p>",
                    "\\",
                    "![",
                )
            )
            + text[at:]
        )
    return text.encode("utf-8", "surrogatepass")


_MAIL_WORDS = ("Content-Type: multipart/mixed", "Content-Type: message/rfc822", "charset=utf-7", "charset=idna", 'filename="../a.txt"', "filename*=x''%", "filename*0=a", "Content-Transfer-Encoding: uuencode", "=?utf-8?q?=", "=?x?b?=?=", "--out", "--out--", "--in", "\n\n", "Content-Disposition: attachment", 'boundary=""', "MIME-Version: 1.0", "charset=utf-16", "begin 644 a", "\x00", "é")  # fmt: skip


def _as_mail(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.3:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.mail))
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(rng.choice((1, 2, 6))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        way = rng.randrange(5)
        if way == 0:
            lines[i] = rng.choice(_MAIL_WORDS)
        elif way == 1:
            lines[i], lines[j] = lines[j], lines[i]
        elif way == 2:
            lines[i:i] = lines[min(i, j) : max(i, j)][:20]
        elif way == 3:
            lines[i] = mutation.mutate_text(rng, lines[i], (*_MAIL_WORDS, *mutation.ODD_WORDS))
        else:
            del lines[i : i + rng.choice((1, 3))]
            lines = lines or [""]
    return "\n".join(lines).encode("utf-8", "replace")


def _as_archive(rng: Random, data: bytes) -> bytes:
    if rng.random() < 0.5:
        return mutation.mutate_bytes(rng, data)
    return mutation.mutate_package(rng, data, partial(mutation.mutate_bytes))


def _open(data: bytes) -> str:
    """Every file inside, and inside those inside: bytes or a reason."""
    from checker.unpacking import open_bytes

    counts = [0, 0, 0]
    waiting = [(data, 0)]
    while waiting:
        held, level = waiting.pop()
        try:
            contents = open_bytes(held, "来件")
        except UnreadableSource as fault:
            if level == 0:
                return _said(fault)
            counts[1] += 1
            continue
        if contents is None:
            counts[2] += 1
            continue
        expect(len(set(contents.names)) == len(contents.names), "a name twice")
        for name in contents.names:
            name.encode()
            try:
                inner = contents.data(name)
            except UnreadableSource:
                counts[1] += 1
                continue
            counts[0] += 1
            if level < 2:
                waiting.append((inner, level + 1))
    return f"opened {counts}"


def _annotated(data: bytes) -> str:
    """A commented copy has the same text."""
    from checker.word.annotation import Remark, Unmarkable, annotate

    try:
        source = read_bytes(data, "草案.docx")
        size = len(source.text)
        spans = sorted({(size * i // 5, min(size, size * i // 5 + 7)) for i in range(5)})
        copy = annotate(data, source, [Remark(a, b, ("题", "问：内容")) for a, b in spans])
        again = read_bytes(copy, "草案.docx")
    except (UnreadableSource, Unmarkable) as fault:
        return _said(fault)
    expect(again.text == source.text, "the text changed under comments")
    return "annotated"


# --- grammars and texts ----------------------------------------------------------------------------


def _letters(alphabet: str, most: int, rng: Random) -> str:
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(1, most)))


def _structure(letters: str) -> str:
    from checker.shapes import parse, shape

    unit = letters.translate(str.maketrans("bcdeiPK", "aaapppp", ""))
    body = re.sub("[^a-eiPKT]", "P", letters)
    body = (
        body[0] + body[1:].replace("T", "P").replace("a", "b")
        if body[0] in "aT"
        else re.sub("[aTi]", "b", body)
    )
    rows = 0
    if body[0] != "T":
        body = body.replace("i", "P")
    for start, word in (("block", body),):
        found = parse("structure", start, word)
        expect(
            len(found) == len(word) and found == shape("structure", start, word),
            "a letter got lost",
        )
        rows += len({rule for rule, _ in found})
    return f"{len(unit)} {rows}"


def _text(rng: Random) -> str:
    way = rng.randrange(4)
    if way == 0:
        words = (
            *mutation.LABELS,
            *mutation.PHRASES,
            *mutation.MARKS,
            *mutation.NUMERALS,
            *mutation.ODD_WORDS,
            "\n",
        )
        return "".join(rng.choice(words) for _ in range(rng.randrange(1, 60)))
    if way == 1:
        return "".join(
            chr(
                rng.choice(
                    (rng.randrange(0x110000), rng.randrange(0x3000, 0xA000), rng.randrange(256))
                )
            )
            for _ in range(rng.randrange(1, 80))
        )
    lines = rng.choice(seeds.drafts()).split("\n")
    at = rng.randrange(len(lines))
    return mutation.mutate_lines(rng, "\n".join(lines[at : at + rng.choice((1, 2, 8))]))


def _citations(text: str) -> str:
    from checker.citations import find_citations
    from checker.sources.text import replace_variants

    text = replace_variants(text)
    found = list(find_citations(text, ("停车条例", "税法")))
    at = 0
    for c in found:
        expect(at <= c.start < c.end <= len(text), "citations overlap or lie beyond the text")
        at = c.end
        _ = [place.address for place in c.places]
    return f"{len(found)} {sorted({len(c.places) for c in found})}"


def _clauses(text: str) -> str:
    from checker.clauses import analyse
    from checker.sources.text import replace_variants

    text = replace_variants(text)
    phrases = analyse(text)
    expect(
        bool(phrases) and phrases[0].start == 0 and phrases[-1].end == len(text),
        "phrases do not cover",
    )
    for one, other in zip(phrases, phrases[1:], strict=False):
        expect(one.end + 1 == other.start, "phrases do not follow each other")
    return "".join(sorted({p.kind[:2] for p in phrases}))


def _structured(text: str) -> str:
    from checker.parsing import parse_text
    from checker.segments import Segments

    document = parse_text(text)
    read_soundly(document.source)
    joined_soundly(document)
    segments = Segments(document)
    shadow = document.source.shadow
    for at in range(0, len(shadow), max(len(shadow) // 6, 1)):
        clause = segments.clause(*segments.bounds(at, "clause"))
        if clause is None:
            continue
        expect(clause.start <= clause.end <= len(shadow), "a clause beyond the text")
        _ = (clause.governor(0), clause.speech, clause.modalities, clause.leads)
    return "".join(sorted({p.kind[:3] for p in document.provisions}))


def _told(text: str) -> str:
    """All that reads days, numbers, comments, materials, titles out of a text."""
    from datetime import date

    from checker.comments import read_comments, read_tally
    from checker.grounds import ground_faults, ground_problem, is_high
    from checker.materials import dates_of, likenesses, load_vocabulary, read_material, title_of
    from checker.numerals import find_dates, read_amount, read_date, read_number, read_percent
    from checker.periods import find_days, read_period
    from checker.sources.text import replace_variants

    text = replace_variants(text)
    for start, end, _ in find_dates(text):
        expect(text[start:end] != "", "an empty date")
    _ = (
        read_date(text),
        read_amount(text),
        read_percent(text),
        find_days(text),
        read_period(text, date(2024, 3, 1)),
    )
    for m in re.finditer("[〇零一二三四五六七八九十百千万亿0-9]+", text):
        read_number(m[0])
    _ = (
        read_comments(text),
        read_tally(text),
        title_of(text),
        [*ground_faults(text)],
        ground_problem(text, date(2024, 3, 1)),
        is_high(text),
    )
    vocabulary = load_vocabulary()
    likely = likenesses("材料.txt", text, vocabulary)
    for kind in vocabulary.materials[:3]:
        dates_of(text, kind)
    roles = sorted({read_material("材料.txt", text, like).role for like in likely[:3]})
    return f"{roles} {len(find_dates(text))} {len(find_days(text))} {len(read_comments(text))}"


def _law(text: str) -> str:
    from datetime import date

    from checker.holdings import read_holding
    from checker.lawtexts import NotALaw, read_law
    from checker.parsing import parse_text
    from checker.render.outline import outline
    from checker.stock import judge

    document = parse_text(text)
    _ = [*outline(document)]
    rows = judge(
        [read_holding(document, "甲"), read_holding(parse_text(seeds.DRAFT), "乙")],
        date(2024, 6, 1),
        6,
    )
    expect(len(rows) == 2, "a holding got lost")
    try:
        law = read_law(document, "某法")
    except NotALaw as fault:
        return _said(fault)
    return f"law {law.promulgated is not None} {len(law.name)}"


_ACT = """某市停车场条例
（2020年5月1日某市第十届人民代表大会常务委员会第三次会议通过　根据2023年6月2日《关于修改的决定》修正）
第一章 总则
第一条 为了规范停车场管理，根据《中华人民共和国道路交通安全法》，制定本条例。
第二条 本市行政区域内停车场的管理，适用本条例。
第三条 市人民政府应当加强领导，并履行下列职责：
（一）编制规划；
（二）制定标准。
第三条之一 鼓励共享。
第二章 附则
第四条 违反本条例第三条第（一）项的，处一千元罚款。
第五条 本条例自2020年7月1日起施行。
"""


def _act(rng: Random) -> str:
    return mutation.mutate_lines(rng, _ACT) if rng.random() < 0.7 else _text(rng)


_PATTERN_WORDS = ("甲", "乙", "应当", "不得", "甲乙", "(", ")", "|", "（", "）", "｜", "?", "…", "…3", "…12", "…0", "…999", "[甲类]", "[", "]", "<金额>", "<数>", "<", ">", " ", "\u3000", "【甲类】", "…… 4", "*", "\\", ".")  # fmt: skip


def _pattern(rng: Random) -> tuple[str, str]:
    words = list(_PATTERN_WORDS[: rng.choice((5, 12, len(_PATTERN_WORDS)))])
    written = "".join(rng.choice(words) for _ in range(rng.randrange(1, 14)))
    if rng.random() < 0.5:
        pick = lambda: rng.choice(
            ("甲", "乙", "(甲|乙)", "(甲 …2 乙|应当)", "应当?", "[甲类]", "<数>", "不得")
        )  # noqa: E731
        written = "".join(
            pick() + rng.choice(("", "", " …2 ", " … ")) for _ in range(rng.randrange(1, 5))
        )
    text = "".join(
        rng.choice(("甲", "乙", "应当", "不得", "丙", "五", "元", "3", "，"))
        for _ in range(rng.randrange(24))
    )
    return written, text


def _patterns(given: tuple[str, str]) -> str:
    from checker.patterns import PatternFault, WordList, compile_pattern, find_all

    written, text = given
    try:
        sequences = compile_pattern(
            written, {"甲类": WordList(("甲", "甲乙"), ("丙甲",))}, anchored=False
        )
    except PatternFault as fault:
        return _said(fault)
    for sequence in sequences:
        found = {(m.start, m.end) for m in find_all([sequence], text)}
        expect(found == matches_by_hand(sequence, text), f"matches differ: {sequence}")
    return f"{len(sequences)}"


# --- declared files --------------------------------------------------------------------------------


def _written(text: str, name: str) -> Path:
    path = _folder() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def _declared(read: Callable[[str], object], text: str) -> str:
    from checker.places import UnknownPlace

    try:
        read(text)
    except DeclarationError as fault:
        expect(bool(fault.faults), "faults without a fault")
        for one in fault.faults:
            expect(one.line >= 0 and bool(one.message), "a fault without line or words")
            str(one).encode("utf-8", "backslashreplace")
        return _said(fault)
    except UnknownPlace as fault:
        return _said(fault)
    return "read"


def _keyed(files: Callable[[], tuple[str, ...]], also: tuple[str, ...], rng: Random) -> str:
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


def _shipped(pattern: str, step: int = 1, most: int = 3000) -> Callable[[], tuple[str, ...]]:
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


def _rule(text: str) -> None:
    from checker.rules import read_rule

    path = _written(text, f"{_code(text, 'FEE-003')}.yaml")
    compiler = _compiler()
    compiler.faults.clear()
    compiler.rule(read_rule(path), path.name)
    if compiler.faults:
        raise DeclarationError(compiler.faults)


def _ruleset(text: str) -> None:
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


_WAIVERS = """- rule: FEE-003
  document: 办法.txt
  at: 第二条
  ground: 《优化营商环境条例》第二十五条
  reason: 国务院批准的试点项目
  by: 法规科 李某
  until: 2027-06-30
- {rule: FEE, document: "*.docx", quote: 保证金, ground: 《公平竞争审查条例》第十二条第三项, reason: 经过公平竞争审查, by: 某, from: 2024-01-01, until: 2027-01-01, kind: authorised}
"""
_DOSSIER = """name: 公共汽车线网优化
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
_CONFIG = """[tool.checker]
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
_TOML = (
    '"50 GB"', '"0 KB"', '"甲"', '""', "1", "0", "-1", "2", "1.5", "true", "[]", '["甲"]', '["FEE", 1]', "[[]]", "{}", "{a = 1}",
    "2024-03-01", "2024-03-01T00:00:00", "00:30:00", "inf", "nan", '"error"', '["json"]', '["json="]', '["x=y"]', '"上海"',
    '"county-draft"', "0xff", "99999999999999999999", '"""', '"\\u0000"', '"\\ud800"', '["**", "[", "/"]', '"none"',
)  # fmt: skip
_PROFILE = """level: 县
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
    return tuple(_checker().rules())


def _waivers(text: str) -> None:
    from checker.waivers import read_waivers

    read_waivers(_written(text, "waivers.yaml"), _rules())


def _baseline(text: str) -> None:
    from checker.baseline import baseline_text, read_baseline, settle

    read = read_baseline(_written(text, "baseline.json"))
    baseline_text(read).encode("utf-8", "surrogatepass")
    report = _report()
    settle(read, report, next(iter(read.documents), ""), frozenset({"FEE-003"}))


@cache
def _report() -> Any:
    return _checker().check_text(seeds.DRAFT, "办法.txt")


@cache
def _baselines() -> tuple[str, ...]:
    from checker.baseline import Baseline, baseline_text, entries_of

    return (baseline_text(Baseline({"办法.txt": entries_of(_report().findings)})),)


def _config(text: str) -> None:
    from checker.config import Options, configure, setting_lines

    table = "[tool.checker" in text
    path = _written(text, "pyproject.toml" if table else "checker.toml")
    configuration = configure([], Options(config=path))
    _ = [*setting_lines(configuration)]
    configuration.excludes(Path("甲.docx"))


def _dossier(text: str) -> None:
    from checker.materials import load_vocabulary
    from checker.statement import read_facts

    roles = load_vocabulary().names
    read_facts(
        text.encode("utf-8", "surrogatepass"),
        "dossier.yaml",
        ("草案.docx", "说明.txt"),
        (*roles, "文件草案"),
    )


def _profile(text: str) -> None:
    from checker.profile import load_profile

    load_profile(_written(text, "甲.yaml"))


def _place(text: str) -> None:
    from checker.places import read_place

    name = re.match(r"name: (\w{1,9})\n", text)
    read_place(_written(text, f"{name[1] if name else '北京'}/place.yaml"))


def _steps(text: str) -> None:
    from checker.steps import load_procedure_rules

    path = _written(text, f"程序/{_code(text, 'PRO-101', 'PRO')}.yaml")
    try:
        load_procedure_rules(path.parent)
    finally:
        path.unlink()


def _others(text: str) -> None:
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


# --- whole checks ----------------------------------------------------------------------------------


def _document(rng: Random) -> str:
    text = rng.choice(_real() or seeds.drafts())
    if len(text) > 1500:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        text = "\n".join(lines[at:])[:1500]
    return mutation.mutate_lines(rng, text)


#: A folder of further documents that a run may mutate; set by the command.
DOCUMENTS: list[Path] = []


@cache
def _real() -> tuple[str, ...]:
    """Texts of the documents in the folder given, if any."""
    from checker.sources import SUPPORTED_SUFFIXES, read_path

    paths = [
        p
        for folder in DOCUMENTS
        for p in sorted(folder.rglob("*"))
        if p.suffix in SUPPORTED_SUFFIXES
    ]
    return tuple(read_path(path).text for path in paths[:2000])


def _check(text: str) -> str:
    report = _checker().check_text(text)
    if report.error.startswith("没有可读的文字"):
        return "blank"
    expect(report.error == "" and not report.internal, f"not checked: {report.error}")
    expect(not any("内部错误" in gap for gap in report.gaps), f"a rule failed: {report.gaps}")
    expect(report.document is not None, "no document")
    joined_soundly(report.document)  # type: ignore[arg-type]
    for finding in report.findings:
        expect(
            text[finding.start : finding.end] == finding.quote, "a quote that is not in the text"
        )
        expect(bool(finding.address) and bool(finding.message), "a finding without place or words")
    return f"{sorted({f.family for f in report.findings})}"


def _render(text: str) -> str:
    """Every format of output, as text that can be written."""
    import json

    from checker.render.output import FORMATS, Settings
    from checker.report import Tally

    report = _checker().check_text(text, "草案\u202e.txt")
    tally = Tally().plus(report)
    for name in ("text", "json", "html", "csv", "sarif", "junit", "github", "gitlab"):
        out = io.StringIO()
        writer = FORMATS[name].open(out, Settings(verbose=True))
        writer.add(report)
        writer.close(tally)
        written = out.getvalue()
        written.encode("utf-8", "backslashreplace")
        if name in ("json", "sarif", "gitlab"):
            json.loads(written)
        if name == "junit":
            from lxml import etree

            etree.fromstring(written.encode("utf-8"))
    return f"{len(report.findings)}"


def _compare(texts: tuple[str, str]) -> str:
    from checker.comparison import compare
    from checker.render.comparison import comparison_json, comparison_lines

    old, new = (_checker().check_text(text) for text in texts)
    if old.document is None or new.document is None:
        expect("空白" in f"{old.error}{new.error}", "no document")
        return "blank"
    compared = compare(old.document, new.document, old.findings, new.findings)
    comparison_json(old, new, compared)
    _ = comparison_lines
    expect(len(compared.kept) + len(compared.gained) == len(new.findings), "a finding got lost")
    expect(len(compared.kept) + len(compared.lost) == len(old.findings), "an old finding got lost")
    return f"{len(compared.changes)} {len(compared.modalities)}"


def _two(rng: Random) -> tuple[str, str]:
    text = seeds.DRAFT if rng.random() < 0.5 else rng.choice(seeds.drafts())[:1500]
    return text, mutation.mutate_lines(rng, text)


_S = "BCJTabcdeiPKHNAQLSDFXYO"
TARGETS = (
    Target("docx", partial(_pick, seeds.docx, _as_package), partial(_read, ".docx"), 6),
    Target("pdf", partial(_pick, seeds.pdf, _as_pdf), partial(_read, ".pdf"), 5),
    Target("html", partial(_pick, seeds.html, _as_html), partial(_read, ".html"), 6),
    Target("odt", partial(_pick, seeds.odt, _as_package), partial(_read, ".odt"), 5),
    Target("rtf", partial(_pick, seeds.rtf, _as_rtf), partial(_read, ".rtf"), 5),
    Target("ofd", partial(_pick, seeds.ofd_files, _as_package), partial(_read, ".ofd"), 5),
    Target("txt", partial(_pick, seeds.plain, _as_plain), partial(_read, ".txt"), 4),
    Target("md", partial(_pick, seeds.markdown, _as_markdown), partial(_read, ".md"), 4),
    Target("eml", partial(_pick, seeds.mail, _as_mail), _open, 5),
    Target("zip", partial(_pick, seeds.archives, _as_archive), _open, 4),
    Target("annotate", partial(_pick, seeds.docx, _as_package), _annotated, 3),
    Target("structure.lark", partial(_letters, _S, 30), _structure, 4),
    Target("citations", _text, _citations, 6),
    Target("clauses", _text, _clauses, 6),
    Target("structure", _text, _structured, 6),
    Target("told", _text, _told, 3),
    Target("law", _act, _law, 2),
    Target("pattern.lark", _pattern, _patterns, 6),
    Target("rule", partial(_keyed, _shipped("national/*/*.yaml", 9), ()), partial(_declared, _rule), 4),
    Target("lists", partial(_keyed, _shipped("lists/*.yaml", 1, 1200), ()), partial(_declared, _ruleset), 2),
    Target("exemptions", partial(_keyed, _shipped("[ef]*.yaml", 1, 1500), ()), partial(_declared, _ruleset), 2),
    Target("steps", partial(_keyed, _shipped("procedure/PRO-*.yaml", 3), ()), partial(_declared, _steps), 2),
    Target("place", partial(_keyed, _shipped("local/*/place.yaml", 1, 1200), ()), partial(_declared, _place), 2),
    Target("procedure", partial(_keyed, _shipped("procedure/[chm]*.yaml", 1, 1200), ()), partial(_declared, _others), 2),
    Target("waivers", partial(_keyed, lambda: (_WAIVERS,), ("FEE", "《公平竞争审查条例》第十二条")), partial(_declared, _waivers), 3),
    Target("baseline", partial(_keyed, _baselines, ("[1]", '"办法.txt"', "1", "null", "[]", "{}", '"FEE-003"', '""', "true", "[[]]", '{"rule": 1}', "-1e400", '"\\ud800"')), partial(_declared, _baseline), 3),
    Target("config", partial(_keyed, lambda: (_CONFIG, _CONFIG.replace("tool.checker.", "").replace("[tool.checker]", "")), _TOML), partial(_declared, _config), 3),
    Target("dossier", partial(_keyed, lambda: (_DOSSIER,), ("文件草案", "[说明.txt]")), partial(_declared, _dossier), 3),
    Target("profile", partial(_keyed, lambda: (_PROFILE,), ("市", "上海")), partial(_declared, _profile), 2),
    Target("check", _document, _check, 4),
    Target("render", _document, _render, 1),
    Target("compare", _two, _compare, 1),
)  # fmt: skip
