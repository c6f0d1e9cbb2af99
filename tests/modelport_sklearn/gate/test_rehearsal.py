"""The process that a pickle is tried in: it ends in time, within its memory, and its end is a typed error."""

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LogisticRegression

from modelport.errors import InputError, Unsafe
from modelport_sklearn.gate import rehearsal
from modelport_sklearn.gate.allowlist import Allowed, allowed
from modelport_sklearn.gate.load import load
from modelport_sklearn.gate.rehearsal import Limits, rehearse

QUICK: dict[str, Any] = {"processor": 1.0, "clock": 20.0, "memory": 300 << 20}


def doing(work: Callable[[], Any]) -> Callable[[bytes, Allowed], Any]:
    return lambda data, grants: work()


def test_a_load_that_only_waits_is_ended() -> None:
    begin = time.monotonic()
    with pytest.raises(Unsafe, match="took more than"):
        rehearse(b"", allowed(), doing(lambda: time.sleep(60)), clock=0.5)
    assert time.monotonic() - begin < 10


def test_a_load_that_computes_for_ever_is_ended() -> None:
    def burn() -> None:
        while True:
            pass

    with pytest.raises(Unsafe, match="took more than"):
        rehearse(b"", allowed(), doing(burn), **QUICK | {"clock": 60.0})


def test_a_load_that_crashes_is_refused() -> None:
    for work in (lambda: os._exit(3), os.abort, lambda: os.close(10_000) or os.kill(os.getpid(), 11)):
        with pytest.raises((Unsafe, InputError)):
            rehearse(b"", allowed(), doing(work), **QUICK)  # type: ignore[arg-type]


def test_a_load_that_fills_memory_is_refused() -> None:
    with pytest.raises(Unsafe, match="too much memory"):
        rehearse(b"", allowed(), doing(lambda: bytearray(400 << 20)), **QUICK)
    rehearse(b"", allowed(), doing(lambda: bytearray(200 << 20)), **QUICK)


def test_a_small_file_may_take_less_than_two_gigabytes() -> None:
    with pytest.raises(Unsafe, match="too much memory"):
        rehearse(b"x" * 1000, allowed(), doing(lambda: bytearray(1800 << 20)))


def test_a_load_may_take_more_the_larger_the_file_is() -> None:
    with pytest.raises(Unsafe, match="too much memory"):
        rehearse(b"x", allowed(), doing(lambda: bytearray(400 << 20)), **QUICK)
    rehearse(bytes(20 << 20), allowed(), doing(lambda: bytearray(400 << 20)), **QUICK)


def test_what_a_load_raises_is_raised_here_in_few_words() -> None:
    def refuse() -> None:
        raise Unsafe("x" * 100_000, where="y" * 100_000, hint="z")

    with pytest.raises(Unsafe) as error:
        rehearse(b"", allowed(), doing(refuse), **QUICK)
    assert len(str(error.value)) < 5000


def test_a_fresh_interpreter_rehearses_as_well(tmp_path: Path) -> None:
    """What is done where processes cannot be forked."""
    limits = Limits(8.0, 60.0, 2 << 30)
    model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    rehearsal._judge(*rehearsal._started(pickle.dumps(model), allowed(), load, limits), limits)

    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {tmp_path / 'canary'}",)

    with pytest.raises(Unsafe, match=r"posix\.system"):
        rehearsal._judge(*rehearsal._started(pickle.dumps(Touch()), allowed(), load, limits), limits)
    assert not (tmp_path / "canary").exists()
