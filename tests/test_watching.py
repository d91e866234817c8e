"""checker check --watch: checks again when a document changes; Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Ran

from checker.anchors import Candidate
from checker.cli import main
from checker.evaluation import Evaluation
from checker.resources import resource
from checker.segments import Segments

ROOT = Path(__file__).resolve().parents[1]
FAULTY = (resource("examples") / "notice.txt").read_text("utf-8")
CLEAN = "第一条　为规范民宿经营，制定本办法。\n"


def wait_for(there: Callable[[], bool]) -> bool:
    ends = time.monotonic() + 30
    while not there() and time.monotonic() < ends:
        time.sleep(0.1)
    return there()


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("one_file", [False, True])
def test_a_change_is_checked_and_ctrl_c_ends_with_the_last_code(
    tmp_path: Path, one_file: bool
) -> None:
    pytest.importorskip("watchfiles", reason="needs watchfiles")
    folder = tmp_path / "草案"
    folder.mkdir()
    draft, out, err = folder / "稿.txt", tmp_path / "out", tmp_path / "err"
    draft.write_text(CLEAN, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "checker", "check", "--watch", "-q", "--no-config"]
    with out.open("w") as o, err.open("w") as e:
        ran = subprocess.Popen(
            [*command, draft if one_file else folder], stdout=o, stderr=e, env=env
        )
        try:
            assert wait_for(lambda: out.read_text("utf-8").count("检查 1 份") == 1)
            time.sleep(1)
            (folder / "~$稿.txt").write_text("lock", encoding="utf-8")
            (folder / "别的.log").write_text("log", encoding="utf-8")
            time.sleep(1)
            draft.with_suffix(".new").write_text(FAULTY, encoding="utf-8")
            draft.with_suffix(".new").replace(draft)
            assert wait_for(lambda: out.read_text("utf-8").count("检查 1 份") == 2)
            ran.send_signal(signal.SIGINT)
            assert ran.wait(30) == 1
        finally:
            ran.kill()
    first, second = out.read_text("utf-8").splitlines()
    assert "错误 0" in first and "错误 4" in second
    assert err.read_text("utf-8").split() == ["——", "有改动：稿.txt", "——"]


def test_without_the_library_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(SystemExit) as ended:
        main(["check", "--watch", str(tmp_path)])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "pip install 'legality-precheck[watch]'" in said.err and said.out == ""


def test_of_a_changed_file_only_what_changed_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Callable[..., Ran]
) -> None:
    seen: list[int] = []
    plain = Evaluation.__init__

    def counted(self: Evaluation, segments: Segments, candidate: Candidate) -> None:
        seen.append(1)
        plain(self, segments, candidate)

    draft, looked = tmp_path / "稿.txt", []
    draft.write_text(FAULTY, encoding="utf-8")

    def edits(_: object) -> Iterator[tuple[str, ...]]:
        for words in ("甲", "第三十条　经营者应当缴纳保证金五千元。"):
            looked.append(len(seen))
            draft.write_text(f"{FAULTY}\n{words}\n", encoding="utf-8")
            yield (draft.name,)
        looked.append(len(seen))

    monkeypatch.setattr(Evaluation, "__init__", counted)
    monkeypatch.setattr("checker.watching.watched", edits)
    ran = run("check", "--watch", "-q", "--no-cache", "--no-config", str(draft))
    assert ran.code == 1 and ran.out.count("检查 1 份") == 3
    first, second, third = looked
    assert first > 10 and second - first <= 1 and third - second <= 2
