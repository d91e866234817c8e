"""Recall: reports of documents checked before, kept in the cache folder and found by what they rest on.

A report rests on the bytes of the document, its name, the rules, the data and the code of the engine,
the options and the day asked for; never on when it was made. What rests on today (a document without
a date) is used again on that day only. Each entry carries the digest of its own content; one that is
damaged, or whose folder others can write, counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import types
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from checker.cache import cache_folder, trusted
from checker.report import Report
from checker.resources import resource

#: Raise it when what an entry holds takes another form.
FORMAT = 1
#: Entries kept, and how many are left when there are more (an entry takes about 6 KB).
MOST, LEFT = 5000, 4000
#: How a day was found that does not depend on today.
_FIXED = frozenset({"指定", "印发日期", "成文日期", "题注日期"})

#: Types of what a kept report does not have: only dossiers have steps.
_NEVER = {"StepResult": object, "Document": object}


@dataclass(frozen=True, slots=True)
class Recall:
    """Reports of one engine, one set of rules and one set of options."""

    base: str
    folder: Path

    def report(
        self, data: bytes, name: str, as_of: date | None, make: Callable[[], Report]
    ) -> Report:
        """The report of a document: the one kept, marked as recalled, else a new one, now kept."""
        key = hashlib.sha256(f"{self.base}\0{name}\0{as_of}\0".encode("utf-8", "surrogatepass"))
        key.update(data)
        path = self.folder / f"{key.hexdigest()}.json"
        kept = self._read(path)
        if kept is not None:
            return replace(kept, recalled=True)
        report = make()
        if not (report.steps or report.internal):
            self._write(path, report)
        return report

    def _read(self, path: Path) -> Report | None:
        if not trusted(self.folder):
            return None
        try:
            digest, _, body = path.read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                return None
            entry = json.loads(body)
            report = _revived(Report, entry["report"])
            if report.as_of_from not in _FIXED and entry["day"] != _today():
                return None
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return report if isinstance(report, Report) else None

    def _write(self, path: Path, report: Report) -> None:
        """Keep a report, as a whole or not at all; a place that cannot be written is no fault."""
        entry = {"day": _today(), "report": asdict(report)}
        try:
            body = json.dumps(entry, ensure_ascii=False, default=_plain).encode()
            content = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
                part.write(content)
            os.replace(part.name, path)
        except (OSError, UnicodeEncodeError):
            return

    def trim(self) -> None:
        """Drop the entries longest unused where there are too many."""
        try:
            entries = [(e.stat().st_mtime_ns, e.path) for e in os.scandir(self.folder)]
            for _, path in sorted(entries)[:-LEFT] if len(entries) > MOST else []:
                os.unlink(path)
        except OSError:  # another process trims too, or there is no such folder
            return


def recall(*options: object) -> Recall:
    """Reports of this engine on its data, with what else they rest on."""
    base = hashlib.sha256(repr((FORMAT, engine_digest(), options)).encode("utf-8", "surrogatepass"))
    return Recall(base.hexdigest(), cache_folder() / "reports")


@cache
def engine_digest() -> str:
    """Digest of the code and of the shipped data that the version of the ruleset does not cover."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield from sorted(Path(__file__).parent.rglob("*.py"))
    yield from sorted(resource("grammars").iterdir())
    rulesets = resource("rulesets")
    yield from sorted(rulesets.glob("*.*"))
    for part in ("statutes", "local", "lists"):
        yield from sorted(path for path in (rulesets / part).rglob("*") if path.is_file())


def _today() -> str:
    return date.today().isoformat()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _revived(kind: Any, value: Any) -> Any:
    """A value of a type from what JSON keeps of it. Raises ValueError, KeyError, TypeError."""
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (arm for arm in get_args(kind) if arm is not types.NoneType)
    if get_origin(kind) is tuple:
        arms = get_args(kind)
        if arms[1:] == (Ellipsis,):
            return tuple(_revived(arms[0], item) for item in value)
        return tuple(_revived(arm, item) for arm, item in zip(arms, value, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _revived(hints[name], item) for name, item in value.items()})
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Types of the fields of a dataclass, those included that only its module's checker imports."""
    from checker.particulars import Particulars

    hints = get_type_hints(kind, localns={"Particulars": Particulars, **_NEVER})
    return {field.name: hints[field.name] for field in fields(kind)}
