"""Release: wheel, source archive, bill of materials and checksums, in dist/.

    python -m scripts.release

The bill of materials (CycloneDX 1.6, JSON) lists the packages of requirements/run.txt with their hashes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from scripts.locks import FOLDER, ROOT

BILL = "sbom.cdx.json"


def bill(place: Path) -> None:
    """Write the bill of materials; the same each time."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(FOLDER / "run.txt")]
    options = ["--pyproject", str(ROOT / "pyproject.toml"), "--sv", "1.6", "--of", "JSON"]
    output = ["--output-reproducible", "-o", str(place)]
    subprocess.run([*command, *options, *output], check=True, stderr=subprocess.DEVNULL)


def sums(folder: Path) -> str:
    """Names and SHA-256 of the files of a folder, as sha256sum has them."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files)


def main() -> None:
    """Command line."""
    dist = ROOT / "dist"
    for old in dist.glob("*") if dist.is_dir() else ():
        old.unlink()
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(dist), str(ROOT)], check=True)
    bill(dist / BILL)
    (dist / "SHA256SUMS").write_text(sums(dist), encoding="utf-8")
    print(sums(dist), end="")


if __name__ == "__main__":
    main()
