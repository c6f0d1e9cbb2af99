"""Every case of the catalogue, by name."""

import signal
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.conformance.catalogue import booster_cases, pipeline_cases, sklearn_cases
from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.judge import Row, judge

LIMIT = 120


@cache
def all_cases() -> tuple[Case, ...]:
    return (*sklearn_cases.cases(), *booster_cases.cases(), *pipeline_cases.cases())


def case_named(name: str) -> Case:
    return next(case for case in all_cases() if case.name == name)


def judge_named(name: str) -> Row:
    """Judges one case; a worker process gets no more than its name, and two minutes."""
    row: Row = within_limit(judge, name)
    return row


def within_limit(judge: Callable[[Case], Any], name: str, seconds: int = LIMIT) -> Any:
    """What a judge says of a case, within its time."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        return judge(case_named(name))
    finally:
        signal.alarm(0)
