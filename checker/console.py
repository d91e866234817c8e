"""What every command shares: Chinese wording of click, words as option values, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import click

WRONG_USE = 2


class ChineseCommand(click.Command):
    """A command whose help is Chinese throughout."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **settings)

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
        """Write the options and, for a group, its commands."""
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        if rows := [record for record in records if record is not None]:
            with formatter.section("选项"):
                formatter.write_dl(rows)


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands whose help is Chinese throughout."""

    command_class = ChineseCommand
    group_class = type

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("subcommand_metavar", "命令 …")
        super().__init__(*args, **settings)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in the order they are declared, then the options."""
        rows = [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)
        super().format_options(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is refused with the nearest right word."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            ctx.fail(f"没有命令“{name}”{did_you_mean(name, self.commands)}")
        return super().resolve_command(ctx, args)


def did_you_mean(word: str, known: Sequence[str] | dict[str, Any]) -> str:
    """What to add to a message about an unknown word."""
    close = get_close_matches(word.lower(), list(known), n=1, cutoff=0.4)
    return f"，是否要写“{close[0]}”？" if close else f"，可以写：{'、'.join(known)}"


class Word(click.ParamType):
    """One of a few words."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or a refusal with the nearest right one."""
        if value not in self.words:
            self.fail(f"不能写“{value}”{did_you_mean(value, self.words)}", param, ctx)
        return value


class Target(click.ParamType):
    """FORMAT or FORMAT=FILE."""

    name = "target"

    def __init__(self, *formats: str) -> None:
        self.format = Word(*formats)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path | None]:
        """The format and the file to write, if one is named."""
        if isinstance(value, tuple):
            return value
        name, equals, file = value.partition("=")
        if equals and not file:
            self.fail(f"“{value}”缺少文件名", param, ctx)
        return self.format.convert(name, param, ctx), Path(file) if file else None


class Day(click.ParamType):
    """A date."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, written 2024-03-01."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，应当写成 2024-03-01 这样", param, ctx)


class Existing(click.ParamType):
    """A path that exists; ``-`` where standard input is allowed."""

    name = "path"

    def __init__(self, *, stdin: bool = False, folder: bool = False) -> None:
        self.stdin, self.folder = stdin, folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, or a refusal."""
        path = Path(value)
        if not (self.stdin and str(value) == "-"):
            if not path.exists():
                self.fail(f"没有这个文件或者文件夹：{value}", param, ctx)
            if self.folder and not path.is_dir():
                self.fail(f"不是文件夹：{value}", param, ctx)
        return path


def codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Option callback: codes separated by commas, of options that may be repeated."""
    parts = [part.strip() for value in values for part in value.replace("，", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def positive(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """Option callback: a whole number from 1."""
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"“{value}”不是 1 以上的整数")
    return int(value)


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
        click.echo("已中止", err=True)
        return 130
    except ValueError as fault:
        if not getattr(fault, "for_users", False):
            return _internal()
        return _refuse(str(fault))
    except Exception:
        return _internal()
    return code if isinstance(code, int) else 0


def _refuse(message: str, fault: click.ClickException | None = None) -> int:
    click.echo(f"错误：{message}", err=True)
    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        click.echo(f"用法见 {fault.ctx.command_path} --help", err=True)
    return WRONG_USE


def _internal() -> int:
    import traceback

    traceback.print_exc()
    click.echo("引擎内部错误：请把以上内容连同引起错误的文件告知开发者", err=True)
    return WRONG_USE


def _wording(fault: click.ClickException) -> str:
    match fault:
        case click.MissingParameter(param=click.Parameter() as param):
            return f"缺少{param.make_metavar(fault.ctx or click.Context(click.Command(None)))}"
        case click.NoSuchOption():
            close = f"，是否要写“{fault.possibilities[0]}”？" if fault.possibilities else ""
            return f"没有选项 {fault.option_name}{close}"
        case click.BadOptionUsage():
            return f"选项 {fault.option_name} 的写法不对（可能缺少值，或者不该带值）"
        case click.BadParameter(param=click.Option() as param):
            return f"{'/'.join(param.opts)}：{fault.message}"
        case _:
            return fault.message
