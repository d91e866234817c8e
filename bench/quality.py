"""Quality: recall and false alarms on labelled clauses, findings on real documents.

    python bench/quality.py GOLD [--half a|b] [--docs FOLDER] [--misses] [--false] [--family FEE]

GOLD is a .jsonl file or a folder of them; a record has id, text and labels (OK for clauses that must
stay clean). Each text is checked as a document of one clause. Families that speak about a whole
document (CIT VAL PRO FMT TXT) are counted apart. Half a is for reading while rules are written, half
b only for measuring: the gap between them tells whether rules were written for single sentences.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.findings import Finding, Severity
from checker.matching import Matcher
from checker.ruleset import load_ruleset
from checker.sources import SUPPORTED_SUFFIXES, read_path
from checker.sources.text import unify
from checker.structure import parse

DOCUMENT_FAMILIES = frozenset({"CIT", "VAL", "PRO", "FMT", "TXT"})
AS_OF = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """One labelled clause with the families found in it (error or warning only)."""

    id: str
    text: str
    labels: frozenset[str]
    found: frozenset[str]
    rules: tuple[str, ...]


def substantive(findings: tuple[Finding, ...]) -> list[Finding]:
    """Findings of error or warning in families that speak about what a clause sets."""
    return [
        f for f in findings if f.severity is not Severity.INFO and f.family not in DOCUMENT_FAMILIES
    ]


def read_gold(path: Path) -> Iterator[dict[str, object]]:
    """Records of a file or of every .jsonl file in a folder."""
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def in_half(record_id: str, half: str) -> bool:
    """Whether a record belongs to half a or b (by a hash of its id), or to the whole ("")."""
    return not half or "ab"[hashlib.sha256(record_id.encode()).digest()[0] & 1] == half


def check_gold(path: Path, matcher: Matcher, half: str = "") -> list[Checked]:
    """Every record checked as a one-clause document."""
    checked = []
    for record in read_gold(path):
        if not in_half(str(record["id"]), half):
            continue
        text = str(record["text"])
        found = substantive(matcher.check(parse(unify("gold", text)), AS_OF).findings)
        labels = record["labels"]
        assert isinstance(labels, list)
        rules = [f"{f.rule}“{f.quote}”" for f in found]
        checked.append(
            Checked(
                str(record["id"]),
                text,
                frozenset(labels),
                frozenset(f.family for f in found),
                tuple(rules),
            )
        )
    return checked


def print_gold(checked: list[Checked], family: str, misses: bool, alarms: bool) -> None:
    """Tables of recall by family and by label, and of false alarms."""
    bad = [c for c in checked if "OK" not in c.labels]
    good = [c for c in checked if "OK" in c.labels]
    labels = Counter(label for c in bad for label in c.labels)
    print(f"{'label':6}{'n':>5}{'any family':>12}{'right family':>14}")
    for label, n in sorted(labels.items()):
        labelled = [c for c in bad if label in c.labels]
        some = sum(bool(c.found) for c in labelled)
        right = sum(label in c.found for c in labelled)
        print(f"{label:6}{n:5}{some / n:12.2f}{right / n:14.2f}")
    total = max(len(bad), 1)
    print(
        f"violating clauses: {len(bad)}; any family {sum(bool(c.found) for c in bad) / total:.3f}; "
        f"a right family {sum(bool(c.found & c.labels) for c in bad) / total:.3f}"
    )
    wrong = [c for c in good if c.found]
    print(
        f"OK clauses: {len(good)}; false alarms {len(wrong)} = {len(wrong) / max(len(good), 1):.3f}"
    )
    print("false alarms by family:", dict(Counter(x for c in wrong for x in c.found)))
    if misses:
        for c in bad:
            own = c.labels & {family} if family else c.labels
            if own and not own & c.found:
                print("MISS", c.id, "+".join(sorted(c.labels)), c.text, "| found:", *c.rules)
    if alarms:
        for c in wrong:
            if not family or family in c.found:
                print("FALSE", c.id, c.text, "|", *c.rules)


def print_documents(folder: Path, matcher: Matcher, show: bool, family: str) -> None:
    """Findings per document and per 10,000 characters, by rule."""
    documents = characters = 0
    rules: Counter[str] = Counter()
    with_findings = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SUPPORTED_SUFFIXES:
            continue
        source = read_path(path)
        document = parse(source)
        found = substantive(matcher.check(document, document.date or AS_OF).findings)
        documents += 1
        characters += len(source.text)
        with_findings += bool(found)
        rules.update(f.rule for f in found)
        for f in found if show else ():
            if not family or f.family == family:
                print(
                    f"{path.stem[:28]} | {f.rule} {f.severity} {f.address} | {f.quote} | {f.clause}"
                )
    total = sum(rules.values())
    print(
        f"documents: {documents}, {characters} characters; with findings {with_findings}; "
        f"findings {total}: {total / max(documents, 1):.2f} a document, "
        f"{total * 10_000 / max(characters, 1):.2f} per 10,000 characters"
    )
    for rule, n in rules.most_common():
        print(f"  {rule} {n}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="?", type=Path)
    parser.add_argument("--half", choices=["a", "b"], default="")
    parser.add_argument("--docs", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--false", action="store_true", dest="alarms")
    parser.add_argument("--show", action="store_true", help="print every finding in --docs")
    parser.add_argument("--family", default="")
    options = parser.parse_args()
    matcher = Matcher(load_ruleset())
    if options.gold:
        print_gold(
            check_gold(options.gold, matcher, options.half),
            options.family,
            options.misses,
            options.alarms,
        )
    if options.docs:
        print_documents(options.docs, matcher, options.show, options.family)


if __name__ == "__main__":
    main()
