"""Dossier: which paper is what, and what dossier.yaml may say."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.dossier import Dossier, DossierError, read_dossier
from checker.faults import DeclarationError
from checker.materials import DRAFT, OTHER, conclusion_of, likenesses, load_vocabulary
from checker.resources import resource

COMPLETE = Path(__file__).parent / "dossiers" / "complete"
ROLES = {
    "001.txt": DRAFT,
    "002.txt": "起草说明",
    "a7.txt": "征求意见公告",
    "b3.txt": "意见采纳情况",
    "扫描件5.txt": "公平竞争审查",
    "新建文本文档.txt": "合法性审核意见",
    "x.txt": "集体审议记录",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the complete dossier that may be changed."""
    return Path(shutil.copytree(COMPLETE, tmp_path / "卷宗"))


def roles(dossier: Dossier) -> dict[str, str]:
    """The role of each paper; those found inside another paper are none of their own."""
    return {m.name: m.role for m in dossier.materials if not m.within}


def state(folder: Path, text: str) -> None:
    (folder / "dossier.yaml").write_text(text, encoding="utf-8")


def test_papers_are_told_by_content_alone(folder: Path) -> None:
    dossier = read_dossier(folder)
    assert roles(dossier) == ROLES
    assert dossier.name == "卷宗"
    assert dossier.draft is not None
    assert dossier.draft.title.startswith("南江市会展业高质量发展促进办法")
    assert dossier.draft.source.name == "001.txt"
    assert dossier.unreadable == ()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(sorted(ROLES)))
def test_file_names_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("d")
    expected = {}
    for i, name in enumerate(order):
        shutil.copy(COMPLETE / name, folder / f"{i}.txt")
        expected[f"{i}.txt"] = ROLES[name]
    assert roles(read_dossier(folder)) == expected


def test_dates_and_conclusions(folder: Path) -> None:
    found = {m.role: m for m in read_dossier(folder).materials}
    assert found["起草说明"].dates.day == date(2024, 4, 8)
    assert found["征求意见公告"].dates.days == 31
    assert found["公平竞争审查"].dates.day == date(2024, 4, 10)
    assert found["合法性审核意见"].dates.day == date(2024, 4, 22)
    assert found["集体审议记录"].dates.day == date(2024, 4, 28)
    assert found["合法性审核意见"].conclusion == "合法"
    assert found["公平竞争审查"].conclusion == "可以出台"
    assert all(m.evidence for m in found.values())
    assert all(found[role].confidence > 0.5 for role in ROLES.values())


@pytest.mark.parametrize("name", ["complete", "faulty"])
def test_examples_are_read(name: str) -> None:
    dossier = read_dossier(resource("examples", "dossiers", name))
    assert dossier.draft is not None
    assert dossier.unrecognised == ()
    assert dossier.unreadable == ()


def test_subfolders_are_read_and_temporary_files_are_not(folder: Path) -> None:
    (folder / "附件").mkdir()
    (folder / "x.txt").rename(folder / "附件" / "x.txt")
    (folder / "~$a.docx").write_bytes(b"lock")
    (folder / ".DS_Store").write_bytes(b"x")
    dossier = read_dossier(folder)
    assert roles(dossier)["附件/x.txt"] == "集体审议记录"
    assert dossier.unreadable == ()


def test_of_two_drafts_the_one_the_others_speak_of(folder: Path) -> None:
    (folder / "0.txt").write_text(
        "东江省会展场馆管理办法\n第一条　为了加强管理，制定本办法。\n第二条　本办法所称场馆，"
        "是指展览场所。\n第三条　本办法自2020年1月1日起施行，有效期5年。\n",
        encoding="utf-8",
    )
    found = roles(read_dossier(folder))
    assert found["001.txt"] == DRAFT
    assert found["0.txt"] == OTHER


def test_a_draft_without_any_mark_is_the_paper_the_others_name(folder: Path) -> None:
    (folder / "001.txt").write_text(
        "南江市会展业高质量发展促进办法\n\n市商务局负责会展业的促进、服务和管理。\n",
        encoding="utf-8",
    )
    assert roles(read_dossier(folder))["001.txt"] == DRAFT


def test_one_bad_file_is_listed(folder: Path) -> None:
    (folder / "盖章扫描.pdf").write_bytes(b"%PDF-1.7")
    (folder / "空.txt").write_bytes(b"")
    dossier = read_dossier(folder)
    assert [u.name for u in dossier.unreadable] == ["盖章扫描.pdf", "空.txt"]
    assert all(u.reason for u in dossier.unreadable)
    assert roles(dossier) == ROLES


