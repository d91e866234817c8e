"""No network: nothing that checks asks for a connection, and all works where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
#: Loaded by every Python that is started: what opens a connection ends the process.
GUARD = """
import os, sys

def watch(event, args):
    if event in {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg",
                 "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"}:
        os.write(2, f"{event} {args}".encode())
        os._exit(97)

sys.addaudithook(watch)
"""
COMMANDS = {
    "check": ["check", "FOLDER", "--no-cache", "--jobs", "2", "-f", "html=OUT/a.html"],
    "formats": ["check", EXAMPLES / "faulty.docx", "-f", "sarif=OUT/a", "-f", "opinion=OUT/b.docx"],
    "dossier": ["dossier", EXAMPLES / "dossiers" / "faulty", "-f", "html=OUT/a.html"],
    "annotate": ["annotate", EXAMPLES / "faulty.docx", "-o", "OUT/a.docx"],
    "diff": ["diff", EXAMPLES / "clean.docx", EXAMPLES / "faulty.docx"],
    "cite": ["cite", EXAMPLES / "faulty.docx"],
    "sweep": ["sweep", "FOLDER"],
    "doctor": ["doctor"],
}


@pytest.fixture
def guard(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}


def _command(name: str, place: Path) -> list[str]:
    folder = place / "来文"
    folder.mkdir()
    for file in ("faulty.docx", "notice.txt", "clean.docx"):
        shutil.copy(EXAMPLES / file, folder)
    written = (str(arg) for arg in COMMANDS[name])
    names = [arg.replace("OUT", str(place)).replace("FOLDER", str(folder)) for arg in written]
    return [sys.executable, "-m", "checker", *names]


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_asks_for_a_connection(name: str, guard: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(_command(name, tmp_path), env=guard, capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr.decode()


def test_the_guard_would_see_it(guard: dict[str, str]) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    ran = subprocess.run([sys.executable, "-c", code], env=guard, capture_output=True, check=False)
    assert ran.returncode == 97 and b"socket." in ran.stderr


def _without_network() -> list[str]:
    """How to start a program that has no network here; empty where that cannot be done."""
    for options in (["-n"], ["-r", "-n"]):
        command = ["unshare", *options]
        if (
            shutil.which("unshare")
            and not subprocess.run([*command, "true"], capture_output=True, check=False).returncode
        ):
            return command
    return []


@pytest.mark.parametrize("name", ["check", "formats", "dossier", "annotate"])
def test_all_works_where_there_is_no_network(name: str, tmp_path: Path) -> None:
    apart = _without_network()
    if not apart:
        pytest.skip("no network namespaces here (unshare)")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*apart, *_command(name, tmp_path)]
    ran = subprocess.run(command, env=env, capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr.decode()
