"""Hostile: a folder of real-looking documents with hostile files among them, against the folder without.

    python -m bench.hostile [--documents 980] [--times 3] [--jobs 2]

Twenty files that cannot be checked, each in its own way, lie between the others. The run must check the
others, name each of the twenty with its reason, and end with the exit code of its findings. Prints the
reasons, and the time of both folders in turn: the ratio is the share of the clean folder's throughput
that is left (documents a second, the hostile ones not counted).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.corpus import write
from bench.runs import in_turn

#: What one document may take; a lower limit of seconds ends the run of a slow one sooner.
LIMITS = '[limits]\nseconds = {seconds}\nmemory = "256 MB"\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _docx(body: str, before: str = "", **parts: str) -> bytes:
    """A Word document with this XML as its body, ``before`` it what stands at the head of the part."""
    whole = f"{before}<w:document {_W}><w:body>{body}</w:body></w:document>"
    return _package(**{"word/document.xml": whole}, **parts)


def _package(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {"[Content_Types].xml": _TYPES, **parts}.items():
            package.writestr(name, content)
    return stream.getvalue()


def _words(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _truncated() -> bytes:
    whole = _docx(_words("第一条 为了规范管理，制定本办法。"))
    return whole[: len(whole) // 2]


def _doubled() -> bytes:
    return _docx(_words("甲"), **{"WORD/document.xml": "<x/>"})


def _locked() -> bytes:
    """A document whose entries say that they are encrypted."""
    data = bytearray(_docx(_words("甲")))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _slow() -> bytes:
    return ("经营者应当缴存保证金，" * 400_000).encode()


def _laughing() -> str:
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE w:document [<!ENTITY l0 "哈">{grown}]>'


def _entries(count: int) -> bytes:
    return _docx(_words("甲"), **{f"word/x{n}.xml": "" for n in range(count)})


_OUTSIDE = '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
#: Of a file that takes too long and too much memory one of the two is told, whichever is hit first.
_LIMIT = "（limits."
#: Files by name: their bytes, and what the reason for not checking them must say.
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "下载一半.docx": (_truncated, "已损坏"),
    "压缩炸弹.docx": (lambda: _docx(" " * (60 * 2**20)), "压缩炸弹"),
    "内存炸弹.docx": (
        lambda: _docx('<w:p a=""/>甲' * 980_000),
        _LIMIT,
    ),
    "嵌套过深.docx": (lambda: _docx("<w:x>" * 400 + "</w:x>" * 400), "limits.depth"),
    "元素过多.docx": (lambda: _docx("<w:p/>" * 1_100_000), "limits.elements"),
    "长文字.docx": (lambda: _docx(_words("".join(map(str, range(2_000_000))))), "连续文字"),
    "外部实体.docx": (lambda: _docx(_words("&a;"), _OUTSIDE), "DTD"),
    "实体炸弹.docx": (lambda: _docx(_words("&l9;"), _laughing()), "DTD"),
    "重名条目.docx": (_doubled, "重名"),
    "加密条目.docx": (_locked, "已加密"),
    "条目过多.docx": (lambda: _entries(5000), "limits.entries"),
    "没有正文.docx": (_package, "缺少正文"),
    "设了密码.docx": (
        lambda: _OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
        "打开密码",
    ),
    "其实是图片.docx": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    "空文件.txt": (lambda: b"", "文件为空"),
    "程序.txt": (lambda: b"MZ\x90\0" + bytes(range(256)) * 40, "不是文本文件"),
    "五十兆一行.txt": (lambda: b"a" * (50 * 2**20), "limits.characters"),
    "查很久.txt": (_slow, _LIMIT),
}
#: Names that are no files, and what is said of them.
OTHERS = {"循环.txt": "符号链接", "管道.txt": "不是普通文件"}
REASONS = {**{name: reason for name, (_, reason) in FILES.items()}, **OTHERS}


def write_hostile(folder: Path) -> None:
    """Write the hostile files among whatever there is."""
    for name, (make, _) in FILES.items():
        (folder / name).write_bytes(make())
    (folder / "循环.txt").symlink_to("循环.txt")
    os.mkfifo(folder / "管道.txt")


def check(folder: Path, jobs: int) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a run over a folder."""
    ran = subprocess.run(_command(folder, jobs), stdout=subprocess.PIPE, check=False)
    return ran.returncode, json.loads(ran.stdout)


def _command(folder: Path, jobs: int) -> list[str]:
    options = ["--no-cache", "-f", "json", "--jobs", str(jobs)]
    return [sys.executable, "-m", "checker", "check", *options, str(folder)]


def unread(run: dict[str, Any]) -> dict[str, str]:
    """The reasons of what was not checked, by file name."""
    return {
        r["name"]: r["error"] or "；".join(r["gaps"]) for r in run["reports"] if not r["complete"]
    }


def faults(code: int, run: dict[str, Any], documents: int) -> list[str]:
    """What is not as it should be."""
    found, wrong = unread(run), []
    if code != 1:
        wrong.append(f"exit code {code}, not 1")
    if len(run["reports"]) - len(found) != documents:
        wrong.append(f"{len(run['reports']) - len(found)} documents checked, not {documents}")
    for name, reason in REASONS.items():
        if reason not in found.get(name, ""):
            wrong.append(f"{name}: {found.get(name, 'not named')!r} does not say {reason!r}")
    wrong += [f"internal error: {r['name']}" for r in run["reports"] if r["internal"]]
    return wrong


def main() -> None:
    """Command line; exits 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=980)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        clean, mixed = Path(scratch, "clean"), Path(scratch, "mixed")
        for folder in (clean, mixed):
            write(folder, options.documents)
            limits = LIMITS.format(seconds=options.seconds)
            (folder / "checker.toml").write_text(limits, encoding="utf-8")
        write_hostile(mixed)
        code, run = check(mixed, options.jobs)
        reasons = unread(run)
        for name, reason in reasons.items():
            print(f"{name}  {reason}")
        commands = {f.name: _command(f, options.jobs) for f in (clean, mixed)}
        times = in_turn(commands, options.times)
        print(f"exit code {code}; {run['summary']}")
        for name, runs in times.items():
            print(
                f"{name:6} {runs.median:.2f} s, {options.documents / runs.median:.0f} documents/s"
            )
        alone, among = times["clean"].median, times["mixed"].median
        held = sum("limits.seconds" in r for r in reasons.values()) * options.seconds / options.jobs
        print(f"ratio {alone / among:.3f}; {alone / (among - held):.3f} without the {held:.1f} s")
        print("that files which were ended for their time kept the processes from other work")
        wrong = faults(code, run, options.documents)
    print("\n".join(wrong) or "as it should be")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
