"""Faults of declarative files: every one at once, each with file, line and the nearest right word.

A declarative file is YAML that fills a dataclass. The dataclass says what is allowed: its fields,
their types, and ``__pydantic_config__ = {"extra": "forbid"}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, get_args, get_type_hints

if TYPE_CHECKING:
    from yaml.nodes import Node

T = TypeVar("T")
Place = tuple[int | str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file; ``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行：{self.message}"


class DeclarationError(ValueError):
    """One or more declarative files are wrong; ``faults`` names all of them in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Declared(Generic[T]):
    """What a file declares, and where: ``fault(message, "materials", 2, "role")`` has the line."""

    value: T
    file: str
    root: Node

    def line(self, *place: int | str) -> int:
        """The line of a key or an entry in the file, from 1."""
        return _line(self.root, place)

    def fault(self, message: str, *place: int | str) -> Fault:
        """A fault at the place of a key or an entry in the file."""
        return Fault(self.file, _line(self.root, place), message)


def read_declared(
    path: Path,
    shape: type[T],
    also: Callable[[object], Iterable[tuple[Place, str]]] | None = None,
    *,
    name: str | None = None,
) -> Declared[T]:
    """Read a YAML file into ``shape``, a dataclass or a pydantic model.

    ``also`` finds what a type cannot say, as (place, message), in the plain data of the file,
    which may have any shape. ``name`` is how messages call the file. Raises DeclarationError with
    every fault of the file.
    """
    name = name or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DeclarationError([Fault(name, 1, unopened(error))]) from error
    return declared_in(data, shape, also, name=name)


def declared_in(
    content: bytes,
    shape: type[T],
    also: Callable[[object], Iterable[tuple[Place, str]]] | None = None,
    *,
    name: str,
) -> Declared[T]:
    """As :func:`read_declared`, for the bytes of a file."""
    import yaml
    from pydantic import TypeAdapter, ValidationError

    loader = _loader()
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        root = yaml.compose(text, Loader=loader)
        data = yaml.load(text, Loader=loader)
    except UnicodeDecodeError as error:
        raise DeclarationError([Fault(name, 1, "不是 UTF-8 编码的文本，请另存为 UTF-8")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DeclarationError([_syntax_fault(name, error)]) from error
    if root is None:
        raise DeclarationError([Fault(name, 1, "文件是空的")])
    faults = [Fault(name, line, f"“{key}”写了两次") for key, line in _repeated(root)]
    value: T | None = None
    try:
        value = TypeAdapter(shape).validate_python(data)
    except ValidationError as error:
        details: list[Any] = error.errors(include_url=False)
        faults += [Fault(name, _line(root, d["loc"]), _message(d, shape)) for d in details]
    if also is not None:
        faults += [Fault(name, _line(root, place), message) for place, message in also(data)]
    if faults or value is None:
        raise DeclarationError(faults)
    return Declared(value, name, root)


@cache
def _loader() -> Any:
    """A safe YAML loader without surprises: dates stay text, only true and false are booleans."""
    import re

    import yaml

    class Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for tag, pattern, first in (
        ("null", r"~|null|", "~n"),
        ("bool", r"true|false", "tf"),
        ("int", r"-?(?:0|[1-9]\d*)", "-0123456789"),
        ("float", r"-?\d+\.\d+", "-0123456789"),
    ):
        Plain.add_implicit_resolver(
            f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), [*first, ""]
        )
    return Plain


def unopened(error: OSError) -> str:
    """Why a declarative file cannot be opened."""
    missing = isinstance(error, FileNotFoundError)
    return "没有这个文件" if missing else f"无法打开：{error.strerror}"


def internal_error(fault: Exception) -> str:
    """An internal error in one line, with the place in the code."""
    last = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = ""
    if last is not None:
        place = f"，{Path(last.tb_frame.f_code.co_filename).name} 第 {last.tb_lineno} 行"
    return f"引擎内部错误（{type(fault).__name__}: {fault}{place}）"


def nearest(word: str, words: Iterable[str]) -> str:
    """“，是否要写“…”？” with the nearest of the words, or a list of them all."""
    import difflib

    known = list(words)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"，是否要写“{close[0]}”？" if close else f"，可以写：{'、'.join(known)}"


def _syntax_fault(name: str, error: Exception) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return Fault(name, mark.line + 1 if mark else 1, f"不是合格的 YAML：{problem}")


def _line(node: Node, place: Place) -> int:
    """Line of the deepest node on the way to ``place``: the key's own line where it is a key.

    Steps that the file does not have (the names of union members) are passed over.
    """
    from yaml.nodes import MappingNode, SequenceNode

    line = node.start_mark.line + 1
    for step in place:
        found: tuple[int, Node] | None = None
        if isinstance(node, MappingNode):
            found = next(
                ((k.start_mark.line + 1, v) for k, v in node.value if k.value == str(step)), None
            )
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step].start_mark.line + 1, node.value[step])
        if found is not None:
            line, node = found
    return line


