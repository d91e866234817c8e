"""Old Word and WPS documents: converted apart, within limits, or refused with what to do."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from lxml import etree

from checker.api import Checker
from checker.resources import resource
from checker.sources import UnreadableSource, ole, read_bytes, read_path
from checker.sources.draft import MACROS
from checker.sources.limits import Limits, applied

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = MAGIC + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600
SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="soffice 没有安装")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="只在 Linux 上")
EXAMPLES = ("faulty.docx", "clean.docx", "notice.txt")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples with their numbers typed, as .docx and as .doc.

    LibreOffice itself begins the numbers of every chapter anew where Word goes on counting.
    """
    folder = tmp_path_factory.mktemp("old")
    made = []
    for example in EXAMPLES:
        document = docx.Document()
        for line in read_path(resource("examples") / example).text.splitlines():
            document.add_paragraph(line)
        made.append((folder / example).with_suffix(".docx"))
        document.save(str(made[-1]))
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE or "", home, "--headless", "--convert-to", "doc", "--outdir", folder]
    subprocess.run([*command, *made], check=True, capture_output=True, timeout=300)
    return folder


@needs_soffice
@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("suffix", [".doc", ".wps"])
def test_an_old_document_gives_the_findings_of_the_new_one(
    example: str, suffix: str, folder: Path
) -> None:
    path = (folder / example).with_suffix(".docx")
    data = path.with_suffix(".doc").read_bytes()
    assert data.startswith(MAGIC)
    new, converted = Checker().check_file(path), Checker().check_bytes(data, f"a{suffix}")
    assert new.findings
    assert [(f.rule, f.address, f.quote, f.fingerprint) for f in converted.findings] == [
        (f.rule, f.address, f.quote, f.fingerprint) for f in new.findings
    ]
    assert converted.complete
    assert converted.notes[0] == ole.CONVERTED


@needs_soffice
def test_macros_are_named(folder: Path) -> None:
    data = (folder / "notice.doc").read_bytes() + "_VBA_PROJECT".encode("utf-16-le")
    assert read_bytes(data, "a.doc").notes[:2] == (ole.CONVERTED, MACROS)


@needs_soffice
def test_what_is_no_document_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(UnreadableSource) as caught:
        read_bytes(BROKEN, "a.doc")
    assert "旧版 Word（.doc）/WPS" in caught.value.reason
    assert list(tmp_path.iterdir()) == []


def test_without_a_converter_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ole.VARIABLE, "none")
    with pytest.raises(UnreadableSource) as caught:
        read_bytes(BROKEN, "a.wps")
    for words in ("旧版 Word（.doc）/WPS", "libreoffice-writer", "另存为 .docx"):
        assert words in caught.value.reason


def locked() -> bytes:
    """A Word stream whose head says that it is encrypted, in the second sector."""
    head = bytearray(512)
    head[:2], head[11] = b"\xec\xa5", 1
    return MAGIC + b"\0" * (512 - 8) + bytes(head)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (MAGIC + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (locked(), "打开密码"),
        (MAGIC + b"\0" * 600, "没有找到 Word 正文"),
        (MAGIC, "没有找到 Word 正文"),
        (MAGIC + "Workbook".encode("utf-16-le"), "Excel"),
        (MAGIC + "PowerPoint Document".encode("utf-16-le"), "PowerPoint"),
    ],
)
def test_what_is_never_converted(data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ole, "converter", lambda: pytest.fail("was asked for"))
    with pytest.raises(UnreadableSource, match=reason):
        read_bytes(data, "a.doc")


def program(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A converter that is a script; what it finds out it writes beside itself."""
    path = tmp_path / "soffice"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\nhere = {str(tmp_path)!r}\n{script}")
    path.chmod(0o755)
    monkeypatch.setenv(ole.VARIABLE, str(path))
    return path


@needs_linux
def test_one_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "if not os.fork():\n  time.sleep(3)\n  open(f'{here}/late', 'w')\ntime.sleep(60)"
    program(tmp_path, script, monkeypatch)
    with applied(Limits(seconds=1)), pytest.raises(UnreadableSource) as caught:
        read_bytes(BROKEN, "a.doc")
    assert "转换超过 1 秒，已终止（limits.seconds=1）" in caught.value.reason
    subprocess.run(["sleep", "3"], check=True)
    assert not (tmp_path / "late").exists()


@needs_linux
def test_one_that_cannot_run_or_writes_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(tmp_path, "", monkeypatch)
    with pytest.raises(UnreadableSource, match="未能转换"):
        read_bytes(BROKEN, "a.doc")
    path.write_text("#!/no/such/program\n")
    with pytest.raises(UnreadableSource, match=r"未能转换|无法运行"):
        read_bytes(BROKEN, "a.doc")


@needs_linux
def test_it_gets_a_folder_and_a_profile_of_its_own_and_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import shutil\n"
        "open(f'{here}/env', 'w').write(repr(dict(os.environ)))\n"
        "home = sys.argv[1].split('file://')[1]\n"
        "shutil.copy(home + '/user/registrymodifications.xcu', here)\n"
        "open(f'{here}/in', 'w').write(sys.argv[-1])\n"
    )
    program(tmp_path, script, monkeypatch)
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    monkeypatch.setenv("https_proxy", "http://proxy")
    with pytest.raises(UnreadableSource):
        read_bytes(BROKEN, "../../坏.doc")
    environment = (tmp_path / "env").read_text()
    assert "s3cret" not in environment and "proxy" not in environment
    given = Path((tmp_path / "in").read_text())
    assert given.name == "document.doc" and not given.parent.exists()
    registry = etree.parse(tmp_path / "registrymodifications.xcu")
    values = {p.get(p.keys()[0]): p.findtext("value") for p in registry.iter("prop")}
    assert values["MacroSecurityLevel"] == "3" and values["DisableMacrosExecution"] == "true"


@needs_linux
def test_it_reaches_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not ole._without_network():
        pytest.skip("unshare 不能用")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = (
            "import socket\ntry:\n"
            f"  socket.create_connection(('127.0.0.1', {port}), 2); said = 'reached'\n"
            "except OSError as fault: said = 'refused'\n"
            "open(f'{here}/said', 'w').write(said)\n"
        )
        program(tmp_path, script, monkeypatch)
        with pytest.raises(UnreadableSource):
            read_bytes(BROKEN, "a.doc")
    assert (tmp_path / "said").read_text() == "refused"
