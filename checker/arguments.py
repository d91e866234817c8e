"""Arguments and options that commands share: what they accept, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.completion import Completed, complete_codes
from checker.console import did_you_mean

if TYPE_CHECKING:
    from checker.render.output import Target

#: How standard input is written where a file may stand.
STDIN = Path("-")


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


def _path(
    fits: Callable[[Path], bool], refusal: str, kind: str = "file", *, stdin: bool = False
) -> Completed:
    """Argument type: a path that fits, or ``-`` with ``stdin``; ``kind`` is what the shell offers."""

    def path(value: str) -> Path:
        if not (stdin and value == "-") and not fits(Path(value)):
            raise click.BadParameter(f"{refusal}：{value}")
        return Path(value)

    return Completed(path, kind)


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def _draft(value: str) -> Path:
    """Argument type: one file that exists."""
    if not Path(value).is_file():
        what = "这是文件夹，请写一个文件" if Path(value).is_dir() else "没有这个文件"
        raise click.BadParameter(f"{what}：{value}")
    return Path(value)


#: A file or folder that exists, or ``-`` for standard input.
existing = _path(Path.exists, "没有这个文件或者文件夹", stdin=True)
folder = _path(Path.is_dir, "没有这个文件夹", "dir")
folder_or_zip = _path(lambda path: path.is_dir() or _is_zip(path), "没有这个文件夹或者 .zip")
file = _path(Path.is_file, "没有这个文件")
draft = Completed(_draft, "file")


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
_RULES_HELP = "一并使用这个文件夹里的规则，如本地规则；同号的替换全国规则，可重复"
rules_option = click.option(
    "--rules", type=folder, multiple=True, metavar="文件夹", help=_RULES_HELP
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
        help=_RULES_HELP,
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


def refuse_sharing_output(targets: Iterable[Target], example: str = "结果.json") -> None:
    """Refuse to write two formats to standard output. Raises UsageError."""
    if sum(file is None for _, file in targets) > 1:
        raise click.UsageError(
            f"只能有一种格式写到标准输出，其余的请写明文件，如 -f json={example}"
        )


def refuse_same_file(path: Path, output: Path) -> None:
    """Refuse to write over the file that is read. Raises UsageError."""
    if output.exists() and path.exists() and output.samefile(path):
        raise click.UsageError(f"{output} 就是被检查的文件，请换一个文件名，以免覆盖原件")
