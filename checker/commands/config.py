"""Command config: which configuration applies, and where each value comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import existing, run_options
from checker.console import ChineseGroup, say

if TYPE_CHECKING:
    from checker.config import Options


@click.group(cls=ChineseGroup)
def config() -> None:
    """查看配置：用的是哪个配置文件，每一项从哪里来。"""


@config.command()
@click.argument("path", type=existing, default=".", metavar="[路径]")
@run_options()
def show(*, path: Path, options: Options) -> None:
    """列出检查这个路径时各项的值和来源：默认、配置文件的哪一行，或者命令行选项。"""
    from checker.config import configure, setting_lines

    configuration = configure([path], options)
    say(f"# 配置文件：{configuration.name or '没有'}")
    for line in setting_lines(configuration):
        say(line)
