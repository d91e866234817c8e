"""What every command shares: Chinese wording of click, refusals, exit codes."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn
from unicodedata import east_asian_width

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WRONG_USE, UNREAD = 2, 3
#: Why something cannot be written, where the system has no room for it or nobody reads it.
_CAUSES = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过磁盘配额",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.EPIPE: "读取输出的程序已经退出",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
}
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
        rows = [(name, words.replace("  [required]", "（必须写）")) for name, words in records]
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


def say(words: str, *, err: bool = False) -> None:
    """Write a line; names of files and words of documents in it cannot steer the terminal."""
    from checker.render.text import spelled

    click.echo(spelled(words), err=err)


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
            return _CAUSES.get(fault.errno or 0, fault.strerror or str(fault))


def run(command: click.Command, args: Sequence[str] | None) -> NoReturn:
    """Run a command and exit with its code; every way to fail says why on stderr and exits 2."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        # Names of files would be read differently, and so named differently in reports.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
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
        return _failed(fault)
    return code if isinstance(code, int) else 0


def _failed(fault: Exception) -> int:
    """What could not be read is told and exits 3; wrong input 2; anything else is our own fault."""
    from checker.sources import UnreadableSource

    if isinstance(fault, UnreadableSource):
        say(f"未能读取：{fault}", err=True)
        return UNREAD
    if isinstance(fault, OSError) and fault.errno in _CAUSES:
        return _refuse(f"无法写入 {fault.filename or '结果'}：{cause(fault)}")
    return _refuse(str(fault)) if isinstance(fault, _wrong_input()) else _internal()


def _wrong_input() -> tuple[type[Exception], ...]:
    """Faults of what the user gave; imported only where something failed."""
    from checker.catalog import UnknownCode
    from checker.changes import NoChanges
    from checker.config import MixedConfigurations
    from checker.extras import MissingLibrary
    from checker.faults import DeclarationError
    from checker.lawstore import LawStoreError
    from checker.places import UnknownPlace
    from checker.profile import UnknownProfile
    from checker.word.annotation import Unmarkable
    from checker.word.template import TemplateFault
    from checker.workers import NoProcess

    return (
        DeclarationError,
        LawStoreError,
        MissingLibrary,
        MixedConfigurations,
        NoChanges,
        NoProcess,
        TemplateFault,
        UnknownCode,
        UnknownPlace,
        UnknownProfile,
        Unmarkable,
    )


def _refuse(message: str, fault: click.ClickException | None = None) -> int:
    say(f"错误：{message}", err=True)
    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        say(f"用法见 {fault.ctx.command_path} --help", err=True)
    return WRONG_USE


def _internal() -> int:
    import traceback

    say(traceback.format_exc(), err=True)
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
