"""Checker: the whole path from a file to a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.batch import Job, shown
from checker.document import Document, Issuer
from checker.findings import Finding
from checker.profile import Profile, load_profile
from checker.report import Coverage, Report, in_order

if TYPE_CHECKING:
    from checker.matching import Matcher, Trace
    from checker.ruleset import Ruleset
    from checker.sources.text import SourceText


class UnknownCode(ValueError):
    """A rule id or family that the rulesets do not have; the message offers the nearest one."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks documents with one profile and one set of rules.

    Immutable, safe to share between threads, made to be used many times. ``profile`` is a name, a
    YAML file or a Profile; ``rulesets`` are folders laid over the national rules; ``select`` and
    ``ignore`` hold rule ids or families. A document is judged by the law of ``as_of``: the day
    given, else the day the document was made, else today.

    Raises UnknownProfile, RuleFaults (every fault of the rules at once) or UnknownCode.
    """

    profile: Profile | str | Path | None = None
    rulesets: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ruleset: Ruleset = field(init=False, repr=False, compare=False)
    _profile: Profile = field(init=False, repr=False, compare=False)
    _matcher: Matcher = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        from checker.matching import Matcher
        from checker.ruleset import load_ruleset

        profile = self.profile if isinstance(self.profile, Profile) else load_profile(self.profile)
        ruleset = load_ruleset((*profile.rulesets, *map(Path, self.rulesets)))
        select = tuple(self.select) or profile.select
        ignore = (*profile.ignore, *self.ignore)
        _refuse_unknown((*select, *ignore), ruleset)
        matcher = Matcher(ruleset, select=select, ignore=ignore)
        for name, value in (("_profile", profile), ("ruleset", ruleset), ("_matcher", matcher)):
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Checker], tuple[object, ...]]:
        return Checker, (self.profile, self.rulesets, self.select, self.ignore)

    def check_text(self, text: str, name: str = "草案", as_of: date | None = None) -> Report:
        """Check a text."""
        return self._check(text_source(text, name), as_of)

    def check_bytes(self, data: bytes, name: str, as_of: date | None = None) -> Report:
        """Check the bytes of a file; what cannot be read gives a report that says why."""
        from checker.sources import UnreadableSource, read_bytes

        try:
            return self._check(read_bytes(data, name), as_of)
        except UnreadableSource as fault:
            return self._unread(name, fault.reason)

    def check_file(self, path: str | Path, as_of: date | None = None) -> Report:
        """Check a file; what cannot be read gives a report that says why.

        Raises FileNotFoundError where there is no such file.
        """
        from checker.sources import UnreadableSource, read_path

        path = Path(path)
        if not path.exists():
            raise FileNotFoundError(f"没有这个文件：{path}")
        try:
            return self._check(replace(read_path(path), name=shown(path)), as_of)
        except UnreadableSource as fault:
            return self._unread(shown(path), fault.reason)

    def check_folder(
        self, path: str | Path, jobs: int | None = None, as_of: date | None = None
    ) -> Iterator[Report]:
        """Check every document below a folder, one report at a time, in order of their names.

        Several processes share the work with ``jobs`` (a script that gives ``jobs`` needs the usual
        ``if __name__ == "__main__":``); the reports are the same. One bad file never stops the
        rest. Raises NotADirectoryError.
        """
        if not Path(path).is_dir():
            raise NotADirectoryError(f"没有这个文件夹：{path}")
        return self.check_paths([path], jobs, as_of)

    def check_paths(
        self, paths: Iterable[str | Path], jobs: int | None = None, as_of: date | None = None
    ) -> Iterator[Report]:
        """As :meth:`check_folder`, for any mix of files and folders, in the order given."""
        from checker.batch import check_each, jobs_for
        from checker.sources import SUPPORTED_SUFFIXES

        listed = [job for path in paths for job in jobs_for(Path(path), SUPPORTED_SUFFIXES)]
        return check_each(partial(self._check_job, as_of), listed, jobs)

    def _check_job(self, as_of: date | None, job: Job) -> Report:
        """Check one file of many: whatever goes wrong is told in its report."""
        if job.problem:
            return self._unread(job.name, job.problem)
        try:
            return replace(self.check_file(job.path, as_of), name=job.name)
        except OSError as fault:
            return self._unread(job.name, fault.strerror or str(fault))
        except Exception as fault:
            return replace(self._unread(job.name, _where(fault)), internal=True)

    def _check(self, source: SourceText, as_of: date | None) -> Report:
        """The whole path: text, structure, findings, report."""
        from checker.structure import parse

        document = parse(source)
        if self._profile.level and not document.issuer.level:
            issuer = Issuer(document.issuer.name, self._profile.level)
            document = replace(document, issuer=issuer)
        day, day_from = _law_of(document, as_of)
        matching = self._matcher.check(document, day)
        _refuse_misquotes(source, matching.findings)
        return Report(
            name=source.name,
            findings=in_order(matching.findings),
            exempted=len(matching.exempted),
            gaps=(*source.gaps, *(f"规则 {rule} 未能运行" for rule in matching.failed)),
            notes=(*source.notes, *self._narrowed()),
            coverage=_coverage(document, self._matcher),
            as_of=day,
            as_of_from=day_from,
            profile=self._profile.name,
            ruleset=self.ruleset.version,
        )

    def _unread(self, name: str, reason: str) -> Report:
        return Report(
            name, error=reason, profile=self._profile.name, ruleset=self.ruleset.version
        )

    def _narrowed(self) -> tuple[str, ...]:
        chosen = tuple(self.select) or self._profile.select
        ignored = (*self._profile.ignore, *self.ignore)
        return (
            *((f"只运行指定的规则：{'、'.join(chosen)}",) if chosen else ()),
            *((f"未运行排除的规则：{'、'.join(ignored)}",) if ignored else ()),
        )

    def why(self, rule: str, path: str | Path, as_of: date | None = None) -> tuple[Trace, ...]:
        """What one rule saw in each clause of a file that it looked at.

        Raises UnknownCode, UnreadableSource.
        """
        _refuse_unknown((rule,), self.ruleset)
        document = parse_file(path)
        return self._matcher.why(document, rule, _law_of(document, as_of)[0])

    def parse_text(self, text: str, name: str = "草案") -> Document:
        """The structure of a text, without rules."""
        return parse_text(text, name)

    def parse_bytes(self, data: bytes, name: str) -> Document:
        """The structure of the bytes of a file. Raises UnreadableSource."""
        return parse_bytes(data, name)

    def parse_file(self, path: str | Path) -> Document:
        """The structure of a file. Raises UnreadableSource."""
        return parse_file(path)


def parse_text(text: str, name: str = "草案") -> Document:
    """The structure of a text."""
    from checker.structure import parse

    return parse(text_source(text, name))


def parse_bytes(data: bytes, name: str) -> Document:
    """The structure of the bytes of a file. Raises UnreadableSource."""
    from checker.sources import read_bytes
    from checker.structure import parse

    return parse(read_bytes(data, name))


def parse_file(path: str | Path) -> Document:
    """The structure of a file. Raises UnreadableSource."""
    from checker.sources import read_path
    from checker.structure import parse

    return parse(read_path(Path(path)))


def _law_of(document: Document, as_of: date | None) -> tuple[date, str]:
    """The day whose law applies, and how it was found."""
    if as_of is not None:
        return as_of, "指定"
    if document.date is not None:
        return document.date, "成文日期"
    return date.today(), "今天"


def _refuse_misquotes(source: SourceText, findings: Iterable[Finding]) -> None:
    for f in findings:
        if source.text[f.start : f.end] != f.quote:
            raise RuntimeError(f"规则 {f.rule} 在 {f.start}–{f.end} 的引文与原文不一致")


def _refuse_unknown(codes: Iterable[str], ruleset: Ruleset) -> None:
    known = {*ruleset.families, *(rule.id for rule in ruleset.rules)}
    for code in codes:
        if code not in known:
            from difflib import get_close_matches

            close = get_close_matches(code.upper(), sorted(known), n=1, cutoff=0.4)
            hint = f"，是否要写“{close[0]}”？" if close else "，可用 checker rules list 查看"
            raise UnknownCode(f"没有编号或者门类为“{code}”的规则{hint}")


def _coverage(document: Document, rules: int) -> Coverage:
    kinds = [region.kind for region in document.source.regions]
    return Coverage(
        characters=len(document.source.text),
        provisions=len(document.provisions) - 1,
        rules=rules,
        regions=tuple((kind, kinds.count(kind)) for kind in sorted(set(kinds))),
    )


def _where(fault: Exception) -> str:
    """An internal error in one line, with the place in the code."""
    last = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = ""
    if last is not None:
        place = f"，{Path(last.tb_frame.f_code.co_filename).name} 第 {last.tb_lineno} 行"
    return f"引擎内部错误（{type(fault).__name__}: {fault}{place}）"
