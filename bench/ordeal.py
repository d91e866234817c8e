"""Ordeal: every hostile file of tests/hostile, checked in a worker within limits.

    python -m bench.ordeal [--all] [--only docx] [--verbose] [--write]

Prints each case that does not end as it should, and a table by reader. ``--all`` adds the heavy cases,
``--verbose`` prints every case, ``--write`` writes docs/恶意文件.md from a run of all of them. Exits 1
where something is not as it should be.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

from checker.api import Checker
from checker.report import Report
from checker.sources.limits import DEFAULT, Limits, size
from checker.workers import Loss, Worker

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "恶意文件.md"
#: What one case may take: a third and a half of what a document may take by default.
LIMITS = Limits(seconds=20, memory=2**30)
#: Seconds of the processor that a case may take which is not heavy.
_LIGHT = 4.0


class Trial(NamedTuple):
    """How a check ended: state, what was told, what was written to standard error, seconds, bytes."""

    state: str
    told: str
    said: bool
    stderr: str
    internal: bool
    seconds: float = 0.0
    memory: int = 0


class Task(NamedTuple):
    """What a worker checks: a path, the words that must be told or read, and under what."""

    path: Path
    words: str
    under: str


class Result(NamedTuple):
    """A case by reader and title, what was expected, and how it ended; ``wrong`` is empty if rightly."""

    reader: str
    title: str
    expected: str
    trial: Trial
    wrong: str


def cases(every: bool, only: str = "") -> Iterator[tuple[str, Any]]:
    """The cases with their reader; without ``every`` those that take little."""
    if str(_ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(_ROOT / "tests"))
    for reader, held in import_module("hostile").CASES.items():
        if not only or only == reader:
            yield from ((reader, case) for case in held if every or not case.heavy)


def run(tried: Iterable[tuple[str, Any]]) -> Generator[Result, None, None]:
    """Check each case in a worker; one that is lost is replaced."""
    worker: Worker | None = None
    try:
        for reader, case in tried:
            with tempfile.TemporaryDirectory() as folder:
                task = pickle.dumps(Task(case.make(Path(folder)), case.words, case.under))
                if worker is None or worker.closed:
                    worker = Worker(_try, LIMITS, fork=False)
                    worker.greet()
                start = time.monotonic()
                outcome = worker.do(task)
                taken = time.monotonic() - start
            if isinstance(outcome, Loss):
                memory = LIMITS.memory if "limits.memory" in outcome.reason else 0
                told = case.words in outcome.reason
                outcome = Trial(
                    "refused", outcome.reason, told, "", not outcome.limit, taken, memory
                )
            yield Result(reader, case.title, case.expected, outcome, _wrong(case, outcome))
    finally:
        if worker is not None and not worker.closed:
            worker.close()


def _wrong(case: Any, trial: Trial) -> str:
    """What is not as it should be."""
    found = []
    if trial.state != case.expected:
        found.append(f"{trial.state}, not {case.expected}")
    if not trial.said:
        found.append(f"does not say {case.words!r}")
    if trial.internal:
        found.append("internal error")
    if trial.stderr:
        found.append(f"standard error: {trial.stderr[-300:]}")
    if trial.seconds > (LIMITS.seconds + 1 if case.heavy else _LIGHT):
        found.append(f"{trial.seconds:.1f} s")
    if trial.memory > LIMITS.memory:
        found.append(f"{size(trial.memory)} of memory")
    return "; ".join(found)


# In the worker


@cache
def _checker() -> Checker:
    return Checker(keep_document=True, limits=LIMITS)


def _try(task: Task) -> Trial:
    checker = _checker()
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    before, start = _memory("VmRSS"), time.process_time()
    with tempfile.TemporaryFile() as errors, _heard(errors.fileno()):
        with _under(task.under):
            reports = list(checker.check_paths([task.path], 1))
        seconds, memory = time.process_time() - start, _memory("VmHWM") - before
        errors.seek(0)
        stderr = errors.read().decode("utf-8", "replace")
    state = _state(reports)
    told = "；".join(part for r in reports for part in (r.error, *r.gaps) if part)
    heard = told if state != "read" else "；".join(note for r in reports for note in r.notes)
    said = task.words in heard or (
        state == "read" and any(map(partial(_holds, task.words), reports))
    )
    internal = any(r.internal for r in reports)
    return Trial(state, told or heard, said, stderr, internal, seconds, memory)


def _state(reports: list[Report]) -> str:
    if all(r.error for r in reports):
        return "refused"
    return "read" if all(r.complete for r in reports) else "gap"


def _holds(words: str, report: Report) -> bool:
    document = report.document
    return document is not None and words in " ".join(document.source.text.split())


def _memory(key: str) -> int:
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(key))


@contextmanager
def _heard(descriptor: int) -> Iterator[None]:
    """Standard error of everything in this process goes to a file."""
    kept = os.dup(2)
    os.dup2(descriptor, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _under(what: str) -> Iterator[None]:
    """Without files to open, or as a user without rights."""
    import resource

    kept = resource.getrlimit(resource.RLIMIT_NOFILE)
    user = os.geteuid()
    try:
        if what == "few_files":
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, kept[1]))
        if what == "nobody" and user == 0:
            os.seteuid(65534)
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, kept)
        os.seteuid(user)


# The page

_READERS = {
    "docx": "Word（.docx）", "pdf": "PDF", "ofd": "OFD", "odt": "OpenDocument（.odt）",
    "html": "网页（.html）", "rtf": "RTF", "ole": "旧版 Word、WPS（.doc、.wps）",
    "archive": "压缩包（.zip）", "mail": "邮件（.eml）", "text": "文本、Markdown",
    "place": "文件系统（路径、名称、权限）",
}  # fmt: skip
_INTRODUCTION = """# 恶意文件

