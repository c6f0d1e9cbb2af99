"""A session in a process of its own, which can be killed: a crash, an endless loop or memory without end is a finding.

Limits: seconds for one answer, and bytes of resident memory, both watched from here, so that they hold for runtimes
that start machines of their own.
"""

import atexit
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any, cast

import numpy as np
import pyarrow as pa

from modelport import errors
from modelport.artifacts import Artifact
from modelport.errors import ModelportError, RuntimeFailed
from modelport.parity.floats import Array
from modelport.parity.inner import Forest, Inner
from modelport.parity.shared import Outbox
from modelport.parity.steps import Traced
from modelport.parity.wire import Closed, receive, send
from modelport.runtimes import Landmarks, Runtime
from modelport.signature import Signature

THREADS = "MODELPORT_THREADS"
"""Environment variable: threads that a runtime may use for one batch; its results do not depend on it."""

COMMAND = (sys.executable, "-P", "-m", "modelport.parity.worker")
"""`-P`: a `numpy.py` that lies in the folder one works in is not imported."""

Message = tuple[dict[str, Any], list[pa.RecordBatch]]

RELEASE = 10.0
"""Seconds in which a process has to put its session aside."""

_LOOK = 0.2
"""Seconds between two looks at a process's memory."""


class Killed(ModelportError):
    """The process of a session crashed, or was killed for the time or the memory it took."""

    exit_code, code = 1, "runtime-killed"


def started(artifact: Artifact, runtime: Runtime, threads: int | None = None) -> "Process":
    """A process that makes itself ready for a runtime, before anything is asked of it.

    Args:
        threads: that the runtime may use, where it can be told; None for as many as it likes.
    """
    name, kept = f"{runtime.name} on {artifact.name}", _kept(artifact, runtime)
    found = idle.take(kept) if kept else None
    if found is not None:
        found.name = name
        return found
    return Process(name, runtime.requires, threads, kept)


def _kept(artifact: Artifact, runtime: Runtime) -> str | None:
    """The name under which a process waits for the next file when it is done; None if it is not to be used again.

    A virtual machine and scikit-learn take seconds to start, and see only files that were looked at before; native
    code that read one file from elsewhere does not read another.
    """
    return runtime.name if runtime.jvm or artifact.format.runs_code_on_load else None


def open_isolated(
    artifact: Artifact,
    runtime: Runtime,
    hint: Signature | None,
    timeout: float | None,
    memory: int | None,
    process: "Process | None" = None,
) -> "IsolatedSession":
    """Opens a file in a process of its own.

    Args:
        process: from `started`; None starts one.

    Raises:
        Killed: the process did not survive it.
        ModelportError: as the runtime itself raises.
    """
    process = process or started(artifact, runtime)
    process.timeout, process.memory = timeout, memory
    opening = {
        "format": artifact.format.name,
        "path": str(artifact.path),
        "trust": list(artifact.policy.trust),
        "max_bytes": artifact.policy.max_bytes,
        "runtime": runtime.name,
        "hint": hint.to_json() if hint else None,
    }
    try:
        head, _ = process.ask(opening)
    except BaseException:
        process.close()
        raise
    kind = _KINDS[bool(head["reveals"]), bool(head["traces"])]
    return kind(process, Signature.from_json(head["signature"]))


class IsolatedSession:
    """A `Session` whose work another process does."""

    def __init__(self, process: "Process", signature: Signature) -> None:
        self.signature, self._process, self._closed = signature, process, False

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """See `modelport.runtimes.Session.score`; raises `Killed` if the process does not survive it."""
        return self._process.ask({"do": "score"}, [batch])[1][0]

    def landmarks(self) -> Landmarks:
        """See `modelport.runtimes.Session.landmarks`."""
        found: dict[str, Any] = self._process.ask({"do": "landmarks"})[0]["landmarks"]
        return found

    def close(self) -> None:
        """Ends the process, or keeps it for the next file."""
        if not self._closed:
            self._closed = True
            self._process.release()


class _Reveals(IsolatedSession):
    def inner(self) -> Sequence[Inner]:
        """See `modelport.parity.inner.Revealing`."""
        head, batches = self._process.ask({"do": "inner"})
        parts, rest = head["parts"], iter(batches[len(head["parts"]) :])
        forests = [_forest(next(rest)) if part["forest"] else None for part in parts]
        return [
            Inner(part["name"], self._values(i), _thresholds(batches[i]), forests[i]) for i, part in enumerate(parts)
        ]

    def _values(self, part: int) -> Any:
        def values(batch: pa.RecordBatch) -> Array:
            _, (matrix,) = self._process.ask({"do": "values", "part": part}, [batch])
            return np.stack([column.to_numpy() for column in matrix.columns], axis=1)

        return values


class _Traces(IsolatedSession):
    def trace(self, batch: pa.RecordBatch) -> Sequence[Traced]:
        """See `modelport.parity.steps.Traceable`."""
        head, batches = self._process.ask({"do": "trace"}, [batch])
        return [
            Traced(
                step["step"],
                tuple(step["columns"]),
                tuple(column.to_numpy(zero_copy_only=False) for column in values.columns),
                tuple(step["inputs"]),
                bool(step["named"]),
            )
            for step, values in zip(head["steps"], batches, strict=True)
        ]


class _Both(_Reveals, _Traces):
    pass


