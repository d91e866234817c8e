"""The law store: what is put in comes out again, by law and day, and by words."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import lawstore
from checker.citations import Place
from checker.lawstore import LawStore, LawStoreError, LawWriter, Put
from checker.lawtexts import LawText

FERRY = LawText(
    "东林县渡口管理办法",
    date(2020, 4, 9),
    "甲.md",
    (
        (Place(1, 1), "渡船应当有灯。"),
        (Place(1, 2), "渡船应当有铃，100%可靠。"),
        (Place(2, 1), "过河的人坐稳。"),
    ),
)
# The register knows this name and its days; the words are invented.
KNOWN = LawText("优化营商环境条例", date(2019, 10, 22), "乙.md", ((Place(1, 1), "渡船应当有帆。"),))


def store_of(path: Path, *laws: LawText) -> LawStore:
    with LawWriter(path) as writer:
        for law in laws:
            writer.put(law)
    return LawStore(path)


@pytest.fixture(params=["trigram", "plain"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "plain":
        monkeypatch.setattr(lawstore, "_has_trigram", lambda: False)
    return tmp_path / "库" / "a.sqlite"


def test_a_text_comes_out_as_it_went_in(path: Path) -> None:
    store = store_of(path, FERRY)
    edition = store.edition("东林县渡口管理办法", date(2024, 1, 1))
    assert edition is not None and edition.text == FERRY
    assert edition.current is None, "the register does not know the law"


def test_putting_the_same_text_again_changes_nothing(path: Path) -> None:
    changed = replace(FERRY, rows=(*FERRY.rows, (Place(3, 1), "船要修。")))
    with LawWriter(path) as writer:
        assert [writer.put(law) for law in (FERRY, FERRY)] == [Put.NEW, Put.SAME]
        before = path.read_bytes()
        writer.put(FERRY)
        assert path.read_bytes() == before
        assert writer.put(changed) is Put.REPLACED
        assert writer.size() == (1, 1)
    store = LawStore(path)
    assert [hit.text for hit in store.search(["船要修"])] == ["船要修。"]
    assert len(list(store.search(["渡船应当"]))) == 2, "the old rows are gone from the index too"


@pytest.mark.parametrize(
    "made, day, found, current",
    [
        ("2019-10-22", "2024-01-01", "2019-10-22", True),
        ("2019-10-22", "2019-10-01", None, None),
        ("2018-01-01", "2024-01-01", "2018-01-01", False),
        ("2025-01-01", "2024-01-01", None, None),
    ],
)
def test_the_text_in_force_else_the_nearest_earlier(
    path: Path, made: str, day: str, found: str | None, current: bool | None
) -> None:
    store = store_of(path, replace(KNOWN, promulgated=date.fromisoformat(made)))
    edition = store.edition("优化营商环境条例", date.fromisoformat(day))
    assert (edition and str(edition.text.promulgated), edition and edition.current) == (
        found,
        current,
    )


def test_the_later_of_two_earlier_texts_is_taken_and_an_undated_one_last(path: Path) -> None:
    texts = [replace(FERRY, promulgated=d) for d in (None, date(2001, 1, 1), date(2010, 1, 1))]
    store = store_of(path, *texts)

    def made(year: int) -> date | None:
        edition = store.edition(FERRY.name, date(year, 6, 1))
        assert edition is not None
        return edition.text.promulgated

    assert [made(2000), made(2005), made(2015)] == [None, date(2001, 1, 1), date(2010, 1, 1)]


@pytest.mark.parametrize(
    "words, law, found",
    [
        (["渡船应当"], "", [(1, 1), (1, 1), (1, 2)]),
        (["有灯", "有铃"], "", [(1, 1), (1, 2)]),
        (["坐稳", "有铃"], "", []),
        (["应当"], "优化营商环境条例", [(1, 1)]),
        (["应当"], "渡口", [(1, 1), (1, 2)]),
        (["100%可"], "", [(1, 2)]),
        (["1_0%可"], "", []),
        (["（"], "", []),
        ([], "", []),
    ],
)
def test_an_article_is_found_by_all_its_words(
    path: Path, words: list[str], law: str, found: list[tuple[int, int]]
) -> None:
    store = store_of(path, FERRY, KNOWN)
    hits = sorted((hit.place.article, hit.place.paragraph) for hit in store.search(words, law))
    assert hits == found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.text("甲乙%_丙ab", max_size=12), min_size=1, max_size=8),
    words=st.lists(st.text("甲乙%_丙ab", min_size=1, max_size=5), min_size=1, max_size=2),
)
def test_the_index_finds_what_reading_every_row_finds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], words: list[str]
) -> None:
    law = replace(FERRY, rows=tuple((Place(i // 2 + 1, i % 2 + 1), r) for i, r in enumerate(rows)))
    store = store_of(tmp_path_factory.mktemp("库") / "a.sqlite", law)
    articles = law.articles()
    good = {
        k
        for k, said in articles.items()
        if all(any(w in r for r in said.split("\n")) for w in words)
    }
    wanted = [
        (at, text)
        for at, text in law.rows
        if (at.article, at.branch) in good and any(word in text for word in words)
    ]
    assert [(hit.place, hit.text) for hit in store.search(words)] == wanted


def test_equal_stores_have_equal_names_and_other_words_another(tmp_path: Path) -> None:
    one = store_of(tmp_path / "a", FERRY, KNOWN).version
    assert store_of(tmp_path / "b", KNOWN, replace(FERRY, source="别处.md")).version == one
    assert store_of(tmp_path / "c", KNOWN).version != one
    assert one.startswith("2 个文本 ")


def test_what_is_no_store_is_refused_by_name(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("这不是库" * 200, encoding="utf-8")
    with pytest.raises(LawStoreError, match=r"a\.txt：这个文件不是法规原文库"):
        LawStore(text)
    with pytest.raises(LawStoreError, match=r"a\.txt：这个文件不是法规原文库"):
        LawWriter(text)
    assert text.read_text(encoding="utf-8") == "这不是库" * 200
    other = tmp_path / "b.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (x)")
    for opened in (LawStore, LawWriter):
        with pytest.raises(LawStoreError, match="不是法规原文库，或者由其他版本建立"):
            opened(other)
    with pytest.raises(LawStoreError, match="没有这个法规原文库"):
        LawStore(tmp_path / "没有")


def test_a_text_that_fails_half_way_leaves_the_old_one(path: Path) -> None:
    store_of(path, FERRY)
    broken = replace(FERRY, rows=((Place(1, 1), "新。"), (Place(2, 1), None)))  # type: ignore[arg-type]
    with LawWriter(path) as writer, pytest.raises(LawStoreError):
        writer.put(broken)
    edition = LawStore(path).edition(FERRY.name, date(2024, 1, 1))
    assert edition is not None and edition.text == FERRY
