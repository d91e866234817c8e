"""Word files as a reader gets them: annotated copies and forms, from the command line and in LibreOffice."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from documents.readback import W, comments, part
from documents.wordml import package, para

from checker import Checker
from checker.findings import Severity
from checker.render.forms import filled, template_of
from checker.render.output import FORMS
from checker.render.word import annotated, remark_lines, worth_a_comment
from checker.resources import resource
from checker.sources import read_bytes
from checker.word.annotation import AUTHOR, Unmarkable

EXAMPLES = resource("examples")
FAULTY = EXAMPLES / "faulty.docx"
SOFFICE = shutil.which("soffice")
CHECKER = Checker()


# Comments


def test_every_finding_of_the_example_is_a_comment_on_its_words() -> None:
    report = CHECKER.check_file(FAULTY)
    data = FAULTY.read_bytes()
    copy = annotated(data, "faulty.docx", report.findings)
    covered = [words for author, words in comments(copy) if author == AUTHOR]
    title = "东林县人民政府关于印发《东林县乡村民宿管理暂行办法》的通知"
    assert sorted(covered) == sorted(f.quote or title for f in report.findings)
    assert read_bytes(copy, "a.docx").text == read_bytes(data, "a.docx").text


def test_a_comment_says_what_why_and_where() -> None:
    finding = next(f for f in CHECKER.check_file(FAULTY).findings if f.rule == "FEE-003")
    said = list(remark_lines(finding))
    assert said[0] == f"【错误】FEE-003 {finding.title}"
    assert [line[:3] for line in said[1:]] == ["问题：", "依据：", "建议：", "位置："]
    assert said[-1] == f"位置：{finding.address}" and "《优化营商环境条例》" in said[2]


def test_a_file_that_changed_since_the_check_is_refused() -> None:
    report = CHECKER.check_file(FAULTY)
    with pytest.raises(Unmarkable, match="改动过"):
        annotated(package(para("别的文字")), "别的.docx", report.findings)


def test_annotate_writes_a_copy_and_leaves_the_draft(run, tmp_path: Path) -> None:
    draft, copy = tmp_path / "草案.docx", tmp_path / "批注.docx"
    draft.write_bytes(FAULTY.read_bytes())
    report = CHECKER.check_file(FAULTY)
    code, out, err = run("annotate", draft, "-o", copy)
    grave = len(worth_a_comment(report, False))
    assert (code, draft.read_bytes()) == (0, FAULTY.read_bytes())
    assert f"{grave} 处批注" in out and f"提示 {report.counts.info} 处没有写成批注" in err
    assert len(comments(copy.read_bytes())) == grave
    with_hints = tmp_path / "全部.docx"
    assert run("annotate", draft, "-o", with_hints, "--info")[0] == 0
    assert len(comments(with_hints.read_bytes())) == len(report.findings) > grave
    again = tmp_path / "又一份.docx"
    assert run("check", draft, "-q", "-f", f"word={again}")[0] == 1
    assert again.read_bytes() == copy.read_bytes()


def test_annotate_refuses_what_it_cannot_do(run, tmp_path: Path) -> None:
    draft, broken = tmp_path / "草案.docx", tmp_path / "坏.docx"
    draft.write_bytes(FAULTY.read_bytes())
    broken.write_bytes(b"PK\x03\x04broken")
    out = tmp_path / "批注.docx"
    cases = (
        (("annotate", draft, "-o", draft), 2, "就是被检查的文件"),
        (("annotate", EXAMPLES / "notice.txt", "-o", out), 2, "只有 .docx 文件能写批注"),
        (("annotate", broken, "-o", out), 3, "压缩容器不完整"),
        (("annotate", tmp_path, "-o", out), 2, "无法读取"),
        (("annotate", "-", "-o", out), 2, "不能读标准输入"),
        (("annotate", draft, "-o", tmp_path / "没有" / "批注.docx"), 2, "没有这个文件夹"),
        (("check", draft, "-f", f"word={draft}"), 2, "不能把结果写进被检查的文件"),
        (("check", EXAMPLES, "-f", f"word={out}"), 2, "一次只能写一份文件"),
        (("check", EXAMPLES / "notice.txt", "-f", f"word={out}"), 2, "不能写批注"),
        (("check", broken, "-q", "-f", f"word={out}"), 3, f"没有写出 {out}"),
        (("dossier", EXAMPLES / "dossiers" / "faulty", "-f", f"word={out}"), 2, "checker annotate"),
    )
    for args, code, said in cases:
        ran = run(*args)
        assert (ran[0], said in ran[2]) == (code, True), (args, ran)
    assert not out.exists() and draft.read_bytes() == FAULTY.read_bytes()


# Forms


def paper(form: str, path: Path = FAULTY) -> bytes:
    report = CHECKER.check_dossier(path) if path.is_dir() else CHECKER.check_file(path)
    return filled(report, *template_of(form))


def words(data: bytes) -> str:
    return read_bytes(data, "a.docx").text


def test_the_opinion_lists_every_finding_by_gravity_and_decides_nothing() -> None:
    report, text = CHECKER.check_file(FAULTY), words(paper("opinion"))
    assert text.index("（一）错误") < text.index("（二）提醒") < text.index("（三）提示")
    for finding in report.findings:
        assert finding.message in text and finding.address in text
        assert finding.severity is Severity.INFO or (
            finding.advice in text and finding.rule in text
        )
        assert finding.severity is Severity.INFO or str(finding.basis[0]) in text
    grave = report.counts.error + report.counts.warning
    assert text.count("□部分采纳") == grave
    assert f"按规则集 {report.ruleset}" in text and "2024年9月10日" in text
    assert "没有列出的，不等于合法" in text and "只检查了文本" in text
    assert "{{" not in text and "☑" not in text and "违法" not in text


def test_the_opinion_of_a_dossier_lists_its_steps() -> None:
    folder = EXAMPLES / "dossiers" / "faulty"
    report, text = CHECKER.check_dossier(folder), words(paper("opinion", folder))
    assert report.steps and all(f"{step.title}\n{step.state}" in text for step in report.steps)


def test_fair_and_filing_sort_findings_by_family() -> None:
    report = CHECKER.check_file(FAULTY)
    text = words(paper("fair"))
    parts = re.split(r"\n[一二三四五]、", text)[1:]
    for part_, family in zip(parts, ("MKT", "FLOW", "COST", "BEH", "BID"), strict=True):
        own = [f for f in report.findings if f.family == family]
        assert part_.count("□适用例外\n") == len(own)
        assert all(f.message in part_ for f in own)
        assert ("没有这一类问题线索" in part_) == (not own)
    text = words(paper("filing"))
    assert "东政规〔2024〕6号" in text and "自2024年11月1日起施行" in text
    assert all(f.message in text for f in report.findings)


def test_a_document_full_of_placeholders_fills_a_form(tmp_path: Path) -> None:
    draft = tmp_path / "草案.docx"
    draft.write_bytes(
        package(
            para("东林县{{没有}}办法") + para("第一条 经营者应当在开业前缴存{{标题}}保证金五千元。")
        )
    )
    assert "{{没有}}" in words(paper("opinion", draft))


@pytest.mark.parametrize("form", FORMS)
def test_forms_from_the_command_line(run, form: str, tmp_path: Path) -> None:
    out, again = tmp_path / "一.docx", tmp_path / "二.docx"
    assert run("check", FAULTY, "-q", "-f", f"{form}={out}")[0] == 1
    own = tmp_path / "模板.docx"
    assert run("template", form, "-o", own)[0] == 0
    assert (
        run("check", FAULTY, "-q", "-f", f"{form}={again}", "--template", f"{form}={own}")[0] == 1
    )
    assert out.read_bytes() == again.read_bytes()


def test_wrong_templates_are_named(run, tmp_path: Path) -> None:
    own, out = tmp_path / "模板.docx", tmp_path / "书.docx"
    own.write_bytes(package(para("{{标提}}")))
    family = tmp_path / "门类.docx"
    family.write_bytes(package(para("{{MKT、FLOV.问题}}")))
    cases = (
        # A misspelt family must never look like one without findings.
        (("-f", f"opinion={out}", "--template", f"opinion={family}"), "没有清单“MKT、FLOV”"),
        (("-f", f"opinion={out}", "--template", f"opinion={own}"), "是否要写“标题”"),
        (
            ("-f", f"opinion={out}", "--template", f"opinion={tmp_path / '没有.docx'}"),
            "没有这个模板",
        ),
        (("-f", f"opinion={out}", "--template", "opinion"), "没有这个模板"),
        (("-f", "opinion"), "要写明存入哪个文件"),
        (("-f", f"opinion={tmp_path / '没有' / '书.docx'}"), "没有这个文件夹"),
    )
    for args, said in cases:
        code, _, err = run("check", FAULTY, *args)
        assert (code, said in err) == (2, True), (args, err)
    assert run("template", "opinion", "-o", own)[0] == 2 and not out.exists()


def test_shipped_templates_are_those_that_the_script_makes(tmp_path: Path) -> None:
    made = Path(__file__).parent.parent / "bench" / "templates.py"
    spec = importlib.util.spec_from_file_location("templates", made)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    sys.modules["templates"] = script
    spec.loader.exec_module(script)
    (tmp_path / "templates").mkdir()
    script.ROOT = tmp_path
    script.main()
    for form in FORMS:
        fresh, shipped = (
            (folder / f"{form}.docx").read_bytes()
            for folder in (tmp_path / "templates", resource("templates"))
        )
        body = "word/document.xml"
        assert zipfile.ZipFile(io.BytesIO(fresh)).read(body) == zipfile.ZipFile(
            io.BytesIO(shipped)
        ).read(body), f"{form}.docx 不是 bench/templates.py 生成的"


# In a real word processor


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (libreoffice-writer-nogui)")
def test_libreoffice_opens_them_all(tmp_path: Path) -> None:
    report = CHECKER.check_file(FAULTY)
    files = {form: paper(form) for form in FORMS}
    files["annotated"] = annotated(FAULTY.read_bytes(), "faulty.docx", report.findings)
    for name, data in files.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind in ("pdf", "fodt"):
        subprocess.run(
            [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", tmp_path,
             *(tmp_path / f"{name}.docx" for name in files)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    for name in files:
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF"), name
    read = (tmp_path / "annotated.fodt").read_text("utf-8")
    assert read.count("<office:annotation ") == len(report.findings)
    assert read.count(f"<dc:creator>{AUTHOR}</dc:creator>") == len(report.findings)
    assert len(list(part(files["annotated"], "word/document.xml").iter(f"{W}ins"))) == len(
        list(part(FAULTY.read_bytes(), "word/document.xml").iter(f"{W}ins"))
    )
