"""Archives and e-mails: each document in them is checked on its own; nothing hostile gets through."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from checker.api import Checker
from checker.batch import listed
from checker.resources import resource
from checker.sources import UnreadableSource, read_bytes
from checker.sources.limits import DEFAULT, Limits
from checker.sources.mail import open_mail
from checker.sources.zips import open_zip
from checker.unpacking import extract, unpacked

FAULTY = (resource("examples") / "faulty.docx").read_bytes()
TEXT = "第一条 经营者应当缴存保证金。\n".encode()


def packed(files: Mapping[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def told(path: Path, limits: Limits = DEFAULT) -> dict[str, str]:
    """The documents that a path holds, each with why it is not read."""
    return {job.name: job.problem for job in unpacked(listed([path]), limits, isolate=False)}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path()


def test_each_document_of_an_archive_is_reported_on_its_own(place: Path) -> None:
    Path("包.zip").write_bytes(
        packed({"材料/草案.docx": FAULTY, "说明.txt": TEXT, "图.jpg": b"x", "~$草案.docx": b"x"})
    )
    Path("草案.docx").write_bytes(FAULTY)
    inner, text, own = Checker().check_paths([Path("包.zip"), Path("草案.docx")], 1)
    assert (inner.name, text.name) == ("包.zip/材料/草案.docx", "包.zip/说明.txt")
    assert inner.findings == own.findings and own.findings
    assert text.complete
    assert sorted(p.name for p in Path().iterdir()) == ["包.zip", "草案.docx"], "nothing unpacked"


def test_an_archive_in_a_folder_is_opened_in_place_and_workers_give_the_same(run, place) -> None:
    Path("d").mkdir()
    Path("d/乙.zip").write_bytes(packed({f"{i}.docx": FAULTY for i in range(9)}))
    for name in ("甲.txt", "丙.txt"):
        Path("d", name).write_bytes(TEXT)
    one, several = (run("check", "d", "-f", "json", "--jobs", n, "--no-cache") for n in (1, 3))
    assert one.out == several.out and one.code == several.code == 1
    names = [report.name for report in Checker().check_folder("d", 1)]
    assert names == ["d/丙.txt", *(f"d/乙.zip/{i}.docx" for i in range(9)), "d/甲.txt"]


class WindowsEntry(zipfile.ZipInfo):
    """An entry whose name is written as Windows does: GBK, without the mark of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


def test_what_is_refused_is_named_with_the_reason_and_the_rest_is_read(place: Path) -> None:
    encrypted = bytearray(packed({"密.txt": TEXT}))
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    files: dict[str | zipfile.ZipInfo, bytes] = {
        WindowsEntry("国标名.txt"): TEXT,
        "../外.txt": TEXT,
        "C:\\外.txt": TEXT,
        "/外.txt": TEXT,
        link("链.txt"): b"/etc/passwd",
        "好\u202etxt.exe\n\x1b[31m.txt": TEXT,
        "密.zip": bytes(encrypted),
        "坏.zip": b"PK\x03\x04garbage",
        "空.zip": packed({}),
        "打包.rar": b"Rar!\x1a\x07",
        "套.zip": packed({"里.txt": TEXT, "再套.zip": packed({"深.txt": TEXT})}),
        "真是文档.zip": FAULTY,
    }
    Path("a.zip").write_bytes(packed(files))
    found = told(Path("a.zip"))
    outside = "路径指向压缩包以外，未读取"
    assert found == {
        "a.zip/../外.txt": outside,
        "a.zip//外.txt": outside,
        "a.zip/C:/外.txt": outside,
        "a.zip/链.txt": "是符号链接，未读取",
        "a.zip/国标名.txt": "",
        "a.zip/好\ufffdtxt.exe\ufffd\ufffd[31m.txt": "",
        "a.zip/密.zip/密.txt": "已加密，请取消密码后再检查",
        "a.zip/坏.zip": "压缩包已损坏，可能没有下载完",
        "a.zip/空.zip": "里面没有可以检查的文件",
        "a.zip/打包.rar": "",
        "a.zip/套.zip/里.txt": "",
        "a.zip/套.zip/再套.zip": "压缩包、邮件里又套了两层，未读取，请取出后检查",
        "a.zip/真是文档.zip": "",
    }
    reports = {report.name: report for report in Checker().check_paths([Path("a.zip")], 1)}
    assert set(reports) == set(found)
    assert reports["a.zip/真是文档.zip"].findings
    assert "RAR" in reports["a.zip/打包.rar"].error
    assert reports["a.zip/套.zip/里.txt"].complete


def test_archives_that_hold_nothing_or_too_much(place: Path) -> None:
    Path("空.zip").write_bytes(packed({"图.jpg": b"x"}))
    assert "里面没有可以检查的文件" in told(Path("空.zip"))["空.zip"]
    Path("多.zip").write_bytes(packed({f"{i}.txt": TEXT for i in range(5)}))
    assert "limits.entries=4" in told(Path("多.zip"), Limits(entries=4))["多.zip"]
    few = told(Path("多.zip"), Limits(inflated=3 * len(TEXT)))
    assert [bool(reason) for reason in few.values()] == [False] * 3 + [True] * 2
    listing = bytearray(packed({"a.txt": TEXT}))
    end = listing.rindex(b"PK\x05\x06")
    listing[end + 12 : end + 16] = b"\xff\xff\xff\x7f"  # a directory of two gigabytes
    with pytest.raises(UnreadableSource, match="上限"):
        open_zip(bytes(listing), "a.zip")


