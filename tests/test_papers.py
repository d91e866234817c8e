"""Papers: folders and .zip files, hostile ones too."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from checker.dossier import DossierError, read_dossier
from checker.papers import NoPapers, open_papers
from checker.sources import limits
from checker.sources.errors import UnreadableSource

COMPLETE = Path(__file__).parent / "dossiers" / "complete"


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def complete(prefix: str = "") -> dict[str, bytes]:
    return {prefix + path.name: path.read_bytes() for path in COMPLETE.iterdir()}


@pytest.mark.parametrize("prefix", ["", "卷宗/", "报送/卷宗/"])
def test_a_zip_is_read_as_its_folder(tmp_path: Path, prefix: str) -> None:
    path = zipped(tmp_path / "卷宗.zip", complete(prefix))
    packed, loose = read_dossier(path), read_dossier(COMPLETE)
    assert [(m.name, m.role, m.dates) for m in packed.materials] == [
        (m.name, m.role, m.dates) for m in loose.materials
    ]
    assert packed.name == "卷宗"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["卷宗.zip"], "nothing is unpacked"


def test_the_statement_in_a_zip_is_read_and_its_faults_are_told(tmp_path: Path) -> None:
    statement = "name: 会展办法\nmaterials:\n  - {role: 集体审议记录, date: 2024-05-01}\n".encode()
    path = zipped(tmp_path / "a.zip", {**complete(), "dossier.yaml": statement})
    dossier = read_dossier(path)
    assert dossier.name == "会展办法"
    assert str(dossier.of("集体审议记录")[0].dates.day) == "2024-05-01"


class WindowsEntry(zipfile.ZipInfo):
    """An entry whose name is written as Windows does: GBK, without the mark of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_names_of_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in complete().items():
            archive.writestr(WindowsEntry(name), data)
    assert open_papers(path).names == tuple(sorted(complete()))


@pytest.mark.parametrize("name", ["../外面.txt", "/etc/外面.txt", "C:\\外面.txt", "a/../../b.txt"])
def test_a_path_that_leads_out_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "d").mkdir()
    path = zipped(tmp_path / "d" / "a.zip", {**complete(), name: b"x"})
    dossier = read_dossier(path)
    assert [u.reason for u in dossier.unreadable] == ["路径指向压缩包以外，未读取"]
    assert len(dossier.of("合法性审核意见")) == 1
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["a.zip"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = b"\x00" * (limits.RATIO_FREE_BYTES + 2**20)
    path = zipped(tmp_path / "a.zip", {**complete(), "炸弹.txt": bomb})
    papers = open_papers(path)
    with pytest.raises(UnreadableSource, match="压缩炸弹"):
        papers.data("炸弹.txt")
    assert [u.name for u in read_dossier(path).unreadable] == ["炸弹.txt"]


def test_too_large_and_too_many(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"大.txt": b"x" * 101, "小.txt": b"x"})
    with limits.applied(limits.Limits(bytes=100)):
        assert open_papers(path).names == ("小.txt",)
        assert "limits.bytes" in open_papers(path).refused[0][1]
    with limits.applied(limits.Limits(inflated=101)):
        assert open_papers(path).refused == (
            ("小.txt", "压缩包解压后合计超过 101 字节的上限（limits.inflated=101），未读取"),
        )
    with (
        limits.applied(limits.Limits(entries=1)),
        pytest.raises(NoPapers, match=r"1 个的上限（limits\.entries=1）"),
    ):
        open_papers(path)


def test_hidden_and_temporary_files_are_no_papers(tmp_path: Path) -> None:
    extra = {"__MACOSX/._001.txt": b"x", ".DS_Store": b"x", "~$b.docx": b"x", "Thumbs.db": b"x"}
    path = zipped(tmp_path / "a.zip", {**complete(), **extra})
    assert open_papers(path).names == tuple(sorted(complete()))


def test_a_broken_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", complete())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DossierError, match=r"a\.zip"):
        read_dossier(path)
    data = bytearray(zipped(tmp_path / "b.zip", {"x.txt": bytes(range(256)) * 40}).read_bytes())
    data[60:80] = b"\xff" * 20
    (tmp_path / "b.zip").write_bytes(data)
    with pytest.raises(DossierError, match="无法解压"):
        read_dossier(tmp_path / "b.zip")


def test_what_is_no_dossier(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    shutil.copy(COMPLETE / "001.txt", file)
    for path in (file, tmp_path / "无"):
        with pytest.raises(NoPapers, match=path.name):
            open_papers(path)
