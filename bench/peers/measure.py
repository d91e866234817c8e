"""Measure: every peer on the same texts in turn, and ours beside each, in one run.

    make bench-peers        (python bench/peers/measure.py [FOLDER] [--rounds 5] [--limit 120] [--write])

The texts are those of FOLDER (else made from a fixed seed) with characters unified. A library is timed
scanning texts in memory, made ready before; a program is timed as a whole process. Seconds are of the
processor (and wall time for programs), so that other work on the machine counts less. Ours is timed right
after each peer on just the patterns that the peer takes. What a peer finds is compared with the plain
loop, by (pattern, document).
"""

from __future__ import annotations

import argparse
import json
import resource
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpus import write
from bench.figures import circumstances, keep, median
from bench.matcher import engine_pairs
from bench.peers import programs
from bench.peers.install import ripgrep_program
from bench.peers.notation import notation
from bench.peers.patterns import Pattern, only, plain_patterns
from bench.peers.tables import Pairs, Row, agreement, library_table, program_table
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


class TooLong(RuntimeError):
    """A peer did not answer in time."""


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
        """Ours on just these patterns, from parsed documents to matches; without any, our parser."""
        if not taken:
            return lambda: [parse(d.source) for d in self.documents]
        rules = only(self.rules, taken)
        anchors = Anchors(rules)
        return lambda: [engine_pairs(anchors, rules, Segments(d)) for d in self.documents]

    def found(self) -> Pairs:
        """What ours finds of all plain patterns."""
        rules = only(self.rules, self.patterns)
        anchors = Anchors(rules)
        ids: dict[str, list[str]] = {}
        for pattern in self.patterns:
            ids.setdefault(pattern.rule, []).append(pattern.id)
        return frozenset(
            (ids[rules[rule].id][line], file.name)
            for document, file in zip(self.documents, self.files, strict=True)
            for rule, line, _ in engine_pairs(anchors, rules, Segments(document))
        )

    def of_ids(self, ids: Sequence[str]) -> list[Pattern]:
        """The patterns of these ids."""
        wanted = set(ids)
        return [p for p in self.patterns if p.id in wanted]


def clock(action: Callable[[], object]) -> float:
    """Processor seconds of an action in this process."""
    start = time.process_time()
    action()
    return time.process_time() - start


def processor_seconds() -> float:
    """Processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lay_out(folder: Path, scratch: Path) -> Field:
    """Read the documents, write their unified texts where every peer reads them."""
    texts = scratch / "texts"
    texts.mkdir()
    files = sorted(p for p in folder.rglob("*") if p.suffix in SUPPORTED_SUFFIXES)
    sources = [_unified(read_path(path), f"d{i:05}.txt") for i, path in enumerate(files)]
    for source in sources:
        (texts / source.name).write_text(source.shadow, encoding="utf-8")
    rules = Matcher(load_ruleset()).rules
    return Field(
        rules, plain_patterns(rules), [parse(source) for source in sources],
        [texts / source.name for source in sources],
    )  # fmt: skip


def _unified(source: SourceText, name: str) -> SourceText:
    return unify(name, source.shadow)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the peers are, which are missing and why, where to write, how often and how long to run."""

    peers: Path
    skipped: dict[str, str]
    scratch: Path
    rounds: int
    limit: float


def measure_libraries(ground: Field, setting: Setting) -> list[Row]:
    """Each library that is installed, in turn."""
    shadows = [d.source.shadow for d in ground.documents]
    marked = [notation(d) for d in ground.documents]
    patterns = _json(setting.scratch / "patterns.json", [p.as_json() for p in ground.patterns])
    texts = _json(setting.scratch / "texts.json", shadows)
    akn = _json(setting.scratch / "akn.json", marked)
    python = setting.peers / "bin" / "python"
    rows: list[Row] = []
    running: list[tuple[Row, Library]] = []
    for name in LIBRARIES:
        row = Row(name, "", [])
        rows.append(row)
        if name in setting.skipped:
            row.failed = f"skipped: {setting.skipped[name]}"
            continue
        library = Library(python, name, patterns, akn if name == "bluebell" else texts)
        if _ready(row, library, ground):
            running.append((row, library))
    own = {row.name: ground.own(row.taken) for row, _ in running}
    for _ in range(setting.rounds):
        for row, library in running:
            if not row.failed:
                _scan(row, library, ground, own[row.name], setting.limit)
    for _, library in running:
        library.stop()
    return rows


def _json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def _ready(row: Row, library: Library, ground: Field) -> bool:
    """Wait until a library is ready; False, with the reason in the row, if it does not become so."""
    try:
        ready = library.answer(READY_LIMIT)
    except RuntimeError as fault:
        row.failed = f"not ready: {fault}"
        library.stop()
        return False
    row.version, row.ready, row.note = ready["version"], ready["seconds"], ready["note"]
    row.taken = ground.of_ids(ready["taken"])
    return True


