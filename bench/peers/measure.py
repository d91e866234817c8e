"""Measure: every peer on the same texts in turn, and ours beside each, in one run.

    make bench-peers        (python bench/peers/measure.py [FOLDER] [--rounds 5] [--limit 120] [--write])

The texts are those of FOLDER (else made from a fixed seed) with characters unified. A library is timed
scanning texts in memory, made ready before; a program is timed as a whole process. Ours is timed right
after each peer on just the patterns that the peer takes. What a peer finds is compared with the plain
loop, by (pattern, document).
"""

from __future__ import annotations

import argparse
import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.corpus import write
from bench.figures import circumstances, keep, median, table
from bench.matcher import engine_pairs
from bench.peers import programs
from bench.peers.install import ripgrep_program
from bench.peers.notation import notation
from bench.peers.patterns import Expressed, Pattern, expressed, only, plain_patterns
from checker.anchors import Anchors
from checker.api import Checker
from checker.compiled import CompiledRule
from checker.document import Document
from checker.matching import Matcher
from checker.ruleset import load_ruleset
from checker.segments import Segments
from checker.sources import SUPPORTED_SUFFIXES, SourceText, read_path, unify
from checker.structure import parse

LIBRARIES = ("re", "hyperscan", "yara-python", "yara-x", "spacy", "bluebell")
#: Seconds a library may take to get ready.
READY_LIMIT = 400
Pairs = frozenset[tuple[str, str]]


class TooLong(RuntimeError):
    """A peer did not answer in time."""


@dataclass(slots=True)
class Row:
    """What was measured of one peer."""

    name: str
    version: str
    taken: list[Pattern]
    note: str = ""
    ready: float = 0.0
    seconds: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    found: Pairs | None = None
    failed: str = ""


