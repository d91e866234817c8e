"""Engines: who does the portions of a bulk run. Processes of this machine, or a Ray cluster."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from checker.batch import in_processes, processors
from checker.bulk.intake import Portion
from checker.bulk.portions import PortionCheck
from checker.render.workbook import MissingLibrary

#: A block of a Ray dataset holds several portions only where there are more than this.
_BLOCKS = 5000


def require(engine: str) -> None:
    """Raise MissingLibrary where an engine cannot run."""
    if find_spec("pyarrow") is None:
        raise MissingLibrary("批量检查需要另外安装 pyarrow：pip install 'legality-precheck[batch]'")
    if engine == "ray" and find_spec("ray") is None:
        raise MissingLibrary("--engine ray 需要另外安装 Ray：pip install 'legality-precheck[ray]'")


def local(work: PortionCheck, portions: Sequence[Portion], jobs: int | None) -> Iterator[Portion]:
    """Do the portions in processes of this machine (None: one a processor), in their order."""
    yield from in_processes(work, portions, jobs or processors(), lambda portion, _: work(portion))


def on_ray(work: PortionCheck, portions: Sequence[Portion], jobs: int | None) -> Iterator[Portion]:
    """Do the portions on Ray, in any order.

    ``RAY_ADDRESS`` names the cluster; without it one is started here for the time of the run. Ray
    holds back what workers cannot take yet, and gives the portions of a dead one to another.
    """
    # Ray would report its use to its makers.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    started = not ray.is_initialized()
    if started:
        cores = None if os.environ.get("RAY_ADDRESS") else jobs or processors()
        ray.init(
            num_cpus=cores,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    try:
        yield from _dataset(work, portions, jobs)
    finally:
        if started:
            ray.shutdown()


def _dataset(
    work: PortionCheck, portions: Sequence[Portion], jobs: int | None
) -> Iterator[Portion]:
    import ray

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    workers = min(jobs or max(1, int(resources.get("CPU", 1))), len(portions))
    rows = [{"at": at, "portion": pickle.dumps(p)} for at, p in enumerate(portions)]
    done = ray.data.from_items(rows, override_num_blocks=min(len(rows), _BLOCKS)).map(
        _Worker,  # type: ignore[arg-type]
        fn_constructor_args=(work,),
        compute=ray.data.ActorPoolStrategy(size=workers),
    )
    for row in done.iter_rows():
        yield portions[row["at"]]


class _Worker:
    """An actor of Ray: one Checker, made once, for all the portions that it is given."""

    def __init__(self, work: PortionCheck) -> None:
        self._work = work

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        self._work(pickle.loads(row["portion"]))
        return {"at": row["at"]}


Engine = Callable[[PortionCheck, Sequence[Portion], int | None], Iterator[Portion]]
ENGINES: dict[str, Engine] = {"local": local, "ray": on_ray}
