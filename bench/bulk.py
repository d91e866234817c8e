"""Bulk: very many documents through `checker batch`, both engines, with and without a killed worker.

    python bench/bulk.py [--documents 2000] [--seed 1] [--jobs 2] [--modes local,ray,…] [--write]

Makes one Parquet file of documents with lengths like real ones, then runs each mode as a process of its
own, samples memory and processor time of all its processes every second, and compares the bytes that
the modes wrote. Everything lies in one folder (--folder), so that a run that was stopped is taken up
again by the same command; a mode that is done is not run again. Stopped by Ctrl-C or SIGTERM it prints
what it has. --write keeps the table in docs/规模.md, where there is a place for so many documents,
and what follows from the first mode for more of them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from types import FrameType

from bench.corpus import document
from bench.figures import keep, machine, table
from bench.trees import Member, Sample, Watch

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "规模.md"
MODES = ("local", "ray", "local-killed", "ray-killed")
#: Documents of a row group of the source; of a portion.
GROUP, PORTION = 1000, 200
#: Seconds between two samples.
PAUSE = 1.0
MILESTONES = (1_000, 10_000, 100_000, 1_000_000)
#: Ways to call a worker in its command line, of the pool of processes and of Ray.
_WORKERS = ("spawn_main", "ray::MapWorker", "ray::_MapWorker")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one mode took; ``documents`` are those done in the time measured, ``seconds`` wall time.

    ``peaks`` are (documents done, most resident bytes until then); ``killed_at`` is how many documents
    were done when a worker was killed, -1 where none was. ``digest`` tells whether the bytes written
    are those of another mode, "" where the mode is not complete; ``taken`` is when it ended, and the
    load of the machine then.
    """

    mode: str
    documents: int
    seconds: float
    processor: float
    peaks: tuple[tuple[int, int], ...]
    size: int
    killed_at: int = -1
    digest: str = ""
    taken: str = ""

    def after(self, earlier: Figures) -> Figures:
        """The figures of this run together with those of an earlier one that was stopped."""
        peaks = {**dict(self.peaks), **dict(earlier.peaks)}
        highest = accumulate(
            sorted(peaks.items()), lambda low, high: (high[0], max(low[1], high[1]))
        )
        return replace(
            self,
            documents=earlier.documents + self.documents,
            seconds=earlier.seconds + self.seconds,
            processor=earlier.processor + self.processor,
            peaks=tuple((m, peak) for m, peak in highest if m in (*MILESTONES, self.peaks[-1][0])),
            killed_at=max(earlier.killed_at, self.killed_at),
        )


