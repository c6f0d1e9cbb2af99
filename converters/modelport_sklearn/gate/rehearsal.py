"""Rehearsal: the whole load once in a process of its own, without network, with limits of memory and time.

The list keeps code out; this keeps out what would only crash or exhaust: a booster's buffer that its library cannot
read, a state that makes compiled code run astray. If the rehearsal ends well the file is loaded for real.

On Linux the process is forked, after everything the file names has been imported, so that it costs milliseconds, and
confined (`confine.py`). Elsewhere a fresh interpreter is started, and only its time is limited.
"""

import faulthandler
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from modelport import errors
from modelport.errors import Defect, ModelportError, Unsafe
from modelport_sklearn.gate.allowlist import Allowed
from modelport_sklearn.gate.load import load, resolve

MEMORY = 3 << 29
"""Bytes that loading may take besides eight times the file's size: with the interpreter, less than 2 GiB."""

PROCESSOR = 8.0
"""Seconds of processor time that loading may take, besides one for every megabyte."""

CLOCK = 60.0
"""Seconds by the clock, likewise: the machine may be busy with other things."""

Load = Callable[[bytes, Allowed], Any]


def rehearse(
    data: bytes,
    allowed: Allowed,
    loader: Load = load,
    processor: float = PROCESSOR,
    clock: float = CLOCK,
    memory: int = MEMORY,
) -> None:
    """Loads a file's bytes in a process of its own and throws the result away.

    Args:
        loader: what loads them, a function of a module.
        processor, clock: seconds; memory: bytes. All three grow with the file.

    Raises:
        ModelportError: whatever loading raised.
        Unsafe: loading crashed, took too long or took too much memory.
    """
    megabytes = len(data) / 1e6
    limits = Limits(processor + megabytes, clock + megabytes, memory + 8 * len(data))
    if sys.platform == "linux":
        answer, status = _forked(lambda: loader(data, allowed), limits)
    else:
        answer, status = _started(data, allowed, loader, limits)
    _judge(answer, status, limits)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of processor time, seconds by the clock, bytes."""

    processor: float
    clock: float
    memory: int


def _judge(answer: bytes, status: int, limits: Limits) -> None:
    if status == -signal.SIGKILL or status == -signal.SIGXCPU:
        raise Unsafe(f"loading this pickle took more than {limits.processor:.0f} seconds", hint="do not load it")
    if status != 0 or not answer:
        raise Unsafe("loading this pickle crashed the process it was tried in", hint="do not load it")
    told = json.loads(answer)
    if told is not None:
        kind = getattr(errors, told["class"], Defect)
        raise kind(told["what"], where=told["where"], hint=told["hint"])


def report(work: Callable[[], Any]) -> bytes:
    """Runs the load; what it raised, as JSON, or `null`."""
    try:
        work()
    except ModelportError as error:
        told: Any = _told(type(error).__name__, error.what, error.where, error.hint)
    except MemoryError:
        told = _told("Unsafe", "loading this pickle takes too much memory", None, "do not load it")
    except UserWarning:  # scikit-learn's word that another version saved it; it is said again when it is loaded
        told = None
    except Exception as error:
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        told = _told("InputError", f"this pickle is damaged: {line}", None, None)
    else:
        told = None
    return json.dumps(told).encode()


def _told(kind: str, what: str, where: str | None, hint: str | None) -> dict[str, str | None]:
    """An error in words short enough for the pipe, whatever a hostile file put into them."""
    return {"class": kind, "what": what[:2000], "where": where and where[:500], "hint": hint and hint[:500]}


def _forked(work: Callable[[], Any], limits: Limits) -> tuple[bytes, int]:
    from modelport_sklearn.gate.confine import confine  # Linux alone has all that it imports

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _child(work, writer, lambda: confine(limits.processor, limits.memory))
    os.close(writer)
    try:
        answer = _listen(reader, child, limits.clock)
    finally:
        os.close(reader)
    _, status = os.waitpid(child, 0)
    return answer, os.waitstatus_to_exitcode(status)


def _child(work: Callable[[], Any], writer: int, confined: Callable[[], None]) -> NoReturn:
    """In the forked process: limits, the load, the answer. It leaves without running anyone's exit handlers."""
    code = 1
    try:
        faulthandler.disable()  # a crash is reported by the parent, in one sentence
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        confined()
        os.write(writer, _aside(work)[:60_000])
        code = 0
    finally:
        os._exit(code)


def _aside(work: Callable[[], Any]) -> bytes:
    """Runs the load in a new thread: OpenMP's threads did not survive the fork, and GNU OpenMP keeps them by the
    thread that started them, so the old one would wait for them for ever (LightGBM does)."""
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(report(work)))
    thread.start()
    thread.join()
    return answers[0]


def _listen(reader: int, child: int, seconds: float) -> bytes:
    """The child's answer; it is ended when it says nothing in time."""
    ready, _, _ = select.select([reader], [], [], seconds)
    if not ready:
        os.kill(child, signal.SIGKILL)
        return b""
    parts = []
    while chunk := os.read(reader, 1 << 16):
        parts.append(chunk)
    return b"".join(parts)


def _started(data: bytes, allowed: Allowed, loader: Load, limits: Limits) -> tuple[bytes, int]:
    """The same in a fresh interpreter."""
    trusted = json.dumps({"trust": sorted(allowed.trusted), "loader": [loader.__module__, loader.__qualname__]})
    program = "from modelport_sklearn.gate.rehearsal import main; main()"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", program, trusted], input=data, capture_output=True, timeout=limits.clock, check=False
        )
    except subprocess.TimeoutExpired:
        return b"", -int(signal.SIGKILL)
    return done.stdout, done.returncode


def main() -> None:
    """In the fresh interpreter: the file on standard input, the answer on standard output."""
    from modelport_sklearn.gate.allowlist import allowed

    data, told = sys.stdin.buffer.read(), json.loads(sys.argv[1])
    loader: Load = resolve(*told["loader"])
    grants = allowed(told["trust"])
    sys.stdout.buffer.write(report(lambda: loader(data, grants)))
