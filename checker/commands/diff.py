"""The command about two drafts: diff."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import draft, one_of, refuse_sharing_output, run_options, target
from checker.console import ChineseCommand, cause, say
from checker.render.output import Target

if TYPE_CHECKING:
    from checker.comparison import Comparison
    from checker.config import Configuration, Options
    from checker.document import Document
    from checker.report import Report


@click.command(cls=ChineseCommand)
@click.argument("old", type=draft, metavar="旧稿")
@click.argument("new", type=draft, metavar="新稿")
@click.option(
    "-f", "--format", "targets", type=target("text", "json"), multiple=True, default=["text"],
    metavar="格式[=文件]", help="text（默认）或者 json，可重复；写明文件的存入文件",
)  # fmt: skip
@click.option(
    "--fail-on", type=one_of("error", "warning", "info"), default="error", metavar="级别",
    help="新稿多出这一级别或者更重的问题线索时返回 1：error 错误（默认）、warning 提醒、info 提示",
)  # fmt: skip
@run_options("format", "fail_on", "jobs", "exclude", "waivers", "baseline")
@click.option("-v", "--verbose", is_flag=True, help="一并列出两稿都有的问题线索")
def diff(
    *,
    old: Path,
    new: Path,
    targets: Sequence[Target],
    fail_on: str,
    options: Options,
    verbose: bool,
) -> int:
    """对照两稿：条款增、删、改、移，应当、可以、不得的变化，问题线索的增减。

    条款按内容对应，序号变了不算修改。

    \b
    返回值：
    0  新稿没有多出达到 --fail-on 级别的问题线索
    1  新稿多出了这一级别的问题线索
    2  用法、配置或者规则有误，或者引擎内部错误
    3  没有多出，但有内容未能读取
    """
    from checker.config import configure

    refuse_sharing_output(targets, "对照.json")
    configuration = configure([new], options)
    reports, compared = _compared(configuration, old, new)
    _write(targets, reports, compared, verbose)
    return _code(reports, compared, fail_on)


def _compared(
    configuration: Configuration, old: Path, new: Path
) -> tuple[tuple[Report, Report], Comparison]:
    from checker.comparison import compare

    checker = configuration.checker(waivers=False, baseline=False, keep_document=True)
    as_of = configuration.settings.as_of
    reports = checker.check_file(old, as_of), checker.check_file(new, as_of)
    drafts = _document(old, reports[0]), _document(new, reports[1])
    return reports, compare(*drafts, *(report.findings for report in reports))


def _document(path: Path, report: Report) -> Document:
    from checker.sources import UnreadableSource

    if report.document is None:
        raise UnreadableSource(str(path), report.error)
    return report.document


def _write(
    targets: Sequence[Target],
    reports: tuple[Report, Report],
    compared: Comparison,
    verbose: bool,
) -> None:
    from checker.render.comparison import closing, comparison_json, comparison_lines
    from checker.render.text import Line, print_lines

    for name, file in targets:
        if name == "json":
            text = comparison_json(*reports, compared) + "\n"
        else:
            end = Line(), Line(((closing(compared), "name"),))
            lines = [*comparison_lines(*reports, compared, verbose), *end]
            if file is None:
                print_lines(lines, sys.stdout)
                continue
            text = "".join(line.plain + "\n" for line in lines)
        if file is None:
            click.echo(text, nl=False)
            continue
        try:
            file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as fault:
            raise click.UsageError(f"无法写入 {file}：{cause(fault)}") from fault
    if ("text", None) not in targets:
        say(closing(compared), err=True)


def _code(reports: tuple[Report, Report], compared: Comparison, fail_on: str) -> int:
    from checker.findings import Severity
    from checker.report import Counts

    if Counts.of(compared.gained).at_least(Severity(fail_on)):
        return 1
    return 0 if all(report.complete for report in reports) else 3
