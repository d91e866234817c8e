"""Configuration: which file applies, what it may say, where each value comes from."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.config import (
    _READERS,
    MixedConfigurations,
    Options,
    Settings,
    chosen_store,
    configure,
    find_config,
    setting_lines,
)
from checker.faults import DeclarationError
from checker.sources.limits import Limits


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_is_the_default(here: Path) -> None:
    found = configure([Path("办法.txt")], Options())
    assert found.settings == Settings() and found.file is None
    assert {origin for _, origin in found.origins} == {"默认"}
    assert [field for field, _ in found.origins] == [f.name for f in fields(Settings)]


def test_the_nearest_file_above_applies_alone(here: Path) -> None:
    outer = write(here / "checker.toml", 'place = "上海"\nfail-on = "info"\n')
    inner = write(here / "草案" / "checker.toml", 'place = "山东"\n')
    draft = write(here / "草案" / "甲" / "办法.txt", "")
    assert find_config(draft) == inner and find_config(here) == outer
    found = configure([draft], Options())
    assert (found.settings.place, found.settings.fail_on) == ("山东", "error")
    assert find_config(Path("没有/这个.txt")) == outer


def test_checker_toml_wins_and_a_pyproject_of_others_is_passed_over(here: Path) -> None:
    outer = write(here / "pyproject.toml", '[tool.checker]\nplace = "上海"\n')
    write(here / "甲" / "pyproject.toml", "[tool.ruff]\n# checker\nline-length = 100\n")
    write(here / "乙" / "pyproject.toml", "[tool.ruff\n# checker\n")
    assert find_config(here / "甲") == outer and find_config(here / "乙") == outer
    assert configure([here / "甲"], Options()).settings.place == "上海"
    inner = write(here / "checker.toml", "")
    assert find_config(here / "甲") == inner
    broken = write(here / "丙" / "pyproject.toml", "[tool.checker]\nplace = 上海\n")
    assert find_config(here / "丙") == broken
    with pytest.raises(DeclarationError, match="第2行：不是合格的 TOML"):
        configure([here / "丙"], Options())


def test_every_key_is_read_and_paths_are_relative_to_the_file(here: Path) -> None:
    (here / "甲" / "本地规则").mkdir(parents=True)
    file = write(
        here / "甲" / "checker.toml",
        """
profile = "某县.yaml"
place = "上海"
rulesets = ["本地规则"]
select = ["FEE", "MKT-001"]
ignore = ["TXT"]
as-of = 2024-03-01
fail-on = "warning"
format = ["text", "json=结果/a.json"]
store = "原文.sqlite"
jobs = 2
baseline = "checker-baseline.json"
waivers = "../豁免.yml"
exclude = ["归档"]

