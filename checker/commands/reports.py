"""Commands that make reports: their options on output, and the way from reports to an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import refuse_sharing_output, target
from checker.console import cause, say
from checker.render.output import FORMATS, FORMS, Output, Rulebook, Settings, Target

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


def _own_templates(
    _: click.Context, __: click.Parameter, written: tuple[Target, ...]
) -> dict[str, Path]:
    """Option callback: an office's own templates, by form."""
    own: dict[str, Path] = {}
    for name, path in written:
        if path is None or not path.is_file():
            raise click.BadParameter(f"没有这个模板：{path or name}，应当写成 {name}=模板.docx")
        own[name] = path
    return own


template_option = click.option(
    "--template",
    "templates",
    type=target(*FORMS),
    multiple=True,
    callback=_own_templates,
    metavar="格式=文件",
    help="用本单位的模板，如 opinion=本局模板.docx；样板用 checker template 写出",
)


def settings_for(
    checker: Checker,
    quiet: bool,
    verbose: bool,
    origin: Path | None = None,
    templates: Mapping[str, Path] | None = None,
) -> Settings:
    """How to write the reports of a checker."""
    rulebook = Rulebook(checker.ruleset.families, checker.rules)
    return Settings(quiet, verbose, rulebook, origin, templates or {})


def refuse_many(paths: Sequence[Path], targets: Sequence[Target]) -> None:
    """Refuse formats of one document for several, and comments in what is no Word file."""
    for name, _ in targets:
        if FORMATS[name].single and (len(paths) > 1 or paths[0].is_dir()):
            raise click.UsageError(f"{name} 一次只能写一份文件，请写明是哪一份")
        if name == "word" and paths[0].suffix.lower() != ".docx":
            raise click.UsageError(f"{paths[0]} 不是 .docx 文件，不能写批注")


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
    settings: Settings,
) -> int:
    """Write reports as the configuration says; the exit code."""
    if settings.verbose and configuration.file is not None:
        say(f"配置文件  {configuration.name}", err=True)
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
            suffix = "docx" if FORMATS[name].single else name
            raise click.UsageError(f"{name} 要写明存入哪个文件，如 -f {name}=结果.{suffix}")
    refuse_sharing_output(targets)
    try:
        output = Output(targets, settings)
        with output:
            for report in reports:
                output.add(report)
    except OSError as fault:
        raise click.UsageError(f"无法写入 {fault.filename or '结果'}：{cause(fault)}") from fault
    return output.tally.exit_code(Severity(fail_on))
