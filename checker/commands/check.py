"""The command check, and what every command that writes reports shares."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import STDIN, existing, run_options
from checker.commands.reports import (
    FORMAT_LIST,
    quiet_option,
    refuse_many,
    refuse_overwriting,
    settings_for,
    template_option,
    verbose_option,
    write_configured,
)
from checker.console import ChineseCommand, DefaultedOption, say

if TYPE_CHECKING:
    from checker.api import Checker
    from checker.batch import Job
    from checker.config import Configuration, Options
    from checker.memory import Memory
    from checker.report import Report


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of check was asked for."""

    paths: tuple[Path, ...]
    options: Options
    changed: str | None
    recall: bool
    quiet: bool
    verbose: bool
    templates: Mapping[str, Path]
    memory: Memory | None = None

    def once(self) -> int:
        """Check everything once; the exit code."""
        from checker.batch import listed
        from checker.config import configure
        from checker.progress import with_progress
        from checker.unpacking import unpacked

        configuration = configure(self.paths, self.options)
        refuse_overwriting(self.paths, configuration.targets)
        refuse_many(self.paths, configuration.targets)
        files = [path for path in self.paths if path != STDIN]
        only = None
        if self.changed is not None:
            from checker.changes import changed_files

            only = changed_files(files, self.changed)
        checker = configuration.checker(recall=self.recall, memory=self.memory)
        jobs = unpacked(listed(files, configuration.excludes, only), checker.limits)
        refuse_many([job.path for job in jobs] or self.paths, configuration.targets)
        reports = self._reports(configuration, checker, jobs)
        busy = self.quiet or all(file for _, file in configuration.targets)
        if busy or not sys.stdout.isatty():
            reports = with_progress(reports, len(jobs))
        settings = settings_for(checker, self.quiet, self.verbose, self.paths[0], self.templates)
        return write_configured(reports, configuration, settings)

    def _reports(
        self, configuration: Configuration, checker: Checker, jobs: Sequence[Job]
    ) -> Iterator[Report]:
        settings = configuration.settings
        if STDIN in self.paths:
            yield checker.check_bytes(sys.stdin.buffer.read(), "标准输入", settings.as_of)
        whole, recalled = self.changed is None, 0
        isolate = len(jobs) > 1
        for report in checker.check_listed(jobs, settings.jobs, settings.as_of, whole, isolate):
            recalled += report.recalled
            yield report
        if self.verbose and self.recall and jobs:
            share = recalled * 100 // len(jobs)
            words = f"缓存  {len(jobs)} 份中 {recalled} 份没有变动，用以前的结果（{share}%）"
            say(words, err=True)


@click.command(cls=ChineseCommand, epilog=FORMAT_LIST)
@click.argument("paths", type=existing, nargs=-1, required=True, metavar="路径…")
@run_options()
@click.option(
    "--changed", cls=DefaultedOption, metavar="[=版本]", flag_value="HEAD",
    help="只检查改动过的文件：与 Git 里的这个版本比，不写版本的与上次提交比；新文件也算",
)  # fmt: skip
@click.option(
    "--watch", is_flag=True, help="检查之后不退出，文件一有改动就重新检查；按 Ctrl-C 结束"
)
@click.option(
    "--no-cache", is_flag=True, help="不用以前检查的结果，也不留下这次的（结果相同，较慢）"
)
@quiet_option
@verbose_option
@template_option
def check(
    *,
    paths: tuple[Path, ...],
    options: Options,
    changed: str | None,
    watch: bool,
    no_cache: bool,
    quiet: bool,
    verbose: bool,
    templates: Mapping[str, Path],
) -> int:
    """检查草案：一份或者几份文件，或者整个文件夹；路径写 - 的读标准输入。

    \b
    返回值：
    0  没有达到 --fail-on 级别的问题线索
    1  有达到这一级别的问题线索
    2  用法、配置或者规则有误，或者引擎内部错误
    3  没有达到这一级别的，但有内容未能检查
    """
    for asked, option in ((changed, "--changed"), (watch, "--watch")):
        if asked and STDIN in paths:
            raise click.UsageError(f"{option} 不能与标准输入（-）一起用")
    run = _Run(paths, options, changed, not no_cache, quiet, verbose, templates)
    if not watch:
        return run.once()
    return _watch(run)


def _watch(run: _Run) -> int:
    """Check, and again with every change, until Ctrl-C; the last exit code.

    Of a changed file only what changed is looked at again.
    """
    from checker.memory import Memory
    from checker.watching import watched

    run = replace(run, memory=Memory())
    changes = watched(run.paths)
    code = run.once()
    try:
        for names in changes:
            say(f"\n—— 有改动：{'、'.join(names)} ——", err=True)
            code = run.once()
            sys.stdout.flush()
    except KeyboardInterrupt:
        return code
    return code
