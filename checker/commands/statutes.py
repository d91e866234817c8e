"""Commands about laws: what a document cites, the register, and the imported texts."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.arguments import as_of_option, day, existing, one_of, store_option
from checker.console import ChineseCommand, ChineseGroup, cause, say

if TYPE_CHECKING:
    from checker.batch import Job
    from checker.lawstore import LawStore, LawWriter, Put
    from checker.lawtexts import LawText


def _named(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Option callback: 简称=全称, any number of times."""
    pairs = [value.partition("=") for value in values]
    for short, equals, full in pairs:
        if not (short and equals and full):
            raise click.BadParameter(f"“{short}{equals}{full}”应当写成 简称=全称")
    return {short: full for short, _, full in pairs}


@click.command(cls=ChineseCommand)
@click.argument("path", type=existing, metavar="文件")
@click.option(
    "-f", "--format", "form", type=one_of("text", "json"), default="text", metavar="格式",
    help="text（默认）或者 json",
)  # fmt: skip
@as_of_option
@click.option("--title", default="", metavar="标题", help="文件没有标题时，“本办法”指的是哪一件")
@click.option(
    "--define", "names", multiple=True, callback=_named, metavar="简称=全称",
    help="文件以外已经约定的简称，可重复",
)  # fmt: skip
def cite(*, path: Path, form: str, as_of: date | None, title: str, names: dict[str, str]) -> int:
    """列出文件引用的法规和条款：是哪一件、到那天是否有效、有没有这一条；文件写 - 的读标准输入。"""
    from checker.dating import law_day
    from checker.parsing import parse_path
    from checker.references import find_references
    from checker.render.citation import citation_lines, citation_rows
    from checker.report import dump_json

    document = parse_path(path)
    when, how = law_day(document, as_of)
    references = find_references(document, when, title=title, names=names)
    if form == "json":
        click.echo(dump_json(citation_rows(references), indent=2))
    else:
        at = (document.provision_at(r.start).address for r in references)
        for line in citation_lines(references, at):
            say(line)
    say(f"共 {len(references)} 处引用，按 {when}（{how}）判断", err=True)
    return 3 if document.source.gaps else 0


@click.group(cls=ChineseGroup)
def statutes() -> None:
    """法规：查一件法规的文本、效力和条文，导入和查找法规原文，生成法规目录。"""


@statutes.command()
@click.argument("name", default="", metavar="[名称或者文号]")
@click.argument("address", default="", metavar="[条款]")
@click.option("--at", "when", type=day, metavar="日期", help="看这一天的效力，不写的为今天")
@store_option
def show(*, name: str, address: str, when: date | None, store: Path | None) -> int:
    """显示一件法规的各个文本，或者其中一条的条文（须已导入原文）；不写名称的，显示目录收了什么。"""
    from checker.render.citation import register_lines, statute_lines
    from checker.statutes import register

    known = register()
    if not name:
        for line in register_lines(known):
            say(line)
        return 0
    statute = known.find(name, name)
    if address:
        _show_words(statute.name if statute else name, address, when or date.today(), store)
        return 0
    if statute is None:
        near = known.nearest(name)
        hint = f"，最接近的是：{'、'.join(near)}" if near else ""
        raise click.UsageError(f"目录里没有“{name}”{hint}。没有收录不等于无效")
    for line in statute_lines(statute, when or date.today()):
        say(line)
    return 0


def _show_words(name: str, address: str, when: date, path: Path | None) -> None:
    from checker.findings import Basis
    from checker.render.citation import words_lines
    from checker.wording import places_of, worded

    store = _opened(path)
    if not places_of(address):
        raise click.UsageError(f"“{address}”不是条款，应当写成 第三条、第八条第一款 这样")
    if store.edition(name, when) is None:
        raise click.UsageError(f"{store.path.name} 里没有《{name}》在 {when} 以前的文本")
    basis = worded(Basis(name, address), store, when)
    if not basis.words:
        raise click.UsageError(f"《{name}》的文本里没有{address}")
    for line in words_lines(basis):
        say(line)


def _opened(path: Path | None) -> LawStore:
    from checker.lawstore import LawStore

    if path is None:
        raise click.UsageError("还没有法规原文：先用 checker statutes import 文件夹 导入")
    return LawStore(path)


