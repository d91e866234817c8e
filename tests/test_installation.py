"""What an installation has, and what checker doctor says of it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from checker import installation
from checker.cli import main
from checker.installation import EXTRAS, State, inspect

TODAY = date(2026, 11, 25)
PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def parts(today: date = TODAY) -> dict[str, installation.Part]:
    return {part.name: part for part in inspect(today)}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "legality-precheck"


def test_every_extra_of_the_package_is_explained() -> None:
    declared = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    assert {extra.name for extra in EXTRAS} == set(declared) - {"dev"}


def test_what_is_needed_is_fine_here(cache: Path) -> None:
    found = parts()
    needed = ("Python", "checker", "规则集", "法规目录", "缓存文件夹", "配置文件")
    assert {found[name].state for name in needed} == {State.FINE}
    assert not list(cache.glob("doctor*"))


def test_what_is_not_fine_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, cache: Path, tmp_path: Path
) -> None:
    cache.parent.write_text("a file where the folder should be")
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("locale.getencoding", lambda: "cp936")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checker.toml").write_text("plase = '上海'\n", encoding="utf-8")
    found = parts(date(2028, 1, 1))
    for name in ("法规目录", "缓存文件夹", "xlsx", "ledger", "git", "LibreOffice", "终端编码"):
        assert found[name].state is State.ATTENTION and found[name].todo
    assert "pip install 'legality-precheck[xlsx]'" in found["xlsx"].todo
    assert found["配置文件"].state is State.MISSING and "plase" in found["配置文件"].found


def test_a_cache_that_others_can_write_needs_attention(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    assert parts()["缓存文件夹"].state is State.ATTENTION


def test_missing_data_is_told_and_doctor_exits_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(*_: object) -> None:
        raise FileNotFoundError("安装不完整：缺少 rulesets")

    for code, patched in ((0, False), (1, True)):
        if patched:
            monkeypatch.setattr("checker.ruleset.load_ruleset", lost)
        with pytest.raises(SystemExit) as ended:
            main(["doctor"])
        out = capsys.readouterr().out
        assert ended.value.code == code and ("缺少  规则集" in out) is patched
        assert out.splitlines()[-1].startswith("共 ")