class Library:
    """A process of libraries.py; answers one line for one line."""

    def __init__(self, python: Path, name: str, patterns: Path, texts: Path) -> None:
        script = Path(__file__).with_name("libraries.py")
        self.process = subprocess.Popen(
            [python, script, name, patterns, texts],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def answer(self, limit: float) -> dict[str, Any]:
        """The next line. Raises TooLong, RuntimeError with the last line of the error."""
        assert self.process.stdout is not None and self.process.stderr is not None
        if not select.select([self.process.stdout], [], [], limit)[0]:
            raise TooLong(f"not done in {limit:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.stderr.read().decode().strip().splitlines()[-1])
        answer: dict[str, Any] = json.loads(line)
        return answer

    def scan(self, limit: float) -> dict[str, Any]:
        """Ask for one scan."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return self.answer(limit)

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


@dataclass(frozen=True, slots=True)
class Field:
    """What all run on: rules, their plain patterns, and the documents with their files."""

    rules: tuple[CompiledRule, ...]
    patterns: list[Pattern]
    documents: list[Document]
    files: list[Path]

    def own(self, taken: Sequence[Pattern]) -> Callable[[], object]:
        """Ours on just these patterns, from parsed documents to matches."""
        rules = only(self.rules, taken)
        anchors = Anchors(rules)
        return lambda: [engine_pairs(anchors, rules, Segments(d)) for d in self.documents]

    def of_ids(self, ids: Sequence[str]) -> list[Pattern]:
        """The patterns of these ids."""
        wanted = set(ids)
        return [p for p in self.patterns if p.id in wanted]


def clock(action: Callable[[], object]) -> float:
    """Seconds of an action."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def lay_out(folder: Path, scratch: Path) -> Field:
    """Read the documents, write their unified texts where every peer reads them."""
    texts = scratch / "texts"
    texts.mkdir()
    files = sorted(p for p in folder.rglob("*") if p.suffix in SUPPORTED_SUFFIXES)
    sources = [_unified(read_path(path), f"d{i:05}.txt") for i, path in enumerate(files)]
    for source in sources:
        (texts / source.name).write_text(source.text, encoding="utf-8")
    rules = Matcher(load_ruleset()).rules
    return Field(
        rules, plain_patterns(rules), [parse(source) for source in sources],
        [texts / source.name for source in sources],
    )  # fmt: skip


def _unified(source: SourceText, name: str) -> SourceText:
    return unify(name, source.shadow)


def measure_libraries(
    ground: Field, python: Path, skipped: dict[str, str], scratch: Path, rounds: int, limit: float
) -> list[Row]:
    """Each library that is installed, in turn."""
    patterns, texts, marked = scratch / "patterns.json", scratch / "texts.json", scratch / "akn.json"
    patterns.write_text(
        json.dumps([p.as_json() for p in ground.patterns], ensure_ascii=False), encoding="utf-8"
    )
    shadows = [d.source.shadow for d in ground.documents]
    texts.write_text(json.dumps(shadows, ensure_ascii=False), encoding="utf-8")
    marked.write_text(
        json.dumps([notation(d) for d in ground.documents], ensure_ascii=False), encoding="utf-8"
    )
    running: list[tuple[Row, Library, Callable[[], object]]] = []
    rows = []
    for name in LIBRARIES:
        if name in skipped:
            rows.append(Row(name, "", [], failed=f"skipped: {skipped[name]}"))
            continue
        library = Library(python, name, patterns, marked if name == "bluebell" else texts)
        row = Row(name, "", [])
        rows.append(row)
        try:
            ready = library.answer(READY_LIMIT)
        except RuntimeError as fault:
            row.failed = f"not ready: {fault}"
            library.stop()
            continue
        row.version, row.ready, row.note = ready["version"], ready["seconds"], ready["note"]
        row.taken = ground.of_ids(ready["taken"])
        sources = [d.source for d in ground.documents]
        own = ground.own(row.taken) if row.taken else lambda: [parse(s) for s in sources]
        running.append((row, library, own))
    for _ in range(rounds):
        for row, library, own in running:
            if row.failed:
                continue
            try:
                answer = library.scan(limit)
            except RuntimeError as fault:
                row.failed = str(fault)
                library.stop()
                continue
            row.seconds.append(answer["seconds"])
            row.own.append(clock(own))
            row.found = frozenset((p, ground.files[i].name) for p, i in answer["pairs"])
    for row, library, _ in running:
        if not row.failed:
            library.stop()
    return rows


def measure_programs(
    ground: Field, folder: Path, skipped: dict[str, str], scratch: Path, rounds: int, limit: float
) -> list[Row]:
    """Each program that is installed, in turn, as whole processes; ours first."""
    texts = ground.files[0].parent
    makers = (
        ("semgrep", programs.semgrep, folder / "bin" / "semgrep"),
        ("textlint", programs.textlint, folder / "node" / "node_modules" / ".bin" / "textlint"),
        ("ripgrep", programs.ripgrep, ripgrep_program(folder)),
    )
    rows, running = [], []
    for name, make, path in makers:
        if name in skipped or path is None:
            rows.append(Row(name, "", [], failed=f"skipped: {skipped.get(name, 'not installed')}"))
            continue
        program = make(path, ground.patterns, texts, scratch)
        # ripgrep does not name its patterns: a list of empty ids has only its length
        taken = ground.of_ids(program.taken) or ground.patterns[: len(program.taken)]
        row = Row(program.name, program.version, taken, program.note)
        rows.append(row)
        running.append((row, program))
    own = Row("checker check, all it does", "", [])
    command = [sys.executable, "-m", "checker", "check", "-q", "-f", "json", "--jobs", "1", str(texts)]
    for _ in range(rounds):
        own.seconds.append(
            clock(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=False))
        )
        for row, program in running:
            if not row.failed:
                _run_program(row, program, limit)
    return [own, *rows]


def _run_program(row: Row, program: programs.Program, limit: float) -> None:
    printed = []
    start = time.perf_counter()
    for command in program.commands:
        left = limit - (time.perf_counter() - start)
        try:
            done = subprocess.run(
                command, cwd=program.folder, capture_output=True, timeout=max(left, 0.1), check=False
            )
        except subprocess.TimeoutExpired:
            row.failed = f"not done in {limit:.0f} s"
            return
        if done.returncode > 1:
            row.failed = f"ended with {done.returncode}: {done.stderr.decode()[-120:]}"
            return
        printed.append(done.stdout.decode())
    row.seconds.append(time.perf_counter() - start)
    row.found = frozenset(pair for text in printed for pair in program.read(text))


def agreement(row: Row, plain: Pairs | None) -> str:
    """How many (pattern, document) of the plain loop the peer finds, and how many more."""
    if row.found is None or plain is None or any(not pattern for pattern, _ in row.found):
        return "–"
    ids = {p.id for p in row.taken}
    due = {pair for pair in plain if pair[0] in ids}
    more = len(row.found - due)
    return f"{len(row.found & due)} of {len(due)}" + (f", {more} more" if more else "")


def library_table(rows: Sequence[Row], rules: tuple[CompiledRule, ...], whole: float) -> list[str]:
    """Scans in memory; ours on the same patterns beside each."""
    plain = next((row.found for row in rows if row.name == "re"), None)
    lines = []
    for row in rows:
        if row.failed or not row.seconds:
            lines.append([row.name, row.version or "–", _share(expressed(rules, row.taken)) if row.taken else "–",
                          f"{row.ready:.1f}" if row.ready else "–", row.failed, "–", "–", "–", "–", row.note])  # fmt: skip
            continue
        peer, own = median(row.seconds), median(row.own)
        lines.append([
            row.name, row.version, _share(expressed(rules, row.taken)) if row.taken else "–",
            f"{row.ready:.1f}", f"{peer:.3f}", f"{own:.3f}", f"**{peer / own:.2f}**", f"{peer / whole:.2f}",
            agreement(row, plain) if row.taken else "–", row.note,
        ])  # fmt: skip
    head = ("library", "version", "lines of rules it takes", "get ready, s", "scan, s",
            "ours, same patterns, s", "peer / ours", "peer / our whole check", "finds of the plain loop", "remark")  # fmt: skip
    return table(head, lines)


def program_table(
    rows: Sequence[Row], plain: Pairs | None, rules: tuple[CompiledRule, ...]
) -> list[str]:
    """Whole processes."""
    own = median(rows[0].seconds)
    lines = [[rows[0].name, "", "all", f"{own:.3f}", "1.00", "–", "also structure, clauses, conditions, exemptions, references, report"]]  # fmt: skip
    for row in rows[1:]:
        if row.failed:
            lines.append([row.name, row.version or "–", "–", row.failed, "–", "–", row.note])
            continue
        peer = median(row.seconds)
        lines.append([row.name, row.version, _share(expressed(rules, row.taken)), f"{peer:.3f}",
                      f"**{peer / own:.2f}**", agreement(row, plain), row.note])  # fmt: skip
    head = ("program", "version", "lines of rules it takes", "whole process, s",
            "over ours", "finds of the plain loop", "remark")  # fmt: skip
    return table(head, lines)


def _share(said: Expressed) -> str:
    share = said.lines / said.of_lines
    return f"{said.lines} of {said.of_lines} ({share:.0%}); {said.rules} of {said.of_rules} rules, {said.entire} with all conditions"


def our_lines(ground: Field, rounds: int) -> tuple[float, list[str]]:
    """Ours by itself: matching the plain patterns, matching with all rules, the whole check."""
    own = ground.own(ground.patterns)
    matcher, checker = Matcher(load_ruleset()), Checker()
    day = checker.check_text("第一条 为了规范。").as_of
    assert day is not None
    works = (
        lambda: own(),
        lambda: [matcher.check(d, day) for d in ground.documents],
        lambda: [checker.check_text(d.source.text).to_json() for d in ground.documents],
    )
    taken: list[list[float]] = [[], [], []]
    for _ in range(rounds):
        for seconds, work in zip(taken, works, strict=True):
            seconds.append(clock(work))
    plain, full, whole = map(median, taken)
    line = (
        f"Ours in process, medians: matching the {len(ground.patterns)} plain patterns {plain:.3f} s; "
        f"`Matcher.check` with all {len(ground.rules)} rules, conditions, exemptions, references and "
        f"validity on parsed documents {full:.3f} s; whole check from text to JSON {whole:.3f} s."
    )
    return whole, [line]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120, help="seconds a peer may take")
    parser.add_argument("--peers", type=Path, default=Path(".venv-peers"))
    parser.add_argument("--write", action="store_true", help="keep the table in the README")
    options = parser.parse_args()
    peers = options.peers.resolve()
    skipped = json.loads((peers / "skipped.json").read_text(encoding="utf-8"))
    before = circumstances()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        folder = options.folder or scratch / "corpus"
        if options.folder is None:
            write(folder, 100, seed=5)
        ground = lay_out(folder, scratch)
        whole, ours = our_lines(ground, options.rounds)
        python = peers / "bin" / "python"
        libraries = measure_libraries(ground, python, skipped, scratch, options.rounds, options.limit)
        plain = next((row.found for row in libraries if row.name == "re"), None)
        runs = measure_programs(ground, peers, skipped, scratch, options.rounds, options.limit)
    size = sum(len(d.source.text) for d in ground.documents)
    what = f"`{options.folder.name}/`" if options.folder else "made from seed 5"
    lines = [
        f"{before}; load at the end {circumstances().rsplit('load ', 1)[1]}. {len(ground.documents)} "
        f"documents {what}, {size} characters, {options.rounds} rounds in turn, medians.",
        "", *ours, "",
        *library_table(libraries, ground.rules, whole), "",
        *program_table(runs, plain, ground.rules),
    ]  # fmt: skip
    print("\n".join(lines))
    if options.write:
        keep("peers", lines)


if __name__ == "__main__":
    main()
