"""Commands about Word files: annotate, template."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from checker.arguments import (
    as_of_option,
    codes,
    existing,
    one_of,
    place_option,
    profile_option,
    refuse_same_file,
    rules_option,
)
from checker.console import ChineseCommand, cause, say
from checker.render.output import FORMS


@click.command(cls=ChineseCommand)
@click.argument("path", type=existing, metavar="文件.docx")
@click.option(
    "-o", "--output", type=Path, required=True, metavar="文件", help="带批注的副本写到哪里"
)
@click.option("--info", is_flag=True, help="提示也写成批注；不写的只有错误和提醒")
@profile_option
@place_option
@as_of_option
@click.option(
    "--select", multiple=True, callback=codes, metavar="编号",
    help="只运行这些规则或者门类，以逗号分隔",
)  # fmt: skip
@click.option(
    "--ignore", multiple=True, callback=codes, metavar="编号", help="不运行这些规则或者门类"
)
@rules_option
def annotate(
    *,
    path: Path,
    output: Path,
    info: bool,
    profile: str | None,
    place: str,
    as_of: date | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    rules: tuple[Path, ...],
) -> int:
    """检查一份 Word 文件，把问题线索写成批注，另存一份；原文件不动。

    \b
    批注标在所指的字句上，作者是“合法性预审”；正文、格式、修订痕迹和原有批注都不变。
    返回值：0 已写出，2 用法有误，3 文件读不出，或者有内容未能检查。
    """
    from checker.api import Checker
    from checker.render.word import annotated, worth_a_comment

    if path == Path("-"):
        raise click.UsageError("批注要写进文件的副本，不能读标准输入，请写明 .docx 文件")
    refuse_same_file(path, output)
    checker = Checker(profile, rules, select, ignore, place)
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise click.UsageError(f"无法读取 {path}：{cause(fault)}") from fault
    report = checker.check_bytes(data, str(path), as_of)
    if report.error:
        say(f"未能读取：{path}：{report.error}", err=True)
        return 3
    findings = worth_a_comment(report, info)
    copy = annotated(data, str(path), findings)
    try:
        output.write_bytes(copy)
    except OSError as fault:
        raise click.UsageError(f"无法写入 {output}：{cause(fault)}") from fault
    counts = report.counts
    say(f"已写入 {output}：{len(findings)} 处批注（错误 {counts.error}、提醒 {counts.warning}）")
    if counts.info and not info:
        say(f"另有提示 {counts.info} 处没有写成批注，要写的加 --info", err=True)
    for gap in report.gaps:
        say(f"未检查：{gap}", err=True)
    return 3 if report.gaps else 0


@click.command(cls=ChineseCommand)
@click.argument("form", type=one_of(*FORMS), metavar="格式")
@click.option("-o", "--output", type=Path, required=True, metavar="文件", help="样板写到哪里")
def template(*, form: str, output: Path) -> None:
    """写出 opinion（审核意见书）、fair（公平竞争审查表）、filing（备案登记表）的模板，供本单位修改。

    \b
    用 Word 改好版式、抬头和固定文字，{{标题}} 这样的占位符可以移动、删去；然后
    checker check 草案.docx -f opinion=意见书.docx --template opinion=改好的模板.docx
    """
    from checker.render.forms import template_of

    if output.exists():
        raise click.UsageError(f"{output} 已经有了，请换一个文件名，以免覆盖改好的模板")
    try:
        output.write_bytes(template_of(form)[0])
    except OSError as fault:
        raise click.UsageError(f"无法写入 {output}：{cause(fault)}") from fault
    say(f"已写入 {output}；可以用的占位符见 docs/模板.md", err=True)
