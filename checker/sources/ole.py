"""Old Word and WPS documents (OLE containers: .doc, .wps) -> SourceText, through LibreOffice.

The converter runs apart: a profile of its own that executes no macro and updates no link, no
network, a folder that is removed, a time after which all its processes are ended. What it writes is
read by the reader of .docx. Nothing is converted where there is no converter; the message says so.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.sources.draft import MACROS
from checker.sources.errors import UnreadableSource
from checker.sources.limits import in_force
from checker.sources.text import SourceText

#: Names the converter; ``none`` where none is to be run.
VARIABLE = "CHECKER_SOFFICE"
_COMMANDS = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)
_WHAT = "这是旧版 Word（.doc）/WPS 文件"
_BY_HAND = "请用 Word/WPS 打开后另存为 .docx 再检查"
CONVERTED = "由 LibreOffice 转换为 .docx 后检查，自动编号可能与原文不同，以原文为准"
_SECTOR = 512
#: Group, property and value of every setting of the converter's profile that is not its default.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisablePythonRuntime", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Writer/Content/Update", "Field", "false"),
    ("Common/Java/ApplicationConfiguration", "Enable", "false"),
)


def read_ole(data: bytes, name: str) -> SourceText:
    """Read an old Word or WPS document; raises UnreadableSource for what is none, is locked, or where
    no converter is installed or it gives nothing."""
    reason = _refusal(data)
    if reason:
        raise UnreadableSource(name, reason)
    program = converter()
    if program is None:
        install = "检查它要安装 LibreOffice（Debian、Ubuntu：apt install libreoffice-writer）"
        raise UnreadableSource(name, f"{_WHAT}，{install}，或者{_BY_HAND}")
    from checker.sources.docx import read_docx

    source = read_docx(_convert(program, data, name), name)
    macros = (MACROS,) if "_VBA_PROJECT".encode("utf-16-le") in data else ()
    return replace(source, format="doc", notes=(CONVERTED, *macros, *source.notes))


def _refusal(data: bytes) -> str:
    """Why a container is not converted: encrypted, of another program, damaged; empty for others."""
    if "EncryptedPackage".encode("utf-16-le") in data or _locked(data):
        return "文件设有打开密码，请取消密码后再检查"
    if "Workbook".encode("utf-16-le") in data:
        return "这是旧版 Excel（.xls）文件，请提供 .docx、.txt 或者 .md"
    if "PowerPoint Document".encode("utf-16-le") in data:
        return "这是旧版 PowerPoint（.ppt）文件，请提供 .docx、.txt 或者 .md"
    if "WordDocument".encode("utf-16-le") not in data:
        return f"{_WHAT}，里面没有找到 Word 正文，可能已经损坏；{_BY_HAND}"
    return ""


def _locked(data: bytes) -> bool:
    """Whether the head of the Word stream ([MS-DOC] 2.5.2 FibBase) says that it is encrypted."""
    for at in range(_SECTOR, len(data) - 12, _SECTOR):
        if data.startswith(b"\xec\xa5", at):
            return bool(data[at + 11] & 1)
    return False


def converter() -> str | None:
    """The LibreOffice that converts: the one the environment names, else the one installed."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, (*_COMMANDS, *_PLACES))), None)


def _convert(program: str, data: bytes, name: str) -> bytes:
    """The bytes of a document as .docx. Raises UnreadableSource."""
    try:
        with TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True) as folder:
            return _converted(program, data, name, Path(folder))
    except OSError as fault:
        cause = fault.strerror or str(fault)
        raise UnreadableSource(name, f"{_WHAT}，LibreOffice 无法运行（{cause}）") from fault


def _converted(program: str, data: bytes, name: str, folder: Path) -> bytes:
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    given, made = folder / "document.doc", out / "document.docx"
    given.write_bytes(data)
    options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard")
    # Without a filter it would read what it does not know as plain text.
    target = (
        "--infilter=MS Word 97",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(out),
        str(given),
    )
    home = f"-env:UserInstallation={profile.as_uri()}"
    limits = in_force()
    seconds = max(limits.seconds * 3 // 4, 1)  # the rest is for reading what was made
    if not _ended([*_confined(seconds), program, home, *options, *target], folder, seconds):
        over = f"转换超过 {seconds} 秒，已终止（limits.seconds={limits.written('seconds')}）"
        raise UnreadableSource(name, f"{_WHAT}，{over}")
    if not made.is_file():
        raise UnreadableSource(name, f"{_WHAT}，LibreOffice 未能转换，可能已经损坏；{_BY_HAND}")
    if made.stat().st_size > limits.bytes:
        raise UnreadableSource(name, f"{limits.beyond('bytes', '转换后')}，未读取")
    return made.read_bytes()


def _ended(command: list[str], folder: Path, seconds: int) -> bool:
    """Run a command in a folder; whether it ended in time. All its processes are ended anyway."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**_kept(), "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if sys.platform != "win32":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
    return True


def _kept() -> dict[str, str]:
    """What of the environment a converter needs; a display, a proxy or a key is none of it."""
    names = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in names if name in os.environ}


def _confined(seconds: int) -> list[str]:
    """What ends the converter even where this process was killed, and what takes its network away."""
    timeout = shutil.which("timeout") if sys.platform == "linux" else None
    return [*([timeout, "-s", "KILL", str(seconds + 5)] if timeout else ()), *_without_network()]


@cache
def _without_network() -> tuple[str, ...]:
    apart = shutil.which("unshare")
    if sys.platform != "linux" or apart is None:
        return ()
    command = (apart, "--map-root-user", "--net")
    works = subprocess.run((*command, "true"), capture_output=True, check=False).returncode == 0
    return command if works else ()


def _registry() -> str:
    return "".join(_registry_lines())


def _registry_lines() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items'
    yield ' xmlns:oor="http://openoffice.org/2001/registry"'
    yield ' xmlns:xs="http://www.w3.org/2001/XMLSchema">\n'
    for group, prop, value in _SETTINGS:
        yield f'<item oor:path="/org.openoffice.Office.{group}">'
        yield f'<prop oor:name="{prop}" oor:op="fuse"><value>{value}</value></prop></item>\n'
    yield "</oor:items>\n"