_KINDS = {(False, False): IsolatedSession, (True, False): _Reveals, (False, True): _Traces, (True, True): _Both}


def _thresholds(batch: pa.RecordBatch) -> dict[int, Array]:
    feature, value = (column.to_numpy() for column in batch.columns)
    return {int(i): value[feature == i] for i in np.unique(feature)}


def _forest(batch: pa.RecordBatch) -> Forest:
    roots = batch.schema.metadata[b"roots"].decode()
    columns = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in batch.schema.names}
    return Forest(**columns, roots=np.array([int(root) for root in roots.split(",") if root], np.int64))


class Process:
    """The other process, one question at a time."""

    def __init__(
        self, name: str, modules: Sequence[str] = (), threads: int | None = None, kept: str | None = None
    ) -> None:
        self.name, self.kept = name, kept
        self.timeout: float | None = None
        self.memory: int | None = None
        self._outbox = Outbox()
        self._turn = Lock()
        handle = self._outbox.handle
        self._popen = subprocess.Popen(
            (*COMMAND, str(-1 if handle is None else handle), *modules),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(threads),
            pass_fds=() if handle is None else (handle,),
        )

    def ask(self, head: dict[str, Any], batches: Sequence[pa.RecordBatch] = ()) -> Message:
        """Sends a question and waits for the answer, within the limits; threads take turns.

        Raises:
            Killed: there will be no answer.
            ModelportError: what the other side raised.
        """
        answers: SimpleQueue[Any] = SimpleQueue()
        with self._turn:
            Thread(target=self._exchange, args=(head, batches, answers), daemon=True).start()
            answer = self._wait(answers)
        if isinstance(answer, Closed):
            raise self._crashed()
        if "error" in answer[0]:
            raise _rebuilt(answer[0])
        return cast(Message, answer)

    def _exchange(self, head: dict[str, Any], batches: Sequence[pa.RecordBatch], answers: "SimpleQueue[Any]") -> None:
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        try:
            send(self._popen.stdin, head, batches, self._outbox)  # type: ignore[arg-type]  # a buffered binary pipe
            answers.put(receive(self._popen.stdout))  # type: ignore[arg-type]  # likewise
        except (Closed, OSError, ValueError) as error:
            answers.put(Closed(str(error)))

    def _wait(self, answers: "SimpleQueue[Any]") -> Any:
        began = monotonic()
        while True:
            try:
                return answers.get(timeout=_LOOK)
            except Empty:
                pass
            if self.timeout is not None and monotonic() - began > self.timeout:
                raise self._kill(f"took more than {self.timeout:g} seconds for one batch")
            if self.memory is not None and (held := resident(self._popen.pid)) > self.memory:
                raise self._kill(f"held {held / 2**20:,.0f} MiB, more than the {self.memory / 2**20:,.0f} MiB allowed")

    def _kill(self, reason: str) -> Killed:
        self._popen.kill()
        self._popen.wait()
        return Killed(f"{self.name} {reason} and was ended", hint="raise the limit, or leave this runtime out")

    def _crashed(self) -> Killed:
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=5)
        code = self._popen.poll()
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return Killed(f"{self.name} crashed ({how})", hint="run it alone on the same rows to see why")

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def release(self) -> None:
        """Puts the process aside for another file, or ends it."""
        if self.kept is None or not self.alive:
            self.close()
        else:
            try:
                self.timeout = RELEASE
                self.ask({"do": "close"})
            except ModelportError:
                self.close()
            else:
                idle.put(self)

    def close(self) -> None:
        """Ends the process; may be called twice."""
        for stream in (self._popen.stdin, self._popen.stdout):
            with suppress(OSError):
                if stream is not None and self._popen.poll() is not None:
                    stream.close()
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait()
        self._outbox.close()


class _Idle:
    """Processes that wait for another file, one for each runtime; they end with this process."""

    def __init__(self) -> None:
        self._lock, self._waiting = Lock(), dict[str, Process]()

    def take(self, name: str) -> Process | None:
        with self._lock:
            found = self._waiting.pop(name, None)
        if found is not None and not found.alive:
            found.close()
            return None
        return found

    def put(self, process: Process) -> None:
        assert process.kept is not None, "only such processes are kept"
        with self._lock:
            before = self._waiting.pop(process.kept, None)
            self._waiting[process.kept] = process
        if before is not None:
            before.close()

    def clear(self) -> None:
        with self._lock:
            found, self._waiting = list(self._waiting.values()), {}
        for process in found:
            process.close()


idle = _Idle()
atexit.register(idle.clear)


def _environment(threads: int | None) -> dict[str, str]:
    """The environment of a process; what the user set for numerical libraries stands."""
    told = {} if threads is None else {THREADS: str(threads), "OMP_NUM_THREADS": str(threads)}
    return told | os.environ | {"PYTHONWARNINGS": "ignore"}


def _rebuilt(head: dict[str, Any]) -> ModelportError:
    """The error of the other side; a class of our own family, or a plain failure of the runtime."""
    kind = getattr(errors, str(head["error"]), None)
    if isinstance(kind, type) and issubclass(kind, ModelportError):
        return kind(str(head["what"]), where=head.get("where"), hint=head.get("hint"))
    return RuntimeFailed(str(head["what"]))


def resident(pid: int) -> int:
    """Bytes of memory a process holds; 0 where the system does not tell."""
    try:
        with Path(f"/proc/{pid}/statm").open() as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
