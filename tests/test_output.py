"""The table of formats: several in one run, what is refused, and that a run repeats itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.cli import main
from checker.render.output import FORMATS, keeps_document
from checker.report import Report
from checker.resources import resource

NOTICE = resource("examples") / "notice.txt"
FAULTY = resource("examples") / "faulty.docx"


#: Formats of any number of documents.
STREAMED = [name for name, form in FORMATS.items() if not form.single]


def refused(capsys: pytest.CaptureFixture[str], *args: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(arg) for arg in args])
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("name", STREAMED)
def test_the_same_run_gives_the_same_characters(
    name: str, write, real: list[Report], hostile: Report
) -> None:
    first = write(name, *real, hostile)
    assert first and first == write(name, *real, hostile)


@pytest.mark.parametrize("name", STREAMED)
def test_a_run_without_documents_can_be_written(name: str, write) -> None:
    assert isinstance(write(name), bytes if FORMATS[name].binary else str)


@pytest.mark.parametrize("name", STREAMED)
def test_what_could_not_be_read_is_in_every_format(name: str, write, real: list[Report]) -> None:
    told = write(name, real[-1])
    if FORMATS[name].binary:
        assert len(told) > len(write(name))
    elif name != "junit":
        assert real[-1].error in told


def test_all_formats_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name: tmp_path / f"结果.{name}" for name in FORMATS}
    with pytest.raises(SystemExit) as ended:
        main(["check", str(FAULTY), *(f"-f{name}={file}" for name, file in files.items())])
    assert ended.value.code == 1
    assert all(file.stat().st_size > 100 for file in files.values())
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("检查 1 份：1 份有问题线索")


def test_results_are_the_same_from_one_process_and_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = tmp_path / "草案"
    drafts.mkdir()
    for i in range(6):
        (drafts / f"{i}.txt").write_bytes(NOTICE.read_bytes())
    for jobs in "12":
        with pytest.raises(SystemExit):
            main(
                ["check", str(drafts), "--jobs", jobs]
                + [f"-f{name}={tmp_path / (name + jobs)}" for name in ("html", "sarif")]
            )
    for name in ("html", "sarif"):
        one, two = ((tmp_path / (name + jobs)).read_bytes() for jobs in "12")
        assert one == two and "应当由东林县安居检测有限公司" in one.decode()


def test_only_formats_that_show_the_text_keep_it() -> None:
    assert keeps_document([("html", None)]) and keeps_document([("text", None), ("sarif", None)])
    assert not keeps_document([("text", None), ("json", None), ("csv", None)])


def test_a_result_is_never_written_over_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "草案.txt"
    draft.write_text("第一条 略。", encoding="utf-8")
    link = tmp_path / "链接.html"
    link.symlink_to(draft)
    for target in (draft, link):
        assert "不能把结果写进被检查的文件" in refused(
            capsys, "check", draft, "-f", f"html={target}"
        )
    assert draft.read_text("utf-8") == "第一条 略。"


def test_two_formats_do_not_share_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a"
    told = refused(capsys, "check", NOTICE, "-f", f"html={file}", "-f", f"csv={file}")
    assert "两种格式不能写入同一个文件" in told and not file.exists()


def test_bytes_need_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "check", NOTICE, "-f", "xlsx")
    assert "xlsx 要写明存入哪个文件，如 -f xlsx=结果.xlsx" in told


def test_a_missing_library_is_named_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.render.workbook.find_spec", lambda name: None)
    file = tmp_path / "旧.xlsx"
    file.write_bytes("旧的结果".encode())
    told = refused(capsys, "check", NOTICE, "-f", f"xlsx={file}")
    assert "openpyxl" in told and "legality-precheck[xlsx]" in told
    assert file.read_bytes().decode() == "旧的结果"


def test_each_format_is_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    told = capsys.readouterr().out
    assert all(name in told for name in FORMATS)


@pytest.mark.parametrize(("name", "unloaded"), [("text", {"jinja2", "openpyxl"}), ("html", set())])
def test_libraries_are_loaded_only_for_their_formats(name: str, unloaded: set[str]) -> None:
    code = (
        "import sys; from checker.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "check", str(NOTICE), "-f", f"{name}={os.devnull}"]
    loaded = subprocess.run(command, capture_output=True, check=True, text=True).stderr.split()
    assert not unloaded & set(loaded) and ("jinja2" in loaded) is (name == "html")
