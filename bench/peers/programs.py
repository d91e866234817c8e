"""Programs: peers that are run as whole processes, with the patterns written in their own form."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.patterns import Pattern

#: (pattern id or "", file name) once for every match.
Found = list[tuple[str, str]]

#: PCRE2 as it is packaged takes expressions up to some 60,000 bytes of its own code; ripgrep joins all
#: patterns of a file to one, so each file holds no more than this (bytes of UTF-8).
_RIPGREP_BYTES = 16_000


@dataclass(frozen=True, slots=True)
class Program:
    """A peer made ready: commands to run one after the other, and how to read what they print."""

    name: str
    version: str
    commands: tuple[tuple[str, ...], ...]
    read: Callable[[str], Found]
    taken: tuple[str, ...]
    note: str = ""
    folder: Path | None = None


def semgrep(program: Path, patterns: Sequence[Pattern], documents: Path, scratch: Path) -> Program:
    """Semgrep with a rule for each pattern (language regex, PCRE2)."""
    rules = scratch / "semgrep.yaml"
    _write_semgrep(rules, patterns)
    command = (
        str(program), "scan", "--metrics", "off", "--disable-version-check", "--no-git-ignore",
        "--quiet", "--jobs", "1", "--json", "--config", str(rules),
    )  # fmt: skip
    tried = json.loads(_output((*command, str(_empty(scratch)))))
    refused = {(error.get("rule_id") or "").rsplit(".", 1)[-1] for error in tried["errors"]}
    kept = [p for p in patterns if p.id not in refused]
    _write_semgrep(rules, kept)
    taken = tuple(p.id for p in kept)
    version = _output((str(program), "--version")).strip()
    return Program(
        "semgrep", version, ((*command, str(documents)),), _read_semgrep, taken,
        f"{len(refused)} pattern too large for it" if refused else "",
    )  # fmt: skip


def _write_semgrep(rules: Path, patterns: Sequence[Pattern]) -> None:
    rows = (
        f"- {{id: {p.id}, languages: [regex], severity: INFO, message: m,"
        f" pattern-regex: {json.dumps('|'.join(p.expressions), ensure_ascii=False)}}}\n"
        for p in patterns
    )
    rules.write_text("rules:\n" + "".join(rows), encoding="utf-8")


def _read_semgrep(printed: str) -> Found:
    return [
        (r["check_id"].rsplit(".", 1)[-1], Path(r["path"]).name)
        for r in json.loads(printed)["results"]
    ]


def textlint(program: Path, patterns: Sequence[Pattern], documents: Path, scratch: Path) -> Program:
    """textlint with textlint-rule-prh, a prh rule for each pattern."""
    rules, settings = scratch / "prh.yml", scratch / "textlintrc.json"
    rows = (
        f"  - {{expected: {json.dumps(f'[{p.id}]')}, pattern: "
        f"{json.dumps(f'/{_slashed(p)}/', ensure_ascii=False)}}}\n"
        for p in patterns
    )
    rules.write_text("version: 1\nrules:\n" + "".join(rows), encoding="utf-8")
    settings.write_text(
        json.dumps({"rules": {"prh": {"rulePaths": [str(rules)]}}}), encoding="utf-8"
    )
    modules = program.parent.parent
    command = (str(program), "-f", "json", "-c", str(settings),
               "--rules-base-directory", str(modules), str(documents))  # fmt: skip
    versions = [
        json.loads((modules / name / "package.json").read_text("utf-8"))["version"]
        for name in ("textlint", "textlint-rule-prh")
    ]
    return Program(
        "textlint + prh", " + ".join(versions), (command,), _read_textlint,
        tuple(p.id for p in patterns),
        "of matches that overlap it reports one",
        modules.parent,
    )  # fmt: skip


def _slashed(pattern: Pattern) -> str:
    return "|".join(pattern.expressions).replace("/", r"\/")


def _read_textlint(printed: str) -> Found:
    found = []
    for file in json.loads(printed):
        for message in file["messages"]:
            at = re.search(r"\[(\w+)\]$", message["message"])
            found.append((at[1] if at else "", Path(file["filePath"]).name))
    return found


def ripgrep(program: Path, patterns: Sequence[Pattern], documents: Path, scratch: Path) -> Program:
    """ripgrep with PCRE2: files of patterns, each joined to one alternation, one process a file."""
    commands: list[tuple[str, ...]] = []
    taken: list[str] = []
    empty = _empty(scratch)
    for number, group in enumerate(_groups(patterns)):
        file = scratch / f"ripgrep{number}.txt"
        lines = (f"(?:{'|'.join(p.expressions)})\n" for p in group)
        file.write_text("".join(lines), encoding="utf-8")
        command = (str(program), "--no-config", "--pcre2", "--no-messages", "--only-matching",
                   "--no-line-number", "--with-filename", "--threads", "1", "-f", str(file))  # fmt: skip
        if subprocess.run((*command, str(empty)), capture_output=True, check=False).returncode > 1:
            continue
        commands.append((*command, str(documents)))
        taken += [p.id for p in group]
    version = _output((str(program), "--version")).split()[1]
    return Program(
        "ripgrep -P", version, tuple(commands), _read_ripgrep,
        tuple(taken),
        f"{len(commands)} processes; does not say which pattern matched; of matches that overlap one",
    )  # fmt: skip


def _groups(patterns: Sequence[Pattern]) -> list[list[Pattern]]:
    """The patterns in groups that PCRE2 takes as one expression."""
    groups: list[list[Pattern]] = []
    size = _RIPGREP_BYTES
    for p in patterns:
        more = len("|".join(p.expressions).encode())
        if size + more > _RIPGREP_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(p)
        size += more
    return groups


def _read_ripgrep(printed: str) -> Found:
    return [("", Path(line.split(":", 1)[0]).name) for line in printed.splitlines()]


def _empty(scratch: Path) -> Path:
    """A folder with one document that holds nothing to find."""
    folder = scratch / "empty"
    folder.mkdir(exist_ok=True)
    (folder / "empty.txt").write_text("空\n", encoding="utf-8")
    return folder


def _output(command: tuple[str, ...]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
