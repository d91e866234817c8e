"""Commands baseline write and baseline prune: what is there today, so that only new findings are shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import existing, run_options
from checker.console import ChineseGroup, cause, say

if TYPE_CHECKING:
    from checker.baseline import Baseline, Entry
    from checker.batch import Job
    from checker.config import Configuration, Options
    from checker.report import Report


@click.group(cls=ChineseGroup)
def baseline() -> None:
    """基线：把现有的问题线索记下来，以后只列出新增的。"""


@baseline.command()
@click.argument("paths", type=existing, nargs=-1, required=True, metavar="路径…")
@click.option(
    "-o", "--output", type=Path, metavar="文件",
    help="写到哪里；不写的按配置，配置也没有的为 checker-baseline.json",
)  # fmt: skip
@run_options("format", "fail_on", "baseline")
def write(*, paths: tuple[Path, ...], output: Path | None, options: Options) -> int:
    """检查这些文件，把现有的问题线索写入基线；基线里其他文件的保持不变。

    \b
    返回值：
    0  已经写入
    3  已经写入，但有文件未能完整检查
    """
    from checker.baseline import FILE, Baseline, entries_of, read_baseline
    from checker.config import configure
    from checker.globs import located

    configuration = configure(paths, options)
    target = output or configuration.settings.baseline or Path(FILE)
    old = read_baseline(target) if target.exists() else Baseline()
    found: dict[str, tuple[Entry, ...]] = {}
    complete = True
    for job, report in _check(configuration, paths):
        complete &= _told(report)
        if not report.error:
            found[located(job.path, target.parent)] = entries_of(report.findings)
    new = old.plus(found)
    _save(target, new)
    say(f"已写入 {target}：{len(new.documents)} 份文件、{_size(new)} 处问题线索")
    return 0 if complete else 3


@baseline.command()
@run_options("format", "fail_on", "select", "ignore", "exclude")
def prune(*, options: Options) -> int:
    """重新检查基线里的文件，删去已经不在的问题线索；不会加入新的。

    \b
    返回值：
    0  已经整理
    3  已经整理，但有文件未能完整检查，原样保留
    """
    from checker.baseline import FILE, entries_of, read_baseline, settle
    from checker.config import configure
    from checker.globs import located

    configuration = configure([], options)
    target = configuration.settings.baseline or Path(FILE)
    old = read_baseline(target)
    files = {name: _file_of(target.parent / name) for name in old.documents}
    kept: dict[str, tuple[Entry, ...]] = dict.fromkeys(files, ())
    complete = True
    for job, report in _check(configuration, [*dict.fromkeys(filter(None, files.values()))]):
        name = located(job.path, target.parent)
        if job.problem or (name in files and not _told(report)):
            complete = False
            unread = {known for known, file in files.items() if file == job.path} | {name}
            kept = {known: entries for known, entries in kept.items() if known not in unread}
        elif name in files:
            kept[name] = entries_of(settle(old, report, name, frozenset()).known)
    new = old.plus(kept)
    _save(target, new)
    say(f"{target}：删去 {_size(old) - _size(new)} 处，保留 {_size(new)} 处")
    return 0 if complete else 3


def _file_of(path: Path) -> Path | None:
    """The file that a document is or lies in (an archive, an e-mail); None where it is gone."""
    return next((place for place in (path, *path.parents) if place.is_file()), None)


def _check(configuration: Configuration, paths: Sequence[Path]) -> Iterator[tuple[Job, Report]]:
    """Documents with their reports, without what the baseline would set aside.

    A report about the list of waivers, which comes last, is left out.
    """
    from checker.batch import listed
    from checker.unpacking import unpacked

    settings = configuration.settings
    checker = configuration.checker(baseline=False)
    jobs = unpacked(listed(paths, configuration.excludes), checker.limits)
    return zip(jobs, checker.check_listed(jobs, settings.jobs, settings.as_of), strict=False)


def _told(report: Report) -> bool:
    """Whether a document was checked as a whole; if not, say why."""
    if not report.complete:
        why = report.error or "；".join(report.gaps)
        say(f"未能完整检查：{report.name}：{why}", err=True)
    return report.complete


def _size(baseline: Baseline) -> int:
    return sum(map(len, baseline.documents.values()))


def _save(target: Path, baseline: Baseline) -> None:
    """Write the file as a whole or not at all."""
    from checker.baseline import baseline_text

    draft = target.with_name(f"{target.name}.tmp")
    try:
        draft.write_text(baseline_text(baseline), encoding="utf-8", newline="\n")
        os.replace(draft, target)
    except OSError as fault:
        raise click.UsageError(f"无法写入 {target}：{cause(fault)}") from fault
