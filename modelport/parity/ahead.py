"""Reading ahead: a thread takes the next batches from their source while those before are scored and compared."""

from collections.abc import Generator, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

import pyarrow as pa

AHEAD = 2
"""Batches read before they are wanted."""

_LOOK = 0.05
"""Seconds between two looks at whether anybody still wants batches."""


def ahead(batches: Iterator[pa.RecordBatch], most: int = AHEAD) -> Generator[pa.RecordBatch, None, None]:
    """The same batches in the same order, read by another thread, never more than `most` before they are taken.

    An error of the source is raised where its batch would have come. The thread ends with the iterator.
    """
    waiting: Queue[tuple[pa.RecordBatch | None, BaseException | None]] = Queue(max(1, most))
    stop = Event()
    thread = Thread(target=_read, args=(batches, waiting, stop), name="modelport-reader", daemon=True)
    thread.start()
    try:
        while True:
            batch, error = waiting.get()
            if error is not None:
                raise error
            if batch is None:
                return
            yield batch
    finally:
        stop.set()
        _drain(waiting)
        thread.join()


def _read(batches: Iterator[pa.RecordBatch], waiting: "Queue[Any]", stop: Event) -> None:
    try:
        for batch in batches:
            if not _put(waiting, (batch, None), stop):
                return
    except BaseException as error:
        _put(waiting, (None, error), stop)
    else:
        _put(waiting, (None, None), stop)


def _put(waiting: "Queue[Any]", item: Any, stop: Event) -> bool:
    """Hands an item over; False if nobody wants it any more."""
    while not stop.is_set():
        try:
            waiting.put(item, timeout=_LOOK)
        except Full:
            continue
        return True
    return False


def _drain(waiting: "Queue[Any]") -> None:
    while True:
        try:
            waiting.get_nowait()
        except Empty:
            return