def test_a_bomb_inside_costs_only_itself(place: Path) -> None:
    Path("a.zip").write_bytes(packed({"弹.txt": b"\0" * (17 * 2**20), "好.txt": TEXT}))
    bomb, fine = sorted(Checker().check_paths([Path("a.zip")], 1), key=lambda r: not r.error)
    assert "疑似压缩炸弹" in bomb.error
    assert fine.complete


def test_bytes_of_an_archive_or_mail_say_how_they_are_checked() -> None:
    report = Checker().check_bytes(packed({"a.txt": TEXT}), "a.zip")
    assert report.error.startswith("这是压缩包") and "checker check" in report.error
    report = Checker().check_bytes(mail().as_bytes(), "a.eml")
    assert report.error.startswith("这是邮件") and "checker check" in report.error


def test_a_file_changed_since_it_was_listed(place: Path) -> None:
    Path("a.zip").write_bytes(packed({"a.txt": TEXT}))
    (job,) = unpacked(listed([Path("a.zip")]), DEFAULT, isolate=False)
    assert extract(job) == TEXT
    Path("a.zip").write_bytes(FAULTY)
    with pytest.raises(UnreadableSource, match="改动过"):
        extract(job)


def test_waivers_and_baselines_go_by_the_name_inside(run, place) -> None:
    Path("a.zip").write_bytes(packed({"草案.docx": FAULTY}))
    assert run("check", "a.zip").code == 1
    assert run("baseline", "write", "a.zip", "-o", "b.json").code == 0
    assert run("check", "a.zip", "--baseline", "b.json").code == 0
    Path("checker.toml").write_text('baseline = "b.json"\n')
    assert "删去 0 处" in run("baseline", "prune").out
    Path("a.zip").write_bytes(b"PK\x03\x04broken")
    pruned = run("baseline", "prune")
    assert pruned.code == 3 and "删去 0 处" in pruned.out
    Path("a.zip").write_bytes(packed({"另.txt": TEXT}))
    assert "保留 0 处" in run("baseline", "prune").out


# E-mail


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "送审"
    message["MIME-Version"] = "1.0"
    message.set_content("第一条 经营者应当缴存保证金。\n", charset="utf-8")
    return message


def test_body_and_attachments_are_documents(place: Path) -> None:
    message = mail()
    message.add_attachment(FAULTY, maintype="application", subtype="msword", filename="草案.docx")
    message.add_attachment(
        packed({"说明.txt": TEXT}), maintype="application", subtype="zip", filename="包.zip"
    )
    Path("邮件.eml").write_bytes(message.as_bytes())
    reports = {report.name: report for report in Checker().check_paths([Path("邮件.eml")], 1)}
    assert list(reports) == ["邮件.eml/包.zip/说明.txt", "邮件.eml/正文.txt", "邮件.eml/草案.docx"]
    assert all(report.complete for report in reports.values())
    assert reports["邮件.eml/草案.docx"].findings == Checker().check_bytes(FAULTY, "a").findings


HEAD = b"From: a@example.org\r\nMIME-Version: 1.0\r\n"
GBK = "送审稿.txt".encode("gbk")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"attachment; filename*=UTF-8''%E9%80%81%E5%AE%A1%E7%A8%BF.txt", "送审稿.txt"),
        (b"attachment; filename*0*=GBK''%CB%CD%C9%F3; filename*1*=%B8%E5.txt", "送审稿.txt"),
        (b'attachment; filename="=?GB2312?B?y83J87jlLnR4dA==?="', "送审稿.txt"),
        (b'attachment; filename="=?utf-8?Q?=E9=80=81=E5=AE=A1=E7=A8=BF?= .txt"', "送审稿 .txt"),
        (b'attachment; filename="' + GBK + b'"', "送审稿.txt"),
        (b'attachment; filename="' + GBK.decode("gbk").encode() + b'"', "送审稿.txt"),
        (b'attachment; filename="..\\..\\C:/x/\xe9\x80\x81.txt"', "送.txt"),
        (b'attachment; filename="=?no-such?B?y83J87jlLnR4dA==?="', "送审稿.txt"),
        (b'attachment; filename="..."', "附件.txt"),
        (b"attachment", "附件.txt"),
    ],
)
def test_names_of_attachments(disposition: bytes, name: str) -> None:
    data = HEAD + b"Content-Type: text/plain\r\nContent-Disposition: " + disposition + b"\r\n\r\nx"
    assert open_mail(data, "a.eml").names == (name,)


