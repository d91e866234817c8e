"""Configuration: what a run uses, and where each value comes from.

``checker.toml`` or ``[tool.checker]`` in pyproject.toml, the nearest one above the first path that is
checked; what the command line says takes the place of the value in the file. Paths in a file are
relative to it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from checker.api import Checker
from checker.faults import DeclarationError, Fault, nearest, unopened
from checker.globs import located, matches
from checker.memory import Memory
from checker.profile import DEFAULT
from checker.render.output import Target, keeps_document, read_target
from checker.sources.limits import DEFAULT as DEFAULT_LIMITS
from checker.sources.limits import Limits, read_limit

FILE, PYPROJECT = "checker.toml", "pyproject.toml"
#: What is written where no law store is to be used.
NO_STORE = "none"
FailOn = Literal["error", "warning", "info"]


class MixedConfigurations(ValueError):
    """Paths of one run lie under different configurations; the message names them."""


def _key(field: str) -> str:
    return field.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every value of a run; the names of a file's keys have - in place of _."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "alias_generator": _key}
    profile: Annotated[str, "适用方案的名称或者 YAML 文件"] = DEFAULT.name
    place: Annotated[str, "按哪个地方的规定判断，如 上海；不写的看文件自己"] = ""
    rulesets: Annotated[tuple[Path, ...], "叠加在全国规则之上的规则文件夹"] = ()
    select: Annotated[tuple[str, ...], "只运行这些规则或者门类"] = ()
    ignore: Annotated[tuple[str, ...], "不运行这些规则或者门类"] = ()
    as_of: Annotated[date | None, "按哪一天有效的规定检查；不写的按成文日期"] = None
    fail_on: Annotated[FailOn, "达到这一级别即返回 1"] = "error"
    format: Annotated[tuple[str, ...], "输出格式，可以写明文件，如 json=结果.json"] = ("text",)
    store: Annotated[str, "法规原文库；不写的用 checker statutes import 建立的，none 为不用"] = ""
    jobs: Annotated[int | None, "同时使用的进程数；不写的自动决定"] = None
    baseline: Annotated[Path | None, "基线文件：其中已有的问题线索只计数，不列出"] = None
    waivers: Annotated[Path | None, "豁免清单"] = None
    exclude: Annotated[tuple[str, ...], "文件夹里不检查的文件，可以用 * 和 ?"] = ()
    limits: Annotated[Limits, "每份文件的上限，写在 [limits] 表里"] = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; None and what is empty say nothing."""

    profile: str | None = None
    place: str | None = None
    rulesets: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    as_of: date | None = None
    fail_on: FailOn | None = None
    format: tuple[str, ...] = ()
    store: str | None = None
    jobs: int | None = None
    baseline: Path | None = None
    waivers: Path | None = None
    exclude: tuple[str, ...] = ()
    config: Path | None = None
    no_config: bool = False


