"""The guides: their commands exist, and the tutorial does what it says from beginning to end."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from checker.cli import cli, main
from checker.resources import resource

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ("README.md", "docs/教程.md", "docs/推广指南.md", "docs/规模.md")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^\$ (checker .*?)(?:\s+# *(.*))?$")


def commands(name: str) -> list[tuple[list[str], str]]:
    """Arguments and comment of each ``$ checker`` line."""
    found = []
    for kind, body in _BLOCK.findall((ROOT / name).read_text("utf-8")):
        for line in body.splitlines() if kind == "console" else ():
            if m := _COMMAND.match(line):
                found.append((shlex.split(m[1])[1:], m[2] or ""))
    return found


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_and_option_exists(name: str) -> None:
    assert commands(name)
    for args, _ in commands(name):
        command: click.Command = cli
        words = list(args)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
        if command.name == "dossier":
            command = command.commands["check"]  # type: ignore[attr-defined]
        assert command is not cli, args
        known = {opt for param in command.params for opt in param.opts} | {"--help"}
        used = {word.split("=")[0] for word in words if re.match("--?[a-z]", word)}
        assert used <= known, args


def test_the_tutorial_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (resource("examples") / "notice.txt").read_text("utf-8")
    for name in ("草案.txt", "旧稿.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    new = text.replace("应当由东林县安居", "可以由东林县安居")
    (tmp_path / "新稿.txt").write_text(new, encoding="utf-8")
    guide = (ROOT / "docs/教程.md").read_text("utf-8")
    outputs = []
    for kind, body in _BLOCK.findall(guide):
        if kind in ("yaml", "toml"):
            (tmp_path / body.split("\n")[0].removeprefix("# ")).write_text(body, encoding="utf-8")
            continue
        for line in body.splitlines():
            if m := _COMMAND.match(line):
                with pytest.raises(SystemExit) as ended:
                    main(shlex.split(m[1])[1:])
                wanted = re.match(r"返回 (\d)", m[2] or "返回 0")
                said = capsys.readouterr()
                assert wanted and (ended.value.code or 0) == int(wanted[1]), (line, said)
                outputs.append(said.out)
    last = next(out for out in reversed(outputs) if "检查 1 份" in out)
    assert "已豁免 1 处" in last and "基线内 3 处" in last
    assert "<html" in (tmp_path / "结果.html").read_text("utf-8")


@pytest.mark.parametrize("name", GUIDES)
def test_links_lead_somewhere(name: str) -> None:
    file = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text("utf-8")):
        if "://" not in link:
            assert (file.parent / link).exists(), link
