"""Changes: which files differ from a version that Git keeps, the ones not yet added included."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path


class NoChanges(ValueError):
    """Git cannot say what was changed; the message says why and what to do."""


def changed_files(paths: Iterable[Path], ref: str) -> frozenset[Path]:
    """Resolved paths of what differs from ``ref`` in the repositories around some paths.

    Staged, not staged, and not yet added files count; deleted and ignored ones do not. Before the
    first commit everything differs from HEAD. Raises NoChanges.
    """
    roots = {_root(path) for path in paths}
    return frozenset(root / name for root in roots for name in _changed(root, ref))


def _root(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    found = _git(folder, "rev-parse", "--show-toplevel")
    if found is None:
        raise NoChanges(f"“{path}”不在 Git 仓库里，不能用 --changed；去掉它就检查全部文件")
    return Path(found.rstrip("\n")).resolve()


def _changed(root: Path, ref: str) -> list[str]:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None and (ref != "HEAD" or _git(root, "rev-parse", "--verify", "--quiet", "HEAD")):
        raise NoChanges(f"Git 里没有“{ref}”这个版本，可以写分支名、标签或者提交号")
    kept: tuple[str, ...] = ("ls-files", "-z", "--cached")
    if commit is not None:
        kept = ("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", commit.strip())
    names = [_git(root, *kept), _git(root, "ls-files", "-z", "--others", "--exclude-standard")]
    if None in names:
        raise NoChanges(f"Git 没有说出“{root.name}”里改动了哪些文件，请在那里运行 git status 查看")
    return [name for listed in names if listed for name in listed.split("\0") if name]


def _git(folder: Path, *args: str) -> str | None:
    """What Git prints; None where it fails. Raises NoChanges where there is no Git."""
    command = ["git", "-C", str(folder), *args]
    try:
        ran = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError as fault:
        raise NoChanges("没有找到 git，不能用 --changed；请先安装 Git") from fault
    return os.fsdecode(ran.stdout) if ran.returncode == 0 else None