@pytest.mark.parametrize(
    ("kind", "body", "name", "words"),
    [
        ("text/plain; charset=gb2312", "应当镕".encode("gbk"), "正文.txt", "应当镕"),
        ("text/plain; charset=no-such", "应当报告".encode("gb18030"), "正文.txt", "应当报告"),
        ("text/plain", "应当报告".encode(), "正文.txt", "应当报告"),
        ("text/plain; charset=utf-8", "应当".encode() + b"\xff", "正文.txt", "应当\ufffd"),
        ("text/html; charset=gbk", "<p>应当报告</p>".encode("gbk"), "正文.html", "应当报告"),
    ],
)
def test_encodings_of_bodies(kind: str, body: bytes, name: str, words: str) -> None:
    data = HEAD + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode() + body
    opened = open_mail(data, "a.eml")
    assert opened.names == (name,)
    assert read_bytes(opened.data(name), name).shadow.strip() == words


def test_of_two_wordings_the_plain_one_unless_it_says_nothing() -> None:
    message = mail()
    message.add_alternative("<p>网页</p>", subtype="html")
    assert open_mail(message.as_bytes(), "a.eml").names == ("正文.txt",)
    message = mail()
    message.set_content("  \n")
    message.add_alternative("<p>网页</p>", subtype="html")
    assert open_mail(message.as_bytes(), "a.eml").names == ("正文.html",)


def test_forwarded_mail_is_opened_one_level_deep(place: Path) -> None:
    deepest, inner, outer = mail(), mail(), mail()
    inner.add_attachment(deepest)
    outer.add_attachment(inner)
    outer.add_attachment(inner)
    Path("a.eml").write_bytes(outer.as_bytes())
    deep = "压缩包、邮件里又套了两层，未读取，请取出后检查"
    found = told(Path("a.eml"))
    assert found == {
        "a.eml/正文.txt": "",
        "a.eml/转发的邮件.eml/正文.txt": "",
        "a.eml/转发的邮件.eml/转发的邮件.eml": deep,
        "a.eml/转发的邮件（2）.eml/正文.txt": "",
        "a.eml/转发的邮件（2）.eml/转发的邮件.eml": deep,
    }


def test_what_of_a_mail_cannot_be_read_is_told(place: Path) -> None:
    message = mail()
    for kind, subtype, name in (
        ("application", "pkcs7-mime", "smime.p7m"),
        ("application", "ms-tnef", "winmail.dat"),
    ):
        message.add_attachment(b"x", maintype=kind, subtype=subtype, filename=name)
    Path("a.eml").write_bytes(message.as_bytes())
    found = told(Path("a.eml"))
    assert "已加密" in found["a.eml/smime.p7m"]
    assert "Outlook" in found["a.eml/winmail.dat"]


def nested(depth: int) -> bytes:
    """Multiparts inside one another."""
    heads = (
        f'Content-Type: multipart/mixed; boundary="{i}"\r\n\r\n--{i}\r\n' for i in range(depth)
    )
    return HEAD + "".join(heads).encode() + b"\r\nx"


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        HEAD + b"Content-Type: multipart/mixed\r\n\r\nx",
        HEAD + b"Content-Type: message/rfc822\r\n\r\n",
        HEAD + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        HEAD + b'Content-Type: text/plain; charset="\xff"\r\n\r\nx',
        HEAD + b"Content-Disposition: attachment; filename*=x'y'%FF%FE\r\n\r\nx",
        HEAD + b"Content-Disposition: attachment; filename*0*=a; filename*5*=b\r\n\r\nx",
        nested(40),
        nested(5000),
    ],
)
def test_damaged_mail_ends_in_files_or_a_reason(data: bytes, place: Path) -> None:
    Path("a.eml").write_bytes(data)
    for report in Checker().check_paths([Path("a.eml")], 1):
        assert not report.internal, report.error
        assert report.error or report.complete


def test_too_many_attachments_are_told(place: Path) -> None:
    message = mail()
    for _ in range(3):
        message.add_attachment(TEXT, maintype="text", subtype="plain", filename="附件.txt")
    Path("a.eml").write_bytes(message.as_bytes())
    assert list(told(Path("a.eml")))[1:] == [
        "a.eml/附件.txt",
        "a.eml/附件（2）.txt",
        "a.eml/附件（3）.txt",
    ]
    assert "limits.entries=2" in told(Path("a.eml"), Limits(entries=2))["a.eml"]


def test_a_paper_about_one_document_is_not_made_of_several(run, place) -> None:
    Path("a.zip").write_bytes(packed({"甲.txt": TEXT, "乙.txt": TEXT}))
    ran = run("check", "a.zip", "-f", "opinion=意见书.docx")
    assert ran.code == 2 and "一次只能写一份文件" in ran.err
    assert not Path("意见书.docx").exists()
    Path("b.zip").write_bytes(packed({"甲.txt": TEXT}))
    assert run("check", "b.zip", "-f", "opinion=意见书.docx").code == 1
    assert Path("意见书.docx").exists()


def test_an_entry_without_a_name_leaves_the_others() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        whole.writestr(zipfile.ZipInfo(""), b"x")
        whole.writestr("a.txt", "甲")
    assert "a.txt" in open_zip(out.getvalue(), "来件.zip").names
