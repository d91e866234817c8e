"""Statement: dossier.yaml as it is written from what was recognised, and read back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker.cli import cli
from checker.dossier import Dossier, DossierError, read_dossier, write_statement
from checker.faults import DeclarationError
from checker.materials import OTHER
from tests.dossiers.build import MADE

HERE = Path(__file__).parent / "dossiers"
WHOLE = [
    "厅-齐全",
    "局-齐全",
    "镇-齐全",
    "市-齐全",
    "区-齐全",
    "县-应急齐全",
    "省-齐全",
    "市局-修改齐全",
]


def facts(dossier: Dossier) -> list[tuple[object, ...]]:
    own = (m for m in dossier.materials if not m.within)
    return [
        (m.name, m.role, m.dates.day, m.dates.last, m.dates.received, m.conclusion) for m in own
    ]


@pytest.mark.parametrize("name", WHOLE)
def test_reading_it_back_gives_the_same_materials(name: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MADE / name, tmp_path / "d"))
    before = read_dossier(folder, stated=False)
    write_statement(folder, force=True)
    assert facts(read_dossier(folder)) == facts(before)


def test_what_it_says(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HERE / "complete", tmp_path / "卷宗"))
    (folder / "扫描.pdf").write_bytes(b"%PDF-1.7")
    (folder / "名单.txt").write_text("张三\n李四\n", encoding="utf-8")
    text = write_statement(folder).read_text(encoding="utf-8")
    assert 'name: "卷宗"' in text
    assert re.search(r"把握 \d+%：标题有“[^”]*起草说明”；正文有.+\n  - role: 起草说明", text)
    assert "把握 0%，请核对：没有认出是哪种材料\n  - role: 其他材料" in text
    assert "未能读取，未列入：扫描.pdf（" in text
    assert "received: 2024-04-12" in text
    assert [m.name for m in read_dossier(folder).of(OTHER)] == ["名单.txt"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HERE / "complete", tmp_path / "d"))
    mine = "name: 我写的\n"
    (folder / "dossier.yaml").write_text(mine, encoding="utf-8")
    with pytest.raises(DossierError, match="--force"):
        write_statement(folder)
    result = CliRunner().invoke(cli, ["dossier", "init", str(folder)])
    assert result.exit_code == 2
    assert (folder / "dossier.yaml").read_text(encoding="utf-8") == mine
    assert CliRunner().invoke(cli, ["dossier", "init", str(folder), "--force"]).exit_code == 0
    assert "materials:" in (folder / "dossier.yaml").read_text(encoding="utf-8")


def test_only_a_folder_can_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"")
    with pytest.raises(DossierError, match="不是文件夹"):
        write_statement(tmp_path / "a.zip")


def test_faults_of_new_keys(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HERE / "complete", tmp_path / "d"))
    text = "also: [民主协商]\nfiled: 是\nplace: 上海滩\nmaterials:\n  - {role: 合法性审核意见, received: 昨天}\n"
    (folder / "dossier.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        read_dossier(folder)
    assert {fault.line for fault in caught.value.faults} == {1, 2, 3, 5}
    assert "是否要写“民主协商材料”" in str(caught.value)
    assert "没有“上海滩”这个地方" in str(caught.value)
