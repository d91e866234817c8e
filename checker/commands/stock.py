"""The command about a stock of documents: sweep."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import day, existing, jobs_option, positive, refuse_sharing_output, target
from checker.console import ChineseCommand, cause, say
from checker.render.output import Target

if TYPE_CHECKING:
    from checker.holdings import Holding
    from checker.stock import Citing
    from checker.sweep import Sweep


@click.command(cls=ChineseCommand)
@click.argument("paths", type=existing, nargs=-1, required=True, metavar="文件夹…")
@click.option(
    "-f", "--format", "targets", type=target("text", "json", "xlsx"), multiple=True,
    default=["text"], metavar="格式[=文件]", help="text（默认）、json 或者 xlsx=文件，可重复",
)  # fmt: skip
@click.option("--as-of", "as_of", type=day, metavar="日期", help="清理的基准日，不写的为今天")
@click.option(
    "--within", type=positive, default="183", metavar="天数",
    help="距有效期届满不超过这些天的算即将到期，默认 183",
)  # fmt: skip
@click.option("--law", default="", metavar="名称", help="只列引用这部法规或者文件的文件和位置")
@jobs_option
def sweep(
    *,
    paths: tuple[Path, ...],
    targets: Sequence[Target],
    as_of: date | None,
    within: int,
    law: str,
    jobs: int | None,
) -> int:
    """清理存量文件：哪些到期、被废止、依据已变，建议继续有效、修改、废止还是失效。

    建议由审核人员判断。写 --law 的，列出引用这部法规的文件（名称、简称或者文号），供法规修改后复查。

    \b
    返回值：
    0  全部读过，不论建议是什么
    2  用法有误，或者引擎内部错误
    3  有文件没有读完整
    """
    from checker import sweep as work

    _refuse(targets)
    if law:
        holdings = work.read_stock(paths, jobs)
        unread = tuple(holding for holding in holdings if holding.problem)
        _write(targets, _Citing(law, holdings, unread))
        return _code(holdings)
    swept = work.sweep(paths, as_of, within, jobs)
    _write(targets, _Swept(swept))
    return _code([*swept.unread, *(row.holding for row in swept.rows)])


class _Swept:
    """The whole stock in each format."""

    def __init__(self, swept: Sweep) -> None:
        self.swept = swept

    def hints(self) -> Iterable[str]:
        return ()

    def lines(self, width: int) -> Iterable[str]:
        from checker.render.stock import row_lines

        return row_lines(self.swept.rows, width)

    def closing(self) -> str:
        from checker.render.stock import closing

        s = self.swept
        return closing(s.rows, s.as_of, s.within, len(s.unread))

    def json(self) -> str:
        from checker.render.stock import rows_json

        s = self.swept
        return rows_json(s.rows, s.as_of, s.within, s.unread)

    def workbook(self, path: Path) -> None:
        from checker.render.stock import ROW_HEADS, row_cells
        from checker.render.workbook import Sheet, write_workbook

        write_workbook(path, Sheet("文件清理", ROW_HEADS, map(row_cells, self.swept.rows)))


class _Citing:
    """The documents that name one law, in each format."""

    def __init__(self, law: str, holdings: Iterable[Holding], unread: Sequence[Holding]) -> None:
        from checker.stock import find_citing

        self.law = law
        self.found: tuple[Citing, ...] = find_citing(holdings, law)
        self.unread = unread

    def hints(self) -> Iterable[str]:
        """What to say where nothing was found: perhaps the name is wrong."""
        from checker.statutes import register

        if self.found or register().find(self.law, self.law):
            return
        near = register().nearest(self.law)
        also = f"，最接近的是：{'、'.join(near)}" if near else ""
        yield f"目录里没有“{self.law}”{also}"

    def lines(self, width: int) -> Iterable[str]:
        from checker.render.stock import citing_lines

        return citing_lines(self.found, width)

    def closing(self) -> str:
        relying = sum(citing.relies for citing in self.found)
        return (
            f"引用“{self.law}”的文件 {len(self.found)} 份，其中作依据的 {relying} 份；"
            f"{len(self.unread)} 份未能读取"
        )

    def json(self) -> str:
        from checker.render.stock import citing_json

        return citing_json(self.law, self.found, self.unread)

    def workbook(self, path: Path) -> None:
        from checker.render.stock import CITING_HEADS, citing_cells
        from checker.render.workbook import Sheet, write_workbook

        write_workbook(path, Sheet("引用情况", CITING_HEADS, citing_cells(self.found)))


def _refuse(targets: Sequence[Target]) -> None:
    if any(name == "xlsx" and file is None for name, file in targets):
        raise click.UsageError("xlsx 要写明文件，如 -f xlsx=清理.xlsx")
    refuse_sharing_output(targets)


def _write(targets: Sequence[Target], result: _Swept | _Citing) -> None:
    for name, file in targets:
        try:
            if name == "xlsx" and file is not None:
                result.workbook(file)
            elif file is not None:
                file.write_text(_text(name, result) + "\n", encoding="utf-8", newline="\n")
            else:
                click.echo(_text(name, result, sys.stdout.isatty()))
        except OSError as fault:
            raise click.UsageError(f"无法写入 {file}：{cause(fault)}") from fault
    for word in result.hints():
        say(word, err=True)
    if ("text", None) not in targets:
        say(result.closing(), err=True)


def _text(name: str, result: _Swept | _Citing, terminal: bool = False) -> str:
    from checker.render.stock import WIDTH

    if name == "json":
        return result.json()
    width = max(60, shutil.get_terminal_size().columns) if terminal else WIDTH
    return "\n".join([*result.lines(width), result.closing()])


def _code(holdings: Iterable[Holding]) -> int:
    """The exit code; what was not read whole is told first."""
    missed = [holding for holding in holdings if holding.problem or holding.gaps]
    for holding in missed:
        why = f"未能读取 {holding.name}：{holding.problem}" if holding.problem else ""
        say(why or f"没有读完整 {holding.name}：{'；'.join(holding.gaps)}", err=True)
    if any(holding.internal for holding in missed):
        return 2
    return 3 if missed else 0