def _repeated(root: Node) -> list[tuple[str, int]]:
    """Keys that stand twice in one mapping, which YAML readers let pass."""
    from yaml.nodes import MappingNode, SequenceNode

    found: list[tuple[str, int]] = []
    waiting, visited = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if str(key.value) in seen:
                    found.append((str(key.value), key.start_mark.line + 1))
                seen.add(str(key.value))
                waiting.append(value)
    return found


_EXPECTED = {
    "string": "文字",
    "date": "日期，如 2024-03-01",
    "int": "整数",
    "bool": "true 或 false",
    "tuple": "列表（每行以“- ”开头）",
    "list": "列表（每行以“- ”开头）",
    "dataclass": "“键: 值”的形式",
    "float": "数",
    "dict": "“键: 值”的形式",
}


def _message(detail: Mapping[str, Any], shape: type[Any]) -> str:
    kind, place = str(detail["type"]), detail["loc"]
    key = str(next((step for step in reversed(place) if isinstance(step, str)), ""))
    if kind == "missing":
        return f"缺少“{key}”"
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"不认识“{key}”{nearest(key, _keys_at(shape, place[:-1]))}"
    if kind in ("literal_error", "enum"):
        allowed = str(detail["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return f"“{key}”不能写“{detail['input']}”{nearest(str(detail['input']), allowed)}"
    if kind == "too_short":
        return f"“{key}”至少要有 {detail['ctx']['min_length']} 项"
    if kind == "string_too_short":
        return f"“{key}”太短，写的是“{detail['input']}”"
    if kind == "string_pattern_mismatch":
        return f"“{key}”的写法不对，写的是“{detail['input']}”"
    expected = _EXPECTED.get(kind.split("_", maxsplit=1)[0])
    if expected:
        return f"“{key}”应当是{expected}，写的是“{detail['input']}”"
    return f"“{key}”不符合要求：{detail['msg']}"


def _keys_at(shape: Any, place: Place) -> list[str]:
    """Keys that a file may use at a place, following fields and list entries of the dataclass."""
    shape = _innermost(shape)
    for step in place:
        if isinstance(step, int):
            continue
        names = _names(shape)
        field = next((f for f, written in names.items() if written == step), None)
        if field is not None:
            shape = _innermost(get_type_hints(shape).get(field))
    return list(_names(shape).values()) if _is_shape(shape) else []


def _innermost(hint: Any) -> Any:
    """The dataclass or model inside a list or union, else the hint itself."""
    for argument in get_args(hint):
        found = _innermost(argument)
        if _is_shape(found):
            return found
    return hint


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, type) and (is_dataclass(shape) or hasattr(shape, "model_fields"))


def _names(shape: Any) -> dict[str, str]:
    """Field -> key as written in the file."""
    if hasattr(shape, "model_fields"):
        return {name: field.alias or name for name, field in shape.model_fields.items()}
    alias = getattr(shape, "__pydantic_config__", {}).get("alias_generator", str)
    return {field: alias(field) for field in shape.__dataclass_fields__}
