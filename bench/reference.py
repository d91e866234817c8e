"""Writes docs/命令参考.md: every command, argument, option and exit code, from the code.

    python bench/reference.py

tests/test_reference.py compares.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, get_origin, get_type_hints

import click

from checker.cli import cli
from checker.config import Settings

FILE = Path(__file__).resolve().parents[1] / "docs" / "命令参考.md"
_HEAD = """# 命令参考

由 `python bench/reference.py` 从程序生成，请勿手改。怎样上手见[教程](教程.md)，单位怎样推开见[推广指南](推广指南.md)。

返回值在每条命令下写明；没有写的，0 是完成，2 是用法、配置或者规则有误，或者引擎内部错误。按 Ctrl-C 中止的返回 130。
"""


def commands(
    command: click.Command = cli, path: tuple[str, ...] = ("checker",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below one, itself first, with the words that call it."""
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


def section(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    """Lines about one command."""
    context = click.Context(command, info_name=" ".join(path))
    yield f"## {' '.join(path)}"
    yield ""
    yield f"`{' '.join((*path, *command.collect_usage_pieces(context)))}`"
    yield ""
    yield from _text(inspect.cleandoc(command.help or ""))
    yield from _text(command.epilog or "")
    children = getattr(command, "commands", {})
    if children:
        yield "| 命令 | |"
        yield "|---|---|"
        for name, child in children.items():
            words = _cell(child.get_short_help_str(200))
            yield f"| [{name}](#{'-'.join((*path, name))}) | {words} |"
        yield ""
    options = (param for param in command.params if isinstance(param, click.Option))
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        yield "| 选项 | |"
        yield "|---|---|"
        for names, words in records:
            yield f"| `{_cell(names)}` | {_cell(words.replace('  [required]', '（必须写）'))} |"
        yield ""


def _text(help_text: str) -> Iterator[str]:
    """Paragraphs of a help text; one that must keep its lines begins with a line of \\b."""
    for paragraph in filter(None, help_text.split("\n\n")):
        if paragraph.startswith("\b"):
            yield from ("```text", *paragraph.splitlines()[1:], "```")
        else:
            yield from paragraph.splitlines()
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def configuration() -> Iterator[str]:
    """Lines about the keys of checker.toml."""
    yield "## checker.toml"
    yield ""
    yield "写在被检查文件所在的文件夹或者上级文件夹；也可以写成 pyproject.toml 里的 `[tool.checker]`。"
    yield ""
    yield "| 项 | |"
    yield "|---|---|"
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        if get_origin(hint) is Annotated:
            yield f"| `{name.replace('_', '-')}` | {_cell(hint.__metadata__[0])} |"


def reference() -> str:
    """The whole page."""
    lines = [_HEAD]
    for path, command in commands():
        lines += section(path, command)
    lines += configuration()
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line."""
    FILE.write_text(reference(), encoding="utf-8")
    print(FILE.name)


if __name__ == "__main__":
    main()