def _scan(
    row: Row, library: Library, ground: Field, own: Callable[[], object], limit: float
) -> None:
    """One round of a library, and ours right after it."""
    try:
        answer = library.scan(limit)
    except RuntimeError as fault:
        row.failed = str(fault)
        library.stop()
        return
    row.seconds.append(answer["seconds"])
    row.own.append(clock(own))
    row.found = frozenset((p, ground.files[i].name) for p, i in answer["pairs"])


def measure_programs(ground: Field, setting: Setting) -> list[Row]:
    """Each program that is installed, in turn, as whole processes; ours first."""
    texts = ground.files[0].parent
    modules = setting.peers / "node" / "node_modules"
    makers = (
        ("semgrep", programs.semgrep, setting.peers / "bin" / "semgrep"),
        ("textlint", programs.textlint, modules / ".bin" / "textlint"),
        ("ripgrep", programs.ripgrep, ripgrep_program(setting.peers)),
    )
    own = Row("checker check, all it does", "", [])
    rows, running = [own], []
    for name, make, path in makers:
        if name in setting.skipped or path is None:
            reason = setting.skipped.get(name, "not installed")
            rows.append(Row(name, "", [], failed=f"skipped: {reason}"))
            continue
        program = make(path, ground.patterns, texts, setting.scratch)
        row = Row(program.name, program.version, ground.of_ids(program.taken), program.note)
        rows.append(row)
        running.append((row, program))
    command = [
        sys.executable,
        "-m",
        "checker",
        "check",
        "--no-cache",  # or the second round would only recall the reports of the first
        "-q",
        "-f",
        "json",
        "--jobs",
        "1",
        str(texts),
    ]
    for _ in range(setting.rounds):
        _run_own(own, command)
        for row, program in running:
            if not row.failed:
                _run_program(row, program, setting.limit)
    return rows


def _run_own(row: Row, command: list[str]) -> None:
    used, start = processor_seconds(), time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)
    row.wall.append(time.perf_counter() - start)
    row.seconds.append(processor_seconds() - used)


def _run_program(row: Row, program: programs.Program, limit: float) -> None:
    """One round of a program; on failure the reason is in the row."""
    printed = []
    used, start = processor_seconds(), time.perf_counter()
    for command in program.commands:
        left = limit - (time.perf_counter() - start)
        try:
            done = subprocess.run(
                command,
                cwd=program.folder,
                capture_output=True,
                timeout=max(left, 0.1),
                check=False,
            )
        except subprocess.TimeoutExpired:
            row.failed = f"not done in {limit:.0f} s"
            return
        if done.returncode > 1:
            row.failed = f"ended with {done.returncode}: {done.stderr.decode()[-120:]}"
            return
        printed.append(done.stdout.decode())
    row.wall.append(time.perf_counter() - start)
    row.seconds.append(processor_seconds() - used)
    row.found = frozenset(pair for text in printed for pair in program.read(text))


def our_row(ground: Field) -> Row:
    """What ours finds, as a row to compare with the plain loop."""
    return Row("ours", "", ground.patterns, found=ground.found())


def our_lines(ground: Field, rounds: int) -> tuple[float, str]:
    """Ours by itself: matching the plain patterns, matching with all rules, the whole check."""
    own = ground.own(ground.patterns)
    matcher, checker = Matcher(load_ruleset()), Checker()
    day = checker.check_text("第一条 为了规范。").as_of
    assert day is not None
    works = (
        own,
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
    return whole, line


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
        setting = Setting(peers, skipped, scratch, options.rounds, options.limit)
        libraries = measure_libraries(ground, setting)
        plain = next((row.found for row in libraries if row.name == "re"), None)
        runs = measure_programs(ground, setting)
    size = sum(len(d.source.text) for d in ground.documents)
    what = f"`{options.folder.name}/`" if options.folder else "made from seed 5"
    lines = [
        f"{before}; load at the end {circumstances().rsplit('load ', 1)[1]}. {len(ground.documents)} "
        f"documents {what}, {size} characters, {options.rounds} rounds in turn, medians, processor seconds.",
        "",
        f"{ours} Of the finds (pattern, document) of the plain loop ours has "
        f"{agreement(our_row(ground), plain)}.",
        "",
        *library_table(libraries, ground.rules, whole), "",
        *program_table(runs, plain, ground.rules),
    ]  # fmt: skip
    print("\n".join(lines))
    if options.write:
        keep("peers", lines)


if __name__ == "__main__":
    main()
