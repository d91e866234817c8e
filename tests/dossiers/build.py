"""Rebuild the dossiers of the tests, always to the same bytes; needs python-docx.

``houses/*.txt`` are four complete dossiers, invented, each in the manner of another kind of office;
``variants.yaml`` lists dossiers as changes of them. ``python -m tests.dossiers.build`` writes one
folder a dossier into ``made/``.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from docx.oxml.ns import qn

from examples.build import Draft

HERE = Path(__file__).parent
MADE = HERE / "made"
VARIANTS = HERE / "variants.yaml"


def variants() -> list[dict[str, Any]]:
    """Every variant as it is written: name, house, changes, what is expected."""
    text = VARIANTS.read_text(encoding="utf-8")
    return list(yaml.load(text, Loader=yaml.BaseLoader))


def house(name: str) -> dict[str, str]:
    """The files of a complete dossier by name."""
    text = (HERE / "houses" / f"{name}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^=== (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def files_of(variant: dict[str, Any]) -> dict[str, str]:
    """The files of a variant: its house with ``remove``, ``change`` and ``write`` applied."""
    files = house(variant["house"])
    for name in variant.get("remove", ()):
        del files[name]
    for name, words in variant.get("change", {}).items():
        for old, new in words.items():
            if old not in files[name]:
                raise ValueError(f"{variant['name']}：{name} 中没有“{old}”")
            files[name] = files[name].replace(old, new)
    return {**files, **variant.get("write", {})}


def write(path: Path, text: str) -> None:
    """Write one paper: Word if its name says so, lines that begin with | as a table, else text."""
    if path.suffix != ".docx":
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    draft = Draft()
    rows: list[tuple[str, ...]] = []
    for line in [*text.strip().splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(line[1:].split("|")))
            continue
        if rows:
            draft.table(rows)
            rows = []
        if line:
            draft.line(line)
    _slim(draft)
    draft.save(path)


def _slim(draft: Draft) -> None:
    """Leave out the styles, themes and pictures of the template that no paper here uses."""
    word = draft.word
    styles = word.styles.element
    for style in list(styles):
        if not style.tag.endswith("}docDefaults") and style.get(qn("w:styleId")) not in _STYLES:
            styles.remove(style)
    for rels in (word.part.rels, word.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[1] in _UNUSED:
                del rels[key]


_STYLES = ("Normal", "TableNormal", "TableGrid")
_UNUSED = ("theme", "stylesWithEffects", "customXml", "thumbnail", "webSettings", "fontTable")


def build(variant: dict[str, Any], folder: Path) -> Path:
    """Write the dossier of a variant into a new folder."""
    folder.mkdir(parents=True)
    for name, text in files_of(variant).items():
        write(folder / name, text)
    return folder


if __name__ == "__main__":
    shutil.rmtree(MADE, ignore_errors=True)
    for each in variants():
        build(each, MADE / each["name"])
