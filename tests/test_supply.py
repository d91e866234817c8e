"""Supply chain: locks that satisfy pyproject.toml, licences on the list, a bill of materials."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts import locks
from scripts.audit import vulnerable
from scripts.licences import refused
from scripts.release import bill


@pytest.mark.parametrize("lock", ["run", "extras", "dev"])
def test_locks_satisfy_pyproject_and_name_no_index(lock: str) -> None:
    assert list(locks.faults(lock)) == []
    text = (locks.FOLDER / f"{lock}.txt").read_text("utf-8")
    assert "://" not in text and not re.search(r"^\s*-", re.sub(r"--hash=", "", text), re.MULTILINE)
    assert len(locks.pins("run")) < len(locks.pins("extras")) < len(locks.pins("dev"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (r"lark==[\d.]+", "lark==1.0.0", "lark 1.0.0, but pyproject.toml needs lark>=1.2"),
        (r"lark==[\d.]+", "larch==1.2", "no lark, which pyproject.toml needs"),
        (r"mdurl==[\d.]+", "mdurl2==1.0", "no mdurl, which markdown-it-py needs"),
        (r"(?s)(lark==\S+).*?\n(?=\w)", r"\1\n", "lark has no hash"),
    ],
)
def test_a_lock_that_lacks_something_is_told(
    old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (locks.FOLDER / "run.txt").read_text("utf-8")
    (tmp_path / "run.txt").write_text(re.sub(old, new, text, count=1), encoding="utf-8")
    monkeypatch.setattr(locks, "FOLDER", tmp_path)
    assert any(said in fault for fault in locks.faults("run"))


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("LGPL-3.0-only", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("GPL-3.0-only", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("AGPL-3.0", False),
        ("GNU Affero General Public License v3", False),
        ("MIT; GPL-3.0", False),
        ("MIT AND AGPL-3.0", False),
        ("UNKNOWN", False),
    ],
)
def test_the_list_of_licences(licence: str, allowed: bool) -> None:
    assert refused({"a": licence}) == ([] if allowed else [f"a: {licence}"])


def test_the_bill_of_materials_lists_what_is_needed_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    pytest.importorskip("cyclonedx_py")
    for name in ("a.json", "b.json"):
        bill(tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    found = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert found["metadata"]["component"]["name"] == "legality-precheck"
    parts = {part["name"]: part["version"] for part in found["components"]}
    assert parts == {name: pin.version for name, pin in locks.pins("run").items()}


def test_what_an_audit_says() -> None:
    fine = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}, {"id": "CVE-2"}]}
    assert vulnerable({"dependencies": [fine, bad]}) == ["b 2: PYSEC-1, CVE-2"]
