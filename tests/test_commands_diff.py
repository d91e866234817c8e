"""checker diff: what a clerk reads, JSON, exit codes, wrong use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.resources import resource

NOTICE = resource("examples") / "notice.txt"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    text = NOTICE.read_text("utf-8").replace("应当由东林县安居", "可以由东林县安居")
    path = tmp_path / "新稿.txt"
    path.write_text(text.replace("拆除押金二千元", "拆除押金三千元"), encoding="utf-8")
    return path


def test_the_text_shows_modality_findings_and_marked_words(run, new: Path) -> None:
    code, out, err = run("diff", NOTICE, new)
    assert (code, err) == (0, "")
    assert out.startswith("notice.txt → 新稿.txt\n")
    assert "二、（一）  应当 → 可以" in out
    assert "交纳拆除押金【删：二】【增：三】千元" in out
    assert out.index("要求变化") < out.index("消除的问题线索") < out.index("修改的条款")
    assert out.splitlines()[-1].startswith(
        "条款：新增 0、删去 0、修改 2、移动 0、序号变动 0；要求变化 1"
    )


def test_a_graver_finding_in_the_new_draft_exits_1(run, new: Path) -> None:
    assert run("diff", new, NOTICE)[0] == 1
    assert run("diff", NOTICE, new, "--fail-on", "warning")[0] == 1


def test_json_and_the_closing_line_on_stderr(run, new: Path, tmp_path: Path) -> None:
    code, out, err = run("diff", NOTICE, new, "-f", "json")
    found = json.loads(out)
    assert code == 0 and err.startswith("条款：")
    assert found["schema"] == "checker-diff/1"
    assert {change["change"] for change in found["changes"]} == {"changed"}
    assert found["modalities"][0]["old"] == [{"word": "应当", "modality": "obligation"}]
    assert {f["rule"] for f in found["findings"]["lost"]} == {"FEE-012", "MKT-009"}
    file = tmp_path / "对照.json"
    assert run("diff", NOTICE, new, "-f", f"json={file}")[1] == ""
    assert file.read_text("utf-8") == out


def test_word_and_text_can_be_compared(run, tmp_path: Path) -> None:
    from checker.parsing import parse_file

    word = resource("examples") / "faulty.docx"
    text = tmp_path / "同文.txt"
    text.write_text(parse_file(word).source.text, encoding="utf-8")
    code, out, _ = run("diff", word, text)
    assert code == 0 and "修改 0、移动 0、序号变动 0；要求变化 0；问题线索：新增 0、消除 0" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((NOTICE,), "缺少新稿"),
        ((NOTICE, "没有.txt"), "没有这个文件：没有.txt"),
        ((NOTICE, NOTICE.parent), "这是文件夹，请写一个文件"),
        ((NOTICE, NOTICE, "-f", "html"), "可以写：text、json"),
        ((NOTICE, NOTICE, "-f", "json=没有/a.json"), "无法写入"),
        ((NOTICE, NOTICE, "-f", "json", "-f", "text"), "只能有一种格式写到标准输出"),
    ],
)
def test_wrong_use_exits_2(run, args: tuple[object, ...], said: str) -> None:
    code, out, err = run("diff", *args)
    assert code == 2 and said in err and out == ""


def test_what_cannot_be_read_exits_3(run, tmp_path: Path) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04broken")
    code, out, err = run("diff", NOTICE, broken)
    assert code == 3 and "坏.docx：文件已损坏" in err and out == ""
