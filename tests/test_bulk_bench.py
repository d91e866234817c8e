"""The bench of bulk runs: both ways of the local engine give the same bytes, and it is taken up again."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pyarrow 没有安装")
if not sys.platform.startswith("linux"):
    pytest.skip("/proc 只在 Linux 上有", allow_module_level=True)

from bench import bulk
from bench.bulk import Figures, lines, make_source, reckoned
from bench.corpus import LENGTHS, drawn_length

FIGURES = Figures("local", 2000, 50.0, 90.0, ((1000, 2**28), (2000, 2**29)), 400_000, -1, "a")


def test_a_killed_worker_leaves_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bulk, "PORTION", 5)
    monkeypatch.setattr(bulk, "PAUSE", 0.05)
    arguments = ["--documents", "60", "--modes", "local,local-killed", "--folder", str(tmp_path)]
    for told in ("killed worker", "local-killed: done before"):
        with pytest.raises(SystemExit) as ended:
            bulk.main(arguments)
        said = capsys.readouterr()
        assert ended.value.code == 0 and told in said.err
        assert said.out.count("逐字节相同") == 2


def test_different_bytes_are_told() -> None:
    rows = list(lines([FIGURES, replace(FIGURES, mode="ray", digest="b")], 2000, 2))
    assert "逐字节相同" in rows[-2] and "**不同**" in rows[-1]
    assert "没有做完" in list(lines([FIGURES, replace(FIGURES, digest="")], 2000, 2))[-1]


def test_a_run_taken_up_again_counts_both_times() -> None:
    early = replace(FIGURES, documents=1200, seconds=30.0, peaks=((1000, 5), (1200, 7)), digest="")
    late = replace(FIGURES, documents=800, seconds=20.0, peaks=((2000, 6),))
    whole = late.after(early)
    assert (whole.documents, whole.seconds, whole.processor) == (2000, 50.0, 180.0)
    assert whole.peaks == ((1000, 5), (2000, 7)) and whole.digest == "a"


def test_what_is_reckoned_is_in_proportion() -> None:
    *_, small, large, _ = reckoned(FIGURES)
    assert small.split(" | ")[1:] == ["1.2", "0.078", "0.0049", "0.02 |"]
    assert large.split(" | ")[1:] == ["12", "0.78", "0.049", "0.2 |"]


def test_lengths_are_those_of_real_documents() -> None:
    import random

    rng = random.Random(3)
    drawn = sorted(drawn_length(rng) for _ in range(20_000))
    assert LENGTHS[0][1] <= drawn[0] and drawn[-1] <= LENGTHS[-1][1]
    assert 2400 <= drawn[10_000] <= 2600
    assert 3800 <= sum(drawn) / len(drawn) <= 4050


def test_a_source_is_made_once_and_equal(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_source(tmp_path / f"{name}.parquet", 30, 5)
    made = (tmp_path / "a.parquet").read_bytes()
    assert made == (tmp_path / "b.parquet").read_bytes()
    make_source(tmp_path / "a.parquet", 40, 5)
    assert (tmp_path / "a.parquet").read_bytes() == made
