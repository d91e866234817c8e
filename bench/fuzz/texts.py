"""Texts: the grammars, and all that reads something out of a text, must take any text."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from bench.fuzz import mutation, seeds
from bench.fuzz.outcomes import said
from bench.fuzz.soundness import expect, joined_soundly, matches_by_hand, read_soundly


def letters(alphabet: str, most: int, rng: Random) -> str:
    """Some letters of an alphabet."""
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(1, most)))


def structure(letters: str) -> str:
    """The inside of an article, of a heading or of running text, whatever stands in it, and in what order."""
    from checker.shapes import parse, shape

    inside = re.sub("[^b-eiPK]" if letters[0] == "T" else "[^b-ePK]", "P", letters[1:])
    block = (letters[0] if letters[0] in "Ta" else "") + inside or "P"
    rows = parse("structure", "block", block)
    expect(len(rows) == len(block), "a letter got lost")
    expect(rows == shape("structure", "block", block), "the parse that ships is another one")
    return "".join(sorted({rule[:4] for rule, _ in rows}))


def text(rng: Random) -> str:
    """Words and signs at random, characters at random, or lines of a draft, changed."""
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


def citations(text: str) -> str:
    """Citations follow each other and lie in the text."""
    from checker.citations import find_citations
    from checker.sources.text import replace_variants

    text = replace_variants(text)
    found = list(find_citations(text, frozenset(("停车条例", "税法"))))
    at = 0
    for c in found:
        expect(at <= c.start < c.end <= len(text), "citations overlap or lie beyond the text")
        at = c.end
        _ = [place.address for place in c.places]
    return f"{len(found)} {sorted({len(c.places) for c in found})}"


def clauses(text: str) -> str:
    """Phrases cover the clause."""
    from checker.clauses import analyse
    from checker.sources.text import replace_variants

    text = replace_variants(text)
    phrases = analyse(text)
    expect(
        bool(phrases) and phrases[0].start == 0 and phrases[-1].end == len(text),
        "phrases do not cover",
    )
    for one, other in pairwise(phrases):
        expect(one.end + 1 == other.start, "phrases do not follow each other")
    return "".join(sorted({p.kind[:2] for p in phrases}))


def structured(text: str) -> str:
    """The document and its clauses are sound."""
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


def told(text: str) -> str:
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


def law(text: str) -> str:
    """The text as a law, as one of a stock, as an outline."""
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
        return said(fault)
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


def act(rng: Random) -> str:
    """An act of law, changed."""
    return mutation.mutate_lines(rng, _ACT) if rng.random() < 0.7 else text(rng)


_PATTERN_WORDS = ("甲", "乙", "应当", "不得", "甲乙", "(", ")", "|", "（", "）", "｜", "?", "…", "…3", "…12", "…0", "…999", "[甲类]", "[", "]", "<金额>", "<数>", "<", ">", " ", "\u3000", "【甲类】", "…… 4", "*", "\\", ".")  # fmt: skip
_PATTERN_SLOTS = ("甲", "乙", "(甲|乙)", "(甲 …2 乙|应当)", "应当?", "[甲类]", "<数>", "不得")


def pattern(rng: Random) -> tuple[str, str]:
    """A pattern and a text to try it on."""
    words = list(_PATTERN_WORDS[: rng.choice((5, 12, len(_PATTERN_WORDS)))])
    written = "".join(rng.choice(words) for _ in range(rng.randrange(1, 14)))
    if rng.random() < 0.5:
        written = "".join(
            rng.choice(_PATTERN_SLOTS) + rng.choice(("", "", " …2 ", " … "))
            for _ in range(rng.randrange(1, 5))
        )
    text = "".join(
        rng.choice(("甲", "乙", "应当", "不得", "丙", "五", "元", "3", "，"))
        for _ in range(rng.randrange(24))
    )
    return written, text


def patterns(given: tuple[str, str]) -> str:
    """A pattern is refused, or finds just what trying every choice finds."""
    from checker.patterns import PatternFault, WordList, compile_pattern, find_all

    written, text = given
    try:
        sequences = compile_pattern(
            written, {"甲类": WordList(("甲", "甲乙"), ("丙甲",))}, anchored=False
        )
    except PatternFault as fault:
        return said(fault)
    for sequence in sequences:
        found = {(m.start, m.end) for m in find_all([sequence], text)}
        expect(found == matches_by_hand(sequence, text), f"matches differ: {sequence}")
    return f"{len(sequences)}"
