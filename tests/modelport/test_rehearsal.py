"""The process that a file is tried in: it ends in time, within its memory, and its end is a typed error."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelport import rehearsal
from modelport.errors import InputError, Unsafe
from modelport.rehearsal import Limits, Load, rehearse

QUICK = Limits(processor=1.0, clock=20.0, memory=300 << 20)


def doing(work: Callable[[], Any], size: int = 0) -> Load:
    return Load(bytes(size), "", forked=work)


def test_a_load_that_only_waits_is_ended() -> None:
    begin = time.monotonic()
    with pytest.raises(Unsafe, match="took more than"):
        rehearse(doing(lambda: time.sleep(60)), Limits(clock=0.5))
    assert time.monotonic() - begin < 10


def test_a_load_that_computes_for_ever_is_ended() -> None:
    def burn() -> None:
        while True:
            pass

    with pytest.raises(Unsafe, match="took more than"):
        rehearse(doing(burn), Limits(processor=1.0))


def test_a_load_that_crashes_is_refused() -> None:
    for work in (lambda: os._exit(3), os.abort, lambda: os.close(10_000) or os.kill(os.getpid(), 11)):
        with pytest.raises((Unsafe, InputError)):
            rehearse(doing(work), QUICK)  # type: ignore[arg-type]


def test_a_load_that_fills_memory_is_refused() -> None:
    with pytest.raises(Unsafe, match="too much memory"):
        rehearse(doing(lambda: bytearray(400 << 20)), QUICK)
    rehearse(doing(lambda: bytearray(200 << 20)), QUICK)


def test_a_small_file_may_take_less_than_two_gigabytes() -> None:
    with pytest.raises(Unsafe, match="too much memory"):
        rehearse(doing(lambda: bytearray(1800 << 20), 1000))


def test_a_load_may_take_more_the_larger_the_file_is() -> None:
    with pytest.raises(Unsafe, match="too much memory"):
        rehearse(doing(lambda: bytearray(400 << 20), 1), QUICK)
    rehearse(doing(lambda: bytearray(400 << 20), 20 << 20), QUICK)


def test_what_a_load_raises_is_raised_here_in_few_words() -> None:
    def refuse() -> None:
        raise Unsafe("x" * 100_000, where="y" * 100_000, hint="z")

    with pytest.raises(Unsafe) as error:
        rehearse(doing(refuse), QUICK)
    assert len(str(error.value)) < 5000


@pytest.mark.parametrize("way", [rehearsal._forked, rehearsal._started])
def test_both_ways_call_the_function(way: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh interpreter is what is started where processes cannot be forked."""
    (tmp_path / "some_loader.py").write_text(
        "import os\ndef load(data, *more):\n"
        "    if data == b'crash': os._exit(3)\n    assert (data, more) == (b'good', ('a', 'b'))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    limits = Limits()
    for data, error in ((b"good", None), (b"bad", InputError), (b"crash", Unsafe)):
        answer, status = way(Load(data, "some_loader:load", ("a", "b")), limits)
        if error is None:
            rehearsal._judge("file", answer, status, limits)
        else:
            with pytest.raises(error):
                rehearsal._judge("file", answer, status, limits)
