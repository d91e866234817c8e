"""Mutation: small random changes of bytes, of text, of lines, of XML, of packages, of YAML.

Every function takes a random generator and gives a changed copy; the same generator state gives the same.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

ODD_BYTES = (
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x80",
    b"\x7f",
    b"\r",
    b"\n",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
)
ODD_NUMBERS = (
    "0", "-1", "1", "255", "256", "65535", "65536", "2147483647", "-2147483648", "4294967296",
    "99999999999999999999", "1e309", "-0", "0.0000001", "NaN", "inf", "", "½", "②", "9999", "10000",
)  # fmt: skip
ODD_WORDS = (
    "", " ", "\u3000", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\ufeff", "\u200b", "\u202e",
    "\0", "\x1b[31m", "\ufffd", "\ud800", "\udfff", "𠮷", "🈲", "е", "é", "　　", "&", "<", ">", '"', "]]>",
    "=1+1", "%s", "{0}", "\\", "//", "..", "○", "㈠", "①", "⑳", "Ⅻ", "卄", "０", "零", "〇", "万亿", "百百",
)  # fmt: skip
MARKS = "。；！？，、：（）()〔〕[]《》〈〉“”‘’「」…—·.:;,!?<>|【】"
NUMERALS = "〇零一二三四五六七八九十百千万亿两0123456789０１９①㈠ⅠO○"
LABELS = (
    "第一章 ", "第二节 ", "第三条 ", "第十条之一 ", "第零条", "第九百九十九条", "第一百万条", "一、", "（一）", "(2)",
    "1.", "１．", "1、", "①", "㈠", "附件", "附件2", "附件：1.表", "目录", "第五编 ", "第三款", "第（一）项", "- ",
    "# ", "| 甲 | 乙 |", "> ", "```", "第条", "第  一  条", "〔2024〕3号", "2024年13月40日", "二〇二四年二月三十日",
)  # fmt: skip
PHRASES = (
    "《中华人民共和国行政处罚法》第", "根据《", "》", "本办法", "前款", "本条第", "国办发〔2018〕37号", "应当", "不得", "除",
    "外", "方可", "否则", "但是", "自2024年3月1日起施行", "有效期5年", "有效期至9999年12月31日", "有效期一万年", "同时废止",
    "某县人民政府", "各乡镇人民政府：", "保证金五万元", "百分之", "30%以上", "一千亿亿元", "第三、四、五条", "第一条至第", "款",
    "项", "目", "日起三十日内", "0年0月0日", "试行", "暂行", "参照", "依法", "经营者", "缴纳", "的，", "罚款", "另有规定的",
)  # fmt: skip


def cut(rng: Random, size: int, most: int = 40) -> tuple[int, int]:
    """A random range inside ``size``, mostly a short one."""
    start = rng.randrange(size + 1)
    length = rng.randrange(most) if rng.random() < 0.8 else rng.randrange(size + 1)
    return start, min(start + length, size)


def mutate_bytes(rng: Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Flips, splices, repeats, truncation of bytes; ``others`` is what is spliced in."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 12))):
        a, b = cut(rng, len(out))
        way = rng.randrange(8)
        if way <= 1 and out:
            out[rng.randrange(len(out))] = rng.randrange(256)
        elif way == 2 and out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        elif way == 3:
            out[a:b] = b""
        elif way == 4:
            out[a:a] = out[a:b] * rng.choice((1, 1, 2, 30))
        elif way == 5:
            out[a:b] = rng.choice(ODD_BYTES) * rng.choice((1, 1, 4))
        elif way == 6 and others:
            other = rng.choice(others)
            c, d = cut(rng, len(other))
            out[a:b] = other[c:d]
        elif rng.random() < 0.3:
            del out[a:]
    return bytes(out[: 1 << 17])


def mutate_text(
    rng: Random, text: str, words: Sequence[str] = (*ODD_WORDS, *LABELS, *PHRASES)
) -> str:
    """Characters and words put in, taken out, doubled, moved."""
    for _ in range(rng.choice((1, 2, 4, 8))):
        a, b = cut(rng, len(text), 12)
        way = rng.randrange(6)
        if way == 0:
            text = text[:a] + text[b:]
        elif way == 1:
            text = text[:a] + text[a:b] * rng.choice((2, 2, 3, 20)) + text[b:]
        elif way == 2:
            text = text[:a] + rng.choice(MARKS) + text[b if rng.random() < 0.5 else a :]
        elif way == 3:
            text = text[:a] + rng.choice(NUMERALS) * rng.choice((1, 1, 2, 9)) + text[a + 1 :]
        elif way == 4:
            c, d = cut(rng, len(text), 12)
            text = text[:a] + text[c:d] + text[b:]
        else:
            text = text[:a] + rng.choice(words) + text[a:]
    return text[: 1 << 16]


_NUMBER = re.compile("[〇零一二三四五六七八九十百千]+|[0-9]+")


def mutate_lines(rng: Random, text: str) -> str:
    """Lines dropped, swapped, repeated, joined, relabelled; numerals and marks changed; words put in."""
    lines = text.split("\n")
    for _ in range(rng.choice((1, 2, 4, 8))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        way = rng.randrange(9)
        if way == 0 and len(lines) > 1:
            del lines[i]
        elif way == 1:
            lines[i], lines[j] = lines[j], lines[i]
        elif way == 2:
            lines[i:i] = lines[i : i + rng.choice((1, 1, 5))]
        elif way == 3:
            lines[i] = _NUMBER.sub(lambda _: _numeral(rng), lines[i], count=rng.choice((1, 1, 0)))
        elif way == 4:
            lines[i] = rng.choice(LABELS) + lines[i]
        elif way == 5 and i + 1 < len(lines):
            lines[i : i + 2] = [lines[i] + lines[i + 1]]
        elif way == 6:
            a, _ = cut(rng, len(lines[i]))
            lines[i : i + 1] = [lines[i][:a], lines[i][a:]]
        elif way == 7:
            at = rng.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + rng.choice(MARKS) + lines[i][at + rng.randrange(2) :]
        else:
            lines[i] = mutate_text(rng, lines[i])
    return "\n".join(lines)[: 1 << 16]


def _numeral(rng: Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(ODD_NUMBERS)
    return "".join(rng.choice(NUMERALS) for _ in range(rng.choice((1, 1, 2, 3, 12))))


_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r'="([^"]*)"')


@lru_cache(maxsize=512)
def _elements(xml: str) -> tuple[tuple[int, int], ...]:
    """Spans of the elements of a text with tags, those without an end only as wide as their tag."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for m in _TAG.finditer(xml):
        tag = m[0]
        if tag.startswith("</"):
            name = tag[2:-1].strip()
            while opened:
                own, start = opened.pop()
                if own == name:
                    found.append((start, m.end()))
                    break
        elif tag.endswith("/>") or tag[1:2] in "?!":
            found.append(m.span())
        else:
            opened.append((re.split(r"[\s>]", tag[1:], maxsplit=1)[0], m.start()))
    return tuple(found) or ((0, len(xml)),)


