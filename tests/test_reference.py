"""docs/命令参考.md says what the code says today."""

from __future__ import annotations

from bench.reference import FILE, commands, reference


def test_the_reference_is_current() -> None:
    assert FILE.read_text("utf-8") == reference(), "python bench/reference.py"


def test_every_command_and_option_is_in_it_in_chinese() -> None:
    text = reference()
    for path, command in commands():
        assert f"## {' '.join(path)}\n" in text and command.help
        for option in (name for param in command.params for name in param.opts if name[0] == "-"):
            assert option in text
    assert "[required]" not in text and "Show this" not in text
