"""Outcomes: how the end of an execution is named, and what executions share."""

from __future__ import annotations

import re
from functools import cache

from checker import Checker

_VARYING = re.compile(r"[0-9]+|“[^”]*”|（[^）]*）|[^：，。]*\.[a-z]+")


def said(fault: Exception) -> str:
    """A declared error as the name of an outcome: without numbers, quotes, file names."""
    words = getattr(fault, "reason", "") or str(fault).split("\n", 1)[0]
    return f"{type(fault).__name__} {_VARYING.sub('', words)[:60]}"


@cache
def checker() -> Checker:
    """A Checker whose reports carry their document."""
    return Checker(keep_document=True)
