"""A PostgreSQL server of our own: a data folder in a temporary place, a socket beside it, no port."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where Debian keeps the programs of each version.
DEBIAN = Path("/usr/lib/postgresql")


class NoServer(RuntimeError):
    """PostgreSQL cannot be started here; the message says why."""


def programs() -> Path:
    """Folder of ``initdb`` and ``postgres``, of the newest version. Raises NoServer."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).resolve().parent
    versions = [p.parent for p in DEBIAN.glob("*/bin/initdb") if (p.parent / "postgres").exists()]
    if not versions:
        raise NoServer(
            "PostgreSQL is not installed (no initdb; Debian: apt-get install postgresql)"
        )
    return max(versions, key=lambda path: float(path.parent.name))


def _user() -> str:
    """Whom the server runs as: ourselves, but initdb refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise NoServer("running as root, and there is no other user to run PostgreSQL as")


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server, give the URL of an empty database, stop the server and remove its data.

    Raises NoServer.
    """
    bin, user = programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        who = pwd.getpwnam(user)
        os.chown(folder, who.pw_uid, who.pw_gid)
        # None leaves user and groups as they are.
        root = os.geteuid() == 0
        uid, gid, groups = (who.pw_uid, who.pw_gid, ()) if root else (None, None, None)
        data, log = folder / "data", folder / "log"
        made = subprocess.run(
            [bin / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C"],
            cwd=folder, capture_output=True, text=True, check=False,
            user=uid, group=gid, extra_groups=groups,
        )  # fmt: skip
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.strip()}")
        with log.open("w") as out:
            server = subprocess.Popen(
                [bin / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
                cwd=folder, stdout=out, stderr=out, user=uid, group=gid, extra_groups=groups,
            )  # fmt: skip
        try:
            _await(server, [bin / "pg_isready", "-h", folder], log)
            yield f"postgresql://{user}@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
    finally:
        shutil.rmtree(folder)


def _await(server: subprocess.Popen[bytes], ready: list[str | Path], log: Path) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 60
    while subprocess.run(ready, capture_output=True, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoServer(f"postgres did not start: {log.read_text()[-500:]}")
        time.sleep(0.05)
