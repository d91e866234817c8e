"""Installation: what this machine has of what checker needs or can use, and what to do about the rest."""

from __future__ import annotations

import locale
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from checker.extras import pip_install
from checker.report import __version__

#: After this many days the register of laws is called old.
_OLD = 366


class State(StrEnum):
    """Whether a part can be used: MISSING is needed always, ATTENTION only for some work."""

    FINE = "正常"
    MISSING = "缺少"
    ATTENTION = "注意"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing looked at: what was found, and what to do where something is to be done."""

    name: str
    state: State
    found: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the installation: its name, the modules it brings, what they are for."""

    name: str
    modules: tuple[str, ...]
    purpose: str


EXTRAS = (
    Extra("xlsx", ("openpyxl",), "写 .xlsx 表格"),
    Extra("ledger", ("sqlalchemy", "psycopg", "openpyxl"), "登记台账（checker ledger）"),
    Extra("batch", ("pyarrow",), "批量检查大量文件（checker batch）"),
    Extra("ray", ("pyarrow", "ray"), "在 Ray 集群上批量检查（checker batch --engine ray）"),
    Extra("watch", ("watchfiles",), "改动后自动重新检查（checker check --watch）"),
)


def inspect(today: date) -> Iterator[Part]:
    """Look at every part, in the order in which a reader should care."""
    from checker.sources.ole import converter

    yield Part("Python", State.FINE, ".".join(map(str, sys.version_info[:3])))
    yield Part("checker", State.FINE, __version__)
    for name, look in (("规则集", _rules), ("法规目录", lambda: _register(today))):
        yield _looked(name, look)
    yield _cache()
    yield _looked("配置文件", _configuration)
    yield _law_texts()
    yield from map(_extra, EXTRAS)
    yield _program("git", shutil.which("git"), "只检查改动过的文件（checker check --changed）")
    yield _program("LibreOffice", converter(), "检查 .doc、.wps")
    yield _encoding()
    yield _memory()


def _looked(name: str, look: Callable[[], Part]) -> Part:
    """What looking at a part gave; faults of the data are what was found."""
    from checker.faults import DeclarationError

    try:
        return look()
    except FileNotFoundError as fault:
        return Part(name, State.MISSING, str(fault), "重新安装 legality-precheck")
    except DeclarationError as fault:
        return Part(name, State.MISSING, str(fault), "按上面的文件和行号改正")


def _rules() -> Part:
    from checker.catalog import step_rules
    from checker.ruleset import load_ruleset

    ruleset, steps = load_ruleset(), step_rules()
    words = f"{ruleset.version}，{len(ruleset.rules) + len(steps)} 条规则"
    return Part("规则集", State.FINE, words)


def _register(today: date) -> Part:
    from checker.statutes import register_coverage

    day, size = register_coverage()
    found = f"截至 {day}，{size} 件"
    if (today - day).days > _OLD:
        todo = "已经一年以上没有更新，之后公布的法规不作判断；请安装新的版本"
        return Part("法规目录", State.ATTENTION, found, todo)
    return Part("法规目录", State.FINE, found)


def _cache() -> Part:
    from checker.cache import cache_folder, trusted, write_cache

    folder = cache_folder()
    write_cache("doctor", "probe", [])
    if trusted(folder) and (folder / "doctor-probe.json").is_file():
        (folder / "doctor-probe.json").unlink()
        return Part("缓存文件夹", State.FINE, str(folder))
    todo = (
        "不能写入，或者其他用户也能写；结果不受影响，只是每次启动较慢。可以用 XDG_CACHE_HOME 换一处"
    )
    return Part("缓存文件夹", State.ATTENTION, str(folder), todo)


def _configuration() -> Part:
    from checker.config import Options, configure

    configuration = configure([Path()], Options())
    return Part("配置文件", State.FINE, configuration.name or "没有（不是必须的）")


def _law_texts() -> Part:
    from checker.config import chosen_store
    from checker.lawstore import LawStore, LawStoreError

    path = chosen_store("")
    if path is None:
        return Part("法规原文", State.FINE, "没有导入（不是必须的）")
    try:
        return Part("法规原文", State.FINE, LawStore(path).version)
    except LawStoreError as fault:
        todo = "用 checker statutes import 重新导入，或者删去这个文件"
        return Part("法规原文", State.ATTENTION, str(fault), todo)


def _extra(extra: Extra) -> Part:
    lacking = [module for module in extra.modules if find_spec(module) is None]
    if not lacking:
        return Part(extra.name, State.FINE, extra.purpose)
    todo = f"用到时安装：{pip_install(extra.name)}"
    return Part(extra.name, State.ATTENTION, f"没有安装，用来{extra.purpose}", todo)


def _program(name: str, found: str | None, purpose: str) -> Part:
    if found:
        return Part(name, State.FINE, found)
    return Part(name, State.ATTENTION, "没有找到", f"要{purpose}时安装")


def _memory() -> Part:
    from checker.workers import can_cap

    if can_cap():
        return Part("内存上限", State.FINE, "检查一份文件占用的内存可以限制（limits.memory）")
    todo = "本系统不支持，limits.memory 不起作用；来历不明的文件请在 Linux 上检查"
    return Part("内存上限", State.ATTENTION, "不能限制", todo)


def _encoding() -> Part:
    encoding = locale.getencoding().lower().replace("-", "")
    if encoding in ("utf8", "cp65001"):
        return Part("终端编码", State.FINE, "UTF-8")
    todo = "中文可能显示成乱码：Windows 先执行 chcp 65001，Linux 设 LANG=C.UTF-8"
    return Part("终端编码", State.ATTENTION, locale.getencoding(), todo)
