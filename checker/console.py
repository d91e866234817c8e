"""What every command shares: Chinese wording of click, words as option values, exit codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from unicodedata import east_asian_width

import click

from checker.completion import Completed, complete_codes

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WRONG_USE = 2
#: What click says of arguments that no command asked for.
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")


class ChineseCommand(click.Command):
    """A command whose help is Chinese throughout."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write out the values of options that may be written without."""
        values = {
            name: f"{name}={param.unwritten}"
            for param in self.params
            if isinstance(param, DefaultedOption)
            for name in param.opts
        }
        end = args.index("--") if "--" in args else len(args)
        return super().parse_args(ctx, [values.get(arg, arg) for arg in args[:end]] + args[end:])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, described in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, "用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = (param for param in self.get_params(ctx) if isinstance(param, click.Option))
        records = filter(None, (option.get_help_record(ctx) for option in options))
        rows = [(name, words.replace("  [required]", "（必填）")) for name, words in records]
        _write_section(formatter, "选项", rows)


class DefaultedOption(click.Option):
    """An option with a value only where one is written with ``=``: ``--changed``, ``--changed=main``.

    ``flag_value`` is the value where none is written.
    """

    def __init__(self, *args: Any, flag_value: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.unwritten = flag_value


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands whose help is Chinese throughout."""

    command_class = ChineseCommand
    group_class = type

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("subcommand_metavar", "命令 …")
        super().__init__(*args, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without anything to do, help."""
        return super().parse_args(ctx, args or ["--help"])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in the order they are declared, then the options."""
        rows = [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        _write_section(formatter, "命令", rows)
        super().format_options(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is refused with the nearest right word."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            ctx.fail(f"没有命令“{name}”{did_you_mean(name, self.commands)}")
        return super().resolve_command(ctx, args)


class DefaultGroup(ChineseGroup):
    """A group that takes what is none of its commands for an argument of the ``default`` one."""

    def __init__(self, *args: Any, default: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before what is no command and no call for help."""
        if args and args[0] not in (*self.commands, "--help"):
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the shell offers: commands, and what the default one begins with."""
        argument = self.commands[self._default].params[0]
        return [
            *super().shell_complete(ctx, incomplete), *argument.shell_complete(ctx, incomplete)
        ]  # fmt: skip


def _write_section(formatter: click.HelpFormatter, title: str, rows: list[tuple[str, str]]) -> None:
    """Terms and what they mean, aligned for characters that are two columns wide."""
    widths = [columns(term) for term, _ in rows]
    formatter.write(f"\n{title}：\n")
    for (term, meaning), width in zip(rows, widths, strict=True):
        formatter.write(f"  {term}{' ' * (max(widths) - width + 2)}{meaning}\n")


def columns(text: str) -> int:
    """Columns a text takes up on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to add to a message about an unknown word."""
    from difflib import get_close_matches

    known = list(known)
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.4)
    return f"，是否要写“{close[0]}”？" if close else f"，可以写：{'、'.join(known)}"


def one_of(*words: str) -> Completed:
    """Option type: one of a few words."""

    def word(value: str) -> str:
        if value not in words:
            raise click.BadParameter(f"不能写“{value}”{did_you_mean(value, words)}")
        return value

    return Completed(word, words=words)


def target(*formats: str) -> Completed:
    """Option type: FORMAT or FORMAT=FILE, as the format and the file or None."""
    from checker.render.output import read_target

    def format_and_file(value: str) -> tuple[str, Path | None]:
        try:
            return read_target(value, formats)
        except ValueError as fault:
            raise click.BadParameter(str(fault)) from None

    return Completed(format_and_file, words=formats)


def written_target(value: str) -> str:
    """Option type: as :func:`target`, for the formats of a report, kept as it is written."""
    from checker.render.output import FORMATS

    target(*FORMATS)(value)
    return value


def day(value: str) -> date:
    """Option type: a date, written 2024-03-01."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"“{value}”不是日期，应当写成 2024-03-01 这样") from None


def _existing(value: str) -> Path:
    """Argument type: a file or folder that exists, or ``-`` for standard input."""
    if value != "-" and not Path(value).exists():
        raise click.BadParameter(f"没有这个文件或者文件夹：{value}")
    return Path(value)


existing = Completed(_existing, "file")


def _folder_or_zip(value: str) -> Path:
    """Argument type: a folder, or a .zip."""
    path = Path(value)
    if not path.is_dir() and (path.suffix.lower() != ".zip" or not path.is_file()):
        raise click.BadParameter(f"没有这个文件夹或者 .zip：{value}")
    return path


folder_or_zip = Completed(_folder_or_zip, "file")


def _folder(value: str) -> Path:
    """Argument type: a folder that exists."""
    if not Path(value).is_dir():
        raise click.BadParameter(f"没有这个文件夹：{value}")
    return Path(value)


folder = Completed(_folder, "dir")


def _draft(value: str) -> Path:
    """Argument type: one file that exists."""
    if not Path(value).is_file():
        what = "这是文件夹，请写一个文件" if Path(value).is_dir() else "没有这个文件"
        raise click.BadParameter(f"{what}：{value}")
    return Path(value)


draft = Completed(_draft, "file")


def _file(value: str) -> Path:
    """Option type: a file that exists."""
    if not Path(value).is_file():
        raise click.BadParameter(f"没有这个文件：{value}")
    return Path(value)


file = Completed(_file, "file")


def positive(value: str) -> int:
    """Option type: a whole number from 1."""
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"“{value}”不是 1 以上的整数")
    return int(value)


def codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Option callback: codes separated by commas, of options that may be repeated."""
    parts = [part.strip() for value in values for part in value.replace("，", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _store(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    """Option callback: the law store; None where the user wants none or has made none."""
    from checker.config import chosen_store

    return chosen_store(value or "")


as_of_option = click.option(
    "--as-of",
    type=day,
    metavar="日期",
    help="按这一天有效的规定检查；不写的按成文日期，没有成文日期的按今天",
)
rules_option = click.option(
    "--rules",
    type=folder,
    multiple=True,
    metavar="文件夹",
    help="一并使用这个文件夹里的规则，如本地规则；同号的替换全国规则，可重复",
)
profile_option = click.option(
    "--profile",
    metavar="名称",
    help="适用方案：查哪一类文件，如 filed 备案审查、tender 招标文件；或者 YAML 文件",
)
place_option = click.option(
    "--place",
    metavar="地名",
    help="按这个地方的规定判断有效期、施行日期和期限，如 上海；不写的按文件自己的制定机关",
)
_STORE_HELP = "法规原文库；不写的用 checker statutes import 建立的，写 none 的不用"
store_option = click.option(
    "--store",
    envvar="CHECKER_STATUTES",
    callback=_store,
    metavar="文件",
    help=_STORE_HELP,
)
jobs_option = click.option(
    "--jobs", type=positive, metavar="数目", help="同时用几个进程检查，不写的自动决定"
)
#: Options that a configuration file may state too, in the order of the help.
_RUN_OPTIONS = {
    "format": click.option(
        "-f",
        "--format",
        type=written_target,
        multiple=True,
        metavar="格式[=文件]",
        help="输出格式（见最后），不写的为 text；可重复，写明文件的存入文件",
    ),
    "profile": profile_option,
    "place": place_option,
    "as_of": as_of_option,
    "select": click.option(
        "--select",
        multiple=True,
        callback=codes,
        shell_complete=complete_codes,
        metavar="编号",
        help="只用这些规则或者门类，几个之间用逗号，如 FEE,VAL-001",
    ),
    "ignore": click.option(
        "--ignore",
        multiple=True,
        callback=codes,
        shell_complete=complete_codes,
        metavar="编号",
        help="不用这些规则或者门类，几个之间用逗号",
    ),
    "fail_on": click.option(
        "--fail-on",
        type=one_of("error", "warning", "info"),
        metavar="级别",
        help="有这一级别或者更重的问题线索时返回 1：error 错误（默认）、warning 提醒、info 提示",
    ),
    "rulesets": click.option(
        "--rules",
        "rulesets",
        type=folder,
        multiple=True,
        metavar="文件夹",
        help="一并使用这个文件夹里的规则，如本地规则；同号的替换全国规则，可重复",
    ),
    "waivers": click.option(
        "--waivers",
        type=file,
        metavar="文件",
        help="豁免清单：已经批准保留的不再列出，计入“已豁免”",
    ),
    "baseline": click.option(
        "--baseline", type=file, metavar="文件", help="基线文件：以前就有的只计数，只列出新增的"
    ),
    "exclude": click.option(
        "--exclude",
        multiple=True,
        metavar="名称",
        help="文件夹里不检查的文件，可以用 * 代表任意文字，如 附件*，可重复",
    ),
    "store": click.option("--store", envvar="CHECKER_STATUTES", metavar="文件", help=_STORE_HELP),
    "jobs": jobs_option,
    "config": click.option(
        "--config",
        type=file,
        metavar="文件",
        help="用这个配置文件；不写的从被检查的文件所在的文件夹往上找 checker.toml",
    ),
    "no_config": click.option("--no-config", is_flag=True, help="不用配置文件"),
}


def run_options(*without: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the options that a configuration may state too, but some; the command gets them
    as one ``options``."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        names = [name for name in _RUN_OPTIONS if name not in without]

        @wraps(command)
        def packed(**given: Any) -> Any:
            from checker.config import Options

            return command(options=Options(**{name: given.pop(name) for name in names}), **given)

        for name in reversed(names):
            packed = _RUN_OPTIONS[name](packed)
        return packed

    return decorate


def refuse_same_file(path: Path, output: Path) -> None:
    """Refuse to write over the file that is read. Raises UsageError."""
    if output.exists() and path.exists() and output.samefile(path):
        raise click.UsageError(f"{output} 就是被检查的文件，请换一个文件名，以免覆盖原件")


def cause(fault: OSError) -> str:
    """Why a file could not be written, in Chinese where the reason is a common one."""
    match fault:
        case FileNotFoundError() | NotADirectoryError():
            return "没有这个文件夹"
        case IsADirectoryError():
            return "这是文件夹，不是文件"
        case PermissionError():
            return "没有写入的权限"
        case _:
            return fault.strerror or str(fault)


def run(command: click.Command, args: Sequence[str] | None) -> NoReturn:
    """Run a command and exit with its code; every way to fail says why on stderr and exits 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_guarded(lambda: command.main(args, prog_name="checker", standalone_mode=False)))


