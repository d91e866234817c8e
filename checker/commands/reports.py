"""Commands that make reports: their options on output, and the way from reports to an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.console import cause
from checker.render.output import FORMATS, Output, Rulebook, Settings, Target

if TYPE_CHECKING:
    from checker.api import Checker
    from checker.config import Configuration
    from checker.report import Report

FORMAT_LIST = "\b\n输出格式：\n" + "\n".join(
    f"{name:<8}{form.about}" for name, form in FORMATS.items()
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="只输出最后的统计行")
verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="一并列出读取的范围、按规则豁免的处数、每项依据的条文、经批准豁免的线索、所用的配置文件和缓存命中的份数",
)


def settings_for(checker: Checker, quiet: bool, verbose: bool) -> Settings:
    """How to write the reports of a checker."""
    return Settings(quiet, verbose, Rulebook(checker.ruleset.families, checker.rules))


def refuse_overwriting(paths: Sequence[Path], targets: Sequence[Target]) -> None:
    """Refuse a target that is one of the files to check, or that two formats share."""
    files = [file.resolve() for _, file in targets if file]
    for path in paths:
        if path.resolve() in files:
            raise click.UsageError(f"不能把结果写进被检查的文件：{path}")
    for file in files:
        if files.count(file) > 1:
            raise click.UsageError(f"两种格式不能写入同一个文件：{file.name}")


def write_configured(
    reports: Iterable[Report],
    configuration: Configuration,
    checker: Checker,
    quiet: bool,
    verbose: bool,
) -> int:
    """Write reports as the configuration says; the exit code."""
    if verbose and configuration.file is not None:
        click.echo(f"配置文件  {configuration.name}", err=True)
    settings = settings_for(checker, quiet, verbose)
    return write_reports(reports, configuration.targets, configuration.settings.fail_on, settings)


def write_reports(
    reports: Iterable[Report],
    targets: Sequence[Target],
    fail_on: str,
    settings: Settings,
) -> int:
    """Write every report to every target; the exit code. Raises UsageError before any is made."""
    from checker.findings import Severity

    for name, file in targets:
        if file is None and FORMATS[name].binary:
            raise click.UsageError(f"{name} 要写明文件，如 -f {name}=结果.{name}")
    if sum(file is None for _, file in targets) > 1:
        raise click.UsageError("只能有一种格式写到标准输出，其余的请写明文件，如 -f json=结果.json")
    try:
        output = Output(targets, settings)
    except OSError as fault:
        raise click.UsageError(f"无法写入 {fault.filename}：{cause(fault)}") from fault
    with output:
        for report in reports:
            output.add(report)
    return output.tally.exit_code(Severity(fail_on))
