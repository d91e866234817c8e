"""Commands baseline write and baseline prune: what is there today, so that only new findings are shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import existing, run_options
from checker.console import ChineseGroup, cause

if TYPE_CHECKING:
    from checker.baseline import Baseline, Entry
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
    from checker.batch import jobs_for
    from checker.config import configure
    from checker.globs import located
    from checker.sources import SUPPORTED_SUFFIXES

    configuration = configure(paths, options)
    target = output or configuration.settings.baseline or Path(FILE)
    old = read_baseline(target) if target.exists() else Baseline()
    jobs = [
        job for path in paths for job in jobs_for(path, SUPPORTED_SUFFIXES, configuration.excludes)
    ]
    found: dict[str, tuple[Entry, ...]] = {}
    complete = True
    for path, report in _check(configuration, [job.path for job in jobs if not job.problem]):
        complete &= _told(report)
        if not report.error:
            found[located(path, target.parent)] = entries_of(report.findings)
    for job in jobs:
        if job.problem:
            complete = False
            click.echo(f"未能检查：{job.name}：{job.problem}", err=True)
    new = old.plus(found)
    _save(target, new)
    click.echo(f"已写入 {target}：{len(new.documents)} 份文件、{_size(new)} 处问题线索")
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
    files = [target.parent / name for name in old.documents]
    kept: dict[str, tuple[Entry, ...]] = {
        located(path, target.parent): () for path in files if not path.is_file()
    }
    complete = True
    for path, report in _check(configuration, [path for path in files if path.is_file()]):
        name = located(path, target.parent)
        if _told(report):
            kept[name] = entries_of(settle(old, report, name, frozenset()).known)
        else:
            complete = False
    new = old.plus(kept)
    _save(target, new)
    click.echo(f"{target}：删去 {_size(old) - _size(new)} 处，保留 {_size(new)} 处")
    return 0 if complete else 3


def _check(configuration: Configuration, files: Sequence[Path]) -> Iterator[tuple[Path, Report]]:
    """Files with their reports, without what the baseline would set aside.

    A report about the list of waivers, which comes last, is left out.
    """
    settings = configuration.settings
    reports = configuration.checker(baseline=False).check_paths(
        files, settings.jobs, settings.as_of
    )
    return zip(files, reports, strict=False)


def _told(report: Report) -> bool:
    """Whether a document was checked as a whole; if not, say why."""
    if not report.complete:
        why = report.error or "；".join(report.gaps)
        click.echo(f"未能完整检查：{report.name}：{why}", err=True)
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