def mutate_xml(rng: Random, xml: str) -> str:
    """Elements dropped, doubled, nested, moved; values and words changed; now and then no XML any more."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        spans = _elements(xml)
        (a, b), (c, d) = rng.choice(spans), rng.choice(spans)
        element = xml[a:b]
        way = rng.randrange(9)
        if way == 0:
            xml = xml[:a] + xml[b:]
        elif way == 1:
            xml = xml[:a] + element * rng.choice((2, 2, 3, 40)) + xml[b:]
        elif way == 2:
            xml = xml[:c] + element + (xml[c:] if rng.random() < 0.5 else xml[d:])
        elif way == 3:
            head = _TAG.match(element)
            if head and element.endswith(">") and len(head[0]) < len(element):
                end = element[element.rfind("</") :]
                times = rng.choice((1, 3, 20, 120, 300))
                xml = xml[:a] + head[0] * times + element + end * times + xml[b:]
        elif way <= 5:
            xml = _with_value(rng, xml)
        elif way == 6:
            at = rng.randrange(len(xml) + 1)
            at = xml.find(">", at) + 1 or at
            xml = xml[:at] + _escaped(rng.choice((*ODD_WORDS, *LABELS, *PHRASES))) + xml[at:]
        elif way == 7:
            tags = list(_TAG.finditer(xml[:20000]))
            if tags:
                m, n = rng.choice(tags), rng.choice(tags)
                xml = xml[: m.start()] + n[0] + xml[m.end() :]
        else:
            xml = mutate_text(rng, xml)
        xml = xml[: 1 << 16]
    return xml


def _with_value(rng: Random, xml: str) -> str:
    values = list(_VALUE.finditer(xml))
    if not values:
        return xml
    m = rng.choice(values)
    value = rng.choice(values)[1] if rng.random() < 0.3 else rng.choice(ODD_NUMBERS + ODD_WORDS)
    return f"{xml[: m.start(1)]}{_escaped(value)}{xml[m.end(1) :]}"


def _escaped(words: str) -> str:
    plain = words.encode("utf-8", "replace").decode().replace("\0", "")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@lru_cache(maxsize=64)
def parts_of(package: bytes) -> tuple[tuple[str, bytes], ...]:
    """Names and contents of the parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return tuple((info.filename, opened.read(info)) for info in opened.infolist())


