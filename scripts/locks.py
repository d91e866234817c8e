"""Locks: the exact versions and hashes of what the project needs, for every system and Python it runs on.

    python -m scripts.locks             makes them anew (needs a package index)
    python -m scripts.locks --check     exits 1 where they do not satisfy pyproject.toml

requirements/run.txt is what checker itself needs, extras.txt that with every optional part, dev.txt all
that developers need. Install one with ``pip install --require-hashes -r``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "requirements"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock: its version, and how many hashes its files may have."""

    version: str
    hashes: int


def extras_of(lock: str) -> tuple[str, ...]:
    """The optional parts that a lock holds."""
    names = tuple(_project()["optional-dependencies"])
    return {"run": (), "extras": tuple(n for n in names if n != "dev"), "dev": names}[lock]


def pins(lock: str) -> dict[str, Pin]:
    """The packages of a lock by name."""
    text = (FOLDER / f"{lock}.txt").read_text(encoding="utf-8")
    found = list(_PIN.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    return {
        canonicalize_name(match[1]): Pin(match[2], text.count("sha256:", match.start(), end))
        for match, end in zip(found, ends, strict=True)
    }


def faults(lock: str) -> Iterator[str]:
    """What a lock lacks of what pyproject.toml and the installed packages of the lock ask for."""
    known = pins(lock)
    yield from (f"{lock}.txt: {name} has no hash" for name, pin in known.items() if not pin.hashes)
    asked = [("pyproject.toml", requirement) for requirement in _wanted(extras_of(lock))]
    asked += [(name, needed) for name, pin in known.items() for needed in _needs(name, pin)]
    for who, requirement in asked:
        pin = known.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{lock}.txt: no {requirement.name}, which {who} needs"
        elif not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{lock}.txt: {requirement.name} {pin.version}, but {who} needs {requirement}"


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _wanted(extras: tuple[str, ...]) -> Iterator[Requirement]:
    project = _project()
    groups = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    for written in (written for group in groups for written in group):
        requirement = Requirement(written)
        if requirement.name == project["name"]:
            yield from _wanted(tuple(requirement.extras))
        else:
            yield requirement


def _needs(name: str, pin: Pin) -> Iterator[Requirement]:
    """What a package needs here, without its own optional parts, if this version is installed."""
    try:
        written = requires(name) if version(name) == pin.version else None
    except PackageNotFoundError:
        return
    for requirement in map(Requirement, written or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement


def write(lock: str) -> None:
    """Make a lock anew; it names no index and no machine."""
    options = [part for extra in extras_of(lock) for part in ("--extra", extra)]
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--upgrade"]
    output = ["-o", str(FOLDER / f"{lock}.txt")]
    subprocess.run(
        [sys.executable, "-m", *command, *options, *output, "pyproject.toml"], cwd=ROOT, check=True
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    locks = ("run", "extras", "dev")
    if not check:
        for lock in locks:
            write(lock)
    found = [fault for lock in locks for fault in faults(lock)]
    print(
        "\n".join(found) or f"locks: {len(pins('run'))} packages to run, {len(pins('dev'))} in all"
    )
    if found:
        print("make lock makes them anew")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
