"""Places in the file system: what is no file, what may not be opened, names that act."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from hostile.case import SAID, Case


def good(path: Path) -> Path:
    path.write_text(SAID, encoding="utf-8")
    return path


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "管道.docx")
    return folder / "管道.docx"


def plug(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "s.docx"))
    return folder / "s.docx"


def link(name: str, to: str, check: str = "") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).symlink_to(to)
        return folder / (check or name)

    return make


def among(*names: str | bytes) -> Callable[[Path], Path]:
    """A folder with files of these names."""

    def make(folder: Path) -> Path:
        for name in names:
            path = os.fsdecode(name) if isinstance(name, bytes) else name
            good(folder / path)
        return folder

    return make


def beside(make: Callable[[Path], object]) -> Callable[[Path], Path]:
    """A folder with a good file and something else."""

    def both(folder: Path) -> Path:
        good(folder / "好.txt")
        make(folder)
        return folder

    return both


def closed(folder: Path) -> Path:
    folder.chmod(0o755)
    path = good(folder / "禁.txt")
    path.chmod(0)
    return path


def closed_folder(folder: Path) -> Path:
    folder.chmod(0o755)
    good(folder / "好.txt")
    inner = folder / "禁"
    inner.mkdir()
    good(inner / "甲.txt")
    inner.chmod(0)
    return folder


def deep(folder: Path) -> Path:
    inner = folder.joinpath(*["夹"] * 100)
    inner.mkdir(parents=True)
    good(inner / "甲.txt")
    return folder


def directory(folder: Path) -> Path:
    (folder / "夹.docx").mkdir()
    return folder / "夹.docx"


def outside(folder: Path) -> Path:
    """A folder with a link to a file beside it."""
    inner = folder / "内"
    inner.mkdir()
    good(folder / "外.txt")
    good(inner / "好.txt")
    (inner / "链.txt").symlink_to("../外.txt")
    return inner


def circle(folder: Path) -> None:
    (folder / "环").symlink_to(".")


_NOT_PLAIN = "不是普通文件"

CASES = [
    Case("管道", pipe, "refused", _NOT_PLAIN),
    Case("套接字", plug, "refused", _NOT_PLAIN),
    Case("设备", lambda folder: Path("/dev/zero"), "refused", _NOT_PLAIN),
    Case("指向设备的链接", link("设.txt", "/dev/zero"), "refused", _NOT_PLAIN),
    Case("符号链接循环", link("循.txt", "循.txt"), "refused", "符号链接"),
    Case("断了的符号链接", link("断.txt", "没有"), "refused", "不存在"),
    Case("不存在的文件", lambda folder: folder / "没有.docx", "refused", "不存在"),
    Case("名称过长", lambda folder: folder / ("长" * 300 + ".txt"), "refused", "文件名过长"),
    Case("扩展名是 .docx 的空文件夹", directory, "refused", "没有可以检查的文件"),
    Case("文件夹里有管道", beside(pipe), "gap", _NOT_PLAIN),
    Case("文件夹里有断了的链接", beside(link("断.txt", "没有")), "gap", "不存在"),
    Case("文件夹里有链接循环", beside(link("循.txt", "循.txt")), "gap", "链接"),
    Case("文件夹里的链接指向外面", outside, "gap", "以外"),
    Case("文件夹里的链接指向系统文件", beside(link("密.txt", "/etc/passwd")), "gap", "以外"),
    Case("文件夹里的链接指向根目录", beside(link("根", "/")), "gap", "以外"),
    Case("文件夹链接成环", beside(circle), "read", SAID),
    Case("空文件夹", lambda folder: folder, "refused", "没有可以检查的文件"),
    Case("一百层文件夹", deep, "read", SAID),
    Case("没有读取权限", closed, "refused", "没有读取权限", under="nobody"),
    Case("文件夹没有权限", closed_folder, "gap", "无法打开文件夹", under="nobody"),
    Case("打开的文件过多", lambda folder: good(folder / "甲.txt"), "refused", "打开的文件过多", under="few_files"),
    Case("名称有换行", among("甲\n乙.txt"), "read", SAID),
    Case("名称有转义符", among("甲\x1b[31m\x07乙.txt"), "read", SAID),
    Case("名称有双向控制符", among("甲\u202etxt.exe.txt"), "read", SAID),
    Case("名称有零宽字符", among("甲\u200b.txt", "甲.txt"), "read", SAID),
    Case("名称不是 UTF-8", among(b"\xff\xfe\xfd.txt"), "read", SAID),
    Case("名称二百五十五字节", among("x" * 251 + ".txt"), "read", SAID),
    Case("名称像参数和网址", among("-rf.txt", "--help.txt", "file:x.txt", "%2e%2e.txt"), "read", SAID),
    Case("名称是公式和标签", among("=1+1.txt", "<script>.txt", "'; drop.txt"), "read", SAID),
    Case("只有锁文件和隐藏文件", among("~$甲.docx", ".乙.txt"), "refused", "没有可以检查的文件"),
]  # fmt: skip