`tests/hostile/` 里的脚本在测试时现做 {count} 份恶意的、损坏的或者反常的文件，逐份放进检查进程，在限额内检查。每一份都必须以明确的结果结束：读出全文（读出），读出一部分并说明缺什么（部分读出），或者不读并说明原因（拒绝）；不得出现程序错误、超时不止或者内存超过上限，报告里必须有应当有的文字或者原因。

本页由 `python -m bench.ordeal --write` 生成，最近一次：{count} 份中 {wrong} 份不符合预期。平时的测试（`tests/test_ordeal.py`）检查其中较快的 {light} 份。

| 读取的格式 | 份数 | 读出 | 部分读出 | 拒绝 | 最长（秒） | 内存最高（MB） |
| --- | --: | --: | --: | --: | --: | --: |
"""
_EXPLANATION = """
- 秒：处理器时间；因超过时限被终止的，是等待的时间。旧版 Word 由 LibreOffice 转换，转换的时间和内存不在内。
- 内存：检查期间比检查以前多占的物理内存；达到上限的进程被终止，记作上限。
- 本次的上限：每份 {seconds} 秒、{memory} 内存，比默认的严；其余是默认值。

## 限额

超过任何一项，报告都会写明是哪一项；在 `checker.toml` 的 `[limits]` 里调整。

| 名称 | 管什么 | 默认值 |
| --- | --- | --: |
"""
_REST = """
## 没有包括的

- 时间和内存的限额只在另起的检查进程里有效：检查文件夹、几份文件、卷宗和用 `Workers` 时有，命令行只检查一份文件时没有（其他限额都有）。内存上限只在 Linux 上有效。
- LibreOffice 本身的漏洞不在检查之列；它在没有网络、没有宏的单独环境里运行，超时即终止。
- 图片里的文字、PDF 附带的文件、嵌入的对象不读取，报告里写明。
- 用与纸张同色、极小或者被遮盖的字写的内容，照样当作正文读出，报告里不作区分。
- 随机变异的文件另由模糊测试检查。
"""


def page(results: Sequence[Result]) -> str:
    """docs/恶意文件.md, of a run of every case."""
    wrong = sum(bool(result.wrong) for result in results)
    light = sum(1 for _ in cases(every=False))
    lines = [_INTRODUCTION.format(count=len(results), wrong=wrong, light=light)]
    lines += [f"| {' | '.join(row)} |\n" for row in _rows(results)]
    lines.append(_EXPLANATION.format(seconds=LIMITS.seconds, memory=size(LIMITS.memory)))
    hints = get_type_hints(Limits, include_extras=True)
    for field in fields(Limits):
        about = get_args(hints[field.name])[1]
        lines.append(f"| `{field.name}` | {about} | {DEFAULT.written(field.name)} |\n")
    return "".join([*lines, _REST])


def _rows(results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    for reader, name in {**_READERS, "": "合计"}.items():
        own = [r.trial for r in results if reader in ("", r.reader)]
        if own:
            states = Counter(trial.state for trial in own)
            counts = (states[state] for state in ("read", "gap", "refused"))
            slowest, largest = (max(getattr(t, key) for t in own) for key in ("seconds", "memory"))
            yield name, str(len(own)), *map(str, counts), f"{slowest:.1f}", str(largest >> 20)


def main() -> None:
    """Command line; exits 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    results = []
    for result in run(cases(options.all or options.write, options.only)):
        results.append(result)
        if result.wrong or options.verbose:
            trial = result.trial
            print(
                f"{result.reader}/{result.title}: {result.wrong or 'ok'} | {trial.state}"
                f" {trial.seconds:.2f} s {trial.memory >> 20} MB | {trial.told[:160]}",
                flush=True,
            )
    wrong = [result for result in results if result.wrong]
    for row in _rows(results):
        print("  ".join(row))
    if options.write:
        _PAGE.write_text(page(results), encoding="utf-8")
    print(f"{len(results)} cases, {len(wrong)} not as they should be")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
