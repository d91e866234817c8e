"""Trees: a process with its children, and what they used."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("/proc 只在 Linux 上有", allow_module_level=True)

from bench.trees import Member, Sample, Watch, tree

_SPIN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
_PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_SPIN!r}])"


def test_a_child_of_a_child_is_in_the_tree() -> None:
    code = "import subprocess; subprocess.run(['sleep', '30'])"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        end = time.monotonic() + 30
        members = tree(process.pid)
        while not any("sleep" in member.command for member in members[1:]):
            assert time.monotonic() < end
            time.sleep(0.01)
            members = tree(process.pid)
        assert members[0].pid == process.pid and members[0].parent == os.getpid()
        assert all(member.resident > 0 for member in members)
        sleeper = next(member for member in members[1:] if "sleep" in member.command)
        assert sleeper.parent == process.pid
        os.kill(sleeper.pid, 9)
    finally:
        process.kill()
        process.wait()
    assert tree(process.pid) == []
    assert sleeper.command == ""


def test_time_of_all_processes_ever_seen_is_counted() -> None:
    process = subprocess.Popen([sys.executable, "-c", _PARENT])
    seen: list[tuple[Sample, list[Member]]] = []
    watch = Watch(process.pid, lambda: 7, lambda *sample: seen.append(sample), pause=0.02)
    with watch:
        process.wait()
    assert 0.25 < watch.seconds < 5
    assert watch.wall >= 0.3
    assert [sample for sample, _ in seen] == watch.samples
    assert watch.peak(7) == max(sample.resident for sample in watch.samples) > 2**20
    assert watch.peak(6) == 0
