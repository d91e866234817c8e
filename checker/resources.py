"""Where the grammars, rulesets and examples are, in a checkout and in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def resource(*parts: str) -> Path:
    """Path of a shipped data file or folder, such as ``resource("grammars", "clause.lark")``.

    The wheel carries the data inside the package; a checkout keeps it beside the package.
    Raises FileNotFoundError when neither place has it.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"安装不完整：缺少 {'/'.join(parts)}，请重新安装 legality-precheck")
