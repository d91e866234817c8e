"""No test depends on imported law texts or kept reports; reports that several tests of formats write."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.api import Checker
from checker.cli import main
from checker.findings import Finding, Severity
from checker.render.output import FORMATS, Rulebook, Settings
from checker.report import Report, Tally
from checker.resources import resource

os.environ["CHECKER_STATUTES"] = "none"


@pytest.fixture(autouse=True)
def kept_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports are kept: no test uses those of another, or of the user."""
    monkeypatch.setattr("checker.recall.cache_folder", lambda: tmp_path / "kept")
    return tmp_path / "kept" / "reports"


#: What a document may say to be markup, a command, a formula, or to turn other words round.
ATTACK = (
    "=HYPERLINK(\"http://a/\")<script>alert(1)</script><img src=x onerror='alert(2)'>&amp;&quot;"
    "\"'`{{ 7*7 }}{% raw %}]]>--><!--\x00\x07\x1b[31m\x9b2J\u202e\u2066反\u2069\u200b\ufeff\ufffe"
    "::error::%0A\ud800🀄"
)
TEXT = f"# 办法\r\n第一条 经营者应当缴存{ATTACK}保证金。\r\n第二条 <b>另</b>一条。\n"


CLOSING = re.compile(
    r"检查 (\d+) 份：(\d+) 份有问题线索（错误 (\d+)、提醒 (\d+)），"
    r"(\d+) 份未能完整检查，(\d+) 处已豁免"
)


class Ran(NamedTuple):
    """What a command gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def closing(self) -> tuple[int, ...]:
        """The numbers of the closing line of ``check``."""
        match = CLOSING.fullmatch(self.lines[-1])
        assert match, self.out
        return tuple(map(int, match.groups()))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command in this process."""

    def ran(*args: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args])
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return ran


@pytest.fixture(scope="session")
def keeper() -> Checker:
    """A checker whose reports carry their document."""
    return Checker(keep_document=True)


@pytest.fixture(scope="session")
def rulebook(keeper: Checker) -> Rulebook:
    return Rulebook(keeper.ruleset.families, keeper.rules)


@pytest.fixture(scope="session")
def real(keeper: Checker) -> list[Report]:
    """Reports of the examples, of a dossier, and of a file that cannot be read."""
    examples = resource("examples")
    names = ("faulty.docx", "notice.txt", "clean.docx")
    paths = [examples / name for name in names]
    return [
        *keeper.check_paths(paths, 1, date(2026, 11, 25)),
        keeper.check_dossier(examples / "dossiers" / "faulty", date(2026, 11, 25)),
        keeper.check_bytes(b"PK\x03\x04broken", "目录/坏 #1.docx"),
    ]


@pytest.fixture(scope="session")
def hostile(keeper: Checker) -> Report:
    """A report of which every word is an attack, with overlapping findings on several lines."""
    document = keeper.parse_text(TEXT)
    start = TEXT.index("应当缴存")
    spans = [(start, TEXT.index("保证金") + 3), (start + 4, len(TEXT) - 3), (0, 0)]
    findings = tuple(
        Finding(
            rule="FEE-003", title=ATTACK, family="FEE", severity=severity, start=a, end=b,
            quote=TEXT[a:b], address=ATTACK, message=ATTACK, advice=ATTACK, clause=TEXT,
            fingerprint=f"{a:08x}{b:08x}", softened=ATTACK, line=TEXT.count("\n", 0, a) + 1,
        )
        for severity, (a, b) in zip(Severity, spans, strict=True)
    )  # fmt: skip
    return Report(
        f"{ATTACK}.txt", findings, waived=findings[:1], notes=(ATTACK,), gaps=(ATTACK,),
        as_of=date(2024, 1, 1), as_of_from="指定", document=document,
    )  # fmt: skip


def written(name: str, reports: Iterable[Report], rulebook: Rulebook) -> str | bytes:
    """What a format writes of a run."""
    form = FORMATS[name]
    stream = io.BytesIO() if form.binary else io.StringIO(newline="")
    writer, tally = form.open(stream, Settings(rulebook=rulebook)), Tally()
    for report in reports:
        writer.add(report)
        tally = tally.plus(report)
    writer.close(tally)
    return stream.getvalue()


@pytest.fixture(scope="session")
def write(rulebook: Rulebook):
    """Write reports in a format: the text, or the bytes of a binary one."""
    return lambda name, *reports: written(name, reports, rulebook)
