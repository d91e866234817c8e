"""Extras: libraries that only some work needs, and what to say where one is not installed."""

from __future__ import annotations


class MissingLibrary(ValueError):
    """A library that this work needs is not installed; the message says how to install it."""


def pip_install(extra: str) -> str:
    """The command that installs an extra."""
    return f"pip install 'legality-precheck[{extra}]'"


def lacking(purpose: str, library: str, extra: str) -> str:
    """What to say where a library is missing: for what it is needed and how to install it."""
    return f"{purpose}需要另外安装 {library}：{pip_install(extra)}"
