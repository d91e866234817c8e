"""The HTML page without a browser: escaping, its security policy, links that lead somewhere."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace

import pytest
from lxml import html

from checker.findings import Basis
from checker.report import Report


@pytest.fixture(scope="module")
def page(write, real: list[Report], hostile: Report) -> str:
    return write("html", *real, hostile)


def test_words_of_a_document_are_never_markup(page: str, hostile: Report) -> None:
    tree = html.fromstring(page)
    assert len(tree.findall(".//script")) == len(tree.findall(".//style")) == 1
    assert not tree.findall(".//img") and not tree.xpath("//@style | //@onerror | //@src")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    text = tree.text_content()
    assert "<script>alert(1)</script>" in text and "{{ 7*7 }}" in text and "U+202E" in text
    page.encode("utf-8")


def test_only_its_own_style_and_script_may_run(page: str) -> None:
    tree = html.fromstring(page)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", page, re.S)[1]
        digest = b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"https?://(?!a/)", page), "nothing from elsewhere"


def test_every_link_leads_to_one_place(page: str) -> None:
    tree = html.fromstring(page)
    ids = Counter(tree.xpath("//@id"))
    assert set(ids.values()) == {1}
    links = tree.xpath("//a/@href")
    assert links and {link[1:] for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)


def test_each_finding_is_listed_and_marked(page: str, real: list[Report]) -> None:
    tree = html.fromstring(page)
    for number, report in enumerate(real[:4], 1):
        for n, finding in enumerate(report.findings, 1):
            item = tree.get_element_by_id(f"d{number}-f{n}")
            assert finding.rule in item.text_content() and finding.message in item.text_content()
            marked = tree.xpath(f"//mark[@data-n='d{number}-f{n}']")
            for mark in marked:
                for sup in mark.iter("sup"):
                    sup.text = ""
            assert "".join(m.text_content() for m in marked) == re.sub(r"\n", "", finding.quote)


def test_an_index_only_where_there_are_several(write, page: str, real: list[Report]) -> None:
    index = html.fromstring(page).xpath("//nav[@class='index']//li")
    assert len(index) == len(real) + 1 and "未能检查" in index[4].text_content()
    assert 'class="index"' not in write("html", real[0])


def test_documents_with_nothing_found_are_folded_away(write, real: list[Report]) -> None:
    tree = html.fromstring(write("html", Report("净.txt"), *real, Report("半.txt", gaps=("图片",))))
    (folded,) = tree.xpath("//nav[@class='index']/details")
    assert [link.text for link in folded.iter("a")] == ["净.txt"]
    assert "未发现问题线索的 1 份" in folded.text_content()


def test_a_dossier_has_its_steps(write, real: list[Report]) -> None:
    tree = html.fromstring(write("html", real[3]))
    rows = tree.xpath("//table//tbody/tr")
    assert [row[0].text_content() for row in rows] == [step.title for step in real[3].steps]


def test_the_words_of_a_basis_can_be_unfolded(write, real: list[Report]) -> None:
    words = Basis("某条例", "第二条", words="不得<收取>。", words_from="2020年文本")
    first = replace(real[1].findings[0], basis=(words,), cited=(words,))
    tree = html.fromstring(write("html", replace(real[1], findings=(first,))))
    folded = tree.xpath("//dd/details")
    assert len(folded) == 2
    for one in folded:
        assert one.find("summary").text == "《某条例》第二条"
        assert one.find("p").text_content() == "不得<收取>。（2020年文本）"


def test_filters_count_what_they_hide(page: str, real: list[Report], hostile: Report) -> None:
    tree = html.fromstring(page)
    findings = [f for report in (*real, hostile) for f in report.findings]
    labels = {
        label.get("for").removeprefix("show-"): label.text_content()
        for label in tree.xpath("//main/label")
    }
    severities = Counter(f.severity.value for f in findings)
    for severity, count in severities.items():
        assert labels[severity].endswith(f" {count}")
    for mark, words in labels.items():
        hidden = tree.xpath(f"//li[contains(concat(' ', @class, ' '), ' {mark} finding ')]")
        hidden += tree.xpath(
            f"//li[contains(concat(' ', @class, ' '), ' finding ')]"
            f"[contains(concat(' ', @class, ' '), ' {mark} ')]"
        )
        assert len(hidden) == int(words.split()[-1])
    assert len(labels) == len(severities) + len({f.family for f in findings})


def test_a_long_run_is_not_kept_in_memory(
    write, real: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = write("html", *real)
    monkeypatch.setattr("checker.render.html.SPOOLED", 100)
    assert write("html", *real) == whole


def test_clean_documents_are_listed_without_their_text(write) -> None:
    tree = html.fromstring(write("html", Report("净.txt")))
    assert "未发现问题线索" in tree.text_content() and not tree.xpath("//section")
