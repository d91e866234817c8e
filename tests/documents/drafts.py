"""Small drafts that can be edited at random: articles with and without questionable words.

An article is a kind, which of its two wordings is quoted, and which of its two frames surrounds them.
Editing the frame leaves the quoted words as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from checker.numerals import chinese_number

RULES = ("FEE-003", "FEE-012", "FLOW-011")
QUOTES = (
    ("", ""),
    ("缴存文明经营保证金", "交纳装修押金"),
    ("应当由东林县安居检测有限公司出具安全检测", "应当由西山县安心检测有限公司出具安全检测"),
    ("应当在本县设立具有独立法人", "应当在本县注册独立法人"),
)
FRAMES = (
    ("商铺经营者应当保持门前整洁{}。", "县商务主管部门负责本办法的组织实施{}。"),
    ("经营者应当在开业前{}五千元。", "经营者应当自开业之日起十日内{}三千元。"),
    ("商铺经营者设置招牌，{}报告。", "商铺、摊位经营者设置招牌或者灯箱，{}报告，并自行归档。"),
    ("县外企业在本县投资经营的，{}资格的子公司。", "县外企业在本县经营五年的，{}资格的子公司。"),
)


class Article(NamedTuple):
    kind: int = 0
    quote: int = 0
    frame: int = 0

    @property
    def words(self) -> str:
        """The words a rule will quote."""
        return QUOTES[self.kind][self.quote]


class Edit(NamedTuple):
    what: str
    at: int
    to: int = 0
    article: Article = Article()


Draft = tuple[Article, ...]
ARTICLES = st.builds(Article, st.integers(0, 3), st.integers(0, 1), st.integers(0, 1))
NEUTRAL = st.builds(Article, st.just(0), st.just(0), st.integers(0, 1))
DRAFTS = st.lists(ARTICLES, min_size=1, max_size=6).map(tuple)


NOTHING = st.just(Article())


def _edits(what: str, article: st.SearchStrategy[Article] = NOTHING) -> st.SearchStrategy[Edit]:
    return st.builds(Edit, st.just(what), st.integers(0, 9), st.integers(0, 9), article)


#: Edits that leave every quoted word: neutral articles come and go, articles move, frames change.
ELSEWHERE = st.one_of(
    _edits("insert", NEUTRAL), _edits("delete neutral"), _edits("move"), _edits("reframe")
)
ANY = st.one_of(ELSEWHERE, _edits("insert", ARTICLES), _edits("delete"), _edits("requote"))


def edited(draft: Draft, edits: Sequence[Edit]) -> Draft:
    """The draft after the edits, one after another; places beyond its end count from its start."""
    for edit in edits:
        draft = _edited(draft, edit)
    return draft


def _edited(draft: Draft, edit: Edit) -> Draft:
    articles = list(draft)
    if edit.what == "insert":
        articles.insert(edit.at % (len(articles) + 1), edit.article)
        return tuple(articles)
    if not articles:
        return draft
    at = edit.at % len(articles)
    article = articles.pop(at)
    match edit.what:
        case "move":
            articles.insert(edit.to % (len(articles) + 1), article)
        case "reframe":
            articles.insert(at, article._replace(frame=1 - article.frame))
        case "requote":
            articles.insert(at, article._replace(quote=1 - article.quote))
        case "delete neutral" if article.kind:
            articles.insert(at, article)
    return tuple(articles)


def text_of(draft: Draft) -> str:
    """The draft as text, its articles numbered in order."""
    lines = ["东林县商铺经营管理办法", "第一条 为了规范商铺经营，制定本办法。"]
    for number, article in enumerate(draft, 2):
        words = FRAMES[article.kind][article.frame].format(article.words)
        lines.append(f"第{chinese_number(number)}条 {words}")
    return "\n".join(lines) + "\n"