def test_an_unreadable_file_may_be_told_by_its_name(folder: Path) -> None:
    (folder / "x.txt").unlink()
    (folder / "常务会议纪要.pdf").write_bytes(b"%PDF-1.7")
    (minutes,) = read_dossier(folder).of("集体审议记录")
    assert "PDF" in minutes.unread
    assert minutes.confidence < 0.5


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="没有文件"):
        read_dossier(tmp_path)
    (tmp_path / "1.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(DossierError, match=r"1\.pdf"):
        read_dossier(tmp_path)
    with pytest.raises(DossierError, match="没有这个卷宗"):
        read_dossier(tmp_path / "没有")
    with pytest.raises(DossierError, match="文件夹或者"):
        read_dossier(tmp_path / "1.pdf")


def test_dossier_yaml_states_and_corrects(folder: Path) -> None:
    state(
        folder,
        "name: 会展办法\nissued: 2024-05-10\nmarket: false\nmajor: true\n"
        "urgent: 防汛抢险\nmaterials:\n"
        "  - {role: 起草说明, file: b3.txt, date: 2024-04-01}\n"
        "  - {role: 征求意见公告, start: 2024-03-02, end: 2024-03-20}\n"
        "  - {role: 集体审议记录, none: 尚未上会}\n"
        "  - {role: 其他材料, file: 002.txt}\n"
        "  - {role: 合法性审核意见, conclusion: 应当予以修改}\n",
    )
    dossier = read_dossier(folder)
    assert dossier.name == "会展办法"
    assert (dossier.facts.issued, dossier.facts.major) == (date(2024, 5, 10), True)
    assert dossier.facts.market is False
    found = {m.role: m for m in dossier.materials}
    assert (found["起草说明"].name, found["起草说明"].dates.day) == ("b3.txt", date(2024, 4, 1))
    assert found["征求意见公告"].dates.days == 19
    assert found["征求意见公告"].dates.day == date(2024, 3, 1), "what is not corrected stays"
    assert found["合法性审核意见"].conclusion == "应当予以修改"
    assert "集体审议记录" not in found
    assert dossier.absent == (("集体审议记录", "尚未上会"),)
    assert [m.name for m in dossier.unrecognised] == ["002.txt"]


def test_dossier_yaml_may_name_the_draft(folder: Path) -> None:
    state(folder, "materials:\n  - {role: 文件草案, file: 002.txt}\n")
    dossier = read_dossier(folder)
    assert roles(dossier)["002.txt"] == DRAFT
    assert roles(dossier)["001.txt"] == OTHER
    assert dossier.draft is not None
    assert dossier.draft.source.name == "002.txt"


def test_a_material_without_file_is_only_stated(folder: Path) -> None:
    (folder / "x.txt").unlink()
    state(folder, "materials:\n  - {role: 集体审议记录, date: 2024-04-28}\n")
    (minutes,) = read_dossier(folder).of("集体审议记录")
    assert minutes.name == ""
    assert minutes.dates.day == date(2024, 4, 28)
    assert "dossier.yaml" in minutes.evidence[0]


def test_stated_dates_stand_in_for_an_unreadable_file(folder: Path) -> None:
    (folder / "x.txt").unlink()
    (folder / "7.pdf").write_bytes(b"%PDF-1.7")
    state(folder, "materials:\n  - {role: 集体审议记录, file: 7.pdf, date: 2024-04-28}\n")
    (minutes,) = read_dossier(folder).of("集体审议记录")
    assert minutes.unread
    assert minutes.known
    assert minutes.dates.day == date(2024, 4, 28)


def test_every_fault_of_dossier_yaml_at_once_with_line_and_nearest_word(folder: Path) -> None:
    state(
        folder,
        "name: 会展办法\n"
        "issue: 2024-05-10\n"
        "materials:\n"
        "  - file: 01.txt\n"
        "    role: 起草的说明\n"
        "    date: 五月\n"
        "  - role: 征求意见公告\n"
        "    start: 2024-03-31\n"
        "    end: 2024-03-01\n"
        "name: 又一个\n",
    )
    with pytest.raises(DeclarationError) as caught:
        read_dossier(folder)
    faults = {fault.line: fault.message for fault in caught.value.faults}
    assert "是否要写“issued”" in faults[2]
    assert "001.txt" in faults[4]
    assert "是否要写“起草说明”" in faults[5]
    assert "日期" in faults[6]
    assert "早于" in faults[9]
    assert "两次" in faults[10]
    assert len(faults) == len(caught.value.faults) == 6
    assert str(caught.value).startswith("卷宗/dossier.yaml 第2行：")


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("- 甲\n", 1), ("name: [\n", 2), ("materials: 甲\n", 1), ("market: 是\n", 1)],
)
def test_malformed_dossier_yaml(folder: Path, text: str, line: int) -> None:
    state(folder, text)
    with pytest.raises(DeclarationError) as caught:
        read_dossier(folder)
    assert caught.value.faults[0].line == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("审核结论：合法。", "合法"),
        ("对草案的合法性进行审核，没有损害合法权益。", ""),
        ("一、内容合法。二、第五条应当予以修改。", "应当予以修改"),
        ("□合法 ☑不合法 □应当予以修改", "不合法"),
        ("□合法 □不合法 □应当予以修改", ""),
        ("审核制定主体是否合法；不存在不合法的情形。", ""),
        ("经审核，送审稿不存在合法性问题。", "不存在合法性问题"),
        ("未发现与上位法相抵触的内容", "未发现与上位法相抵触"),
        ("同意。", ""),
    ],
)
def test_conclusion(text: str, expected: str) -> None:
    kind = load_vocabulary().kind("合法性审核意见")
    assert kind is not None
    assert conclusion_of(text, kind) == expected


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [
        ("1.txt", "某市会议管理办法（送审稿）\n第一条　为了规范会议，制定本办法。", DRAFT),
        ("1.txt", "某县人民政府关于印发某县公平竞争审查实施办法的通知\n各乡镇：", DRAFT),
        ("1.txt", "某局关于提请审议《某办法》的请示\n市政府：\n现报上，请予审议。", None),
        ("关于某办法的起草说明.docx", "", "起草说明"),
        ("1.txt", "关于《某某办法》的说明\n一、起草背景", "起草说明"),
        ("1.txt", "党组会议记录\n会议时间：2024年4月1日\n主持人：某", "集体审议记录"),
        ("1.txt", "关于《合法性审核办法》公开征求意见的公告\n请提出意见。", "征求意见公告"),
        ("1.txt", "今天天气晴朗。", None),
    ],
)
def test_likenesses(name: str, text: str, role: str | None) -> None:
    found = likenesses(name, text, load_vocabulary())
    assert (found[0].kind.name if found else None) == role