@statutes.command("import")
@click.argument("paths", type=existing, nargs=-1, required=True, metavar="文件夹…")
@click.option(
    "--store", envvar="CHECKER_STATUTES", metavar="文件", help="写到哪个库；不写的为用户数据文件夹",
)  # fmt: skip
def import_texts(*, paths: tuple[Path, ...], store: str | None) -> int:
    """把自己下载的法规原文（.md、.docx、.txt）导入原文库；同一件法规的同一文本以后导入的为准。

    条文是公开的法律文本，本工具不随附；导入以后，问题线索会附上依据的条文。
    """
    from checker.batch import jobs_for
    from checker.config import default_store
    from checker.lawstore import LawWriter, Put
    from checker.sources import SUPPORTED_SUFFIXES

    if store == "none":
        raise click.UsageError("没有说明写到哪个库：--store（或者 CHECKER_STATUTES）写的是 none")
    jobs = [job for path in paths for job in jobs_for(path, SUPPORTED_SUFFIXES)]
    path = Path(store) if store else default_store()
    with LawWriter(path) as writer:
        became = _import_each(jobs, writer)
        laws, texts = writer.size()
    counted = "、".join(f"{put} {became.get(put, 0)}" for put in Put)
    refused = len(jobs) - sum(became.values())
    say(
        f"读取 {len(jobs)} 个文件：{counted}，未能导入 {refused}；"
        f"原文库现有 {laws} 件法规、{texts} 个文本：{path}"
    )
    return 3 if refused else 0


def _import_each(jobs: Sequence[Job], writer: LawWriter) -> Counter[Put]:
    """What became of each file that is a law; the others are named on stderr, with the reason."""
    from checker.lawtexts import NotALaw, shortfall
    from checker.sources import UnreadableSource

    became: Counter[Put] = Counter()
    for number, job in enumerate(jobs, 1):
        if sys.stderr.isatty():
            click.echo(f"导入 {number}/{len(jobs)}\r", nl=False, err=True)
        try:
            law = _law(job)
            became[writer.put(law)] += 1
            if why := shortfall(law):
                say(f"注意 {job.name}：{why}，原文可能不完整", err=True)
        except (NotALaw, OSError, UnreadableSource) as fault:
            why = cause(fault) if isinstance(fault, OSError) else fault.args[-1]
            say(f"未导入 {job.name}：{why}", err=True)
    return became


def _law(job: Job) -> LawText:
    from checker.lawtexts import NotALaw, read_law
    from checker.parsing import parse_file

    if job.problem:
        raise NotALaw(job.problem)
    return read_law(parse_file(job.path), job.path.name)


@statutes.command()
@click.argument("words", nargs=-1, required=True, metavar="词语…")
@click.option("--law", default="", metavar="名称", help="只在这件法规里找")
@click.option(
    "-f", "--format", "form", type=one_of("text", "json"), default="text", metavar="格式",
    help="text（默认）或者 json",
)  # fmt: skip
@store_option
def search(*, words: tuple[str, ...], law: str, form: str, store: Path | None) -> None:
    """在导入的法规原文里找条文：写几个词语的，同一条里都要有。"""
    from checker.render.citation import hit_lines, hit_rows
    from checker.report import dump_json

    hits = tuple(_opened(store).search(words, law))
    if form == "json":
        click.echo(dump_json(hit_rows(hits), indent=2))
    else:
        for line in hit_lines(hits):
            say(line)
        say(f"找到 {len(hits)} 处", err=True)


@statutes.command()
@click.argument("source", type=existing, metavar="文件")
@click.option("-o", "--output", type=Path, required=True, metavar="文件", help="写到哪里")
@click.option("--as-of", "as_of", type=day, required=True, metavar="日期", help="目录截至哪一天")
def build(*, source: Path, output: Path, as_of: date) -> None:
    """用一份逐行 JSON 的法规事实表（名称、文本、日期、条数）生成法规目录。"""
    from checker.register import read_facts, register_text, summary

    facts = read_facts(source)
    try:
        output.write_text(register_text(facts, as_of), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise click.UsageError(f"无法写入 {output}：{cause(fault)}") from fault
    for line in summary(facts):
        say(line)
