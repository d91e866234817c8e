"""Writes the screens in docs/img: what the real command prints on a terminal, as SVG.

    python bench/screens.py

tests/test_screens.py compares the words. The hash of the ruleset is left out: it changes with every rule.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from html import unescape
from pathlib import Path
from unittest import mock

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from checker.cli import cli
from checker.resources import resource

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "img"
#: Name of a picture -> the command it shows.
SCREENS = {
    "check": ("check", "草案.txt", "--no-config"),
    "explain": ("explain", "FEE-003"),
    "diff": ("diff", "旧稿.txt", "新稿.txt", "--no-config"),
}
WIDTH = 96
_REWRITTEN = (
    ("应当由东林县安居检测有限公司出具", "可以由具备资质的检测机构出具"),
    ("，其他机构出具的报告不予认可", ""),
    ("　　（二）商铺经营者应当在设置前交纳拆除押金二千元。\n", ""),
    ("（三）我局", "（二）我局"),
)
_THEME = TerminalTheme(
    (255, 255, 255), (40, 40, 40),
    [(40, 40, 40), (190, 30, 30), (20, 120, 60), (150, 100, 0), (30, 80, 170), (130, 50, 140),
     (0, 110, 120), (110, 110, 110)],
)  # fmt: skip
#: Width of a column in a picture by rich, and a piece of its text.
_COLUMN = 12.2
_LENGTH = re.compile(r'textLength="[\d.]+"([^>]*)>([^<]*)</text>')
#: The picture asks no server for a font.
_SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: "Noto Sans Mono CJK SC", "Sarasa Mono SC", SimSun, monospace; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(command: tuple[str, ...]) -> str:
    """What a command prints on a terminal, with its colours, on drafts made of the example."""
    terminal = {"TERM": "xterm-256color", "COLUMNS": str(WIDTH), "CHECKER_STATUTES": "none"}
    notice = resource("examples") / "notice.txt"
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in ("草案.txt", "旧稿.txt"):
            shutil.copy(notice, name)
        text = notice.read_text("utf-8")
        for old, new in _REWRITTEN:
            text = text.replace(old, new)
        Path("新稿.txt").write_text(text, encoding="utf-8")
        with mock.patch.dict(os.environ, terminal), redirect_stdout(_Terminal()) as out:
            os.environ.pop("NO_COLOR", None)
            cli.main(list(command), prog_name="checker", standalone_mode=False)
    return re.sub(r"规则集 [0-9a-f]{12}", "规则集 …", out.getvalue())


def pictures() -> Iterator[tuple[str, str]]:
    """Name and SVG of every screen."""
    for name, command in SCREENS.items():
        shown = [part for part in command if part != "--no-config"]
        console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
        console.print(Text(f"$ checker {' '.join(shown)}", style="bold"))
        console.print(Text.from_ansi(printed(command)), highlight=False)
        svg = console.export_svg(
            title="checker", theme=_THEME, code_format=_SVG, unique_id=f"checker-{name}"
        )
        yield name, _LENGTH.sub(_true_length, svg)


def _true_length(m: re.Match[str]) -> str:
    """A piece of text as long as its columns; rich counts its characters."""
    return f'textLength="{cell_len(unescape(m[2])) * _COLUMN:.1f}"{m[1]}>{m[2]}</text>'


def main() -> None:
    """Command line."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
    print(f"{len(SCREENS)} screens")


if __name__ == "__main__":
    main()
