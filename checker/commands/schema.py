"""Command schema: the JSON Schema of each file that people or programs write and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import click

from checker.arguments import one_of
from checker.console import ChineseCommand
from checker.report import dump_json

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _report() -> str:
    from checker.render.schema import report_schema

    return report_schema()


def _rule() -> str:
    from checker.rules import json_schema

    return dump_json(json_schema(), indent=2) + "\n"


def _config() -> str:
    from checker.config import Settings
    from checker.sources.limits import Limits

    return _schema(Settings, "checker config/1", Settings, Limits)


def _waivers() -> str:
    from checker.waivers import Entry

    return _schema(tuple[Entry, ...], "checker waivers/1", Entry)


def _dossier() -> str:
    from checker.statement import Facts

    return _schema(Facts, "checker dossier/1")


def _baseline() -> str:
    from checker.baseline import SCHEMA, BaselineFile

    return _schema(BaselineFile, SCHEMA)


SCHEMAS: dict[str, Callable[[], str]] = {
    "baseline": _baseline,
    "config": _config,
    "dossier": _dossier,
    "report": _report,
    "rule": _rule,
    "waivers": _waivers,
}


def schema_text(name: str) -> str:
    """The JSON Schema (2020-12) of one kind of file, as published in docs/schema."""
    return SCHEMAS[name]()


def _schema(shape: Any, title: str, *described: type) -> str:
    """Schema of a dataclass by the names that a file uses; ``described`` have meanings of keys."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(shape).json_schema(by_alias=True)
    for one in described:
        _describe(schema, one)
    return dump_json({"$schema": DRAFT, **schema, "title": title}, indent=2) + "\n"


def _describe(schema: dict[str, Any], shape: type) -> None:
    """Put the Chinese meaning of each field, kept beside its type, where editors show it."""
    own = schema.get("$defs", {}).get(shape.__name__, schema)
    alias = getattr(shape, "__pydantic_config__", {}).get("alias_generator", str)
    for field, hint in get_type_hints(shape, include_extras=True).items():
        if get_origin(hint) is Annotated:
            own["properties"][alias(field)]["description"] = get_args(hint)[1]


@click.command(cls=ChineseCommand)
@click.argument("name", type=one_of(*SCHEMAS), metavar="名称")
def schema(*, name: str) -> None:
    """写出一种文件的格式定义（JSON Schema）：编辑器据此提示怎样写、标出写错的地方。

    \b
    config    配置 checker.toml
    rule      规则文件
    waivers   豁免清单
    dossier   报备材料的说明 dossier.yaml
    baseline  基线
    report    检查结果
    """
    click.echo(schema_text(name), nl=False)