#: How the command line names what is not called after its key.
_OPTIONS = {
    "rulesets": "--rules",
    "format": "-f",
    "store": "--store（或者环境变量 CHECKER_STATUTES）",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a run, the origin of each in order of their keys, and the file they are from.

    ``base`` is the folder that the patterns of ``exclude`` are relative to.
    """

    settings: Settings
    origins: tuple[tuple[str, str], ...]
    file: Path | None
    base: Path

    @property
    def name(self) -> str:
        """How messages call the file: its path from here."""
        return _shown(self.file) if self.file is not None else ""

    def checker(
        self,
        *,
        waivers: bool = True,
        baseline: bool = True,
        keep_document: bool = False,
        recall: bool = False,
        memory: Memory | None = None,
    ) -> Checker:
        """A Checker with these settings, if wanted without what sets findings aside; documents are
        kept too where a format shows them; ``recall`` and ``memory`` as of Checker."""
        chosen = self.settings
        return Checker(
            chosen.profile,
            chosen.rulesets,
            chosen.select,
            chosen.ignore,
            chosen.place,
            chosen_store(chosen.store),
            chosen.waivers if waivers else None,
            chosen.baseline if baseline else None,
            keep_document or keeps_document(self.targets),
            recall,
            chosen.limits,
            memory,
        )

    def excludes(self, path: Path) -> bool:
        """Whether a file found in a folder is left out."""
        patterns = self.settings.exclude
        return bool(patterns) and any(matches(p, located(path, self.base)) for p in patterns)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The formats and the files to write them to."""
        return tuple(map(read_target, self.settings.format))


def chosen_store(written: str) -> Path | None:
    """The law store that is written, or the user's own; None where none is wanted or made."""
    if written == NO_STORE:
        return None
    path = Path(written) if written else default_store()
    return path if written or path.exists() else None


def default_store() -> Path:
    """Where the law store lies unless the user says otherwise: in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("legality-precheck", appauthor=False) / "statutes.sqlite"


def configure(paths: Sequence[Path], options: Options) -> Configuration:
    """The configuration of a run over some paths (``-`` stands for standard input).

    Raises DeclarationError with every fault of the file, MixedConfigurations.
    """
    file = None if options.no_config else options.config or _shared(paths)
    settings, origins, base = Settings(), {f.name: "默认" for f in fields(Settings)}, Path.cwd()
    if file is not None:
        name = _shown(file)
        text, table, keys = _read(file, name)

        def at(key: str) -> int:
            return _line(text, *keys, *key.split("."))

        values = _values(_flat(table), file.parent, at, name)
        settings, base = _nested(values), file.resolve().parent
        origins |= {field: f"{name} 第{at(_key(field))}行" for field in values}
    given = {
        field.name: value
        for field in fields(Options)
        if field.name not in ("config", "no_config")
        and (value := getattr(options, field.name)) not in (None, (), "")
    }
    origins |= {field: f"选项 {_OPTIONS.get(field, '--' + _key(field))}" for field in given}
    if "exclude" in given:
        base = Path.cwd()
    return Configuration(replace(settings, **given), tuple(origins.items()), file, base)


def _shared(paths: Sequence[Path]) -> Path | None:
    """The configuration above the first path; the others must have the same."""
    starts = [Path.cwd() if path == Path("-") else path for path in paths] or [Path.cwd()]
    first, *others = (find_config(start) for start in starts)
    for start, other in zip(starts[1:], others, strict=True):
        if other != first:
            names = [_shown(file) if file else "没有配置文件" for file in (first, other)]
            why = f"“{starts[0]}”和“{start}”的配置不同（{names[0]}；{names[1]}）"
            raise MixedConfigurations(f"{why}，请分开检查，或者用 --config 指定")
    return first


def find_config(start: Path) -> Path | None:
    """The nearest configuration in the folder of a path or above it, or None.

    Of two in one folder checker.toml wins; a pyproject.toml without [tool.checker] is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        for name in (FILE, PYPROJECT):
            file = folder / name
            if file.is_file() and (name == FILE or _has_table(file)):
                return file
    return None


def _has_table(file: Path) -> bool:
    """Whether a pyproject.toml has a table for this tool, or seems to but cannot be read as TOML."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if "checker" not in text:
        return False
    import tomllib

    try:
        return "checker" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:
        return "[tool.checker" in text


def _shown(file: Path) -> str:
    """How messages call the file: its path from here."""
    return located(file, Path.cwd())


def _read(file: Path, name: str) -> tuple[str, Mapping[str, object], tuple[str, ...]]:
    """Text, table and the keys that lead to the table. Raises DeclarationError."""
    import tomllib

    try:
        text = file.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except OSError as fault:
        raise DeclarationError([Fault(name, 1, unopened(fault))]) from fault
    except UnicodeDecodeError as fault:
        why = "不是 UTF-8 编码的文本，请另存为 UTF-8"
        raise DeclarationError([Fault(name, 1, why)]) from fault
    except tomllib.TOMLDecodeError as fault:
        at = re.search(r"at line (\d+)", str(fault))
        line = int(at.group(1)) if at else text.count("\n") + 1
        why = f"不是合格的 TOML（{fault}）；文字要加引号，列表写在 [ ] 里"
        raise DeclarationError([Fault(name, line, why)]) from fault
    keys = ("tool", "checker") if file.name == PYPROJECT else ()
    table: Any = data
    for key in keys:
        table = table.get(key, {}) if isinstance(table, dict) else table
    if not isinstance(table, dict):
        raise DeclarationError([Fault(name, _line(text, *keys), "应当是一个表：[tool.checker]")])
    return text, table, keys


def _flat(table: Mapping[str, object]) -> dict[str, object]:
    """The entries of a table, those of its table of limits by dotted names."""
    flat: dict[str, object] = {}
    for key, written in table.items():
        nested = written if key == "limits" and isinstance(written, dict) else None
        flat |= {key: written} if nested is None else {f"{key}.{k}": v for k, v in nested.items()}
    return flat


def _nested(values: Mapping[str, Any]) -> Settings:
    """The settings that a file makes of the values of its fields."""
    plain = {field: value for field, value in values.items() if "." not in field}
    limits = {field[7:]: value for field, value in values.items() if "." in field}
    return Settings(**plain, limits=Limits(**limits))


def _values(
    table: Mapping[str, object], folder: Path, line: Callable[[str], int], name: str
) -> dict[str, Any]:
    """Field -> value of what a table says. Raises DeclarationError with every fault."""
    known = {_key(name): name for name in _READERS}
    values: dict[str, Any] = {}
    faults = []
    for key, written in table.items():
        try:
            if key == "limits":
                raise ValueError(f"应当是一个表：[limits]，写的是“{written}”")
            if key not in known:
                raise ValueError(f"不认识“{key}”{nearest(key, known)}")
            values[known[key]] = _READERS[known[key]](written, folder)
        except ValueError as fault:
            faults.append(Fault(name, line(key), str(fault)))
    if faults:
        raise DeclarationError(faults)
    return values


def _line(text: str, *keys: str) -> int:
    """The line on which the last of the keys is first written, from 1."""
    import tomllib

    lines = text.split("\n")
    for start in (i for i, line in enumerate(lines) if keys and keys[-1] in line):
        for end in range(start + 1, len(lines) + 1):
            try:
                data: Any = tomllib.loads("\n".join(lines[:end]))
            except tomllib.TOMLDecodeError:
                continue
            for key in keys:
                data = data.get(key) if isinstance(data, dict) else None
            if data is not None:
                return start + 1
            break
    return 1


def _text(written: object, _: Path) -> str:
    if not isinstance(written, str):
        raise ValueError(f"应当是加引号的文字，写的是“{written}”")
    return written


def _texts(written: object, _: Path) -> tuple[str, ...]:
    if not isinstance(written, list) or not all(isinstance(item, str) for item in written):
        raise ValueError(f'应当是列表，如 ["甲", "乙"]，写的是“{written}”')
    return tuple(written)


def _path(written: object, folder: Path) -> Path:
    return Path(os.path.relpath(folder / _text(written, folder)))


def _store(written: object, folder: Path) -> str:
    name = _text(written, folder)
    return name if name in ("", NO_STORE) else str(_path(name, folder))


def _folders(written: object, folder: Path) -> tuple[Path, ...]:
    found = tuple(_path(item, folder) for item in _texts(written, folder))
    for path, item in zip(found, _texts(written, folder), strict=True):
        if not path.is_dir():
            raise ValueError(f"没有规则文件夹“{item}”")
    return found


def _profile(written: object, folder: Path) -> str:
    name = _text(written, folder)
    return str(_path(name, folder)) if name.endswith((".yaml", ".yml")) else name


def _day(written: object, _: Path) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise ValueError(f"应当是日期，如 2024-03-01，写的是“{written}”") from None


def _level(written: object, _: Path) -> str:
    levels = ("error", "warning", "info")
    if written not in levels:
        raise ValueError(f"不能写“{written}”{nearest(str(written), levels)}")
    return str(written)


def _count(written: object, _: Path) -> int:
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        raise ValueError(f"应当是 1 以上的整数，写的是“{written}”")
    return written


def _limit(key: str, written: object, _: Path) -> int:
    return read_limit(key, written)


def _formats(written: object, folder: Path) -> tuple[str, ...]:
    targets = [read_target(item) for item in _texts(written, folder)]
    if not targets:
        raise ValueError("至少要写一种格式")
    return tuple(
        name if file is None else f"{name}={_path(str(file), folder)}" for name, file in targets
    )


#: How the value of each key is read; each raises ValueError with what is wrong.
_READERS: dict[str, Callable[[object, Path], object]] = {
    "profile": _profile,
    "place": _text,
    "rulesets": _folders,
    "select": _texts,
    "ignore": _texts,
    "as_of": _day,
    "fail_on": _level,
    "format": _formats,
    "store": _store,
    "jobs": _count,
    "baseline": _path,
    "waivers": _path,
    "exclude": _texts,
    **{f"limits.{f.name}": partial(_limit, f.name) for f in fields(Limits)},
}


def setting_lines(configuration: Configuration) -> Iterator[str]:
    """The settings as TOML, each with its origin; what has no value is a comment."""
    import json

    origins = dict(configuration.origins)
    limits = configuration.settings.limits
    for field, value in asdict(configuration.settings).items():
        if field == "limits":
            continue
        plain = [str(v) for v in value] if isinstance(value, tuple) else value
        unset = plain in (None, "", [])
        written = plain.isoformat() if isinstance(plain, date) else plain
        if not isinstance(plain, date | int):
            written = json.dumps(
                plain if isinstance(plain, list) else str(plain), ensure_ascii=False
            )
        yield (
            f"# {_key(field)} 没有设置"
            if unset
            else f"{_key(field)} = {written}  # {origins[field]}"
        )
    for key in (field.name for field in fields(limits)):
        yield f"limits.{key} = {limits.written(key)}  # {origins.get(f'limits.{key}', '默认')}"
