"""Several models at once, never more than so many; whatever ends the run ends all of them."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import perf_counter

from modelport.ci.process import Process
from modelport.ci.result import Result, timed
from modelport.ci.spec import ModelSpec

Told = Callable[[str, str], None]
"""A model's name, and what is being done with it."""

_LOOK = 0.2
"""Seconds between two looks at whether somebody wants to stop."""


@dataclass(frozen=True, slots=True)
class Work:
    """One model to be worked on.

    Attributes:
        spec: what is wanted.
        key: of everything it depends on; "" if that cannot be told.
        staging: the empty folder where its results go.
    """

    spec: ModelSpec
    key: str
    staging: Path


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@dataclass(slots=True)
class Pool:
    """Worker processes.

    Attributes:
        folder: of the project.
        jobs: how many run at once.
        timeout: seconds for each; None for no limit.
        told: of what is being done.
    """

    folder: Path
    jobs: int
    timeout: float | None
    told: Told
    _running: set[Process] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _stopped: bool = False

    def run(self, work: Sequence[Work]) -> Iterator[tuple[Work, Result]]:
        """Results as they come. Closing the iterator early, or an interruption, ends every process."""
        if not work:
            return
        executor = ThreadPoolExecutor(min(self.jobs, len(work)), thread_name_prefix="modelport-ci")
        waiting: dict[Future[Result], Work] = {}
        try:
            waiting = {executor.submit(self._one, item): item for item in work}
            while waiting:
                done, _ = wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED)
                for future in done:
                    yield waiting.pop(future), future.result()
        finally:
            self._stop()
            executor.shutdown(wait=True, cancel_futures=True)

    def _one(self, work: Work) -> Result:
        began = perf_counter()
        with self._lock:
            if self._stopped:
                raise InterruptedError(work.spec.name)
            threads = max(1, processors() // self.jobs)
            process = Process(work.spec, self.folder, work.staging, threads)
            self._running.add(process)
        try:
            self.told(work.spec.name, "starting")
            found = process.wait(lambda stage: self.told(work.spec.name, stage), self.timeout)
        finally:
            with self._lock:
                self._running.discard(process)
        return timed(found, perf_counter() - began, work.key)

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            process.kill()
