"""The command line: exit codes, streams, formats, wrong use."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import CLOSING

from checker.resources import resource

EXAMPLES = resource("examples")
FAULTY, CLEAN = str(EXAMPLES / "faulty.docx"), str(EXAMPLES / "clean.docx")


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
    monkeypatch.setattr("checker.api.Checker.check_listed", lambda *args: {}["坏"])
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


LINES = {
    "保证金": "第二条 经营者应当在开业前缴存文明经营保证金五千元。",
    "押金": "第三条 经营者应当在装修前缴存装修押金二千元。",
    "子公司": "第三条 县外企业在本县投资经营的，应当在本县设立具有独立法人资格的子公司。",
}
WAIVER = """
- rule: FEE-003
  document: 草案/*.txt
  quote: 缴存文明经营保证金
  ground: 《优化营商环境条例》第二十五条
  reason: 国务院批准的试点项目
  by: 法规科 李某
  from: 2024-01-01
  until: 2099-12-31
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two drafts and a configuration, as the current folder."""
    (tmp_path / "草案").mkdir()
    for name, words in (("甲.txt", "保证金"), ("乙.txt", "子公司")):
        draft(tmp_path / "草案" / name, words)
    (tmp_path / "checker.toml").write_text(
        'select = ["FEE", "FLOW-011", "WVR"]\nbaseline = "基线.json"\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(path: Path, *words: str) -> None:
    lines = ["东林县办法", "第一条 为了规范经营，制定本办法。", *(LINES[word] for word in words)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def rules_in(out: str) -> list[str]:
    return [f["rule"] for report in json.loads(out)["reports"] for f in report["findings"]]


def test_a_baseline_lets_only_new_findings_through(run, office: Path) -> None:
    assert run("check", "草案").code == 2, "the baseline that the configuration names is not there"
    ran = run("baseline", "write", "草案")
    assert (ran.code, ran.out) == (0, "已写入 基线.json：2 份文件、2 处问题线索\n")
    ran = run("check", "草案")
    assert ran.code == 0 and ran.closing[:3] == (2, 0, 0)
    assert "未发现新的问题线索，基线内 1 处" in ran.out and "基线内 2 处，没有列出" in ran.out
    draft(office / "草案" / "乙.txt", "押金", "子公司")
    ran = run("check", "草案", "-f", "json")
    assert ran.code == 1 and rules_in(ran.out) == ["FEE-003"]
    summary = json.loads(ran.out)["summary"]
    assert (summary["known"], summary["counts"]["error"]) == (2, 1)
    found = json.loads(run("check", "草案", "--no-config", "-f", "json").out)["summary"]
    assert found["known"] == 0 and found["counts"]["error"] >= 3


def test_prune_drops_what_is_gone_and_adds_nothing(run, office: Path) -> None:
    draft(office / "丙.txt", "押金")
    run("baseline", "write", "草案", "丙.txt")
    draft(office / "草案" / "乙.txt", "押金")
    (office / "丙.txt").unlink()
    assert "基线中有 1 处已经不在文件里" in run("check", "草案").out
    ran = run("baseline", "prune")
    assert (ran.code, ran.out) == (0, "基线.json：删去 2 处，保留 1 处\n")
    assert list(json.loads((office / "基线.json").read_text("utf-8"))["documents"]) == [
        "草案/甲.txt"
    ]
    text = (office / "基线.json").read_text("utf-8")
    assert run("baseline", "prune").code == 0
    assert (office / "基线.json").read_text("utf-8") == text
    assert run("check", "草案").code == 1


def test_a_baseline_keeps_what_could_not_be_checked(run, office: Path) -> None:
    run("baseline", "write", "草案")
    before = (office / "基线.json").read_text("utf-8")
    (office / "草案" / "甲.txt").write_bytes(b"\x00\x01\x02")
    for args in (("write", "草案"), ("prune",)):
        ran = run("baseline", *args)
        assert ran.code == 3 and "甲.txt" in ran.err
        assert (office / "基线.json").read_text("utf-8") == before


def test_a_baseline_is_the_same_from_any_folder(
    run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("baseline", "write", "草案")
    before = (office / "基线.json").read_text("utf-8")
    monkeypatch.chdir(office / "草案")
    assert run("baseline", "write", office / "草案" / "甲.txt", "乙.txt").code == 0
    assert (office / "基线.json").read_text("utf-8") == before
    assert run("check", ".", "--jobs", "2").code == 0
    assert run("baseline", "write", "甲.txt", "-o", office / "没有" / "b.json").code == 2


def test_waivers_set_aside_and_are_shown(run, office: Path) -> None:
    (office / "豁免.yml").write_text(WAIVER, encoding="utf-8")
    args = ("check", "草案", "--no-config", "--select", "FEE,FLOW-011,WVR", "--waivers", "豁免.yml")
    ran = run(*args, "-v")
    assert ran.code == 1 and ran.closing == (2, 1, 1, 0, 0, 1)
    assert "草案/甲.txt  未发现问题线索，已豁免 1 处" in ran.out
    assert (
        "已豁免  FEE-003 设立保证金未见依据  第二条〔缴存文明经营保证金〕：国务院批准的试点项目；"
        "依据 《优化营商环境条例》第二十五条；法规科 李某 批准；2024-01-01 至 2099-12-31\n"
    ) in ran.out
    reports = json.loads(run(*args, "-f", "json").out)["reports"]
    waived = [f["waiver"]["ground"] for r in reports for f in r["waived"]]
    assert waived == ["《优化营商环境条例》第二十五条"]
    ran = run(*args, "--as-of", "2023-12-31")
    assert ran.closing[5] == 0 and "WVR-002" in ran.out and "自 2024-01-01 起才生效" in ran.out


def test_an_authorisation_is_told_apart(run, office: Path) -> None:
    (office / "豁免.yml").write_text(WAIVER + "  kind: authorised\n", encoding="utf-8")
    ran = run("check", "草案/甲.txt", "--no-config", "--waivers", "豁免.yml", "-v")
    assert "已豁免 1 处（其中依授权 1 处）" in ran.out and "\n  依授权  FEE-003" in ran.out
    assert ran.closing[5] == 1


def test_an_unused_pattern_is_told_after_all_documents(run, office: Path) -> None:
    (office / "豁免.yml").write_text(WAIVER.replace("文明经营", "文明"), encoding="utf-8")
    args = ("--no-config", "--waivers", "豁免.yml", "-f", "json", "--select", "FEE,WVR")
    one, two = (run("check", "草案", *args, "--jobs", n) for n in (1, 2))
    reports = json.loads(one.out)["reports"]
    assert [r["name"] for r in reports] == ["草案/乙.txt", "草案/甲.txt", "豁免.yml"]
    assert [f["rule"] for f in reports[-1]["findings"]] == ["WVR-001"] and one == two
    assert "豁免.yml 第2行" in reports[-1]["findings"][0]["message"]


def test_a_wrong_list_of_waivers_exits_2(run, office: Path) -> None:
    (office / "豁免.yml").write_text(WAIVER.replace("《优化", "《优"), encoding="utf-8")
    assert run("check", "草案", "--no-config", "--waivers", "豁免.yml").code == 1, (
        "not known: let be"
    )
    (office / "豁免.yml").write_text(WAIVER.replace("reason", "raeson"), encoding="utf-8")
    ran = run("check", "草案", "--no-config", "--waivers", "豁免.yml")
    assert ran.code == 2 and ran.out == ""
    assert "豁免.yml 第6行：不认识“raeson”，是否要写“reason”？" in ran.err


def test_a_draft_in_a_dossier_is_waived_by_its_folder_or_its_name(run, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(EXAMPLES / "dossiers" / "faulty", tmp_path / "卷")
    bare = json.loads(run("dossier", tmp_path / "卷", "-f", "json").out)["reports"][0]
    step = next(f for f in bare["findings"] if f["family"] == "PRO")
    (tmp_path / "豁免.yml").write_text(
        WAIVER.replace("FEE-003", step["rule"])
        .replace("草案/*.txt", "卷")
        .replace("quote: 缴存文明经营保证金", f"at: {step['address']}"),
        encoding="utf-8",
    )
    ran = run("dossier", tmp_path / "卷", "--waivers", tmp_path / "豁免.yml", "-f", "json")
    (report,) = json.loads(ran.out)["reports"]
    assert step["rule"] in [f["rule"] for f in report["waived"]]
    assert step["rule"] not in [f["rule"] for f in report["findings"]]


def test_config_show_and_its_use(run, office: Path) -> None:
    ran = run("config", "show", "草案", "--fail-on", "info")
    assert ran.out.startswith("# 配置文件：checker.toml\n")
    assert 'select = ["FEE", "FLOW-011", "WVR"]  # checker.toml 第1行' in ran.out
    assert 'fail-on = "info"  # 选项 --fail-on' in ran.out
    (office / "checker.toml").write_text('format = ["json=r.json"]\nexclude = ["甲*"]\n', "utf-8")
    ran = run("check", "草案", "-v")
    assert ran.out == "" and "配置文件  checker.toml" in ran.err
    (report,) = json.loads((office / "r.json").read_text("utf-8"))["reports"]
    assert report["name"] == "草案/乙.txt"
    assert run("check", "草案/甲.txt", "-f", "text").closing[0] == 1, "named: not left out"
    (office / "checker.toml").write_text("selct = []\n", "utf-8")
    for args in (["check", "草案"], ["config", "show"], ["why", "FEE-003", "草案/甲.txt"]):
        ran = run(*args)
        assert ran.code == 2 and "checker.toml 第1行：不认识“selct”，是否要写“select”？" in ran.err


@pytest.mark.parametrize("name", ["baseline", "config", "dossier", "report", "rule", "waivers"])
def test_published_schemas_are_current(run, name: str) -> None:
    published = Path(__file__).parent.parent / "docs" / "schema" / f"{name}.schema.json"
    assert published.read_text("utf-8") == run("schema", name).out, "运行 make schema 更新"


def test_files_of_a_run_keep_to_their_schemas(run, office: Path) -> None:
    import tomllib

    import yaml
    from jsonschema import Draft202012Validator, ValidationError

    def validator(name: str) -> Draft202012Validator:
        return Draft202012Validator(json.loads(run("schema", name).out))

    run("baseline", "write", "草案")
    validator("baseline").validate(json.loads((office / "基线.json").read_text("utf-8")))
    validator("config").validate(tomllib.loads((office / "checker.toml").read_text("utf-8")))
    waivers = yaml.load(WAIVER, yaml.BaseLoader)
    validator("waivers").validate(waivers)
    for key in ("rule", "by", "until", "reason", "document"):
        with pytest.raises(ValidationError):
            validator("waivers").validate([{k: v for k, v in waivers[0].items() if k != key}])
    with pytest.raises(ValidationError):
        validator("config").validate({"fail_on": "error"})
    assert run("schema", "cnfig").code == 2
