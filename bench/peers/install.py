"""Install: the peers, in an environment of their own; what cannot be had is noted with the reason.

    python bench/peers/install.py [FOLDER]      (FOLDER: .venv-peers)

Needs Python and a package index; npm for textlint; ripgrep is the one on the PATH, else Debian's
package unpacked below FOLDER. Nothing is installed outside of FOLDER.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

#: Peer -> package of the Python index.
PACKAGES = {
    "hyperscan": "hyperscan",
    "yara-python": "yara-python",
    "yara-x": "yara-x",
    "spacy": "spacy",
    "bluebell": "bluebell-akn",
    "semgrep": "semgrep",
}
MODULES = ("textlint", "textlint-rule-prh")


def install(folder: Path) -> dict[str, str]:
    """Install every peer below the folder; reasons by name of the peers that are missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    skipped = {}
    for peer, package in PACKAGES.items():
        reason = _run([str(python), "-m", "pip", "install", "--quiet",
                       "--disable-pip-version-check", package])  # fmt: skip
        if reason:
            skipped[peer] = reason
    for peer, installer in (("textlint", _textlint), ("ripgrep", _ripgrep)):
        reason = installer(folder)
        if reason:
            skipped[peer] = reason
    (folder / "skipped.json").write_text(json.dumps(skipped, ensure_ascii=False), encoding="utf-8")
    return skipped


def ripgrep_program(folder: Path) -> Path | None:
    """ripgrep on the PATH, or the one unpacked below the folder."""
    found = shutil.which("rg")
    own = folder / "ripgrep" / "usr" / "bin" / "rg"
    return Path(found) if found else own if own.exists() else None


def _textlint(folder: Path) -> str:
    if shutil.which("npm") is None:
        return "npm is not installed"
    return _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
                 str(folder / "node"), *MODULES])  # fmt: skip


def _ripgrep(folder: Path) -> str:
    if ripgrep_program(folder):
        return ""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return "rg is not on the PATH, and there is no apt-get to fetch it with"
    target = folder / "ripgrep"
    target.mkdir(parents=True, exist_ok=True)
    reason = _run(["apt-get", "download", "ripgrep"], target)
    if reason:
        return f"{reason} (apt-get update may help)"
    return _run(["dpkg-deb", "-x", str(next(target.glob("ripgrep_*.deb"))), str(target)])


def _run(command: list[str], folder: Path | None = None) -> str:
    """Reason of a failure in one line, empty when the command ended well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    lines = (done.stderr or done.stdout).strip().splitlines()
    return next((x for x in lines if "rror" in x), lines[-1] if lines else "failed")[:200]


def main() -> None:
    """Command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".venv-peers").resolve()
    skipped = install(folder)
    for peer, reason in skipped.items():
        print(f"skipped {peer}: {reason}")
    print(f"{len(PACKAGES) + 2 - len(skipped)} peers installed in {folder.name}")


if __name__ == "__main__":
    main()
