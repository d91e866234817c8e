"""The ``checker`` command: arguments in, exit code out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from checker import __version__
from checker.arguments import existing, folder, folder_or_zip, rules_option, run_options
from checker.commands.annotate import annotate, template
from checker.commands.baseline import baseline
from checker.commands.batch import batch
from checker.commands.check import check
from checker.commands.config import config
from checker.commands.diff import diff
from checker.commands.doctor import completion, doctor
from checker.commands.ledger import ledger
from checker.commands.reports import (
    FORMAT_LIST,
    quiet_option,
    refuse_overwriting,
    settings_for,
    template_option,
    verbose_option,
    write_configured,
    write_reports,
)
from checker.commands.schema import schema, schema_text
from checker.commands.statutes import cite, statutes
from checker.commands.stock import sweep
from checker.completion import complete_codes
from checker.console import ChineseGroup, DefaultGroup, cause, run, say
from checker.render.output import Settings, Target

if TYPE_CHECKING:
    from checker.config import Options

TEXT: Target = ("text", None)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 nothing, 1 findings, 2 wrong use, 3 not fully checked."""
    run(cli, args)


@click.group(cls=ChineseGroup)
@click.version_option(__version__, message="checker %(version)s", help="显示版本")
def cli() -> None:
    """行政规范性文件合法性预审：逐条逐句对照规则，列出需要审核人员看一看的地方。

    列出的叫“问题线索”，由审核人员判断，不是合法性结论。
    第一次用：checker demo 看示例，checker check 草案.docx 查自己的文件。
    """


