"""Rehearsal: the whole load once in a process of its own, without network, with limits of memory and time.

The list keeps code out; this keeps out what would only crash or exhaust: a booster's buffer that its library cannot
read, a state that makes compiled code run astray. If the rehearsal ends well the file is loaded for real.

On Linux the process is forked, after everything the file names has been imported, so that it costs milliseconds. It
gets a network namespace of its own where the system allows that. Elsewhere a fresh interpreter is started.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from modelport import errors
from modelport.errors import Defect, ModelportError, Unsafe
from modelport_sklearn.gate.allowlist import Allowed
from modelport_sklearn.gate.load import load, resolve
from modelport_sklearn.gate.reconstruct import HEADERS
from modelport_sklearn.gate.scan import scan

MEMORY = 2 << 30
"""Bytes that loading may take besides eight times the file's size."""

SECONDS = 60.0
"""How long loading may take besides a second for every megabyte."""

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def rehearse(data: bytes, allowed: Allowed, seconds: float | None = None, memory: int | None = None) -> None:
    """Loads a pickle in a process of its own and throws the result away.

    Args:
        seconds, memory: limits; by default they grow with the file.

    Raises:
        ModelportError: whatever loading raised.
        Unsafe: loading crashed, took too long or took too much memory.
    """
    seconds = seconds or SECONDS + len(data) / 1e6
    memory = memory or MEMORY + 8 * len(data)
    if sys.platform == "linux":
        answer, status = _forked(lambda: load(data, allowed), seconds, memory)
    else:
        answer, status = _started(data, allowed, seconds, memory)
    _judge(answer, status, seconds)


def _judge(answer: bytes, status: int, seconds: float) -> None:
    if status == -signal.SIGKILL or status == -signal.SIGXCPU:
        raise Unsafe(f"loading this pickle took more than {seconds:.0f} seconds", hint="do not load it")
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
        told: Any = {"class": type(error).__name__, "what": error.what, "where": error.where, "hint": error.hint}
    except MemoryError:
        told = {"class": "Unsafe", "what": "loading this pickle takes too much memory", "where": None, "hint": None}
    except UserWarning:  # scikit-learn's word that another version saved it; it is said again when it is loaded
        told = None
    except Exception as error:
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        told = {"class": "InputError", "what": f"this pickle is damaged: {line}", "where": None, "hint": None}
    else:
        told = None
    return json.dumps(told).encode()


def _forked(work: Callable[[], Any], seconds: float, memory: int) -> tuple[bytes, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _child(work, writer, seconds, memory)
    os.close(writer)
    try:
        answer = _listen(reader, child, seconds)
    finally:
        os.close(reader)
    _, status = os.waitpid(child, 0)
    return answer, os.waitstatus_to_exitcode(status)


def _child(work: Callable[[], Any], writer: int, seconds: float, memory: int) -> NoReturn:
    """In the forked process: limits, the load, the answer. It leaves without running anyone's exit handlers."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _limit(seconds, memory)
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


def _limit(seconds: float, memory: int) -> None:
    import resource

    def lower(kind: int, value: int) -> None:
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))

    lower(resource.RLIMIT_AS, _address_space() + memory)
    lower(resource.RLIMIT_CPU, int(seconds) + 1)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_CORE, 0)
    _without_network()


def _address_space() -> int:
    """Bytes of address space in use; the limit is set above it."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _without_network() -> None:
    """An empty network namespace; where the system forbids it, the list alone keeps the network out."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


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


def _started(data: bytes, allowed: Allowed, seconds: float, memory: int) -> tuple[bytes, int]:
    """The same in a fresh interpreter."""
    trusted = json.dumps({"trust": sorted(allowed.trusted), "seconds": seconds, "memory": memory})
    program = "from modelport_sklearn.gate.rehearsal import main; main()"
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, trusted], input=data, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return b"", -int(signal.SIGKILL)
    return done.stdout, done.returncode


def main() -> None:
    """In the fresh interpreter: the pickle on standard input, the answer on standard output."""
    from modelport_sklearn.gate.allowlist import allowed

    data, told = sys.stdin.buffer.read(), json.loads(sys.argv[1])
    grants = allowed(told["trust"])
    for key in scan(data, grants).globals:
        if grants.grant(*key) is not None and key not in HEADERS:
            resolve(*key)
    if sys.platform == "linux":
        _limit(told["seconds"], told["memory"])
    sys.stdout.buffer.write(report(lambda: load(data, grants)))
