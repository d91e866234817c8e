"""The ``checker`` command: arguments in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from checker import __version__
from checker.commands.annotate import annotate, template
from checker.commands.baseline import baseline
from checker.commands.batch import batch
from checker.commands.config import config
from checker.commands.ledger import ledger
from checker.commands.reports import (
    FORMAT_LIST,
    quiet_option,
    refuse_many,
    refuse_overwriting,
    settings_for,
    template_option,
    verbose_option,
    write_reports,
)
from checker.commands.schema import schema, schema_text
from checker.commands.statutes import cite, statutes
from checker.commands.stock import sweep
from checker.console import (
    ChineseGroup,
    DefaultGroup,
    cause,
    existing,
    folder,
    folder_or_zip,
    rules_option,
    run,
    run_options,
)
from checker.progress import Progress
from checker.render.output import Settings, Target

if TYPE_CHECKING:
    from checker.api import Checker
    from checker.config import Configuration, Options
    from checker.report import Report

STDIN = Path("-")
TEXT: Target = ("text", None)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 nothing, 1 findings, 2 wrong use, 3 not fully checked."""
    run(cli, args)


@click.group(cls=ChineseGroup)
@click.version_option(__version__, message="checker %(version)s", help="显示版本")
def cli() -> None:
    """行政规范性文件合法性预审：解析条款结构，按规则集提示问题线索。

    问题线索供审核人员判断，不是合法性结论。
    """


@cli.command(epilog=FORMAT_LIST)
@click.argument("paths", type=existing, nargs=-1, required=True, metavar="路径…")
@run_options()
@quiet_option
@verbose_option
@template_option
def check(
    *,
    paths: tuple[Path, ...],
    options: Options,
    quiet: bool,
    verbose: bool,
    templates: Mapping[str, Path],
) -> int:
    """检查文件、文件夹或者标准输入（-）。

    \b
    返回值：
    0  没有达到 --fail-on 级别的问题线索
    1  有达到这一级别的问题线索
    2  用法、配置或者规则有误，或者引擎内部错误
    3  没有达到这一级别的，但有内容未能检查
    """
    from checker.config import configure

    configuration = configure(paths, options)
    refuse_overwriting(paths, configuration.targets)
    refuse_many(paths, configuration.targets)
    checker = configuration.checker()
    reports = _reports(configuration, checker, paths)
    settings = settings_for(checker, quiet, verbose, paths[0], templates)
    return _write_all(reports, configuration, settings)


def _reports(
    configuration: Configuration, checker: Checker, paths: Sequence[Path]
) -> Iterator[Report]:
    settings = configuration.settings
    if STDIN in paths:
        yield checker.check_bytes(sys.stdin.buffer.read(), "标准输入", settings.as_of)
    files = [path for path in paths if path != STDIN]
    progress = Progress() if not sys.stdout.isatty() else None
    listed = progress.expect if progress else None
    for report in checker.check_paths(
        files, settings.jobs, settings.as_of, configuration.excludes, listed
    ):
        if progress:
            progress.add()
        yield report
    if progress:
        progress.close()


def _write_all(reports: Iterator[Report], configuration: Configuration, settings: Settings) -> int:
    if settings.verbose and configuration.file is not None:
        click.echo(f"配置文件  {configuration.name}", err=True)
    return write_reports(reports, configuration.targets, configuration.settings.fail_on, settings)


@cli.group(cls=DefaultGroup, default="check")
def dossier() -> None:
    """检查报备材料：草案和制定程序的各项材料，放在一个文件夹或者 .zip 里。"""


