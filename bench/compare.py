"""Compare: findings gained and lost between two revisions on any folder.

    python bench/compare.py FOLDER [--old REVISION]     against the working tree; default HEAD

The old revision is checked out into a temporary worktree; both sides run the same command.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SCRIPT = """
import json, sys
from datetime import date
from pathlib import Path
from checker.matching import Matcher
from checker.ruleset import load_ruleset
from checker.sources import SUPPORTED_SUFFIXES, read_path
from checker.structure import parse
matcher = Matcher(load_ruleset())
root = Path(sys.argv[1])
for path in sorted(p for p in root.rglob("*") if p.suffix in SUPPORTED_SUFFIXES):
    document = parse(read_path(path))
    day = document.date or date(2026, 1, 1)
    for f in matcher.check(document, day).findings:
        print(json.dumps([path.relative_to(root).as_posix(), f.rule, str(f.severity), f.address, f.quote],
                         ensure_ascii=False))
"""


def findings(tree: Path, folder: Path) -> Counter[tuple[str, ...]]:
    """Findings of one checkout on a folder: (file, rule, severity, address, quote)."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(folder.resolve())],
        cwd=tree,
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tree), "PYTHONUTF8": "1"},
    )
    return Counter(tuple(json.loads(line)) for line in done.stdout.splitlines())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--old", default="HEAD")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "old")
        subprocess.run(
            ["git", "worktree", "add", "--detach", str(tree), options.old],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        try:
            old = findings(tree, options.folder)
        finally:
            subprocess.run(
                ["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True
            )
    new = findings(ROOT, options.folder)
    for sign, rows in (("-", old - new), ("+", new - old)):
        for row in sorted(rows.elements()):
            print(sign, " | ".join(row))
    print(
        f"{sum(old.values())} findings before, {sum(new.values())} now: "
        f"{sum((new - old).values())} gained, {sum((old - new).values())} lost"
    )


if __name__ == "__main__":
    main()