class Killer:
    """Kills the busiest worker once, when a share of the documents is done."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.killed_at = -1

    def __call__(self, sample: Sample, members: list[Member]) -> None:
        if self.killed_at >= 0 or sample.progress < self.after:
            return
        workers = [m for m in members if any(word in m.command for word in _WORKERS)]
        if workers:
            victim = max(workers, key=lambda member: member.seconds)
            os.kill(victim.pid, signal.SIGKILL)
            self.killed_at = sample.progress
            _say(f"killed worker {victim.pid} after {sample.progress:,} documents")


def make_source(path: Path, documents: int, seed: int) -> None:
    """Write the documents as a Parquet file, unless it is there: all of it or nothing."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    if path.exists():
        return
    schema = pyarrow.schema([("name", pyarrow.string()), ("text", pyarrow.string())])
    rng, draft, told, characters = (
        random.Random(seed),
        path.with_suffix(".tmp"),
        time.monotonic(),
        0,
    )
    with ParquetWriter(draft, schema, compression="zstd") as writer:
        for start in range(0, documents, GROUP):
            names = [f"d{i:08}.txt" for i in range(start, min(start + GROUP, documents))]
            texts = [document(rng) for _ in names]
            characters += sum(map(len, texts))
            writer.write_table(pyarrow.table([names, texts], schema=schema))
            if time.monotonic() - told >= 60:
                told = time.monotonic()
                _say(f"made {start + len(names):,} of {documents:,} documents")
    draft.replace(path)
    _say(f"made {documents:,} documents, {characters / documents:,.0f} characters on average")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of one mode over so many documents, of which ``before`` were done earlier."""

    mode: str
    out: Path
    documents: int
    before: int

    def run(self, source: Path, jobs: int, kill: bool) -> Figures:
        """Run to the end. Raises Stopped, and RuntimeError where the command fails."""
        engine = self.mode.partition("-")[0]
        command = [
            sys.executable, "-m", "checker", "batch", str(source), "-o", str(self.out),
            "--engine", engine, "--jobs", str(jobs), "--portion", str(PORTION), "--resume",
            "--as-of", "2026-01-01", "--no-config", "--store", "none",
        ]  # fmt: skip
        killer = Killer(max(self.before, self.documents // 3) if kill else self.documents + 1)
        _say(f"{self.mode}: {self.before:,} of {self.documents:,} documents are done")
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
        watch = Watch(process.pid, lambda: _done(self.out, self.documents), killer, PAUSE)
        try:
            with watch:
                code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise Stopped(self._figures(watch, killer.killed_at)) from None
        if code not in (0, 1, 3):
            raise RuntimeError(f"{self.mode} ended with {code}; to begin anew remove {self.out}")
        if kill and killer.killed_at < 0:
            raise RuntimeError(f"{self.mode}: no worker was killed; remove {self.out}, try again")
        return self._figures(watch, killer.killed_at)

    def _figures(self, watch: Watch, killed_at: int) -> Figures:
        done = _done(self.out, self.documents)
        milestones = [m for m in MILESTONES if self.before < m < done]
        complete = done == self.documents and not (self.out / "begun").exists()
        return Figures(
            self.mode,
            done - self.before,
            watch.wall,
            watch.seconds,
            tuple((m, watch.peak(m)) for m in (*milestones, done)),
            sum(path.stat().st_size for path in self.out.rglob("*") if path.is_file()),
            killed_at,
            _digest(self.out) if complete else "",
            f"{time.strftime('%Y-%m-%d %H:%M')}，负载 {os.getloadavg()[0]:.1f}",
        )


class Stopped(Exception):
    """The run was stopped; ``figures`` say how far it came."""

    def __init__(self, figures: Figures) -> None:
        super().__init__(figures.mode)
        self.figures = figures


def _done(out: Path, documents: int) -> int:
    """How many documents are done, by the parts that are there."""
    try:
        parts = sum(name.startswith("part-") for name in os.listdir(out / "documents"))
    except FileNotFoundError:
        return 0
    return min(parts * PORTION, documents)


def _digest(out: Path) -> str:
    """SHA-256 of the names and bytes of all tables."""
    digest = sha256()
    for path in sorted(out.rglob("*.parquet")):
        digest.update(f"{path.relative_to(out).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def lines(figures: Sequence[Figures], documents: int, jobs: int) -> Iterator[str]:
    """The table, in the language of the page that keeps it."""
    milestones = sorted({m for each in figures for m, _ in each.peaks})
    first = next((each.digest for each in figures if each.digest), "")
    head = (
        "方式", "份数", "秒", "每秒份数", "处理器秒", "每份毫秒",
        *(f"查完 {m:,} 份时内存峰值（MB）" for m in milestones), "结果（MB）", "结果文件", "测完时",
    )  # fmt: skip
    rows = []
    for each in figures:
        peaks = dict(each.peaks)
        killed = f"，查完 {each.killed_at:,} 份时杀掉一个工作进程" if each.killed_at >= 0 else ""
        equal = "逐字节相同" if each.digest == first else "**不同**"
        rows.append((
            f"{each.mode.partition('-')[0]}{killed}",
            f"{each.documents:,}",
            f"{each.seconds:,.0f}",
            f"{each.documents / max(each.seconds, 1e-9):,.1f}",
            f"{each.processor:,.0f}",
            f"{each.processor * 1000 / max(each.documents, 1):,.1f}",
            *(f"{peaks[m] / 2**20:,.0f}" if m in peaks else "–" for m in milestones),
            f"{each.size / 1e6:,.1f}",
            equal if each.digest else "没有做完",
            each.taken,
        ))  # fmt: skip
    yield f"{documents:,} 份，`--jobs {jobs}`。{machine()}。"
    yield ""
    yield from table(head, rows)


def reckoned(measured: Figures) -> Iterator[str]:
    """What more documents would take if each took what it took on average: hours and bytes."""
    hours = measured.processor / measured.documents / 3600
    size = measured.size / measured.documents
    rows = [
        (f"{n:,}", *map(_brief, (n * hours, n * hours / 16, n * hours / 256, n * size / 1e9)))
        for n in (100_000, 1_000_000, 100_000_000)
    ]
    yield (
        f"按 {measured.documents:,} 份、`{measured.mode}` 的每份 {hours * 3.6e6:,.1f} 毫秒处理器时间、"
        f"结果 {size:,.0f} 字节推算。"
    )
    yield ""
    head = ("份数", "处理器小时", "16 核，小时", "256 核，小时", "结果（GB）")
    yield from table(head, rows)


def _brief(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    modes = options.modes.split(",")
    if not set(modes) <= {*MODES}:
        parser.error(f"modes are {','.join(MODES)}")
    signal.signal(signal.SIGTERM, _stop)
    name = f"checker-bulk-{options.documents}-{options.seed}"
    folder: Path = options.folder or Path(tempfile.gettempdir(), name)
    folder.mkdir(parents=True, exist_ok=True)
    _say(f"everything lies in {folder}")
    found: list[Figures] = []
    stopped = False
    try:
        make_source(folder / "source.parquet", options.documents, options.seed)
        for mode in modes:
            found.append(_measured(mode, folder, options.documents, options.jobs))
    except KeyboardInterrupt:
        stopped = True
    except Stopped as early:
        found.append(early.figures)
        stopped = True
    text = list(lines(found, options.documents, options.jobs))
    print("\n".join(text))
    if found and found[0].documents:
        print("\n" + "\n".join(reckoned(found[0])))
    if options.write and not stopped:
        keep(f"bulk-{options.documents}", text, PAGE)
        keep("bulk-reckoned", list(reckoned(found[0])), PAGE)
    sys.exit(130 if stopped else len({each.digest for each in found}) > 1)


def _measured(mode: str, folder: Path, documents: int, jobs: int) -> Figures:
    """The figures of a mode: kept from an earlier run of this bench, else measured now and kept.

    Raises Stopped with the figures so far, which are kept too.
    """
    kept, partial = folder / f"{mode}.json", folder / f"{mode}.partial.json"
    if kept.exists():
        _say(f"{mode}: done before")
        return _read(kept)
    out = folder / f"{mode}.parquet"
    attempt = Attempt(mode, out, documents, _done(out, documents))
    earlier = _read(partial) if partial.exists() and attempt.before else None
    kill = mode.endswith("-killed") and not (earlier and earlier.killed_at >= 0)
    try:
        figures = attempt.run(folder / "source.parquet", jobs, kill)
    except Stopped as early:
        early.figures = early.figures.after(earlier) if earlier else early.figures
        partial.write_text(json.dumps(asdict(early.figures)), encoding="utf-8")
        raise
    figures = figures.after(earlier) if earlier else figures
    kept.write_text(json.dumps(asdict(figures)), encoding="utf-8")
    return figures


def _read(kept: Path) -> Figures:
    data = json.loads(kept.read_text(encoding="utf-8"))
    return Figures(**{**data, "peaks": tuple((m, peak) for m, peak in data["peaks"])})


if __name__ == "__main__":
    main()
