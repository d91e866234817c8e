"""Memory: its bound, what leaves it first, and that a check with it says what one without it says."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.corpus import document
from checker import Checker, Memory
from checker.anchors import Candidate
from checker.evaluation import Evaluation
from checker.profile import load_profile
from checker.resources import resource
from checker.segments import Segments

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def fresh() -> Checker:
    return Checker()


def key(text: str) -> tuple[str, str, str]:
    return ("", text, "")


def test_the_longest_unused_leaves_first() -> None:
    memory = Memory(characters=350)
    memory.keep([(key("甲" * 10), []), (key("乙" * 10), []), (key("丙" * 10), [])])
    assert memory.held == 330
    assert memory.recall([key("甲" * 10)]) == [()]
    memory.keep([(key("丁" * 10), [])])
    assert memory.recall(map(key, ("甲" * 10, "乙" * 10, "丙" * 10, "丁" * 10))) == [
        (),
        None,
        (),
        (),
    ]


@given(
    st.integers(0, 2000),
    st.lists(st.tuples(st.text("甲乙", max_size=300), st.integers(0, 4)), max_size=30),
)
def test_memory_never_holds_more_than_it_may(most: int, entries: list[tuple[str, int]]) -> None:
    memory = Memory(characters=most)
    for text, results in entries:
        memory.keep([(key(text), ["x"] * results)])
        assert memory.held <= most
    kept = [k for k in {key(text) for text, _ in entries} if memory.recall([k]) != [None]]
    known = memory.recall(kept)
    assert memory.held == sum(
        len(k[1]) + 100 + 200 * len(v or ()) for k, v in zip(kept, known, strict=True)
    )


def test_a_check_holds_no_more_than_the_memory_may() -> None:
    memory = Memory(characters=20_000)
    checker = Checker(memory=memory)
    for seed in range(4):
        text = document(random.Random(seed), 12_000)
        assert checker.check_text(text, as_of=DAY) == Checker().check_text(text, as_of=DAY)
        assert 10_000 < memory.held <= 20_000


SENTENCES = (
    "经营者应当缴纳保证金五千元。",
    "不得向经营者收取保证金。",
    "依照《中华人民共和国合同法》（以下简称《合同法》）第五十二条处理。",
    "违反《合同法》第五百条的，由局处以五千元罚款。",
    "违反本办法第九十条的，责令改正。",
    "外地企业应当在本地设立分公司，方可参加投标。",
    "本办法自公布之日起施行，有效期十年。",
    "企业应当遵守下列规定：",
    "禁止下列行为：",
    "（一）收取保证金；",
    "（二）强制参加培训。",
    "第三章　招标投标",
    "一、招标投标",
    "二、收费",
    "附件1",
    "某省人民政府关于保证金的通知",
    "国务院办公厅",
    "2019年3月4日",
    "2026年3月4日",
    "",
)
NOTICE = (resource("examples") / "notice.txt").read_text("utf-8")


def _renumbered(lines: list[str]) -> list[str]:
    """The articles counted anew, in Arabic numbers."""
    counted = iter(range(1, len(lines) + 1))
    return [
        f"第{next(counted)}条　{line.partition('条')[2].strip()}"
        if line.startswith("第") and "条" in line[:8]
        else line
        for line in lines
    ]


@st.composite
def edits(draw: st.DrawFn) -> Callable[[list[str]], list[str]]:
    """A change of a draft, line by line."""
    kind = draw(
        st.sampled_from(("insert", "delete", "change", "move", "title", "indent", "renumber"))
    )
    at, to = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    words = draw(st.sampled_from(SENTENCES))

    def edit(lines: list[str]) -> list[str]:
        lines, i = lines[:], int(at * (len(lines) - 1))
        if kind == "insert":
            label = "第七条　" if words[:1] not in "（一二第附国2某" else ""
            lines.insert(i, label + words)
        elif kind == "delete" and len(lines) > 3:
            del lines[i : i + 1 + int(to * 3)]
        elif kind == "change":
            lines[i] = lines[i][: int(to * len(lines[i]))] + words
        elif kind == "move":
            block = lines[i : i + 3]
            del lines[i : i + 3]
            j = int(to * len(lines))
            lines[j:j] = block
        elif kind == "title":
            lines[0] = words or "通知"
        elif kind == "indent":
            lines[i] = "　　" + lines[i].replace("，", " ，")
        elif kind == "renumber":
            return _renumbered(lines)
        return lines or ["甲"]

    return edit


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), st.lists(edits(), min_size=1, max_size=6), st.sampled_from((None, DAY)))
def test_a_check_with_memory_says_what_a_fresh_one_says(
    fresh: Checker, seed: int, changes: list[Callable[[list[str]], list[str]]], day: date | None
) -> None:
    checker = Checker(memory=Memory())
    text = NOTICE if seed == 0 else document(random.Random(seed), 1500)
    lines = text.split("\n")
    for change in (lambda lines: lines, *changes):
        lines = change(lines)
        text = "\n".join(lines)
        assert (
            checker.check_text(text, as_of=day).to_json()
            == fresh.check_text(text, as_of=day).to_json()
        )


def test_one_memory_for_several_checkers_and_threads() -> None:
    memory = Memory()
    checkers = [
        Checker(memory=memory),
        Checker(memory=memory, select=["FEE", "MKT"]),
        Checker(memory=memory, profile=load_profile("stock")),
    ]
    plain = [Checker(), Checker(select=["FEE", "MKT"]), Checker(profile=load_profile("stock"))]
    texts = [document(random.Random(seed), 3000) for seed in (1, 2, 1, 3)]
    with ThreadPoolExecutor(4) as pool:
        for checker, other in zip(checkers, plain, strict=True):
            found = pool.map(lambda text, c=checker: c.check_text(text).to_json(), texts * 2)
            assert list(found) == [other.check_text(text).to_json() for text in texts * 2]


def test_what_is_unchanged_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of one article the rules see that article only."""
    seen: list[int] = []
    plain = Evaluation.__init__

    def counted(self: Evaluation, segments: Segments, candidate: Candidate) -> None:
        seen.append(candidate.end - candidate.start)
        plain(self, segments, candidate)

    monkeypatch.setattr(Evaluation, "__init__", counted)
    checker = Checker(memory=Memory())
    lines = document(random.Random(5), 20_000).split("\n")
    checker.check_text("\n".join(lines), as_of=DAY)
    whole = len(seen)
    middle = next(i for i in range(len(lines) // 2, len(lines)) if lines[i].startswith("第"))
    lines.insert(middle, "第七条　经营者应当缴纳保证金五千元。")
    seen.clear()
    checker.check_text("\n".join(_renumbered(lines)), as_of=DAY)
    assert whole > 300 and len(seen) < 30


def test_a_checker_with_memory_goes_to_other_processes_without_it() -> None:
    checker = Checker(memory=Memory())
    assert pickle.loads(pickle.dumps(checker)).memory is None
