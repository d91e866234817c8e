"""Audit: known vulnerabilities of the locked packages, where the service that knows them can be asked.

    python -m scripts.audit

Exits 1 where there are any, and 0 with a message where nobody answers: an audit that could not be made
is no reason to stop a build without a network, but it is never called clean.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from scripts.locks import FOLDER


def vulnerable(report: dict[str, Any]) -> list[str]:
    """Package, version and numbers of the vulnerabilities, of each package that has any."""
    return [
        f"{package['name']} {package['version']}: {', '.join(v['id'] for v in package['vulns'])}"
        for package in report["dependencies"]
        if package.get("vulns")
    ]


def main() -> None:
    """Command line."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--disable-pip", "--timeout=20"]
    lock = ["--require-hashes", "--progress-spinner=off", "-r", str(FOLDER / "extras.txt")]
    ran = subprocess.run([*command, *lock], capture_output=True, text=True, check=False)
    try:
        found = vulnerable(json.loads(ran.stdout))
    except json.JSONDecodeError:
        why = (ran.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"audit: not made, the service did not answer ({why[:200]})", file=sys.stderr)
        return
    print("\n".join(found) or "audit: no known vulnerabilities")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
