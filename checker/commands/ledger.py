"""``checker ledger``: arguments in, exit code out. SQLAlchemy is imported where a ledger is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import (
    as_of_option,
    day,
    existing,
    jobs_option,
    one_of,
    place_option,
    positive,
    profile_option,
    rules_option,
    target,
)
from checker.console import ChineseGroup, cause, say
from checker.extras import lacking
from checker.render.output import Target

if TYPE_CHECKING:
    from checker.ledger.ledger import Ledger
    from checker.report import Report

Command = Callable[..., object]

_STEPS = ("接收", "主动审查", "依申请审查", "书面意见", "修改", "废止", "继续有效")
_STATES = ("待审", "已提意见", "已修改", "已废止", "继续有效")
_GROUPS = ("unit", "month", "quarter", "year")

ledger_option = click.option(
    "--ledger",
    "where",
    default="台账.db",
    envvar="CHECKER_LEDGER",
    metavar="文件",
    help="台账：SQLite 文件（不写的为当前文件夹的 台账.db）或者 postgresql://用户@主机/库名；"
    "也可以写在环境变量 CHECKER_LEDGER 里",
)
on_option = click.option("--on", type=day, metavar="日期", help="哪一天的事，不写的为今天")
note_option = click.option("--note", default="", metavar="文字", help="说明，如意见书文号")
state_option = click.option(
    "--state", type=one_of(*_STATES), metavar="状态", help="、".join(_STATES)
)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """One format, to standard output or a file."""
    return click.option(
        "-f",
        "--format",
        "wanted",
        type=target(*formats),
        default="text",
        metavar="格式[=文件]",
        help=f"{'、'.join(formats)}；写明文件的存入文件",
    )


@click.group(cls=ChineseGroup)
def ledger() -> None:
    """台账：登记检查过的文件和办理情况，统计、导出。"""


@contextmanager
def _opened(where: str, *, create: bool = False) -> Iterator[Ledger]:
    """A ledger; what goes wrong with it is told as wrong use."""
    from checker.ledger.entries import LedgerError

    try:
        from checker.ledger.ledger import Ledger
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith("sqlalchemy"):
            raise
        raise click.ClickException(lacking("台账", "SQLAlchemy", "ledger")) from missing
    try:
        with Ledger(where, create=create) as opened:
            yield opened
    except LedgerError as fault:
        raise click.ClickException(str(fault)) from fault


def _emit(lines: Iterable[str], file: Path | None) -> None:
    text = "".join(f"{line}\n" for line in lines)
    if file is None:
        click.echo(text, nl=False)
        return
    with _writable(file):
        file.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _writable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise click.UsageError(f"无法写入 {file}：{cause(fault)}") from fault


@ledger.command()
@click.argument("paths", type=existing, nargs=-1, required=True, metavar="路径…")
@ledger_option
@click.option(
    "--how",
    type=one_of(*_STEPS[:3]),
    metavar="来源",
    help="接收（新登记的不写即是）、主动审查、依申请审查",
)
@on_option
@note_option
@click.option("--issuer", default="", metavar="名称", help="文件没有写明制定机关时用")
@profile_option
@place_option
@as_of_option
@jobs_option
@rules_option
def add(
    *,
    paths: tuple[Path, ...],
    where: str,
    how: str | None,
    on: date | None,
    note: str,
    issuer: str,
    profile: str | None,
    place: str | None,
    as_of: date | None,
    jobs: int | None,
    rules: tuple[Path, ...],
) -> int:
    """检查文件、文件夹并登记；内容相同，或者标题、文号相同的，更新原来的一行，保留历次检查。

    \b
    返回值：
    0  全部检查并登记（不论有没有问题线索）
    2  用法、台账、配置或者规则有误，或者引擎内部错误
    3  有文件未能读取（未登记）或者未能完整检查
    """
    from checker.api import Checker
    from checker.ledger.entries import Step
    from checker.ledger.listing import counted

    if Path("-") in paths:
        raise click.UsageError("台账登记的是文件，不能用标准输入（-）")
    route, today = Step(how) if how else None, on or date.today()
    new = known = unread = partial = internal = 0
    with _opened(where, create=True) as book:
        for report in Checker(profile, rules, place=place or "").check_paths(paths, jobs, as_of):
            if report.particulars is None:
                unread, internal = unread + 1, internal + report.internal
                say(f"未登记  {report.name}：{report.error}", err=True)
                continue
            done = book.record(_issued_by(issuer, report), today, route, note)
            new, known = new + done.new, known + (not done.new)
            partial += not report.complete
            verb = "新增" if done.new else "更新"
            rest = "" if report.complete else "，未能完整检查"
            say(f"{verb} {done.id}  {report.name}  {counted(report.counts)}{rest}")
    say(
        f"登记 {new + known} 份：新增 {new}、更新 {known}；"
        f"{partial} 份未能完整检查，{unread} 份未能读取、未登记"
    )
    return 2 if internal else 3 if unread or partial else 0


def _issued_by(issuer: str, report: Report) -> Report:
    """The report with an issuer where the document names none."""
    from checker.document import Issuer
    from checker.identity import level_of
    from checker.particulars import area_of

    said = report.particulars
    if not issuer or said is None or said.issuer:
        return report
    area = area_of(Issuer(issuer, level_of(issuer)))
    return replace(report, particulars=replace(said, issuer=issuer, place=area))


@ledger.command("list")
@ledger_option
@state_option
@click.option("--unit", default="", metavar="名称", help="只列这个制定机关的")
@format_option("text", "json")
def list_entries(*, where: str, state: str | None, unit: str, wanted: Target) -> None:
    """列出台账：标题、文号、制定机关、日期、状态、最近检查的结果。"""
    from checker.ledger.entries import State
    from checker.ledger.listing import entries_json, list_lines

    with _opened(where) as book:
        entries = book.entries(State(state) if state else None, unit)
    name, file = wanted
    _emit([entries_json(entries)] if name == "json" else list_lines(entries), file)


@ledger.command()
@click.argument("id", type=positive, metavar="编号")
@ledger_option
@format_option("text", "json")
def show(*, id: int, where: str, wanted: Target) -> None:
    """显示一份文件的全部记录：历次检查和办理情况。"""
    from checker.ledger.listing import entries_json, history_lines

    with _opened(where) as book:
        entry = book.entry(id)
    name, file = wanted
    _emit([entries_json([entry])] if name == "json" else history_lines(entry), file)


def _day_or_none(value: str) -> date | str:
    """Option type: a date, or 无 to take one out."""
    return "" if value == "无" else day(value)


_WORDS = {
    "title": "标题",
    "number": "发文字号",
    "issuer": "制定机关",
    "place": "适用地区",
    "validity": "有效期",
}
_DAYS = {"made": "成文日期", "effective": "施行日期", "expires": "有效至"}


def field_options(command: Command) -> Command:
    """An option for each field of an entry that can be corrected."""
    for name, meaning in reversed(_DAYS.items()):
        help = f"更正{meaning}；写“无”的删去"
        command = click.option(f"--{name}", type=_day_or_none, metavar="日期", help=help)(command)
    for name, meaning in reversed(_WORDS.items()):
        command = click.option(f"--{name}", metavar="文字", help=f"更正{meaning}")(command)
    return command


@ledger.command("set")
@click.argument("id", type=positive, metavar="编号")
@click.argument("step", type=one_of(*_STEPS), required=False, metavar="[事项]")
@ledger_option
@on_option
@note_option
@state_option
@field_options
def set_entry(
    *,
    id: int,
    step: str | None,
    where: str,
    on: date | None,
    note: str,
    **fields: str | date | None,
) -> None:
    """登记办理情况，或者更正登记的信息。

    事项：书面意见、修改、废止、继续有效（状态随之改变），接收、主动审查、依申请审查。

    如：checker ledger set 12 书面意见 --on 2024-05-06 --note 某府法意〔2024〕3号
    """
    from checker.ledger.entries import Event, Step
    from checker.ledger.listing import history_lines

    corrections = {
        name: None if name in _DAYS and not value else value
        for name, value in fields.items()
        if value is not None
    }
    if step is None and (on or note):
        raise click.UsageError(f"--on、--note 要和事项一起写，事项可以写：{'、'.join(_STEPS)}")
    if step is None and not corrections:
        raise click.UsageError(f"没有写要登记什么；事项可以写：{'、'.join(_STEPS)}")
    if step is not None and "state" in corrections:
        raise click.UsageError("状态随事项改变，--state 不要和事项一起写")
    with _opened(where) as book:
        if corrections:
            book.correct(id, **corrections)
        if step is not None:
            book.take(id, Event(Step(step), on or date.today(), note))
        _emit(history_lines(book.entry(id)), None)


@ledger.command()
@ledger_option
@click.option("--from", "start", type=day, metavar="日期", help="从这一天起（含当日）")
@click.option("--to", "end", type=day, metavar="日期", help="到这一天止（含当日）")
@click.option(
    "--by",
    type=one_of(*_GROUPS),
    multiple=True,
    default=["unit"],
    metavar="口径",
    help="unit 制定机关（默认）、month 月、quarter 季度、year 年；可重复",
)
@click.option("--unit", default="", metavar="名称", help="只统计这个制定机关的")
@format_option("text", "json", "xlsx")
def stats(
    *,
    where: str,
    start: date | None,
    end: date | None,
    by: Sequence[str],
    unit: str,
    wanted: Target,
) -> None:
    """统计：接收、主动审查、依申请审查、发现问题、书面意见、修改或废止各多少份。"""
    from checker.ledger.listing import statistics_json, statistics_lines
    from checker.ledger.statistics import count
    from checker.ledger.workbook import write_statistics

    name, file = wanted
    if name == "xlsx" and file is None:
        raise click.UsageError("xlsx 要写明文件，如 -f xlsx=统计.xlsx")
    if start and end and start > end:
        raise click.UsageError(f"--from {start} 晚于 --to {end}")
    with _opened(where) as book:
        counted = count(book.occurrences(), tuple(dict.fromkeys(by)), start, end, unit)
        if name == "xlsx" and file is not None:
            with _writable(file):
                write_statistics(counted, file)
            return
    _emit([statistics_json(counted)] if name == "json" else statistics_lines(counted), file)


@ledger.command()
@click.argument("file", type=Path, metavar="文件.xlsx")
@ledger_option
def export(*, file: Path, where: str) -> None:
    """导出为 .xlsx：台账、检查记录、办理记录各一张表。"""
    from checker.ledger.workbook import write_entries

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"只能导出为 .xlsx，写的是 {file.name}")
    with _opened(where) as book:
        entries = book.entries()
        with _writable(file):
            write_entries(entries, file)
    say(f"已导出 {len(entries)} 份：{file}", err=True)