@dossier.command("check", epilog=FORMAT_LIST)
@click.argument("path", type=folder_or_zip, metavar="卷宗")
@run_options("jobs", "exclude")
@quiet_option
@verbose_option
@template_option
def check_dossier(
    *, path: Path, options: Options, quiet: bool, verbose: bool, templates: Mapping[str, Path]
) -> int:
    """检查一套报备材料（文件夹或者 .zip）：有无、期限、先后、结论，材料与草案是否一致。

    只写 checker dossier 卷宗，意思相同。
    """
    from checker.config import configure

    configuration = configure([path], options)
    refuse_overwriting([path], configuration.targets)
    if any(name == "word" for name, _ in configuration.targets):
        raise click.UsageError("批注写在一份文件里，请用 checker annotate 草案.docx -o 批注.docx")
    checker = configuration.checker()
    report = checker.check_dossier(path, configuration.settings.as_of)
    settings = settings_for(checker, quiet, verbose, path, templates)
    return _write_all(iter([report]), configuration, settings)


@dossier.command("init")
@click.argument("path", type=folder, metavar="文件夹")
@click.option("--force", is_flag=True, help="已有 dossier.yaml 时重写")
def init_dossier(*, path: Path, force: bool) -> None:
    """按识别结果写出 dossier.yaml，供核对、更正；已有的不改动。"""
    from checker.dossier import DossierError, write_statement

    try:
        click.echo(write_statement(path, force=force))
    except DossierError as fault:
        raise click.UsageError(str(fault)) from fault
    except OSError as fault:
        raise click.UsageError(f"无法写入 {fault.filename}：{cause(fault)}") from fault


@cli.command()
def demo() -> None:
    """用随附的示例演示：三份文件和一套报备材料。"""
    from checker.api import Checker
    from checker.resources import resource

    examples = resource("examples")
    names = ("faulty.docx", "notice.txt", "clean.docx")
    checker = Checker()
    reports = [
        *checker.check_paths([examples / name for name in names], 1),
        checker.check_dossier(examples / "dossiers" / "faulty"),
    ]
    write_reports(iter(reports), [TEXT], "error", Settings())
    click.echo(f"示例在 {examples}；检查自己的文件：checker check 草案.docx", err=True)


@cli.command()
@click.argument("path", type=existing, metavar="文件")
def parse(path: Path) -> int:
    """显示文件的条款结构：每个条目的位置和开头的文字。"""
    from checker.api import parse_bytes, parse_file
    from checker.render.outline import outline
    from checker.sources import UnreadableSource

    try:
        document = (
            parse_bytes(sys.stdin.buffer.read(), "标准输入") if path == STDIN else parse_file(path)
        )
    except UnreadableSource as fault:
        click.echo(f"未能读取：{fault}", err=True)
        return 3
    for line in outline(document):
        click.echo(line)
    for gap in document.source.gaps:
        click.echo(f"未读取：{gap}", err=True)
    return 3 if document.source.gaps else 0


@cli.command()
@click.argument("rule", metavar="编号")
@click.argument("path", type=existing, metavar="文件")
@run_options("format", "select", "ignore", "fail_on", "jobs", "exclude", "waivers", "baseline")
def why(*, rule: str, path: Path, options: Options) -> int:
    """说明一条规则对文件中哪些分句提示、对哪些豁免，理由是什么。"""
    from checker.config import configure
    from checker.render.trace import trace_lines
    from checker.sources import UnreadableSource

    configuration = configure([path], options)
    checker = configuration.checker(waivers=False, baseline=False)
    try:
        traces = checker.why(rule, path, configuration.settings.as_of)
    except UnreadableSource as fault:
        click.echo(f"未能读取：{fault}", err=True)
        return 3
    for line in trace_lines(rule, traces):
        click.echo(line)
    return 0


@cli.command()
@click.argument("rule", metavar="编号")
@rules_option
def explain(*, rule: str, rules: tuple[Path, ...]) -> None:
    """说明一条规则：针对什么、依据是什么、什么情形不提示、怎样修改。"""
    from checker.catalog import find_rule
    from checker.render.rule import rule_lines
    from checker.ruleset import load_ruleset

    ruleset = load_ruleset(rules)
    for line in rule_lines(find_rule(rule, ruleset), ruleset.families):
        click.echo(line)


