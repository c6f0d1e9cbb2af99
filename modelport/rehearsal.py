"""Rehearsal: a load once in a process of its own, without network, with limits of memory and time, before the real one.

It keeps out what would only crash or exhaust: a buffer that a library cannot read, a state that makes compiled code
run astray. If the rehearsal ends well the file is loaded for real.

On Linux the process is forked, after everything that the load needs has been imported, so that it costs milliseconds,
and confined (`confine.py`). Elsewhere a fresh interpreter is started, and only its time is limited.
"""

import faulthandler
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

from modelport import errors
from modelport.errors import Defect, ModelportError, Unsafe

MEMORY = 3 << 29
"""Bytes that loading may take besides eight times the file's size: with the interpreter, less than 2 GiB."""

PROCESSOR = 8.0
"""Seconds of processor time that loading may take, besides one for every megabyte."""

CLOCK = 60.0
"""Seconds by the clock, likewise: the machine may be busy with other things."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one load may take; see `MEMORY`, `PROCESSOR` and `CLOCK`."""

    processor: float = PROCESSOR
    clock: float = CLOCK
    memory: int = MEMORY

    def grown(self, size: int) -> "Limits":
        """The limits for a file of so many bytes."""
        return Limits(self.processor + size / 1e6, self.clock + size / 1e6, self.memory + 8 * size)


@dataclass(frozen=True, slots=True)
class Load:
    """A load to be rehearsed.

    Attributes:
        data: the file's bytes.
        function: `module:name` of a function that takes them.
        arguments: what it takes besides, as JSON knows it.
        what: what messages call the file.
        forked: does the same in a forked process, where that is not just calling the function.
        writes: bytes that a file may grow to; no file can be written by default.
    """

    data: bytes
    function: str
    arguments: Sequence[Any] = ()
    what: str = "file"
    forked: Callable[[], Any] | None = None
    writes: int = 0

    def run(self) -> Any:
        """Loads; in this process."""
        module, _, name = self.function.partition(":")
        return getattr(import_module(module), name)(self.data, *self.arguments)


def rehearse(load: Load, limits: Limits | None = None) -> None:
    """Loads in a process of its own and throws the result away.

    Raises:
        ModelportError: whatever loading raised.
        Unsafe: loading crashed, took too long or took too much memory.
    """
    grown = (limits or Limits()).grown(len(load.data))
    answer, status = _forked(load, grown) if sys.platform == "linux" else _started(load, grown)
    _judge(load.what, answer, status, grown)


def _judge(what: str, answer: bytes, status: int, limits: Limits) -> None:
    if status == -signal.SIGKILL or status == -signal.SIGXCPU:
        raise Unsafe(f"loading this {what} took more than {limits.processor:.0f} seconds", hint="do not load it")
    if status != 0 or not answer:
        raise Unsafe(f"loading this {what} crashed the process it was tried in", hint="do not load it")
    told = json.loads(answer)
    if told is not None:
        kind = getattr(errors, told["class"], Defect)
        raise kind(told["what"], where=told["where"], hint=told["hint"])


def _report(work: Callable[[], Any], what: str) -> bytes:
    """Runs the load; what it raised, as JSON, or `null`."""
    try:
        work()
    except ModelportError as error:
        told: Any = _told(type(error).__name__, error.what, error.where, error.hint)
    except MemoryError:
        told = _told("Unsafe", f"loading this {what} takes too much memory", None, "do not load it")
    except Warning:  # such as scikit-learn's word that another version saved it; it is said again when it is loaded
        told = None
    except Exception as error:
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        told = _told("InputError", f"this {what} is damaged: {line}", None, None)
    else:
        told = None
    return json.dumps(told).encode()


def _told(kind: str, what: str, where: str | None, hint: str | None) -> dict[str, str | None]:
    """An error in words short enough for the pipe, whatever a hostile file put into them."""
    return {"class": kind, "what": what[:2000], "where": where and where[:500], "hint": hint and hint[:500]}


def _forked(load: Load, limits: Limits) -> tuple[bytes, int]:
    from modelport.confine import confine  # Linux alone has all that it imports

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _child(load, writer, lambda: confine(limits.processor, limits.memory, load.writes))
    os.close(writer)
    try:
        answer = _listen(reader, child, limits.clock)
    finally:
        os.close(reader)
    _, status = os.waitpid(child, 0)
    return answer, os.waitstatus_to_exitcode(status)


def _child(load: Load, writer: int, confined: Callable[[], None]) -> NoReturn:
    """In the forked process: limits, the load, the answer. It leaves without running anyone's exit handlers."""
    code = 1
    try:
        faulthandler.disable()  # a crash is reported by the parent, in one sentence
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        confined()
        os.write(writer, _aside(load))
        code = 0
    finally:
        os._exit(code)


def _aside(load: Load) -> bytes:
    """Runs the load in a new thread: OpenMP's threads did not survive the fork, and GNU OpenMP keeps them by the
    thread that started them, so the old one would wait for them for ever (LightGBM does)."""
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(_report(load.forked or load.run, load.what)))
    thread.start()
    thread.join()
    return answers[0]


def _listen(reader: int, child: int, seconds: float) -> bytes:
    """The child's answer; it is ended when it says nothing in time."""
    waiting = select.poll()
    waiting.register(reader, select.POLLIN)
    if not waiting.poll(seconds * 1000):
        os.kill(child, signal.SIGKILL)
        return b""
    parts = []
    while chunk := os.read(reader, 1 << 16):
        parts.append(chunk)
    return b"".join(parts)


def _started(load: Load, limits: Limits) -> tuple[bytes, int]:
    """The same in a fresh interpreter."""
    told = json.dumps({"function": load.function, "arguments": list(load.arguments), "what": load.what})
    command = [sys.executable, "-P", "-c", "from modelport.rehearsal import main; main()", told]
    try:
        done = subprocess.run(command, input=load.data, capture_output=True, timeout=limits.clock, check=False)
    except subprocess.TimeoutExpired:
        return b"", -int(signal.SIGKILL)
    return done.stdout, done.returncode


def main() -> None:
    """In the fresh interpreter: the file on standard input, the answer on standard output."""
    load = Load(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(_report(load.run, load.what))
