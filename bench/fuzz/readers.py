"""Readers: files of every format, changed as that format is built, must be read or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from bench.fuzz import mutation, seeds
from bench.fuzz.outcomes import said
from bench.fuzz.soundness import expect, read_soundly
from checker.sources import UnreadableSource, read_bytes


def pick(
    files: Callable[[], tuple[bytes, ...]], change: Callable[[Random, bytes], bytes], rng: Random
) -> bytes:
    """A seed of a format, changed; now and then as it is."""
    data = rng.choice(cache_of(files))
    return data if rng.random() < 0.002 else change(rng, data)


@cache
def cache_of(files: Callable[[], tuple[bytes, ...]]) -> tuple[bytes, ...]:
    """The seeds of a format, made once."""
    return files()


def read(suffix: str, data: bytes) -> str:
    """The outcome of reading a file: what the document is made of, or why it is refused."""
    try:
        source = read_bytes(data, f"草案{suffix}")
    except UnreadableSource as fault:
        return said(fault)
    document = read_soundly(source)
    kinds = "".join(sorted({p.kind[:3] for p in document.provisions}))
    return f"{source.format} {kinds} {len(source.notes)} {len(source.gaps)}"


def as_package(rng: Random, data: bytes) -> bytes:
    """A zip of XML, changed."""
    return mutation.mutate_package(rng, data, mutation.xml_part)


def as_html(rng: Random, data: bytes) -> bytes:
    """A web page, changed."""
    if rng.random() < 0.2 or not data.startswith(b"<"):
        return mutation.mutate_bytes(rng, data, cache_of(seeds.html))
    return mutation.xml_part(rng, data)


_PDF_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?")
_PDF_WORDS = (b"/Kids [2 0 R]", b"/Rotate 45", b"/MediaBox [0 0 0 0]", b"/Length 0", b"<<", b">>", b"[", b"]", b"BT", b"ET", b"Tj", b"Q q", b"null", b"/Type /Pages", b"1e9", b"endobj", b"stream")  # fmt: skip


def as_pdf(rng: Random, data: bytes) -> bytes:
    """A PDF, mostly with other numbers and words."""
    if rng.random() < 0.3:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.pdf))
    for _ in range(rng.choice((1, 1, 2, 6))):
        places = list(_PDF_NUMBER.finditer(data))
        if not places:
            return data
        m = rng.choice(places)
        new = rng.choice(
            (
                rng.choice(mutation.ODD_NUMBERS).encode(),
                rng.choice(places)[0],
                rng.choice(_PDF_WORDS),
            )
        )
        data = data[: m.start()] + new + data[m.end() :]
    return data


_RTF_WORD = re.compile(rb"\\[a-z]+-?\d*|\\'[0-9a-f]{2}|[{}]")
_RTF_WORDS = (b"{", b"}", b"\\bin99999999999 ", b"\\bin5 ", b"\\u-1", b"\\uc9 ", b"\\uc-1 ", b"\\u99999999", b"\\'zz", b"\\cell", b"\\row", b"\\trowd", b"\\ls99", b"\\ilvl99", b"\\listtext", b"{\\*\\", b"\\ansicpg99999", b"\\fcharset999", b"\\f9", b"\\footnote", b"\\v", b"\\deleted", b"\\par", b"\\sect", b"\\page", b"\\-", b"\\\n", b"\\", b"\\u55357?\\u56832?", b"\\upr", b"\\mac")  # fmt: skip


def as_rtf(rng: Random, data: bytes) -> bytes:
    """A Rich Text file, mostly with other control words."""
    if rng.random() < 0.3:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.rtf))
    for _ in range(rng.choice((1, 2, 6))):
        places = list(_RTF_WORD.finditer(data))
        if not places:
            return data
        m, n = rng.choice(places), rng.choice(places)
        new = rng.choice(
            (
                rng.choice(_RTF_WORDS),
                n[0],
                b"",
                m[0] * rng.choice((2, 50)),
                re.sub(rb"\d+", b"32768", m[0]),
            )
        )
        data = data[: m.start()] + new + data[m.end() :]
    return data


def as_plain(rng: Random, data: bytes) -> bytes:
    """A text in some encoding, changed before or after it was encoded."""
    if rng.random() < 0.4:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.plain))
    codec = rng.choice(
        ("utf-8", "gb18030", "utf-16", "utf-16-le", "utf-32", "latin-1", "big5hkscs")
    )
    return mutation.mutate_lines(rng, seeds.DRAFT).encode(codec, "replace")


def as_markdown(rng: Random, data: bytes) -> bytes:
    """A Markdown text with further marks."""
    text = mutation.mutate_lines(rng, data.decode())
    for _ in range(3):
        at = rng.randrange(len(text) + 1)
        text = (
            text[:at]
            + rng.choice(
                (
                    "#",
                    "```",
                    "|",
                    "---",
                    "[a](b)",
                    "**",
                    "<!--",
                    "-->",
                    "\n\n",
                    "> ",
                    "- ",
                    "<p>",
                    "\\",
                    "![",
                )
            )
            + text[at:]
        )
    return text.encode("utf-8", "surrogatepass")


_MAIL_WORDS = ("Content-Type: multipart/mixed", "Content-Type: message/rfc822", "charset=utf-7", "charset=idna", 'filename="../a.txt"', "filename*=x''%", "filename*0=a", "Content-Transfer-Encoding: uuencode", "=?utf-8?q?=", "=?x?b?=?=", "--out", "--out--", "--in", "\n\n", "Content-Disposition: attachment", 'boundary=""', "MIME-Version: 1.0", "charset=utf-16", "begin 644 a", "\x00", "é")  # fmt: skip


def as_mail(rng: Random, data: bytes) -> bytes:
    """An e-mail with other fields, parts and bounds."""
    if rng.random() < 0.3:
        return mutation.mutate_bytes(rng, data, cache_of(seeds.mail))
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(rng.choice((1, 2, 6))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        way = rng.randrange(5)
        if way == 0:
            lines[i] = rng.choice(_MAIL_WORDS)
        elif way == 1:
            lines[i], lines[j] = lines[j], lines[i]
        elif way == 2:
            lines[i:i] = lines[min(i, j) : max(i, j)][:20]
        elif way == 3:
            lines[i] = mutation.mutate_text(rng, lines[i], (*_MAIL_WORDS, *mutation.ODD_WORDS))
        else:
            del lines[i : i + rng.choice((1, 3))]
            lines = lines or [""]
    return "\n".join(lines).encode("utf-8", "replace")


def as_archive(rng: Random, data: bytes) -> bytes:
    """A zip of documents, changed."""
    if rng.random() < 0.5:
        return mutation.mutate_bytes(rng, data)
    return mutation.mutate_package(rng, data, mutation.mutate_bytes)


def opened(data: bytes) -> str:
    """Every file inside, and inside those inside: bytes or a reason."""
    from checker.unpacking import open_bytes

    counts = [0, 0, 0]
    waiting = [(data, 0)]
    while waiting:
        held, level = waiting.pop()
        try:
            contents = open_bytes(held, "来件")
        except UnreadableSource as fault:
            if level == 0:
                return said(fault)
            counts[1] += 1
            continue
        if contents is None:
            counts[2] += 1
            continue
        expect(len(set(contents.names)) == len(contents.names), "a name twice")
        for name in contents.names:
            name.encode()
            try:
                inner = contents.data(name)
            except UnreadableSource:
                counts[1] += 1
                continue
            counts[0] += 1
            if level < 2:
                waiting.append((inner, level + 1))
    return f"opened {counts}"


def annotated(data: bytes) -> str:
    """A commented copy has the same text."""
    from checker.word.annotation import Remark, Unmarkable, annotate

    try:
        source = read_bytes(data, "草案.docx")
        size = len(source.text)
        spans = sorted({(size * i // 5, min(size, size * i // 5 + 7)) for i in range(5)})
        copy = annotate(data, source, [Remark(a, b, ("题", "问：内容")) for a, b in spans])
        again = read_bytes(copy, "草案.docx")
    except (UnreadableSource, Unmarkable) as fault:
        return said(fault)
    expect(again.text == source.text, "the text changed under comments")
    return "annotated"
