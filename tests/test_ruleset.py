"""Ruleset: the cache gives back exactly what was compiled, and is never trusted blindly."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checker.compiled import dump, load
from checker.ruleset import load_ruleset


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "legality-precheck"


def test_json_form_round_trips() -> None:
    ruleset = load_ruleset()
    assert load(json.loads(json.dumps(dump(ruleset)))) == ruleset


def test_cache_is_written_and_read(cache: Path) -> None:
    first = load_ruleset()
    files = list(cache.glob("ruleset-*.json"))
    assert [f.name for f in files] == [f"ruleset-{first.version}.json"]
    assert load_ruleset() == first
    assert cache.stat().st_mode & 0o077 == 0


def test_a_spoilt_cache_is_compiled_anew(cache: Path) -> None:
    first = load_ruleset()
    next(cache.glob("*.json")).write_text('{"format": 0}', encoding="utf-8")
    assert load_ruleset() == first


def test_a_cache_that_others_can_write_is_not_read(cache: Path) -> None:
    first = load_ruleset()
    path = next(cache.glob("*.json"))
    data = json.loads(path.read_text(encoding="utf-8"))
    data["rules"] = []
    path.write_text(json.dumps(data), encoding="utf-8")
    assert load_ruleset().rules == ()
    os.chmod(cache, 0o777)
    assert load_ruleset() == first


def test_only_the_last_versions_are_kept(cache: Path) -> None:
    cache.mkdir(mode=0o700)
    for i in range(20):
        (cache / f"ruleset-{i:012}.json").write_text("{}", encoding="utf-8")
        os.utime(cache / f"ruleset-{i:012}.json", (i, i))
    load_ruleset()
    assert len(list(cache.glob("ruleset-*.json"))) == 8


def test_missing_overlay_folder_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="没有的文件夹"):
        load_ruleset((Path("没有的文件夹"),))
