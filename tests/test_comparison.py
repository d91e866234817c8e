"""Two drafts compared: what came, went, changed; laws that hold for any two drafts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.alignment import align
from checker.api import Checker
from checker.comparison import Comparison, Fate, Mark, compare, passages_of
from checker.numerals import chinese_number

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "comparison.yaml").read_text("utf-8"))
#: Sentences unlike each other, some of which the rules speak about.
SENTENCES = [
    "经营者应当在开业前缴存文明经营保证金五千元。",
    "县文旅局可以会同有关部门开展联合检查。",
    "任何单位和个人不得向旅游者强制搭售商品。",
    "外地企业承接本县工程的，应当在本县设立子公司。",
    "乡村民宿的价格由经营者自主制定，明码标价。",
    "违反消防安全管理规定的，由消防救援机构依法处理。",
    "申请人应当提交下列材料：\n（一）身份证明；\n（二）房屋权属证明。",
    "鼓励保险机构开发适合民宿的险种。\n保险费由经营者自行承担。",
    "本办法自2024年11月1日起施行。",
]


@cache
def _checker() -> Checker:
    return Checker()


def compared(old: str, new: str) -> Comparison:
    checker = _checker()
    documents = (checker.parse_text(text) for text in (old, new))
    reports = [checker.check_text(text) for text in (old, new)]
    return compare(*documents, *(report.findings for report in reports))


def draft(sentences: list[str]) -> str:
    articles = (f"第{chinese_number(i)}条　{s}" for i, s in enumerate(sentences, start=1))
    return "\n".join(["东林县民宿管理办法", *articles, "东林县人民政府", "2024年9月10日"])


drafts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map(draft)


def _texts(c: Comparison, fate: Fate, side: str) -> list[str]:
    return sorted(getattr(change, f"{side}_text") for change in c.of(fate))


@given(drafts)
@settings(max_examples=25, deadline=None)
def test_a_draft_does_not_differ_from_itself(text: str) -> None:
    found = compared(text, text)
    assert found.same and len(found.kept) == len(_checker().check_text(text).findings)


@given(drafts, drafts)
@settings(max_examples=40, deadline=None)
def test_turned_round_what_was_added_is_removed(old: str, new: str) -> None:
    there, back = compared(old, new), compared(new, old)
    assert _texts(there, Fate.ADDED, "new") == _texts(back, Fate.REMOVED, "old")
    assert _texts(there, Fate.REMOVED, "old") == _texts(back, Fate.ADDED, "new")
    assert _texts(there, Fate.CHANGED, "new") == _texts(back, Fate.CHANGED, "old")
    assert {f.fingerprint for f in there.gained} == {f.fingerprint for f in back.lost}
    assert {f.fingerprint for f in there.lost} == {f.fingerprint for f in back.gained}
    assert sorted((m.old_words, m.new_words) for m in there.modalities) == sorted(
        (m.new_words, m.old_words) for m in back.modalities
    )


@given(
    st.permutations(SENTENCES[:-1]),
    st.integers(0, 8),
    st.sampled_from(["客房应当每日通风。", "旅游者可以投诉。\n投诉应当在五日内答复。"]),
)
@settings(max_examples=25, deadline=None)
def test_an_inserted_article_is_one_addition(order: list[str], at: int, article: str) -> None:
    new = [*order[:at], article, *order[at:]]
    found = compared(draft(order), draft(new))
    (added,) = found.of(Fate.ADDED)
    assert added.new_text.split() == f"第{chinese_number(at + 1)}条 {article}".split()
    assert added.new_address == f"第{chinese_number(at + 1)}条"
    assert {change.fate for change in found.changes} <= {Fate.ADDED, Fate.RENUMBERED}
    assert len(found.of(Fate.RENUMBERED)) == len(order) - at
    assert not (found.modalities or found.gained or found.lost)


words = st.text("甲乙丙应当可以不得，。", max_size=12)


@given(words, words)
def test_passages_join_to_both_texts(old: str, new: str) -> None:
    passages = passages_of(old, new)
    assert "".join(p.text for p in passages if p.mark is not Mark.ADDED) == old
    assert "".join(p.text for p in passages if p.mark is not Mark.REMOVED) == new


pieces = st.lists(st.tuples(st.sampled_from(["", "row"]), words), max_size=8)


@given(pieces, pieces)
def test_alignment_is_symmetric_and_one_to_one(old: list, new: list) -> None:
    pairs = align(old, new)
    assert {j: i for i, j in pairs.items()} == align(new, old)
    assert all(old[i][0] == new[j][0] for i, j in pairs.items())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict) -> None:
    found = compared(case["old"], case["new"])
    said = {
        "changes": [
            " ".join(filter(None, (c.fate.value, c.old_address, c.new_address)))
            for c in found.changes
        ],
        "modalities": [
            f"{m.new_address} {'、'.join(w or x for w, x in m.old_words)}"
            f" → {'、'.join(w or x for w, x in m.new_words)}"
            for m in found.modalities
        ],
        "gained": [f.rule for f in found.gained],
        "lost": [f.rule for f in found.lost],
        "kept": [f.rule for _, f in found.kept],
    }
    assert {key: said[key] for key in case["expect"]} == case["expect"]
