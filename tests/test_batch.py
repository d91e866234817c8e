"""Files in folders: what is a document, what is no file, and what leads elsewhere."""

from __future__ import annotations

import os
import socket
import zipfile
from pathlib import Path

import pytest

from checker.api import Checker
from checker.batch import is_document, listed
from checker.papers import open_papers

TEXT = "第一条 经营者应当缴存保证金。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with everything that is no plain file, and a secret beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "外").mkdir()
    (tmp_path / "外" / "密.txt").write_text(TEXT, encoding="utf-8")
    inside = tmp_path / "内"
    (inside / "子").mkdir(parents=True)
    (inside / "子" / "真.txt").write_text(TEXT, encoding="utf-8")
    (inside / "同.txt").symlink_to(inside / "子" / "真.txt")
    (inside / "外链.txt").symlink_to(tmp_path / "外" / "密.txt")
    (inside / "外夹").symlink_to(tmp_path / "外")
    (inside / "回.txt").symlink_to("回.txt")
    (inside / "回夹").symlink_to(".")
    (inside / "断.txt").symlink_to(inside / "无.txt")
    os.mkfifo(inside / "管.txt")
    os.mkfifo(inside / "管.zip")
    os.mkfifo(inside / "管.eml")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("内/座.txt")
    return Path("内")


def test_nothing_outside_is_read_and_nothing_that_is_no_file_is_opened(folder: Path) -> None:
    reports = {report.name: report for report in Checker().check_folder(folder, 1)}
    outside = "符号链接指向所检查的文件夹以外，未读取；要检查的，请直接写明它的路径"
    assert {name: report.error for name, report in reports.items()} == {
        "内/同.txt": "",
        "内/回.txt": "符号链接循环，无法读取",
        "内/外夹": outside,
        "内/外链.txt": outside,
        "内/子/真.txt": "",
        "内/座.txt": "不是普通文件，未读取",
        "内/断.txt": "文件不存在",
        "内/管.eml": "不是普通文件，未读取",
        "内/管.txt": "不是普通文件，未读取",
        "内/管.zip": "不是普通文件，未读取",
    }


def test_a_link_given_as_a_path_is_followed(folder: Path) -> None:
    (report,) = Checker().check_paths([folder / "外链.txt"], 1)
    assert report.complete
    assert [report.name for report in Checker().check_folder(folder / "外夹", 1)] == [
        "内/外夹/密.txt"
    ]


def test_waivers_and_changes_do_not_stumble_over_links_in_a_circle(run, folder: Path) -> None:
    Path("w.yaml").write_text("[]\n", encoding="utf-8")
    ran = run("check", folder, "--waivers", "w.yaml", "--jobs", 1)
    assert ran.code in (1, 3) and "符号链接循环" in ran.out
    jobs = listed([folder], only={Path("内/子/真.txt").resolve()})
    assert [job.name for job in jobs if not job.problem] == ["内/同.txt", "内/子/真.txt"]


def test_a_dossier_does_not_leave_its_folder(folder: Path) -> None:
    papers = open_papers(folder)
    assert papers.names == ("同.txt", "子/真.txt")
    assert {name for name, _ in papers.refused} == {
        "外夹", "外链.txt", "回.txt", "断.txt", "座.txt", "管.txt", "管.zip", "管.eml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.txt", True),
        ("夹/A.TXT", True),
        ("a.jpg", False),
        ("txt", False),
        (".a.txt", False),
        ("~$a.txt", False),
        ("__MACOSX/a.txt", False),
        (".git/a.txt", False),
    ],
)
def test_documents_by_name(name: str, wanted: bool) -> None:
    assert is_document(name, (".txt",)) is wanted


def test_a_folder_with_an_archive_that_links_outside(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").mkdir()
    with zipfile.ZipFile("外.zip", "w") as archive:
        archive.writestr("密.txt", TEXT)
    Path("a/链.zip").symlink_to(tmp_path / "外.zip")
    (report,) = Checker().check_folder("a", 1)
    assert "以外" in report.error
