"""Engines: who does the portions of a bulk run. Processes of this machine, or a Ray cluster."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from checker.bulk.intake import Portion, SourceFault
from checker.bulk.portions import Outcome, PortionCheck
from checker.extras import MissingLibrary, lacking
from checker.recall import engine_digest
from checker.workers import NoProcess, in_processes, processors

#: A block of a Ray dataset holds several portions only where there are more than this.
_BLOCKS = 5000
#: Portions handed to each process ahead: a portion is long.
_AHEAD = 2


def require(engine: str) -> None:
    """Raise MissingLibrary where an engine cannot run."""
    if find_spec("pyarrow") is None:
        raise MissingLibrary(lacking("批量检查", "pyarrow", "batch"))
    if engine == "ray" and find_spec("ray") is None:
        raise MissingLibrary(lacking("--engine ray ", "Ray", "ray"))


def local(work: PortionCheck, portions: Sequence[Portion], jobs: int | None) -> Iterator[Outcome]:
    """Do the portions in processes of this machine (None: one a processor), in their order.

    Raises SourceFault where processes die again and again.
    """
    processes = min(jobs or processors(), len(portions))
    try:
        yield from in_processes(work, portions, processes, None, ahead=_AHEAD)
    except NoProcess as fault:
        why = "检查进程一再意外终止（可能是内存不足）"
        raise SourceFault(f"{why}；已经做完的保留着，减少 --jobs 后用 --resume 接着做") from fault


def on_ray(work: PortionCheck, portions: Sequence[Portion], jobs: int | None) -> Iterator[Outcome]:
    """Do the portions on Ray, in any order.

    ``RAY_ADDRESS`` names the cluster; without it one is started here for the time of the run. Ray
    holds back what workers cannot take yet, and gives the portions of a dead one to another. Raises
    SourceFault where there is no cluster.
    """
    # Ray would report its use to its makers, and tell of its own affairs on standard error.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    import ray

    started = not ray.is_initialized()
    if started:
        _connect(os.environ.get("RAY_ADDRESS", ""), jobs)
    try:
        yield from _dataset(work, portions, jobs)
    finally:
        if started:
            ray.shutdown()


def _connect(address: str, jobs: int | None) -> None:
    """Connect to the cluster at an address, or start one here. Raises SourceFault."""
    import ray

    try:
        ray.init(
            address or "local",  # without an address Ray would look for a cluster that runs here
            num_cpus=None if address else jobs or processors(),
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, RuntimeError, ValueError) as fault:
        cluster = f"连不上 Ray 集群 {address}" if address else "无法在本机启动 Ray"
        raise SourceFault(f"{cluster}：{fault}") from fault


def _dataset(
    work: PortionCheck, portions: Sequence[Portion], jobs: int | None
) -> Iterator[Outcome]:
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.ERROR)  # importing it has set another level
    ray.data.DataContext.get_current().enable_progress_bars = False
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    workers = min(jobs or max(1, int(resources.get("CPU", 1))), len(portions))
    rows = [{"portion": pickle.dumps(portion)} for portion in portions]
    done = ray.data.from_items(rows, override_num_blocks=min(len(rows), _BLOCKS)).map(
        _Worker,  # type: ignore[arg-type]
        fn_constructor_args=(work, engine_digest()),
        compute=ray.data.ActorPoolStrategy(size=workers),
    )
    for row in done.iter_rows():
        yield pickle.loads(row["outcome"])


class _Worker:
    """An actor of Ray: one Checker, made once, for all the portions that it is given.

    Raises RuntimeError where this node has other code or data than the one that started the run.
    """

    def __init__(self, work: PortionCheck, code: str) -> None:
        if engine_digest() != code:
            raise RuntimeError("集群里有节点安装的程序与发起检查的不同，请安装同一个版本")
        self._work = work

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"outcome": pickle.dumps(self._work(pickle.loads(row["portion"])))}


Engine = Callable[[PortionCheck, Sequence[Portion], int | None], Iterator[Outcome]]
ENGINES: dict[str, Engine] = {"local": local, "ray": on_ray}