def _guarded(action: Callable[[], object]) -> int:
    try:
        code = action()
    except click.ClickException as fault:
        return _refuse(_wording(fault), fault)
    except click.Abort:
        click.echo("已中止，没有检查完", err=True)
        return 130
    except Exception as fault:
        return _refuse(str(fault)) if isinstance(fault, _wrong_input()) else _internal()
    return code if isinstance(code, int) else 0


def _wrong_input() -> tuple[type[Exception], ...]:
    """Faults of what the user gave; imported only where something failed."""
    from checker.catalog import UnknownCode
    from checker.changes import NoChanges
    from checker.config import MixedConfigurations
    from checker.faults import DeclarationError
    from checker.lawstore import LawStoreError
    from checker.places import UnknownPlace
    from checker.profile import UnknownProfile
    from checker.render.workbook import MissingLibrary
    from checker.sources import UnreadableSource
    from checker.watching import NoWatching
    from checker.word.annotation import Unmarkable
    from checker.word.template import TemplateFault

    return (
        DeclarationError,
        LawStoreError,
        MissingLibrary,
        MixedConfigurations,
        NoChanges,
        NoWatching,
        TemplateFault,
        UnknownCode,
        UnknownPlace,
        UnknownProfile,
        Unmarkable,
        UnreadableSource,
    )


def _refuse(message: str, fault: click.ClickException | None = None) -> int:
    click.echo(f"错误：{message}", err=True)
    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        click.echo(f"用法见 {fault.ctx.command_path} --help", err=True)
    return WRONG_USE


def _internal() -> int:
    import traceback

    traceback.print_exc()
    click.echo("引擎内部错误，不是文件的问题：请把以上内容连同这份文件交给开发者", err=True)
    return WRONG_USE


def _wording(fault: click.ClickException) -> str:
    match fault:
        case click.MissingParameter(param=click.Parameter() as param):
            name = param.make_metavar(fault.ctx or click.Context(click.Command(None)))
            return f"缺少{'选项 ' if param.param_type_name == 'option' else ''}{name.strip('…')}"
        case click.NoSuchOption():
            close = f"，是否要写“{fault.possibilities[0]}”？" if fault.possibilities else ""
            return f"没有选项 {fault.option_name}{close}"
        case click.BadOptionUsage():
            return f"选项 {fault.option_name} 后面缺少值，或者多写了值"
        case click.BadParameter(param=click.Option() as param):
            return f"{'/'.join(param.opts)}：{fault.message}"
        case click.UsageError() if extra := _EXTRA.match(fault.message):
            return f"多写了“{extra[1]}”；文件名里有空格的，要用引号括起来"
        case _:
            return fault.message
