"""Commands about the installation: doctor and completion."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from checker.arguments import one_of
from checker.console import ChineseCommand, columns, say

if TYPE_CHECKING:
    from checker.installation import Part

#: How to switch completion on, by shell.
_SWITCH = {
    "bash": ("~/.bashrc", 'eval "$(checker completion bash)"'),
    "zsh": ("~/.zshrc", 'eval "$(checker completion zsh)"'),
    "fish": ("~/.config/fish/completions/checker.fish", "checker completion fish | source"),
}


@click.command(cls=ChineseCommand)
def doctor() -> int:
    """检查安装：装了什么、缺什么、怎么办。

    \b
    每行是 正常、缺少 或者 注意（只影响一部分功能）。
    返回值：0 没有缺少；1 有缺少的，不能正常检查
    """
    from checker.installation import State, inspect

    parts = list(inspect(date.today()))
    width = max(columns(part.name) for part in parts)
    for part in parts:
        say(_line(part, width))
        if part.todo:
            say(f"{' ' * (width + 8)}{part.todo}")
    lacking = sum(part.state is State.MISSING for part in parts)
    heeded = sum(part.state is State.ATTENTION for part in parts)
    say(f"共 {len(parts)} 项：缺少 {lacking}、注意 {heeded}")
    return 1 if lacking else 0


def _line(part: Part, width: int) -> str:
    first, *rest = part.found.splitlines() or [""]
    margin = " " * (width + 8)
    name = part.name + " " * (width - columns(part.name))
    return "\n".join([f"{part.state}  {name}  {first}", *(margin + line for line in rest)])


@click.command(cls=ChineseCommand)
@click.argument("shell", type=one_of(*_SWITCH), metavar="bash|zsh|fish")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """写出命令补全脚本：按 Tab 补全命令、选项、规则编号和文件名。

    \b
    怎样启用（写进启动文件，重新打开终端）：
    bash  在 ~/.bashrc 里加一行  eval "$(checker completion bash)"
    zsh   在 ~/.zshrc 里加一行   eval "$(checker completion zsh)"
    fish  checker completion fish > ~/.config/fish/completions/checker.fish
    """
    from click.shell_completion import ShellComplete, get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"不支持 {shell}")
    made = kind(ctx.find_root().command, {}, "checker", "_CHECKER_COMPLETE")
    file, line = _SWITCH[shell]
    say(f"# checker 的命令补全。启用：在 {file} 里加一行\n#   {line}")
    # Not made.source(): for bash it starts the shell to ask for its version.
    click.echo(ShellComplete.source(made))
