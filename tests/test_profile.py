"""Profiles: the shipped ones load; the built-in default is the shipped file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from checker import Checker
from checker.examples import try_examples
from checker.profile import DEFAULT, UnknownProfile, load_profile
from checker.resources import resource

NAMES = ["county-draft", "province-draft", "department-draft", "filed", "village-rules", "tender"]


def test_default_is_the_shipped_file() -> None:
    path = resource("rulesets", "profiles", f"{DEFAULT.name}.yaml")
    written = yaml.safe_load(path.read_text("utf-8"))
    assert written.pop("title")
    assert written == {"level": DEFAULT.level}


@pytest.mark.parametrize("name", NAMES)
def test_shipped_profiles_check(name: str) -> None:
    assert (
        Checker(profile=name).check_text("经营者应当在开业前缴纳文明经营保证金五千元。").profile
        == name
    )


def test_village_rules_know_no_basis() -> None:
    text = "违反本公约的，依照《中华人民共和国治安管理处罚法》第二十六条罚款二百元。"
    assert any(
        f.rule == "PEN-901" for f in Checker(profile="village-rules").check_text(text).findings
    )
    assert not Checker().check_text(text).findings


def test_tender_takes_the_whole_text_as_bidding() -> None:
    families = {
        f.family
        for f in Checker(profile="tender").check_text("须在本县设有分公司，得5分。").findings
    }
    assert "BID" in families


def test_rank_overrides(tmp_path: Path) -> None:
    path = tmp_path / "draft-law.yaml"
    path.write_text("rank: 地方性法规\n", encoding="utf-8")
    text = "经营者应当在开业前缴纳文明经营保证金五千元。"
    assert not Checker(profile=path).check_text(text).findings


def test_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(UnknownProfile, match="county-draft"):
        load_profile("county-drft")


def test_overlay_rules_pass_their_own_examples() -> None:
    tested = try_examples(
        (resource("rulesets", "local", "village"),), ["PEN-901", "FEE-901", "ENF-901"]
    )
    assert tested.rules == 3 and not tested.faults