def packed(parts: Sequence[tuple[str, bytes]], deflated: bool = False) -> bytes:
    """A zip of parts; names may come twice."""
    out = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", kind) as opened:
        for name, content in parts:
            opened.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


def mutate_package(rng: Random, package: bytes, within: Callable[[Random, bytes], bytes]) -> bytes:
    """Parts changed by ``within``, renamed, dropped, doubled, swapped, with right checksums; or any bytes."""
    if rng.random() < 0.1:
        return mutate_bytes(rng, package)
    parts = list(parts_of(package))
    for _ in range(rng.choice((1, 1, 2))):
        i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
        name, content = parts[i]
        way = rng.randrange(16)
        if way == 0 and len(parts) > 1:
            del parts[i]
        elif way == 1:
            parts.append((rng.choice((name, name.upper(), f"../{name}", f"/{name}")), content))
        elif way == 2:
            parts[i], parts[j] = (name, parts[j][1]), (parts[j][0], content)
        elif way == 3:
            renamed = mutate_text(rng, name, ODD_WORDS)[:200].encode("utf-8", "replace").decode()
            parts[i] = (renamed, content)
        else:
            parts[i] = (name, within(rng, content))
    made = packed(parts, deflated=rng.random() < 0.1)
    return mutate_bytes(rng, made) if rng.random() < 0.05 else made


def xml_part(rng: Random, content: bytes) -> bytes:
    """A part of XML changed as XML, now and then as bytes."""
    if rng.random() < 0.05:
        return mutate_bytes(rng, content)
    return mutate_xml(rng, content.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")


_SCALARS = (
    "", "~", "null", "true", "no", "0", "-1", "1.5", "1e999", ".nan", ".inf", "0x1F", "0o17", "2024-02-30",
    "2024-03-01", "9999-12-31", "0000-00-00", "10000-01-01", "1:30", "99999999999999999999", "[]", "{}", "[[]]",
    "{a: b}", "[1, 甲]", "&a 甲", "*a", "<<", "!!python/object:os.system x", "!!binary aGk=", "!!set {a}", "!x y",
    "|", ">-", '"\\ud800"', '"\\0"', '"\\U00110000"', "'", '"', "甲" * 300, "…", "(", "(甲|乙", "[无此词表]", "<金额>",
    "…999 甲", "…0", "? :", "- ", "@", "`", "%TAG", "---", "...", "{}{}", "{quote}", "{0}", "{", "}", "12-", "第一条",
    "《", "[" * 60, "[" * 3000, "{" * 60, "?" * 40, "(甲|乙)" * 12, "甲?" * 30, "(" * 200 + "甲" + ")" * 200,
)  # fmt: skip


def mutate_keyed(rng: Random, text: str, also: Sequence[str] = ()) -> str:
    """A file of keys and values (YAML, TOML, JSON) with values, keys and lines changed.

    ``also`` are values that fit the file better.
    """
    for _ in range(rng.choice((1, 1, 2, 4))):
        lines = text.split("\n")
        i = rng.randrange(len(lines))
        line, value = lines[i], rng.choice(also if also and rng.random() < 0.6 else _SCALARS)
        way = rng.randrange(10)
        if way <= 2:
            places = list(
                re.finditer(r"(?<=[:=])\s*[^,{}\n]+|(?<=[\[,])\s*[^,\[\]\n]+|(?<=^- ).+", line)
            )
            if places:
                m = rng.choice(places)
                line = f"{line[: m.start()]} {value}{line[m.end() :]}"
            lines[i] = line
        elif way == 3:
            del lines[i]
        elif way == 4:
            lines[i:i] = [line] * rng.choice((1, 1, 3))
        elif way == 5:
            lines[i] = rng.choice((" ", "  ", "\t", "- ", "? ", "# ", "<<: ")) + line
        elif way == 6:
            lines[i] = line.lstrip() if rng.random() < 0.5 else f"{line}: {value}"
        elif way == 7:
            j = rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], line
        elif way == 8:
            key = re.search(r"\w+(?=\s*[:=])", line)
            lines[i] = f"{line[: key.start()]}{value}{line[key.end() :]}" if key else value
        else:
            lines[i] = mutate_text(rng, line)
        text = "\n".join(lines)[: 1 << 16]
    return text
