"""Legality pre-check of Chinese administrative normative documents: the public names."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = [
    "Checker",
    "Document",
    "Finding",
    "Memory",
    "Report",
    "Severity",
    "Workers",
    "__version__",
]

if TYPE_CHECKING:
    from checker.api import Checker as Checker
    from checker.document import Document as Document
    from checker.findings import Finding as Finding
    from checker.findings import Severity as Severity
    from checker.isolation import Workers as Workers
    from checker.memory import Memory as Memory
    from checker.report import Report as Report
    from checker.report import __version__ as __version__

_HOMES = {
    "Checker": "checker.api",
    "Document": "checker.document",
    "Finding": "checker.findings",
    "Memory": "checker.memory",
    "Report": "checker.report",
    "Severity": "checker.findings",
    "Workers": "checker.isolation",
    "__version__": "checker.report",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: ``import checker`` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'checker' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
