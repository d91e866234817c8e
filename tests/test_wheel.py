"""The wheel carries everything it needs and works away from the sources."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None, reason="needs hatchling to build without network"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


def test_data_is_inside_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("grammars", "rulesets", "examples", "templates"):
        kept = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}
        kept = {name for name in kept if "__pycache__" not in name}
        assert kept and {f"checker/_data/{name}" for name in kept} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [n for n in names if n.startswith(("tests/", "bench/", "docs/")) or ".venv" in n]


def test_it_runs_on_its_own_data(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    env = os.environ | {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    where = "import checker.resources as r; print(r.resource('rulesets'))"
    ran = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(ran.stdout.strip()) == site / "checker" / "_data" / "rulesets"
    demo = subprocess.run(
        [sys.executable, "-m", "checker", "demo"], cwd=tmp_path, env=env, capture_output=True,
        check=False,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stderr.decode()
    assert "检查 4 份" in demo.stdout.decode("utf-8").splitlines()[-1]
    draft = ROOT / "examples" / "faulty.docx"
    page = subprocess.run(
        [sys.executable, "-m", "checker", "check", draft, "-f", "html"], cwd=tmp_path, env=env,
        capture_output=True, check=False,
    )  # fmt: skip
    assert page.returncode == 1 and b'<mark class="error' in page.stdout, page.stderr.decode()
