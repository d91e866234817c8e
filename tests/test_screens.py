"""The screens in docs/img show what the command prints today."""

from __future__ import annotations

import re
from html import unescape

import pytest
from rich.text import Text

from bench.screens import FOLDER, SCREENS, pictures, printed


def shown(svg: str) -> str:
    """The words of a picture, without space."""
    words = re.findall(r"<text [^>]*>([^<]*)</text>", svg)
    return "".join(unescape("".join(words)).split())


@pytest.mark.parametrize("name", SCREENS)
def test_the_words_are_current(name: str) -> None:
    kept = shown((FOLDER / f"{name}.svg").read_text("utf-8"))
    said = "".join(Text.from_ansi(printed(SCREENS[name])).plain.split())
    assert kept.endswith(said), "python bench/screens.py"


def test_a_picture_asks_no_server_and_is_always_the_same() -> None:
    first, second = dict(pictures()), dict(pictures())
    assert first == second
    for svg in first.values():
        assert "url(http" not in svg and svg.count("http") == 1  # the name space
