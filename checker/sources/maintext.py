"""Which element of a web page holds its main text: by the names that sites use, else by density."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Never text of the document.
DROPPED = frozenset((
    "script", "style", "noscript", "template", "head", "nav", "aside", "iframe", "object", "embed",
    "svg", "canvas", "audio", "video", "button", "select", "textarea", "input", "map",
))  # fmt: skip
_FRAMES = ("header", "footer")
#: Name given to a frame of the page before it is taken out.
_TAKEN = "taken"
#: Names of the element around the text, those of the tightest first.
_NAMES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"trs_editor|trs_ueditor|trs_paper_default|custom_unionstyle|trs_word",
        r"zoom|ucap-content|artibody|js_content|endtext|fontzoom",
        r"pages_content|b12c|article[_-]?(?:content|body|con|text)|content[_-]?text|news[_-]?(?:content|text|con)"
        r"|xxgk[_-]?(?:content|con|detail)|detail[_-]?(?:content|con|text)|wz[_-]?con|text[_-]?content|main[_-]?text",
        r"article|view|content|conten|main-content",
    )
)
_LEAST = 60
#: Of the words outside links, a named element must hold this share, and one found by density.
_SHARE, _DENSE = 0.4, 0.75
_SITE = re.compile(r"\s*[-_|—]{1,2}\s*[^-_|—]{2,30}$")
#: Element -> how many characters it shows, and how many of them outside links.
Weights = dict[Any, tuple[int, int]]
_HEADINGS = ("h1", "h2")
_TITLED = re.compile(r"title|biaoti|^(?:tit|bt)", re.I)
_ENDING = re.compile(
    r"(?:通知|办法|规定|意见|决定|公告|通告|细则|方案|措施|规则|规程)(?:[（(].{1,8}[）)])?$"
)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class MainText:
    """The element that holds the main text; the title, where that stands outside of it.

    ``left`` counts the characters of the page that are not in it, ``left_plain`` those outside links.
    """

    node: Any
    title: str = ""
    left: int = 0
    left_plain: int = 0


def find_main(root: Any) -> MainText:
    """The main text of a page; the frames of the page are taken out of the tree."""
    body = root if root.tag == "body" else root.find("body")
    if body is None:
        return MainText(root)
    _drop_frames(body)
    weights = _weigh(body)
    whole, plain = weights[body]
    main = _named(body, weights)
    if main is None and plain >= 0.8 * whole:
        return MainText(body)
    if main is None:
        main = _dense(body, weights)
    left = whole - weights[main][0], plain - weights[main][1]
    return MainText(main, _title(root, body, main), *left)


def _weigh(body: Any) -> Weights:
    """How many characters each element shows: all of them, and those outside links."""
    weights: Weights = {}
    for node in reversed(list(body.iter())):
        whole = plain = 0
        if isinstance(node.tag, str) and node.tag not in DROPPED:
            whole = plain = _length(node.text)
            for child in node:
                tail = _length(child.tail)
                whole += weights[child][0] + tail
                plain += weights[child][1] + tail
        weights[node] = whole, 0 if node.tag == "a" else plain
    return weights


def _length(text: str | None) -> int:
    return len("".join((text or "").split()))


def words_of(node: Any) -> int:
    """How many characters other than spaces an element shows."""
    count = 0
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current.tag, str) and current.tag not in DROPPED:
            count += _length(current.text)
            stack.extend(current)
        if current is not node:
            count += _length(current.tail)
    return count


def _drop_frames(body: Any) -> None:
    """Take away the header and footer of the page, not those of an article; what follows them stays.

    By lxml, which takes no string back that it gave where a control character is in it.
    """
    from lxml import etree

    total = words_of(body)
    for node in list(body.iter(*_FRAMES)):
        inside = any(up.tag in ("article", "main") for up in node.iterancestors())
        if not inside and words_of(node) < 0.5 * total:
            node.tag = _TAKEN
    etree.strip_elements(body, _TAKEN, with_tail=False)


def _named(body: Any, weights: Weights) -> Any | None:
    """The element with a name that tells the text, if it holds enough of the words."""
    least = max(_LEAST, _SHARE * weights[body][1])
    heavy = [node for node, (_, plain) in weights.items() if plain >= least and node is not body]
    heavy.reverse()  # in the order of the page
    for pattern in _NAMES:
        found = [node for node in heavy if any(pattern.fullmatch(name) for name in _names(node))]
        if found:
            return max(found, key=lambda node: weights[node][1])
    return next((node for tag in ("article", "main") for node in heavy if node.tag == tag), None)


def _names(node: Any) -> list[str]:
    return [node.get("id", ""), *node.get("class", "").split()]


def _dense(body: Any, weights: Weights) -> Any:
    """Down from the body as long as one element inside holds nearly all words outside links."""
    node, least = body, _DENSE * weights[body][1]
    while True:
        best = max(node, key=lambda child: weights[child][1], default=None)
        if best is None or best.tag == "p" or weights[best][1] < least:
            return node
        node = best


def _title(root: Any, body: Any, main: Any) -> str:
    """The title of the document, where the page shows it outside of the main text."""
    inside = "".join("".join(main.itertext()).split())[:1500]
    shown = "".join("".join(body.itertext()).split())
    for candidate in _candidates(root, body, main):
        title = " ".join(candidate.split())
        bare = "".join(title.split())
        if 5 <= len(bare) <= _LONGEST and bare in shown:
            return "" if bare in inside else title
    return ""


def _candidates(root: Any, body: Any, main: Any) -> Iterator[str]:
    """What may be the title: as the page says, as it is set, as its name in the window."""
    for node in root.iter("meta"):
        if (node.get("name") or "").lower() == "articletitle":
            yield node.get("content", "")
    before = []
    for node in body.iter():
        if node is main:
            break
        if isinstance(node.tag, str) and node.tag not in DROPPED:
            before.append(node)
    large = [
        "".join(node.itertext()).strip()
        for node in before
        if node.tag in _HEADINGS or any(_TITLED.search(name) for name in _names(node))
    ]
    plain = [(node.text or "").strip() for node in before]
    yield from (words for words in (*large, *plain) if _ENDING.search(words))
    yield from large
    head = root.find("head/title")
    yield _SITE.sub("", "" if head is None else (head.text or "")[:300])
