"""The command line: exit codes, streams, formats, wrong use."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from checker.cli import main
from checker.resources import resource

EXAMPLES = resource("examples")
FAULTY, CLEAN = str(EXAMPLES / "faulty.docx"), str(EXAMPLES / "clean.docx")
CLOSING = re.compile(
    r"检查 (\d+) 份：(\d+) 份有问题线索（错误 (\d+)、提醒 (\d+)），"
    r"(\d+) 份未能完整检查，(\d+) 处已豁免"
)


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def closing(self) -> tuple[int, ...]:
        match = CLOSING.fullmatch(self.out.splitlines()[-1])
        assert match, self.out
        return tuple(map(int, match.groups()))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def ran(*args: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args])
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return ran


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "坏.docx"
    path.write_bytes(b"PK\x03\x04broken")
    return path


def test_findings_exit_1_and_the_last_line_counts_them(run) -> None:
    ran = run("check", FAULTY)
    documents, flagged, errors, _, incomplete, waived = ran.closing
    assert (ran.code, documents, flagged, incomplete, waived) == (1, 1, 1, 0, 0)
    assert errors >= 1
    assert ran.out.count("\n  错误 ") + ran.out.count("\n    另涉  错误 ") == errors
    assert ran.err == ""


def test_nothing_found_exits_0(run) -> None:
    ran = run("check", CLEAN)
    assert (ran.code, ran.closing) == (0, (1, 0, 0, 0, 0, 0))


def test_not_fully_checked_exits_3_and_findings_outweigh_it(run, broken: Path) -> None:
    assert run("check", CLEAN, broken).code == 3
    assert run("check", broken).code == 3
    ran = run("check", broken, FAULTY)
    assert ran.code == 1 and ran.closing[4] == 1


def test_fail_on_moves_the_bar(run, tmp_path: Path) -> None:
    errors = run("check", FAULTY).closing[2]
    report = tmp_path / "r.json"
    for level in ("error", "warning", "info"):
        assert run("check", FAULTY, "--fail-on", level, "-f", f"json={report}").code == 1
    assert json.loads(report.read_text("utf-8"))["summary"]["counts"]["error"] == errors


def test_a_folder_without_documents_exits_3(run, tmp_path: Path) -> None:
    ran = run("check", tmp_path)
    assert ran.code == 3 and "没有可以检查的文件" in ran.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["chek"], "是否要写“check”"),
        (["check"], "缺少路径"),
        (["check", "没有.docx"], "没有这个文件或者文件夹：没有.docx"),
        (["check", CLEAN, "-f", "jsn"], "是否要写“json”"),
        (["check", CLEAN, "-f", "json="], "缺少文件名"),
        (["check", CLEAN, "-f"], "选项 -f"),
        (["check", CLEAN, "-f", "json", "-f", "text"], "只能有一种格式写到标准输出"),
        (["check", CLEAN, "-f", "json=没有/a.json"], "无法写入"),
        (["check", CLEAN, "--fail-on", "eror"], "是否要写“error”"),
        (["check", CLEAN, "--formt", "json"], "是否要写“--format”"),
        (["check", CLEAN, "--as-of", "2024-13-01"], "不是日期"),
        (["check", CLEAN, "--jobs", "0"], "1 以上的整数"),
        (["check", CLEAN, "--select", "FEEE"], "是否要写“FEE"),
        (["check", CLEAN, "--profile", "county-drft"], "是否要写“county-draft”"),
        (["check", CLEAN, "--rules", "没有"], "没有这个文件夹"),
        (["rules", "lst"], "是否要写“list”"),
        (["explain", "FEE"], "请写规则编号"),
        (["explain", "XYZ-001"], "没有编号或者门类"),
        (["dossier", CLEAN], "没有这个文件夹或者 .zip"),
        (
            ["dossier", "--place", "上海滩", str(EXAMPLES / "dossiers" / "faulty")],
            "没有“上海滩”这个地方",
        ),
        (["dossier", "init", CLEAN], "没有这个文件夹"),
    ],
)
def test_wrong_use_exits_2_says_why_and_checks_nothing(run, args: list[str], said: str) -> None:
    ran = run(*args)
    assert ran.code == 2 and said in ran.err and ran.out == ""
    assert ran.err.startswith("错误：") and "Traceback" not in ran.err


def test_a_broken_rule_exits_2_with_file_and_line(run, tmp_path: Path) -> None:
    folder = tmp_path / "本地" / "FEE"
    folder.mkdir(parents=True)
    (folder / "FEE-901.yaml").write_text("id: FEE-901\nseverty: error\n", encoding="utf-8")
    ran = run("check", CLEAN, "--rules", tmp_path / "本地")
    assert ran.code == 2 and ran.out == ""
    assert re.search(r"FEE-901\.yaml 第 ?2 ?行.*severity", ran.err)


def test_an_internal_error_exits_2(run, monkeypatch: pytest.MonkeyPatch) -> None:
    import checker.structure

    monkeypatch.setattr(checker.structure, "parse", lambda source: {}["坏"])
    ran = run("check", CLEAN)
    assert ran.code == 2 and "引擎内部错误" in ran.out
    monkeypatch.setattr("checker.api.Checker.check_paths", lambda *args: {}["坏"])
    ran = run("check", CLEAN)
    assert ran.code == 2 and "引擎内部错误" in ran.err and "KeyError" in ran.err


@pytest.mark.parametrize("data", [Path(FAULTY).read_bytes(), "应当缴存装修保证金。".encode()])
def test_standard_input(run, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    ran = run("check", "-")
    assert ran.code == 1 and ran.out.startswith("标准输入  错误")


def test_several_formats_at_once(run, tmp_path: Path) -> None:
    as_json, as_text = tmp_path / "a.json", tmp_path / "a.txt"
    ran = run("check", FAULTY, "-f", "json", "-f", f"json={as_json}", "-f", f"text={as_text}")
    assert ran.code == 1
    assert json.loads(ran.out) == json.loads(as_json.read_text("utf-8"))
    assert CLOSING.fullmatch(as_text.read_text("utf-8").splitlines()[-1])
    assert CLOSING.fullmatch(ran.err.strip()), "the closing line is no JSON"


def test_writing_to_a_file_does_not_change_the_code(run, tmp_path: Path, broken: Path) -> None:
    target = f"json={tmp_path / 'a.json'}"
    for paths, code in (([FAULTY], 1), ([CLEAN], 0), ([CLEAN, broken], 3)):
        ran = run("check", *paths, "-f", target)
        assert (ran.code, ran.out) == (code, "")


def test_json_is_the_same_with_one_process_and_four(run, tmp_path: Path, broken: Path) -> None:
    text = "经营者应当在开业前缴存文明经营保证金五千元。"
    for i in range(20):
        (tmp_path / f"{i:02}.txt").write_text(text + str(i), encoding="utf-8")
    one, four = (run("check", tmp_path, "-f", "json", "--jobs", n) for n in (1, 4))
    assert one == four and one.code == 1
    assert json.loads(one.out)["summary"]["documents"] == 21


def test_quiet_and_verbose(run) -> None:
    assert run("check", FAULTY, "-q").out.count("\n") == 1
    ran = run("check", FAULTY, "-v")
    assert re.search(r"读取 \d+ 字、\d+ 个条目", ran.out)


def test_select_may_be_repeated_and_separated_by_commas(run) -> None:
    ran = run("check", FAULTY, "--select", "FEE, LIC,FEE", "--select", "PEN", "-f", "json")
    (report,) = json.loads(ran.out)["reports"]
    assert "只运行指定的规则：FEE、LIC、PEN" in report["notes"]
    assert {f["family"] for f in report["findings"]} <= {"FEE", "LIC", "PEN"}


def test_as_of_is_used_and_shown(run) -> None:
    ran = run("check", FAULTY, "--as-of", "2024-09-30")
    assert "（按指定日期 2024-09-30 有效的规定）" in ran.out


def test_demo_shows_findings_and_succeeds(run) -> None:
    ran = run("demo")
    assert ran.code == 0 and ran.closing[0] == 4 and ran.closing[1] >= 3
    lines = ran.out.splitlines()
    clean = next(line for line in lines if line.startswith("clean.docx"))
    assert "错误" not in clean and "提醒" not in clean


def test_dossier(run) -> None:
    assert "合法性审核" in run("dossier", EXAMPLES / "dossiers" / "complete").out
    assert run("dossier", EXAMPLES / "dossiers" / "faulty").code in (1, 3)


def test_explain_and_rules(run) -> None:
    listed = run("rules", "list", "FEE").out.splitlines()
    rule = listed[0].split()[0]
    assert listed and all(line.startswith("FEE-") for line in listed)
    explained = run("explain", rule)
    assert explained.code == 0 and rule in explained.out and "依据  《" in explained.out
    assert f"id: {rule}" in run("rules", "show", rule).out
    assert "PRO-101" in run("rules", "list", "PRO").out
    assert "步骤" in run("explain", "PRO-101").out
    assert json.loads(run("rules", "schema").out)["type"] == "object"


def test_rules_new_writes_a_rule_that_passes_its_own_test(run, tmp_path: Path) -> None:
    ran = run("rules", "new", "FEE-951", "--to", tmp_path)
    assert ran.code == 0 and Path(ran.out.strip()).is_file()
    ran = run("rules", "test", "FEE-951", "--rules", tmp_path)
    assert ran.code == 0 and ran.out.startswith("测试 1 条规则"), ran.out
    assert run("rules", "new", "FEE-951", "--to", tmp_path).code == 2
    assert run("rules", "new", "fee-1", "--to", tmp_path).code == 2


def test_rules_test_names_the_example_that_fails(run, tmp_path: Path) -> None:
    path = Path(run("rules", "new", "FEE-952", "--to", tmp_path).out.strip())
    wrong = path.read_text("utf-8").replace("〔必须缴纳示例费〕", "〔必须〕缴纳示例费")
    path.write_text(wrong, encoding="utf-8")
    ran = run("rules", "test", "FEE-952", "--rules", tmp_path)
    assert ran.code == 1 and "标出的词应当是“必须”" in ran.out


def test_why(run) -> None:
    rule = run("check", FAULTY, "--select", "FEE", "-f", "json").out
    rule = json.loads(rule)["reports"][0]["findings"][0]["rule"]
    ran = run("why", rule, FAULTY)
    assert ran.code == 0 and re.search(r"共看过 \d+ 处：.*报告 [1-9]", ran.out)


def test_parse_shows_addresses(run, broken: Path) -> None:
    ran = run("parse", FAULTY)
    assert ran.code == 0 and re.search(r"^ +第五条  乡村民宿实行备案管理", ran.out, re.M)
    assert run("parse", broken).code == 3


def test_help_is_chinese(run) -> None:
    for args in ([], ["--help"], ["check", "--help"], ["rules"]):
        ran = run(*args)
        assert ran.code == 0 and ran.out.startswith("用法：")
        assert not re.search(r"Usage|Options|Commands|Show", ran.out)


def test_version(run) -> None:
    assert re.search(r"规则集 \w+（[1-9]\d* 条规则，", run("version").out)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_output_is_utf_8_whatever_the_locale(encoding: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "checker", "check", FAULTY, "-q"],
        env={"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 1 and CLOSING.fullmatch(ran.stdout.decode("utf-8").strip())


def test_checking_imports_only_what_it_needs() -> None:
    code = (
        "import sys; from checker.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "check", str(EXAMPLES / "notice.txt"), "-q"]
    subprocess.run(command, capture_output=True, check=True)  # fills the cache of compiled rules
    loaded = subprocess.run(command, capture_output=True, check=True, text=True).stderr.split()
    assert not {"rich", "pydantic", "yaml", "lxml", "multiprocessing"} & set(loaded)


def test_cite_lists_each_citation_with_its_standing(run, tmp_path: Path) -> None:
    path = tmp_path / "草案.txt"
    path.write_text("依照《合同法》第五十二条、第五百条处理，违反前款的除外。", encoding="utf-8")
    ran = run("cite", path, "-f", "json", "--as-of", "2020-01-01")
    first, second, relative = json.loads(ran.out)
    assert ran.code == 0 and "共 3 处引用" in ran.err
    assert (first["resolved"], first["article"], first["article_exists"]) == (
        "中华人民共和国合同法", 52, True,
    )  # fmt: skip
    assert (second["article"], second["article_exists"], second["status"]) == (500, False, "有效")
    assert (relative["relative"], relative["refers_to_self"]) == ("前款", True)
    ran = run("cite", path, "--as-of", "2022-01-01")
    assert "已废止，由《中华人民共和国民法典》替代" in ran.out


def test_cite_takes_a_title_and_names(run, tmp_path: Path) -> None:
    path = tmp_path / "片段.txt"
    path.write_text("违反本条例第三条、处罚法第五条。", encoding="utf-8")
    ran = run(
        "cite", path, "--title", "优化营商环境条例", "--define", "处罚法=行政处罚法", "-f", "json"
    )
    assert [row["resolved"] for row in json.loads(ran.out)] == [
        "优化营商环境条例", "中华人民共和国行政处罚法",
    ]  # fmt: skip
    assert run("cite", path, "--define", "处罚法").code == 2


def test_cite_of_what_cannot_be_read(run, broken: Path) -> None:
    ran = run("cite", broken)
    assert ran.code == 3 and "未能读取" in ran.err


def test_statutes_show_and_build(run, tmp_path: Path) -> None:
    ran = run("statutes", "show", "合同法", "--at", "2019-01-01")
    assert "有效（按 2019-01-01）" in ran.out and "自 2021-01-01 起" in ran.out
    assert "共 3908 件" in run("statutes", "show").out
    ran = run("statutes", "show", "行政处法")
    assert ran.code == 2 and "行政处罚法" in ran.err
    facts = tmp_path / "facts.jsonl"
    facts.write_text('{"name": "甲法", "rank": "法律", "status": "有效"}\n', encoding="utf-8")
    out = tmp_path / "register.tsv"
    ran = run("statutes", "build", facts, "-o", out, "--as-of", "2026-01-01")
    assert ran.code == 0 and out.read_text("utf-8").startswith("#\t2026-01-01\t1\n")
    facts.write_text('{"name": "甲法"}\n', encoding="utf-8")
    ran = run("statutes", "build", facts, "-o", out, "--as-of", "2026-01-01")
    assert ran.code == 2 and "facts.jsonl 第1行" in ran.err
