"""Judging many cases in worker processes."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Row = TypeVar("Row")


def judged(
    judge: Callable[[str], Row],
    names: Sequence[str],
    workers: int,
    died: Callable[[str, BaseException], Row],
    said: Callable[[Row], None],
) -> list[Row]:
    """A row for each name, in the order of the names; a worker that dies is a row, not the end.

    Args:
        judge: a function of a module, so that a new process finds it.
        died: the row of a case whose worker raised or ended.
        said: is told of every row as soon as it is there.
    """
    found: dict[str, Row] = {}
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(judge, name): name for name in names}
        for future in as_completed(futures):
            name = futures[future]
            try:
                found[name] = future.result()
            except Exception as error:
                found[name] = died(name, error)
            said(found[name])
    return [found[name] for name in names]


def in_a_line(error: BaseException) -> str:
    """What went wrong, for one cell of a table."""
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:160]}"
