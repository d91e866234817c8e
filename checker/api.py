"""Checker: the whole path from a file to a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker.batch import Job, listed, shown
from checker.catalog import (
    UnknownCode,
    find_rule,
    refuse_unknown,
)
from checker.dating import law_day
from checker.faults import internal_error
from checker.findings import Finding
from checker.parsing import parse_bytes, parse_file, parse_text
from checker.particulars import particulars_of
from checker.profile import Profile, load_profile
from checker.report import Coverage, Report, with_lines, within
from checker.selection import Selection
from checker.sources.errors import cause
from checker.sources.limits import DEFAULT, Limits, applied
from checker.statutes import register_coverage
from checker.unpacking import extract, unpacked
from checker.workers import Loss, can_fork, for_each

if TYPE_CHECKING:
    from checker.baseline import Baseline
    from checker.compiled import CompiledRule, Ruleset
    from checker.document import Document
    from checker.dossier import Dossier
    from checker.lawstore import LawStore
    from checker.matching import Matcher
    from checker.memory import Memory
    from checker.places import Place
    from checker.recall import Recall
    from checker.settlement import Settled, Settlement
    from checker.sources.text import SourceText
    from checker.steps import StepRule
    from checker.traces import Trace
    from checker.waivers import WaiverRule, Waivers


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks documents with one profile and one set of rules.

    Immutable, safe to share between threads, made to be used many times. ``profile`` is a name, a
    YAML file or a Profile; ``rulesets`` are folders laid over the national rules; ``select`` and
    ``ignore`` hold rule ids or families; ``place`` says whose local rules apply (上海) in place of what
    profile and document say; ``statutes`` is a store of law texts (``checker statutes import``), out of
    which findings quote the provisions they name. ``waivers`` (a file or a Waivers) and ``baseline`` (a
    file or a Baseline) set findings aside: they move to ``Report.waived`` and ``Report.known``;
    documents given as paths are named relative to those files, others by their names. A document is
    judged by the law of ``as_of``: the day given, else the day the document was made, else today;
    waivers by the day given, else today.
    With ``keep_document`` every report carries its document, for writers that show the text; with
    ``recall`` reports of files are kept in the cache folder and used again while nothing they rest on
    has changed (not those that carry their document). ``limits`` bound every document; those of time
    and memory where it is checked in a process of its own. With a ``memory``, held by the caller, a
    check uses again what earlier ones found in provisions that are the same; the reports are equal to
    the byte. Processes do not share it.

    Raises UnknownProfile, UnknownPlace, UnknownCode, LawStoreError, or DeclarationError with every
    fault of profile, rules, waivers and baseline.
    """

    profile: Profile | str | Path | None = None
    rulesets: Sequence[str | Path] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    place: str = ""
    statutes: str | Path | None = None
    waivers: Waivers | str | Path | None = None
    baseline: Baseline | str | Path | None = None
    keep_document: bool = False
    recall: bool = False
    limits: Limits = DEFAULT
    memory: Memory | None = field(default=None, repr=False, compare=False)
    ruleset: Ruleset = field(init=False, repr=False, compare=False)
    _profile: Profile = field(init=False, repr=False, compare=False)
    _selection: Selection = field(init=False, repr=False, compare=False)
    _matcher: Matcher = field(init=False, repr=False, compare=False)
    _store: LawStore | None = field(init=False, repr=False, compare=False)
    _settlement: Settlement | None = field(init=False, repr=False, compare=False)
    _recall: Recall | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        from checker.matching import Matcher
        from checker.ruleset import load_ruleset

        profile = self.profile if isinstance(self.profile, Profile) else load_profile(self.profile)
        for name in ("rulesets", "select", "ignore"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.place:
            from checker.places import place

            profile = replace(profile, place=place(self.place).name)
        object.__setattr__(self, "_profile", profile)
        ruleset = load_ruleset((*profile.rulesets, *map(Path, self.rulesets)))
        selection = Selection(tuple(self.select) or profile.select, (*profile.ignore, *self.ignore))
        refuse_unknown((*selection.select, *selection.ignore), ruleset)
        object.__setattr__(self, "_selection", selection)
        object.__setattr__(self, "ruleset", ruleset)
        store = _opened(self.statutes)
        object.__setattr__(self, "_store", store)
        matcher = Matcher(ruleset, select=selection.select, ignore=selection.ignore, store=store)
        object.__setattr__(self, "_matcher", matcher)
        object.__setattr__(self, "_settlement", self._read_settlement())
        object.__setattr__(self, "_recall", self._make_recall())

    def _read_settlement(self) -> Settlement | None:
        if self.waivers is None and self.baseline is None:
            return None
        from checker.settlement import read_settlement

        told = self._selection.waiver_rules() if self.waivers is not None else ()
        ran = (rule.id for rule in self._matcher.rules)
        return read_settlement(self.waivers, self.baseline, self.ruleset, ran, told)

    def _make_recall(self) -> Recall | None:
        if not self.recall or self.keep_document:
            return None
        from checker.recall import recall

        today = date.today() if self._profile.later == "show" else None
        return recall(*self.rests_on(), today)

    def rests_on(self) -> tuple[object, ...]:
        """What every report rests on besides document, day and code: profile, choice of rules,
        version of the rules, version of the store of law texts ("" where there is none), limits."""
        texts = self._store.version if self._store else ""
        return self._profile, self._selection, self.ruleset.version, texts, self.limits

    def unused_waivers(
        self, documents: Iterable[Settled], as_of: date | None = None
    ) -> Report | None:
        """A report about waivers for several documents that covered nothing in any of these."""
        if self._settlement is None:
            return None
        return self._settlement.unused(documents, as_of or date.today())

    def __reduce__(self) -> tuple[type[Checker], tuple[object, ...]]:
        settings = (self.profile, self.rulesets, self.select, self.ignore, self.place)
        asides = (self.statutes, self.waivers, self.baseline)
        return Checker, (*settings, *asides, self.keep_document, self.recall, self.limits)

    def check_text(
        self, text: str, name: str = "草案", as_of: date | None = None, path: Path | None = None
    ) -> Report:
        """Check a text; one without words gives a report that says so.

        ``path`` is where waivers and baseline know the document to lie; without it they go by name.
        """
        if not text or text.isspace():
            return self.unread(name, "没有可读的文字（全文为空白）")
        if len(text) > self.limits.characters:
            return self.unread(name, self.limits.beyond("characters", "文字", " 字"))
        return self._settled(self._judge(parse_text(text, name), as_of), as_of, path or name)

    def check_bytes(
        self, data: bytes, name: str, as_of: date | None = None, path: Path | None = None
    ) -> Report:
        """As :meth:`check_text`, for the bytes of a file; what cannot be read is told too."""
        from checker.sources import UnreadableSource

        try:
            with applied(self.limits):
                document = parse_bytes(data, name)
        except UnreadableSource as fault:
            return self.unread(name, fault.reason)
        return self._settled(self._judge(document, as_of), as_of, path or name)

    def check_file(self, path: str | Path, as_of: date | None = None) -> Report:
        """Check a file; what cannot be read gives a report that says why.

        Raises FileNotFoundError where there is no such file.
        """
        if not os.path.lexists(path):
            raise FileNotFoundError(f"没有这个文件：{path}")
        return self._check_path(Path(path), as_of)

    def _check_path(self, path: Path, as_of: date | None) -> Report:
        from checker.sources import UnreadableSource, load

        try:
            with applied(self.limits):
                report = self._of_file(load(path), path, as_of)
        except UnreadableSource as fault:
            return self.unread(shown(path), fault.reason)
        return self._settled(report, as_of, path)

    def _of_file(self, data: bytes, path: Path, as_of: date | None) -> Report:
        """The report of a file with these bytes, kept or new."""
        from checker.sources import read_bytes

        def check() -> Report:
            nonlocal data
            source = replace(read_bytes(data, str(path)), name=shown(path))
            data = b""  # as large as the text, and no longer needed
            return self._check(source, as_of)

        if self._recall is None:
            return check()
        return self._recall.report(data, shown(path), as_of, check)

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
        self,
        paths: Iterable[str | Path],
        jobs: int | None = None,
        as_of: date | None = None,
        excludes: Callable[[Path], bool] | None = None,
    ) -> Iterator[Report]:
        """As :meth:`check_folder`, for any mix of files and folders, in the order given.

        ``excludes`` says which files found in folders are left out.
        """
        return self.check_listed(unpacked(listed(paths, excludes), self.limits), jobs, as_of)

    def check_listed(
        self,
        files: Sequence[Job],
        jobs: int | None = None,
        as_of: date | None = None,
        whole: bool = True,
        isolate: bool | None = None,
    ) -> Iterator[Report]:
        """As :meth:`check_paths`, for what :func:`checker.batch.listed` gives.

        Without ``whole`` they are but some of the documents, and a waiver for several that covers
        nothing in them is not told. ``isolate`` as of :func:`checker.workers.for_each`.
        """
        check = partial(self._check_job, as_of)
        reports = for_each(check, files, jobs, self._lost, limits=self.limits, isolate=isolate)
        if self._settlement is not None and whole:
            day = as_of or date.today()
            reports = self._settlement.over(reports, day, [job.path for job in files])
        yield from reports
        if self._recall is not None:
            self._recall.trim()

    def _settled(self, report: Report, as_of: date | None, *places: Path | str) -> Report:
        """The report with what waivers cover and the baseline holds set aside."""
        if self._settlement is None:
            return report
        return self._settlement.settle(report, as_of or date.today(), *places)

    def _check_job(self, as_of: date | None, job: Job) -> Report:
        """Check one file of many: whatever goes wrong is told in its report."""
        if job.problem:
            return self.unread(job.name, job.problem)
        try:
            if job.holder is not None:
                return self._check_inner(job, as_of)
            return replace(self._check_path(job.path, as_of), name=job.name)
        except OSError as fault:
            return self.unread(job.name, cause(fault))
        except MemoryError:
            raise
        except Exception as fault:
            return self._lost(job, Loss(internal_error(fault), limit=False))

    def _check_inner(self, job: Job, as_of: date | None) -> Report:
        """Check a document inside an archive or e-mail."""
        from checker.sources import UnreadableSource

        with applied(self.limits):
            try:
                report = self._of_file(extract(job), job.path, as_of)
            except UnreadableSource as fault:
                return self.unread(job.name, fault.reason)
        return replace(self._settled(report, as_of, job.path), name=job.name)

    def _lost(self, job: Job, loss: Loss) -> Report:
        return replace(self.unread(job.name, loss.reason), internal=not loss.limit)

    def _check(self, source: SourceText, as_of: date | None) -> Report:
        """The whole path: text, structure, findings, report."""
        from checker.structure import parse

        return self._judge(parse(source), as_of)

    def _judge(self, document: Document, as_of: date | None) -> Report:
        source = document.source
        document = self._profile.applied(document)
        day, day_from = law_day(document, as_of)
        today = date.today() if self._profile.later == "show" else None
        matching = self._matcher.check(document, day, today, self.memory)
        _refuse_misquotes(source, matching.findings)
        findings, more = within(self.limits, matching.findings)
        return Report(
            name=source.name,
            findings=tuple(with_lines(source, self._worded(findings, day, document))),
            exempted=len(matching.exempted),
            gaps=(*source.gaps, *self._not_run(matching.failed), *more),
            notes=(*source.notes, *self._selection.notes(self._matcher.rules)),
            coverage=Coverage.of(document, len(self._matcher.rules)),
            as_of=day,
            as_of_from=day_from,
            profile=self._profile.name,
            ruleset=self.ruleset.version,
            particulars=particulars_of(document),
            statutes=register_coverage(),
            texts=self._store.version if self._store else "",
            document=document if self.keep_document else None,
        )

    def _worded(
        self, findings: tuple[Finding, ...], day: date, document: Document | None = None
    ) -> tuple[Finding, ...]:
        """The findings with the words of the provisions they name, where there is a store."""
        if self._store is None:
            return findings
        from checker.wording import with_words

        return with_words(findings, self._store, day, document)

    def check_dossier(self, path: str | Path, as_of: date | None = None) -> Report:
        """Check a folder or .zip with a draft and its materials: the text, and every step.

        Positions are those of the draft. Raises FileNotFoundError, and DeclarationError for a wrong
        dossier.yaml.
        """
        from checker.dossier import DossierError, read_dossier

        folder = Path(path)
        if not folder.exists():
            raise FileNotFoundError(f"没有这个卷宗：{path}")
        isolate = can_fork()
        try:
            with applied(self.limits):
                dossier = read_dossier(folder, limits=self.limits, isolate=isolate)
        except DossierError as fault:
            return self.unread(shown(folder), str(fault))
        day, how = dossier.law_day(as_of)
        if dossier.draft is not None:
            report = self._judge_draft(dossier.draft, day, isolate)
        else:
            report = replace(
                self.unread("", ""),
                gaps=("没有找到草案，文本未检查",),
                as_of=day or date.today(),
            )
        if day:
            report = replace(report, as_of_from=how)
        report = self._add_procedure(replace(report, name=dossier.name), dossier)
        draft = [folder / dossier.draft.source.name] if dossier.draft is not None else []
        return self._settled(report, as_of, *draft, folder)

    def _judge_draft(self, draft: Document, day: date | None, isolate: bool) -> Report:
        judge = partial(self._judge, as_of=day)
        (report,) = for_each(
            judge, [draft], 1, self._lost_draft, limits=self.limits, isolate=isolate
        )
        return replace(report, notes=(f"草案：{draft.source.name}", *report.notes))

    def _lost_draft(self, draft: Document, loss: Loss) -> Report:
        gaps = (f"草案没有检查：{loss.reason}",)
        return replace(self.unread("", ""), gaps=gaps, as_of=law_day(draft, None)[0])

    def _add_procedure(self, report: Report, dossier: Dossier) -> Report:
        """The report of a draft with the steps of its dossier, their findings and their gaps."""
        from checker.procedure import State, check_procedure
        from checker.workdays import load_calendar

        place = self._place_of(dossier)
        day = report.as_of or date.today()
        result = check_procedure(
            dossier,
            self._selection.steps(),
            place=place,
            as_of=day,
            calendar=load_calendar((*self._profile.rulesets, *map(Path, self.rulesets))),
            findings=report.findings,
        )
        unknown = (step for step in result.steps if step.state is State.UNKNOWN)
        return replace(
            report,
            findings=(*self._worded(result.findings, day), *report.findings),
            texts=self._store.version if self._store else "",
            steps=result.steps,
            notes=(*report.notes, f"程序期限按{place.name}的规定", *_not_recognised(dossier)),
            gaps=(
                *report.gaps,
                *map(str, dossier.unreadable),
                *(f"步骤“{step.title}”无法判断：{step.note}" for step in unknown),
            ),
        )

    def _place_of(self, dossier: Dossier) -> Place:
        """Whose figures apply: of the place asked for, stated, or told by the draft; else national."""
        from checker.places import NATION, place, place_of

        if self._profile.place or dossier.facts.place:
            return place(self._profile.place or dossier.facts.place)
        return (place_of(dossier.draft) if dossier.draft is not None else None) or place(NATION)

    def unread(self, name: str, reason: str) -> Report:
        """The report of a document that could not be read, for that reason."""
        return Report(name, error=reason, profile=self._profile.name, ruleset=self.ruleset.version)

    def _not_run(self, failed: Iterable[str]) -> tuple[str, ...]:
        nothing = () if self._matcher.rules else ("没有可以运行的规则，文本未检查",)
        return (*nothing, *(f"规则 {rule} 未能运行" for rule in failed))

    def rules(self) -> tuple[CompiledRule | StepRule | WaiverRule, ...]:
        """The rules chosen by profile, ``select`` and ``ignore``, in order of id."""
        return self._selection.rules(self.ruleset)

    def why(self, rule: str, path: str | Path, as_of: date | None = None) -> tuple[Trace, ...]:
        """What one rule saw in each clause of a file that it looked at.

        Raises UnknownCode, UnreadableSource.
        """
        if rule not in {known.id for known in self._matcher.rules}:
            found = find_rule(rule, self.ruleset)
            raise UnknownCode(f"规则 {found.id} 不在文本检查中运行，无从说明")
        document = parse_file(path)
        return self._matcher.why(document, rule, law_day(document, as_of)[0])

    def parse_text(self, text: str, name: str = "草案") -> Document:
        """The structure of a text, without rules."""
        return parse_text(text, name)

    def parse_bytes(self, data: bytes, name: str) -> Document:
        """The structure of the bytes of a file. Raises UnreadableSource."""
        return parse_bytes(data, name)

    def parse_file(self, path: str | Path) -> Document:
        """The structure of a file. Raises UnreadableSource."""
        return parse_file(path)


def _opened(statutes: str | Path | None) -> LawStore | None:
    if statutes is None:
        return None
    from checker.lawstore import LawStore

    return LawStore(Path(statutes))


def _refuse_misquotes(source: SourceText, findings: Iterable[Finding]) -> None:
    for f in findings:
        if source.text[f.start : f.end] != f.quote:
            raise RuntimeError(f"规则 {f.rule} 在 {f.start}–{f.end} 的引文与原文不一致")


def _not_recognised(dossier: Dossier) -> tuple[str, ...]:
    names = "、".join(m.name for m in dossier.unrecognised)
    return (f"没有认出是哪种材料，可以在 dossier.yaml 中写明：{names}",) if names else ()
