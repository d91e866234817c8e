"""Citations: how many of a labelled set are read exactly, and their standing on the stated day.

    python bench/citations.py LABELLED.jsonl [--show]

A line holds text, doc_title, defined_abbreviations, as_of and expected: name, article ("120-1" for
第一百二十条之一), paragraph, item, status. A citation counts where name, article, paragraph and item
are all exact; what is found beyond the expected is counted apart.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from checker.parsing import parse_text
from checker.references import Reference, find_references
from checker.statutes import plain_name

Key = tuple[str, str, int, int, int]


def _key(name: str | None, article: Any, paragraph: Any, item: Any, subitem: Any) -> Key:
    return plain_name(name or ""), str(article or ""), paragraph or 0, item or 0, subitem or 0


def _found_key(reference: Reference) -> Key:
    place = reference.place
    article = f"{place.article}-{place.branch}" if place.branch else place.article
    return _key(reference.name, article, place.paragraph, place.item, place.subitem)


def _references(record: dict[str, Any]) -> tuple[Reference, ...]:
    return find_references(
        parse_text(record["text"]),
        date.fromisoformat(record["as_of"]),
        title=record["doc_title"],
        names=record["defined_abbreviations"],
    )


def _judge(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    left = list(_references(record))
    for want in record["expected"]:
        key = _key(*(want[k] for k in ("name", "article", "paragraph", "item", "item_sub")))
        match = next((r for r in left if _found_key(r) == key), None)
        if match is None:
            yield "missed", want
            continue
        left.remove(match)
        yield "exact", want
        if match.standing == want["status"] or (match.own and want["status"] == "不在目录"):
            yield "standing", want
        else:
            yield "wrong standing", (want["raw"], want["status"], match.standing, match.resolved)
        if want["article_exists"] is not None and match.article_exists is not None:
            yield (
                ("article" if match.article_exists == want["article_exists"] else "wrong article"),
                want,
            )
    for extra in left:
        yield "extra", extra


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    counts: dict[str, int] = {}
    for line in args.labelled.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for kind, what in _judge(record):
            counts[kind] = counts.get(kind, 0) + 1
            if args.show and kind in ("missed", "extra", "wrong standing", "wrong article"):
                print(record["id"], kind, what if not isinstance(what, dict) else what["raw"])
    total = counts.get("exact", 0) + counts.get("missed", 0)
    print(f"exact {counts.get('exact', 0)}/{total}  standing {counts.get('standing', 0)}/{total}")
    print({kind: counts[kind] for kind in sorted(counts)})


if __name__ == "__main__":
    main()
