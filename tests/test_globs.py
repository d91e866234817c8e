"""Globs: which documents a pattern means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.globs import is_glob, located, matches


@pytest.mark.parametrize(
    ("pattern", "name", "meant"),
    [
        ("办法.docx", "办法.docx", True),
        ("办法.docx", "草案/2024/办法.docx", True),
        ("办法.docx", "草案/新办法.docx", False),
        ("*.docx", "草案/办法.docx", True),
        ("草案/办法.docx", "草案/办法.docx", True),
        ("./草案/办法.docx", "草案/办法.docx", True),
        ("草案\\办法.docx", "草案/办法.docx", True),
        ("草案/办法.docx", "旧/草案/办法.docx", False),
        ("草案/*", "草案/2024/办法.docx", True),
        ("归档", "草案/归档/办法.docx", True),
        ("归档/", "草案/归档/办法.docx", True),
        ("草案/归档", "草案/归档/2019/办法.docx", True),
        ("归档", "归档说明.docx", False),
        ("办法?.docx", "办法1.docx", True),
        ("*", "../别处/办法.docx", True),
        ("caf\u00e9.txt", "cafe\u0301.txt", True),
    ],
)
def test_matches(pattern: str, name: str, meant: bool) -> None:
    assert matches(pattern, name) is meant


@given(
    st.lists(st.text("甲乙.", min_size=1, max_size=3).filter(lambda s: s.strip(".")), min_size=1)
)
def test_a_name_means_itself_and_its_folders_mean_it(parts: list[str]) -> None:
    for end in range(1, len(parts) + 1):
        assert matches("/".join(parts[:end]), "/".join(parts))


def test_located_is_relative_and_never_absolute(tmp_path: Path) -> None:
    base = tmp_path / "基"
    assert located(base / "草案" / "办法.txt", base) == "草案/办法.txt"
    assert located(tmp_path / "办法.txt", base) == "../办法.txt"


def test_is_glob() -> None:
    assert [is_glob(p) for p in ("办法.txt", "草案/*", "办法?.txt", "办[法].txt")] == [
        False, True, True, True,
    ]  # fmt: skip