cli.add_command(check)


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

    只写 checker dossier 卷宗，意思相同。返回值同 checker check。
    """
    from checker.config import configure

    configuration = configure([path], options)
    refuse_overwriting([path], configuration.targets)
    if any(name == "word" for name, _ in configuration.targets):
        raise click.UsageError("批注写在一份文件里，请用 checker annotate 草案.docx -o 批注.docx")
    checker = configuration.checker()
    report = checker.check_dossier(path, configuration.settings.as_of)
    settings = settings_for(checker, quiet, verbose, path, templates)
    return write_configured(iter([report]), configuration, settings)


@dossier.command("init")
@click.argument("path", type=folder, metavar="文件夹")
@click.option("--force", is_flag=True, help="已有 dossier.yaml 时重写")
def init_dossier(*, path: Path, force: bool) -> None:
    """按识别结果写出 dossier.yaml，供核对、更正；已有的不改动。"""
    from checker.dossier import DossierError, write_statement

    try:
        say(str(write_statement(path, force=force)))
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
    say(f"示例在 {examples}；检查自己的文件：checker check 草案.docx", err=True)


@cli.command()
@click.argument("path", type=existing, metavar="文件")
def parse(path: Path) -> int:
    """显示文件读成了哪些条款：每一条的位置和开头的文字，用来核对有没有读错。

    \b
    返回值：
    0  全部读出
    3  有内容未能读取
    """
    from checker.parsing import parse_path
    from checker.render.outline import outline

    document = parse_path(path)
    for line in outline(document):
        say(line)
    for gap in document.source.gaps:
        say(f"未读取：{gap}", err=True)
    return 3 if document.source.gaps else 0


@cli.command()
@click.argument("rule", metavar="编号", shell_complete=complete_codes)
@click.argument("path", type=existing, metavar="文件")
@run_options("format", "select", "ignore", "fail_on", "jobs", "exclude", "waivers", "baseline")
def why(*, rule: str, path: Path, options: Options) -> int:
    """说明一条规则在这份文件里为什么提示、为什么不提示：逐句列出结果和理由。

    \b
    返回值：
    0  已经说明
    3  文件未能读取
    """
    from checker.config import configure
    from checker.render.trace import trace_lines

    configuration = configure([path], options)
    checker = configuration.checker(waivers=False, baseline=False)
    traces = checker.why(rule, path, configuration.settings.as_of)
    for line in trace_lines(rule, traces):
        say(line)
    return 0


@cli.command()
@click.argument("rule", metavar="编号", shell_complete=complete_codes)
@rules_option
def explain(*, rule: str, rules: tuple[Path, ...]) -> None:
    """说明一条规则：查什么问题、依据哪一条、什么情形不提示、怎样修改。"""
    from checker.catalog import find_rule
    from checker.render.rule import rule_lines
    from checker.ruleset import load_ruleset

    ruleset = load_ruleset(rules)
    for line in rule_lines(find_rule(rule, ruleset), ruleset.families):
        say(line)


@cli.group(cls=ChineseGroup)
def rules() -> None:
    """查看、测试和编写规则。"""


@rules.command("list")
@click.argument("families", nargs=-1, shell_complete=complete_codes, metavar="[门类]…")
@rules_option
def list_rules(*, families: tuple[str, ...], rules: tuple[Path, ...]) -> None:
    """列出规则：编号、级别、标题；可以只列几个门类，如 FEE PRO。"""
    from checker.api import Checker
    from checker.render.rule import list_lines

    for line in list_lines(Checker(rulesets=rules, select=families).rules()):
        say(line)


@rules.command("show")
@click.argument("rule", metavar="编号", shell_complete=complete_codes)
@rules_option
def show_rule(*, rule: str, rules: tuple[Path, ...]) -> None:
    """显示规则文件的原文。"""
    from checker.catalog import rule_file
    from checker.ruleset import load_ruleset

    path = rule_file(rule, load_ruleset(rules), rules)
    click.echo(path.read_text(encoding="utf-8"), nl=False)


@rules.command("test")
@click.argument("only", nargs=-1, shell_complete=complete_codes, metavar="[编号或者门类]…")
@rules_option
def test_rules(*, only: tuple[str, ...], rules: tuple[Path, ...]) -> int:
    """检查规则文件的写法，并用规则自己的例句测试它。

    \b
    返回值：
    0  全部相符
    1  有不符的
    """
    from checker.catalog import refuse_unknown
    from checker.examples import try_examples
    from checker.ruleset import load_ruleset

    refuse_unknown(only, load_ruleset(rules))
    tested = try_examples(rules, only)
    for fault in tested.faults:
        say(str(fault))
    say(f"测试 {tested.rules} 条规则、{tested.texts} 个例句：{len(tested.faults)} 处不符")
    return 1 if tested.faults else 0


@rules.command("coverage")
@click.argument("families", nargs=-1, shell_complete=complete_codes, metavar="[门类]…")
@rules_option
def rules_coverage(*, families: tuple[str, ...], rules: tuple[Path, ...]) -> None:
    """列出法规的每一条由哪些规则检查，哪些检查项目还没有规则。"""
    from checker.catalog import refuse_unknown, step_rules
    from checker.coverage import coverage, coverage_lines
    from checker.ruleset import load_ruleset

    ruleset = load_ruleset(rules)
    refuse_unknown(families, ruleset)
    steps = [f"{rule.id}:{check}" for rule in step_rules() for check in rule.checks]
    for line in coverage_lines(coverage(ruleset, steps, families)):
        say(line)


@rules.command("new")
@click.argument("rule", metavar="编号")
@click.option("--to", default=".", type=Path, metavar="文件夹", help="写到哪里，不写的为当前文件夹")
def new_rule(*, rule: str, to: Path) -> None:
    """写一个新规则的样板，如 checker rules new FEE-031 --to 本地规则。"""
    from checker.examples import new_rule

    try:
        say(str(new_rule(to, rule)))
    except FileExistsError as fault:
        raise click.UsageError(str(fault)) from fault
    except OSError as fault:
        raise click.UsageError(f"无法写入 {fault.filename}：{cause(fault)}") from fault
    say(f"改好后测试：checker rules test {rule} --rules {to}", err=True)


@rules.command("schema")
def rule_schema() -> None:
    """写出规则文件的格式定义（JSON Schema）：编辑器据此提示怎样写、标出写错的地方。"""
    click.echo(schema_text("rule"), nl=False)


for command in (
    annotate, template, diff, baseline, batch, config, sweep, cite, statutes, ledger, schema,
    doctor, completion,
):  # fmt: skip
    cli.add_command(command)


@cli.command()
def version() -> None:
    """显示引擎和规则集的版本。"""
    from checker.catalog import step_rules
    from checker.ruleset import load_ruleset

    ruleset, steps = load_ruleset(), step_rules()
    say(f"checker {__version__}")
    count = f"{len(ruleset.rules) + len(steps)} 条规则，其中制定程序 {len(steps)} 条"
    say(f"规则集 {ruleset.version}（{count}）")
