"""Passages: they join back to the text, and reading them one by one finds what reading it whole does."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.citations import find_citations
from checker.memory import Memory
from checker.passages import PassageReader, passages

PIECES = st.sampled_from(
    [
        *(
            "《",
            "》",
            "（",
            "）",
            "\n",
            "。\n",
            "；\n",
            "。",
            "；",
            "，",
            "、",
            "：",
            "和",
            "依照",
            "根据",
        ),
        *(
            "价格法",
            "《价格法》",
            "《中华人民共和国价格法》",
            "第八条",
            "第三条",
            "第二款",
            "前款",
            "本条",
        ),
        *(
            "本办法",
            "（以下简称《条例》）",
            "（以下简称",
            "条例",
            "国务院令第812号",
            "某政发〔2024〕3号",
        ),
        *("实施", "细则", "至", "第", "二十条", "的规定", "公布的", "其实施条例", "甲", "〈乙〉"),
    ]
)
#: Enough words for a passage to end at a line that is no article.
LONG = "按照各自职责做好有关工作" * 25


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.one_of(PIECES, PIECES, st.just(LONG)), max_size=40).map("".join))
@example(f"{LONG}《甲。\n乙》第三条")
@example(f"{LONG}《甲（乙。\n第三条丙）》第三条")
@example(f"{LONG}《甲》（1）乙）。\n第三条）第四条")
@example(f"1）{LONG}《甲》（丙（丁）。\n第五条）第四条")
def test_passages_read_one_by_one_give_what_the_whole_gives(text: str) -> None:
    assert "".join(piece for _, piece in passages(text)) == text
    read = PassageReader(Memory())
    for names in (frozenset(), frozenset({"条例", "价格法"})):
        assert read(text, names) == find_citations(text, names)
        assert read(text, names) == find_citations(text, names)  # now from memory


def test_an_open_title_or_bracket_holds_a_passage_together() -> None:
    assert len(list(passages("甲。\n第一条乙。\n第二条丙。"))) == 3
    assert len(list(passages("《甲。\n第一条乙》。\n第二条丙。"))) == 2
    assert len(list(passages("（甲。\n第一条乙）。\n第二条丙。"))) == 2
    assert len(list(passages("甲。\n乙。\n丙。"))) == 1  # short lines stay together
    assert len(list(passages(f"{LONG}。\n乙。\n丙。"))) == 2


def test_the_names_a_text_defines_are_in_the_key() -> None:
    read, text = PassageReader(Memory()), "依照某某名称第八条处理。"
    assert not read(text)
    assert read(text, frozenset({"某某名称"}))[0].name == "某某名称"
    assert not read(text)