@cli.group(cls=ChineseGroup)
def rules() -> None:
    """查看、测试和编写规则。"""


@rules.command("list")
@click.argument("families", nargs=-1, metavar="[门类]…")
@rules_option
def list_rules(*, families: tuple[str, ...], rules: tuple[Path, ...]) -> None:
    """列出规则：编号、级别、标题；可以只列几个门类，如 FEE PRO。"""
    from checker.api import Checker
    from checker.render.rule import list_lines

    for line in list_lines(Checker(rulesets=rules, select=families).rules()):
        click.echo(line)


@rules.command("show")
@click.argument("rule", metavar="编号")
@rules_option
def show_rule(*, rule: str, rules: tuple[Path, ...]) -> None:
    """显示规则文件的原文。"""
    from checker.catalog import rule_file
    from checker.ruleset import load_ruleset

    path = rule_file(rule, load_ruleset(rules), rules)
    click.echo(path.read_text(encoding="utf-8"), nl=False)


@rules.command("test")
@click.argument("only", nargs=-1, metavar="[编号或者门类]…")
@rules_option
def test_rules(*, only: tuple[str, ...], rules: tuple[Path, ...]) -> int:
    """检查规则文件的写法，并用规则自己的例句测试它；有不符的返回 1。"""
    from checker.catalog import refuse_unknown
    from checker.examples import try_examples
    from checker.ruleset import load_ruleset

    refuse_unknown(only, load_ruleset(rules))
    tested = try_examples(rules, only)
    for fault in tested.faults:
        click.echo(str(fault))
    click.echo(f"测试 {tested.rules} 条规则、{tested.texts} 个例句：{len(tested.faults)} 处不符")
    return 1 if tested.faults else 0


@rules.command("coverage")
@click.argument("families", nargs=-1, metavar="[门类]…")
@rules_option
def rules_coverage(*, families: tuple[str, ...], rules: tuple[Path, ...]) -> None:
    """列出每一条款由哪些规则检查，哪些检查项目没有规则。"""
    from checker.catalog import refuse_unknown, step_rules
    from checker.coverage import coverage, coverage_lines
    from checker.ruleset import load_ruleset

    ruleset = load_ruleset(rules)
    refuse_unknown(families, ruleset)
    steps = [f"{rule.id}:{check}" for rule in step_rules() for check in rule.checks]
    for line in coverage_lines(coverage(ruleset, steps, families)):
        click.echo(line)


@rules.command("new")
@click.argument("rule", metavar="编号")
@click.option("--to", default=".", type=Path, metavar="文件夹", help="写到哪里，不写的为当前文件夹")
def new_rule(*, rule: str, to: Path) -> None:
    """写一个新规则的样板，如 checker rules new FEE-031 --to 本地规则。"""
    from checker.examples import new_rule

    try:
        click.echo(new_rule(to, rule))
    except FileExistsError as fault:
        raise click.UsageError(str(fault)) from fault
    except OSError as fault:
        raise click.UsageError(f"无法写入 {fault.filename}：{cause(fault)}") from fault
    click.echo(f"改好后测试：checker rules test {rule} --rules {to}", err=True)


@rules.command("schema")
def rule_schema() -> None:
    """写出规则文件的 JSON Schema，供编辑器提示和校验。"""
    click.echo(schema_text("rule"), nl=False)


for command in (annotate, template, baseline, batch, config, schema, sweep, cite, statutes, ledger):
    cli.add_command(command)


@cli.command()
def version() -> None:
    """显示引擎和规则集的版本。"""
    from checker.catalog import step_rules
    from checker.ruleset import load_ruleset

    ruleset, steps = load_ruleset(), step_rules()
    click.echo(f"checker {__version__}")
    count = f"{len(ruleset.rules) + len(steps)} 条规则，其中制定程序 {len(steps)} 条"
    click.echo(f"规则集 {ruleset.version}（{count}）")
