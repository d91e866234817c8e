"""Commands about the register of laws: cite, statutes build, statutes show."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from checker.console import ChineseCommand, ChineseGroup, as_of_option, cause, day, existing, one_of

STDIN = Path("-")


def _named(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Option callback: 简称=全称, any number of times."""
    pairs = [value.partition("=") for value in values]
    for short, equals, full in pairs:
        if not (short and equals and full):
            raise click.BadParameter(f"“{short}{equals}{full}”应当写成 简称=全称")
    return {short: full for short, _, full in pairs}


@click.command(cls=ChineseCommand)
@click.argument("path", type=existing, metavar="文件")
@click.option(
    "-f", "--format", "form", type=one_of("text", "json"), default="text", metavar="格式",
    help="text（默认）或者 json",
)  # fmt: skip
@as_of_option
@click.option("--title", default="", metavar="标题", help="文件没有标题时，“本办法”指的是哪一件")
@click.option(
    "--define", "names", multiple=True, callback=_named, metavar="简称=全称",
    help="文件以外已经约定的简称，可重复",
)  # fmt: skip
def cite(*, path: Path, form: str, as_of: date | None, title: str, names: dict[str, str]) -> int:
    """列出文件引用的法规和条款：是哪一件、到那天是否有效、有没有这一条；文件写 - 的读标准输入。"""
    from checker.api import parse_bytes, parse_file
    from checker.dating import law_day
    from checker.references import find_references
    from checker.render.citation import citation_lines, citation_rows
    from checker.report import dump_json
    from checker.sources import UnreadableSource

    try:
        document = (
            parse_bytes(sys.stdin.buffer.read(), "标准输入") if path == STDIN else parse_file(path)
        )
    except UnreadableSource as fault:
        click.echo(f"未能读取：{fault}", err=True)
        return 3
    when, how = law_day(document, as_of)
    references = find_references(document, when, title=title, names=names)
    if form == "json":
        click.echo(dump_json(citation_rows(references), indent=2))
    else:
        at = (document.provision_at(r.start).address for r in references)
        for line in citation_lines(references, at):
            click.echo(line)
    click.echo(f"共 {len(references)} 处引用，按 {when}（{how}）判断", err=True)
    return 3 if document.source.gaps else 0


@click.group(cls=ChineseGroup)
def statutes() -> None:
    """法规目录：查一件法规的文本和效力，或者重新生成目录。"""


@statutes.command()
@click.argument("name", default="", metavar="[名称或者文号]")
@click.option("--at", "when", type=day, metavar="日期", help="看这一天的效力，不写的为今天")
def show(*, name: str, when: date | None) -> int:
    """显示一件法规的各个文本；不写名称的，显示目录收了什么。"""
    from checker.render.citation import register_lines, statute_lines
    from checker.statutes import register

    known = register()
    if not name:
        for line in register_lines(known):
            click.echo(line)
        return 0
    statute = known.find(name, name)
    if statute is None:
        near = known.nearest(name)
        hint = f"，最接近的是：{'、'.join(near)}" if near else ""
        raise click.UsageError(f"目录里没有“{name}”{hint}。没有收录不等于无效")
    for line in statute_lines(statute, when or date.today()):
        click.echo(line)
    return 0


@statutes.command()
@click.argument("source", type=existing, metavar="文件")
@click.option("-o", "--output", type=Path, required=True, metavar="文件", help="写到哪里")
@click.option("--as-of", "as_of", type=day, required=True, metavar="日期", help="目录截至哪一天")
def build(*, source: Path, output: Path, as_of: date) -> None:
    """用一份逐行 JSON 的法规事实表（名称、文本、日期、条数）生成法规目录。"""
    from checker.register import read_facts, register_text, summary

    facts = read_facts(source)
    try:
        output.write_text(register_text(facts, as_of), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise click.UsageError(f"无法写入 {output}：{cause(fault)}") from fault
    for line in summary(facts):
        click.echo(line)
