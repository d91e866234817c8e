"""The command about very many documents: batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from checker.arguments import one_of, positive, run_options
from checker.console import ChineseCommand

if TYPE_CHECKING:
    from checker.config import Configuration, Options


@click.command(cls=ChineseCommand)
@click.argument("source", metavar="来源")
@click.option(
    "-o", "--output", required=True, metavar="结果.parquet", help="结果文件夹，也可以是 URL"
)
@click.option(
    "--engine", type=one_of("local", "ray"), default="local", metavar="引擎",
    help="local 本机多进程（默认）；ray 在 Ray 集群上，地址写在 RAY_ADDRESS",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="接着上次没有做完的做；内容变了的文件重新检查")
@click.option(
    "--portion", type=positive, default="200", metavar="份数",
    help="每次交给一个进程多少份，默认 200；中断时最多重做这些",
)  # fmt: skip
@run_options("format")
def batch(
    *, source: str, output: str, engine: str, resume: bool, portion: int, options: Options
) -> int:
    """批量检查大量文件，问题线索存成 Parquet，中断后可以接着做。

    来源可以是文件夹、Parquet 文件（name 列，text 列或者 bytes 列）或者这样的文件夹，也可以是
    file://、s3:// 这样的 URL。结果文件夹里，findings/ 每行一条问题线索，documents/ 每行一份文件；
    已豁免的、基线内的也在其中，settled 列写明。

    \b
    返回值与 check 相同：
    0  没有达到 --fail-on 级别的问题线索
    1  有达到这一级别的问题线索
    2  用法、配置或者规则有误，或者引擎内部错误
    3  没有达到这一级别的，但有内容未能检查
    """
    from checker.bulk.engines import require
    from checker.config import configure
    from checker.findings import Severity

    require(engine)
    from checker.bulk.intake import SourceFault
    from checker.bulk.run import prepare
    from checker.progress import with_rate

    path = Path(source)
    configuration = _reachable(configure([path if path.exists() else Path()], options))
    settings = configuration.settings
    try:
        bulk = prepare(
            configuration.checker(),
            source,
            output,
            engine=engine,
            as_of=settings.as_of,
            resume=resume,
            size=portion,
            excludes=_excludes(configuration),
        )
        steps = bulk.run(engine, settings.jobs)
        changed = sum(
            step.documents * (step.how == "changed")
            for step in with_rate(steps, bulk.documents, lambda step: step.documents)
        )
    except KeyboardInterrupt:
        click.echo("已经做完的保留着，用 --resume 接着做", err=True)
        raise
    except SourceFault as fault:
        raise click.UsageError(str(fault)) from fault
    if changed:
        click.echo(f"有文件的内容与上次不同，所在的批共 {changed} 份已经重新检查", err=True)
    tally = bulk.tally()
    click.echo(tally.closing)
    return tally.exit_code(Severity(settings.fail_on))


def _reachable(configuration: Configuration) -> Configuration:
    """The configuration with whole paths: a worker may stand in another folder."""
    from checker.config import NO_STORE, chosen_store

    chosen = configuration.settings
    own = chosen.profile.endswith((".yaml", ".yml"))
    store = chosen_store(chosen.store)
    settings = replace(
        chosen,
        format=(),
        profile=str(Path(chosen.profile).absolute()) if own else chosen.profile,
        rulesets=tuple(folder.absolute() for folder in chosen.rulesets),
        store=str(store.absolute()) if store else NO_STORE,
        waivers=chosen.waivers.absolute() if chosen.waivers else None,
        baseline=chosen.baseline.absolute() if chosen.baseline else None,
    )
    return replace(configuration, settings=settings)


def _excludes(configuration: Configuration) -> Callable[[PurePath], bool]:
    """What is left out: paths of this machine as ``check`` does, names below a URL by themselves."""
    from checker.globs import matches

    def left_out(path: PurePath) -> bool:
        if path.is_absolute():
            return configuration.excludes(Path(path))
        return any(matches(pattern, str(path)) for pattern in configuration.settings.exclude)

    return left_out
