"""Licences: refuse a package that checker or an optional part needs whose licence is not on the list.

python -m scripts.licences
"""

from __future__ import annotations

import json
import subprocess
import sys

from scripts.locks import pins

#: Words of licences that ask for no more than their mention, and of the LGPL, whose packages are used as
#: they are. None of them is part of "GPL" or "AGPL" as those are written.
ALLOWED = (
    "MIT",
    "BSD",
    "Apache",
    "PSF",
    "Python Software Foundation",
    "MPL",
    "ISC",
    "Zlib",
    "CC0",
    "LGPL",
    "Lesser",
)


def refused(licences: dict[str, str]) -> list[str]:
    """The packages, each with its licence, of which a licence is not on the list.

    Of ``A; B`` and ``A AND B`` both must be; of ``A OR B`` one is enough.
    """
    return [
        f"{name}: {licence}" for name, licence in sorted(licences.items()) if not _allowed(licence)
    ]


def _allowed(licence: str) -> bool:
    joined = licence.replace(" AND ", ";").strip("()")
    return all(
        any(word in choice for choice in part.split(" OR ") for word in ALLOWED)
        for part in joined.split(";")
    )


def installed() -> dict[str, str]:
    """Package -> licence, of those of requirements/extras.txt that are installed here."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--packages"]
    ran = subprocess.run([*command, *pins("extras")], stdout=subprocess.PIPE, check=True)
    return {entry["Name"]: entry["License"] for entry in json.loads(ran.stdout)}


def main() -> None:
    """Command line; exits 1 where a licence is refused."""
    licences = installed()
    found = refused(licences)
    print("\n".join(found) or f"licences: {len(licences)} packages, all on the list")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
