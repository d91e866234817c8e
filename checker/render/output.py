"""Where the reports of one run go: any number of formats at once, and the tally of them all."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Protocol, Self, TextIO

from checker.report import Report, Tally

if TYPE_CHECKING:
    from checker.compiled import CompiledRule
    from checker.steps import StepRule
    from checker.waivers import WaiverRule


class Writer(Protocol):
    """Writes the reports of a run in one format."""

    def add(self, report: Report) -> None:
        """Write one report."""

    def close(self, tally: Tally) -> None:
        """Write what the run adds up to."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a writer may say of rules: the title of each family by its code, and the rules."""

    families: Mapping[str, str] = field(default_factory=dict)
    rules: Callable[[], Iterable[CompiledRule | StepRule | WaiverRule]] = tuple


@dataclass(frozen=True, slots=True)
class Settings:
    """How to write: only the closing line, everything, and what there is to say of rules.

    ``origin`` is the one file checked, of which ``word`` writes a copy; ``templates`` are an
    office's own, by form.
    """

    quiet: bool = False
    verbose: bool = False
    rulebook: Rulebook = field(default_factory=Rulebook)
    origin: Path | None = None
    templates: Mapping[str, Path] = field(default_factory=dict)


def _text(stream: TextIO, settings: Settings) -> Writer:
    from checker.render.text import TextWriter

    terminal = stream is sys.stdout and stream.isatty()
    quiet, verbose = settings.quiet, settings.verbose
    return TextWriter(stream, terminal=terminal, quiet=quiet, verbose=verbose)


def _json(stream: TextIO, _: Settings) -> Writer:
    from checker.render.json import JsonWriter

    return JsonWriter(stream)


def _html(stream: TextIO, settings: Settings) -> Writer:
    from checker.render.html import HtmlWriter

    return HtmlWriter(stream, settings.rulebook.families)


def _sarif(stream: TextIO, settings: Settings) -> Writer:
    from checker.render.sarif import SarifWriter

    return SarifWriter(stream, settings.rulebook)


def _junit(stream: TextIO, _: Settings) -> Writer:
    from checker.render.junit import JunitWriter

    return JunitWriter(stream)


def _github(stream: TextIO, _: Settings) -> Writer:
    from checker.render.github import GithubWriter

    return GithubWriter(stream)


def _gitlab(stream: TextIO, _: Settings) -> Writer:
    from checker.render.gitlab import GitlabWriter

    return GitlabWriter(stream)


def _csv(stream: TextIO, settings: Settings) -> Writer:
    from checker.render.csv import CsvWriter

    return CsvWriter(stream, settings.rulebook.families)


def _xlsx(stream: IO[bytes], settings: Settings) -> Writer:
    from checker.render.xlsx import XlsxWriter

    return XlsxWriter(stream, settings.rulebook.families)


def _word(file: Path, settings: Settings) -> Writer:
    from checker.render.word import WordWriter

    assert settings.origin is not None
    return WordWriter(file, settings.origin)


def _form(name: str) -> Callable[[Path, Settings], Writer]:
    def opened(file: Path, settings: Settings) -> Writer:
        from checker.render.forms import FormWriter

        return FormWriter(file, name, settings.templates.get(name))

    return opened


def _openpyxl() -> None:
    from checker.render.workbook import require_openpyxl

    require_openpyxl()


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: ``open(stream, settings)`` gives its writer; and what it asks of a run.

    ``binary`` streams take bytes and have to be files; ``single`` ones are about one document, and are
    opened with the file itself. With ``document`` every report has to carry its document. ``require`` raises where a library that the format needs is not installed.
    """

    open: Callable[..., Writer]
    about: str
    document: bool = False
    binary: bool = False
    single: bool = False
    require: Callable[[], None] | None = None


#: Formats that fill a template.
FORMS = ("opinion", "fair", "filing")
#: Every format by its name, in the order in which the help lists them.
FORMATS = {
    "text": Format(_text, "文本"),
    "json": Format(_json, "JSON，给程序读"),
    "html": Format(_html, "网页，原文和问题线索左右对照", document=True),
    "csv": Format(_csv, "表格（CSV）"),
    "xlsx": Format(_xlsx, "表格（Excel），须写明文件", binary=True, require=_openpyxl),
    "word": Format(_word, "Word 批注，写在一份 .docx 的副本里", binary=True, single=True),
    "opinion": Format(_form("opinion"), "合法性审核意见书（Word）", binary=True, single=True),
    "fair": Format(_form("fair"), "公平竞争审查表（Word）", binary=True, single=True),
    "filing": Format(_form("filing"), "备案审查登记表（Word）", binary=True, single=True),
    "sarif": Format(_sarif, "SARIF 2.1.0，代码平台通用", document=True),
    "junit": Format(_junit, "JUnit XML，持续集成通用"),
    "github": Format(_github, "GitHub Actions 注解"),
    "gitlab": Format(_gitlab, "GitLab 代码质量报告"),
}
#: A format and the file it is written to, None for standard output.
Target = tuple[str, Path | None]


def read_target(written: str, formats: Iterable[str] = FORMATS) -> Target:
    """The target of FORMAT or FORMAT=FILE. Raises ValueError with what is wrong."""
    from checker.faults import nearest

    name, equals, file = written.partition("=")
    if equals and not file:
        raise ValueError(f"“{written}”缺少文件名")
    if name not in formats:
        raise ValueError(f"不能写“{name}”{nearest(name, formats)}")
    return name, Path(file) if file else None


def keeps_document(targets: Iterable[Target]) -> bool:
    """Whether any of the formats shows the text of the documents."""
    return any(FORMATS[name].document for name, _ in targets)


class Output:
    """Sends each report to every target, and keeps the tally; a context manager.

    ``targets`` are pairs of a format and a file, None for standard output. The closing line goes
    to standard error where no text goes to standard output. Opening a file may raise OSError;
    a missing library is told before any file is opened.
    """

    def __init__(self, targets: Sequence[Target], settings: Settings | None = None) -> None:
        for name, _ in targets:
            if (require := FORMATS[name].require) is not None:
                require()
        settings = settings or Settings()
        self.tally = Tally()
        self._files = ExitStack()
        self._says_closing = ("text", None) in targets
        with ExitStack() as undo:
            undo.enter_context(self._files)
            self._writers = [self._writer(FORMATS[name], file, settings) for name, file in targets]
            undo.pop_all()

    def _writer(self, wanted: Format, file: Path | None, settings: Settings) -> Writer:
        stream: IO[Any] = sys.stdout
        if file is not None and wanted.single:
            if not file.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, "", str(file))
            return wanted.open(file, settings)
        if file is not None and wanted.binary:
            stream = self._files.enter_context(file.open("wb"))
        elif file is not None:
            stream = self._files.enter_context(
                file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
            )
        return wanted.open(stream, settings)

    def add(self, report: Report) -> None:
        """Write one report everywhere."""
        for writer in self._writers:
            writer.add(report)
        self.tally = self.tally.plus(report)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._files:
            if kind is None:
                for writer in self._writers:
                    writer.close(self.tally)
        if kind is None and not self._says_closing:
            sys.stderr.write(self.tally.closing + "\n")
