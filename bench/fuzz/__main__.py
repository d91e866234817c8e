"""Fuzz: a million small changed inputs over all targets; each must end in a typed result or a declared error.

    python -m bench.fuzz [--executions 1000000] [--jobs 1] [--seed 1] [--target docx …] [--write]
    python -m bench.fuzz --target docx --show 1234 [--save FILE]
    python -m bench.fuzz --target check --documents FOLDER --executions 100000

Prints a table by target; on Ctrl-C or SIGTERM what was reached by then. ``--write`` puts it into
docs/模糊测试.md. Exit code 1 where an input crashed.
"""

from __future__ import annotations

import argparse
import platform
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random
from types import FrameType

from bench.fuzz.checks import DOCUMENTS
from bench.fuzz.running import Tally, add, by_name, execute, run
from bench.fuzz.targets import TARGETS, Target

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "模糊测试.md"
BEGIN, END = "<!-- fuzz:begin -->", "<!-- fuzz:end -->"


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def counts(chosen: list[Target], executions: int) -> dict[str, int]:
    """The executions of each target by its weight; together at least as many as wanted."""
    whole = sum(target.weight for target in chosen)
    return {target.name: -(-executions * target.weight // whole) for target in chosen}


def table(tallies: dict[str, Tally]) -> list[str]:
    """Rows of the table, the sum last."""
    rows = [
        "| 目标 | 次数 | 不同的结局 | 崩溃 | 平均，毫秒 | 最慢，毫秒（编号） | 内存峰值，MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, t in tallies.items():
        slow = "、".join(f"{seconds * 1000:.0f}（{number}）" for seconds, number in t.slowest[:2])
        mean = t.seconds / max(t.done, 1) * 1000
        rows.append(
            f"| {name} | {t.done:,} | {len(t.outcomes)} | {len(t.crashes)} | {mean:.2f} | {slow} | {t.memory >> 20} |"
        )
    done = sum(t.done for t in tallies.values())
    crashes = sum(len(t.crashes) for t in tallies.values())
    outcomes = sum(len(t.outcomes) for t in tallies.values())
    seconds = sum(t.seconds for t in tallies.values())
    mean = seconds / max(done, 1) * 1000
    rows.append(f"| **合计** | **{done:,}** | {outcomes} | **{crashes}** | {mean:.2f} | | |")
    return rows


def report(tallies: dict[str, Tally], seed: int, elapsed: float, command: str) -> str:
    """The whole report: when and how, the table, the slowest inputs, the crashes."""
    slowest = sorted(
        ((s, t.target, n) for t in tallies.values() for s, n in t.slowest), reverse=True
    )
    lines = [
        f"{datetime.now():%Y-%m-%d %H:%M}，CPython {platform.python_version()}，种子 {seed}，"
        f"用时 {elapsed / 60:.1f} 分钟：`{command}`",
        "",
        *table(tallies),
        "",
        "最慢的 5 个输入（处理器时间）："
        + "，".join(f"{target} {n} 号 {s * 1000:.0f} 毫秒" for s, target, n in slowest[:5])
        + "。",
    ]
    crashes = [crash for t in tallies.values() for crash in t.crashes]
    if crashes:
        lines += ["", "崩溃："]
        lines += [f"- {c.target} {c.number} 号：{c.kind}（{c.place}）" for c in crashes[:100]]
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the report into its page."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8", newline="\n")


def show(target: Target, seed: int, number: int, save: Path | None) -> int:
    """Make one input again, save or print it, and run it with its traceback."""
    given = target.make(Random(f"{seed}/{target.name}/{number}"))
    if save is not None:
        save.write_bytes(
            given if isinstance(given, bytes) else str(given).encode("utf-8", "surrogatepass")
        )
    else:
        print(ascii(given) if isinstance(given, bytes) else repr(given))
    _, crash, seconds = execute(target, seed, number)
    print(f"{seconds * 1000:.1f} ms", file=sys.stderr)
    if crash is not None:
        target.run(given)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz")
    parser.add_argument("--executions", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", action="append", default=[], choices=[t.name for t in TARGETS])
    parser.add_argument(
        "--documents", type=Path, action="append", default=[], help="further documents to mutate"
    )
    parser.add_argument("--show", type=int, help="make and run one input")
    parser.add_argument("--save", type=Path, help="where to put the input shown")
    parser.add_argument("--write", action="store_true", help="put the table into docs/")
    options = parser.parse_args()
    DOCUMENTS.extend(options.documents)
    chosen = [by_name(name) for name in options.target] or [*TARGETS]
    if options.show is not None:
        return show(chosen[0], options.seed, options.show, options.save)
    signal.signal(signal.SIGTERM, _stop)
    began = time.monotonic()
    tallies = {target.name: Tally(target.name) for target in chosen}
    wanted = counts(chosen, options.executions)
    try:
        for part in run(chosen, options.seed, wanted, options.jobs):
            whole = tallies[part.target]
            before = whole.done
            add(whole, part)
            for crash in part.crashes:
                print(
                    f"{crash.target} {crash.number}: {crash.kind} ({crash.place})",
                    file=sys.stderr,
                    flush=True,
                )
            if before < wanted[part.target] <= whole.done:
                print(
                    f"{part.target}: {whole.done:,}, {len(whole.crashes)} crashes",
                    file=sys.stderr,
                    flush=True,
                )
    except KeyboardInterrupt:
        print("stopped; what was reached by then:", file=sys.stderr)
    command = "python -m bench.fuzz " + " ".join(a for a in sys.argv[1:] if a != "--write")
    text = report(tallies, options.seed, time.monotonic() - began, command.strip())
    print(text)
    if options.write:
        write(text)
    return int(any(t.crashes for t in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
