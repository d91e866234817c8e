"""The rule pages in docs/rules are what the rule files say today."""

from __future__ import annotations

from pathlib import Path

from bench.pages import pages

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "rules"


def test_pages_are_current() -> None:
    kept = {p.name: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.md")}
    made = pages()
    assert sorted(kept) == sorted(made)
    assert [name for name, text in made.items() if kept[name] != text] == []
