"""UnreadableSource: why a file could not be read, in words for the person who handed it in."""

from __future__ import annotations

import errno

_CAUSES = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ELOOP: "符号链接循环，无法读取",
    errno.EMFILE: "打开的文件过多，请减少同时检查的份数后重试",
    errno.ENFILE: "打开的文件过多，请减少同时检查的份数后重试",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EBUSY: "文件正被其他程序占用",
}


class UnreadableSource(Exception):
    """A file that cannot be read; ``name`` is the file, ``reason`` the cause in Chinese."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.name}：{self.reason}"


def cause(fault: OSError) -> str:
    """Why a file or folder could not be opened, in Chinese where the reason is a common one."""
    return _CAUSES.get(fault.errno or 0, f"读取失败（{fault.strerror or fault}）")