[limits]
seconds = 5
memory = "512 MB"
""",
    )
    found = configure([here / "甲" / "办法.txt"], Options())
    at = Path("甲")
    assert found.settings == Settings(
        str(at / "某县.yaml"), "上海", (at / "本地规则",), ("FEE", "MKT-001"), ("TXT",),
        date(2024, 3, 1), "warning", ("text", f"json={at / '结果' / 'a.json'}"),
        str(at / "原文.sqlite"), 2,
        at / "checker-baseline.json", Path("豁免.yml"), ("归档",), Limits(seconds=5, memory=512 * 2**20),
    )  # fmt: skip
    assert found.targets == (("text", None), ("json", at / "结果" / "a.json"))
    origins = dict(found.origins)
    del origins["limits"]
    assert len(origins) == len(fields(Settings)) + 1
    lines = file.read_text("utf-8").split("\n")
    for field, origin in origins.items():
        number = int(origin.removeprefix("甲/checker.toml 第").removesuffix("行"))
        assert lines[number - 1].startswith(field.removeprefix("limits.").replace("_", "-"))
    shown = "\n".join(setting_lines(found))
    assert 'limits.memory = "512 MB"  # 甲/checker.toml 第18行' in shown
    assert "limits.pages = 2000  # 默认" in shown and tomllib.loads(shown)["limits"]["seconds"] == 5


def test_every_field_has_a_reader_and_an_option() -> None:
    names = {f.name for f in fields(Settings)} - {"limits"}
    assert names | {f"limits.{f.name}" for f in fields(Limits)} == set(_READERS)
    assert names | {"config", "no_config"} == {f.name for f in fields(Options)}


def test_the_command_line_takes_the_place_of_the_file(here: Path) -> None:
    write(here / "checker.toml", 'select = ["FEE"]\nplace = "上海"\n')
    found = configure([], Options(select=("MKT",), as_of=date(2024, 1, 1)))
    assert found.settings.select == ("MKT",) and found.settings.place == "上海"
    origins = dict(found.origins)
    assert origins["select"] == "选项 --select" and origins["as_of"] == "选项 --as-of"
    assert origins["place"] == "checker.toml 第2行" and origins["jobs"] == "默认"


def test_a_file_may_be_named_or_refused(here: Path) -> None:
    write(here / "checker.toml", 'place = "上海"\n')
    other = write(here / "别处" / "查.toml", 'place = "山东"\n')
    assert configure([], Options(config=other)).settings.place == "山东"
    assert configure([], Options(config=other, no_config=True)).settings.place == ""


def test_paths_under_different_configurations_are_refused(here: Path) -> None:
    one, two, three = (write(here / n / "办法.txt", "") for n in "甲乙丙")
    write(here / "甲" / "checker.toml", "")
    with pytest.raises(MixedConfigurations, match=r"甲/checker\.toml；没有配置文件.*--config"):
        configure([one, two], Options())
    assert configure([two, three], Options()).file is None
    assert configure([one, one.parent], Options()).name == "甲/checker.toml"
    assert configure([one, two], Options(no_config=True)).settings == Settings()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('\nprofle = "filed"\n', 2, "不认识“profle”，是否要写“profile”"),
        ("# profle\nfail_on = 1\n", 2, "是否要写“fail-on”"),
        ('format = [\n  "text",\n  "jsn"]\n', 1, "不能写“jsn”，是否要写“json”"),
        ('place = "上海"\nformat = ["json="]\n', 2, "缺少文件名"),
        ("format = []\n", 1, "至少要写一种格式"),
        ('fail-on = "eror"\n', 1, "是否要写“error”"),
        ("jobs = 0\n", 1, "1 以上的整数"),
        ("jobs = true\n", 1, "1 以上的整数"),
        ("place = 1\n", 1, "加引号的文字"),
        ('select = "FEE"\n', 1, "应当是列表"),
        ("select = [1]\n", 1, "应当是列表"),
        ('as-of = "今天"\n', 1, "应当是日期"),
        ('rulesets = ["没有"]\n', 1, "没有规则文件夹“没有”"),
        ("limits = 5\n", 1, "应当是一个表：[limits]"),
        ("[limits]\n\npage = 5\n", 3, "不认识“limits.page”，是否要写“limits.pages”"),
        ('[limits]\nbytes = "5 TB"\n', 2, "“5 TB”"),
        ("jobs = 2\n[limits]\nseconds = 0\n", 3, "1 以上的整数"),
        ("[limits]\ndepth = 300\n", 2, "至多 256"),
        ("place = 上海\n", 1, "不是合格的 TOML"),
        ('place = "甲"\nplace = "乙"\n', 2, "不是合格的 TOML"),
        ("x = '''\nplace = 1\n'''\nplace = 2\n", 4, "加引号的文字"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    here: Path, text: str, line: int, said: str
) -> None:
    write(here / "checker.toml", text)
    with pytest.raises(DeclarationError) as caught:
        configure([], Options())
    faults = caught.value.faults
    assert any(f.line == line and said in f.message and f.file == "checker.toml" for f in faults), (
        faults
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[tool.ruff]\nplace = 1\n[tool.checker]\n# plase\nplase = "上海"\n', 5),
        ('[tool]\nchecker.select = []\nchecker.plase = "上海"\n', 3),
        ('[tool]\nchecker = {plase = "上海"}\n', 2),
        ("[tool]\nchecker = 3\n", 2),
    ],
)
def test_lines_of_a_pyproject(here: Path, text: str, line: int) -> None:
    write(here / "pyproject.toml", text)
    with pytest.raises(DeclarationError) as caught:
        configure([], Options())
    assert [f.line for f in caught.value.faults] == [line]


def test_all_faults_at_once(here: Path) -> None:
    write(here / "checker.toml", 'jobs = 0\nplase = ""\nfail-on = "x"\n')
    with pytest.raises(DeclarationError) as caught:
        configure([], Options())
    assert [f.line for f in caught.value.faults] == [1, 2, 3]


def test_bytes_that_are_no_text_are_refused(here: Path) -> None:
    (here / "checker.toml").write_bytes(b"place = '\xff'")
    with pytest.raises(DeclarationError, match="UTF-8"):
        configure([], Options())
    with pytest.raises(DeclarationError, match="没有这个文件"):
        configure([], Options(config=Path("没有.toml")))


def test_what_is_shown_is_toml_that_says_the_same(here: Path) -> None:
    write(
        here / "checker.toml",
        'select = ["FEE"]\njobs = 2\nas-of = 2024-03-01\nwaivers = "a \\"b\\".yml"\n',
    )
    found = configure([], Options())
    shown = "\n".join(setting_lines(found))
    assert "jobs = 2  # checker.toml 第2行" in shown and "# place 没有设置" in shown
    assert 'profile = "county-draft"  # 默认' in shown
    write(here / "checker.toml", shown)
    assert configure([], Options()).settings == found.settings


NAMES = st.text("甲乙丙\"'# =[]\\", max_size=6)


@given(st.lists(NAMES, max_size=3), NAMES)
@settings(deadline=None)
def test_any_words_survive_being_shown(
    tmp_path_factory: pytest.TempPathFactory, select: list[str], place: str
) -> None:
    found = configure([], Options(select=tuple(select), place=place, no_config=True))
    table = tomllib.loads("\n".join(setting_lines(found)))
    assert table.get("select", []) == select and table.get("place", "") == place


@pytest.mark.parametrize(
    ("written", "store"), [("none", None), ("", "用户/statutes.sqlite"), ("库.sqlite", "库.sqlite")]
)
def test_the_store_of_law_texts(
    here: Path, monkeypatch: pytest.MonkeyPatch, written: str, store: str | None
) -> None:
    own = write(here / "用户" / "statutes.sqlite", "")
    monkeypatch.setattr("checker.config.default_store", lambda: own.relative_to(here))
    write(here / "checker.toml", f'store = "{written}"\n')
    found = configure([], Options()).settings.store
    assert chosen_store(found) == (Path(store) if store else None)
    own.unlink()
    assert chosen_store("") is None


def test_exclude_is_relative_to_the_file_and_keeps_what_is_named(here: Path) -> None:
    write(here / "甲" / "checker.toml", 'exclude = ["归档", "草案/旧*"]\n')
    found = configure([here / "甲"], Options())
    inside = here / "甲"
    assert found.excludes(inside / "归档" / "a.txt")
    assert found.excludes(inside / "草案" / "旧办法.txt")
    assert not found.excludes(inside / "草案" / "新办法.txt")
    assert not found.excludes(inside / "乙" / "草案" / "旧办法.txt")
    over = configure([here / "甲"], Options(exclude=("乙/*",)))
    assert over.excludes(here / "乙" / "a.txt") and not over.excludes(inside / "归档" / "a.txt")
    assert os.getcwd() == str(over.base)


def test_the_readme_shows_the_limits_as_they_are(here: Path) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^```toml\n(\[limits\]\n.*?)^```$", readme, re.M | re.S)
    write(here / "checker.toml", block)
    found = configure([], Options())
    assert found.settings.limits == Limits()
    assert len([origin for key, origin in found.origins if key.startswith("limits.")]) == 12
