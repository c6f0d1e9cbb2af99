"""The process that runs one session for a comparison: `python -m modelport.parity.worker [HANDLE [MODULE...]]`.

It reads requests on standard input and answers on what was standard output; whatever a runtime prints goes to standard
error. It ends when its input ends. HANDLE is of the memory that large batches come through (-1 for none); the modules
are those that the session will need, imported while nothing is asked yet.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import ModelportError
from modelport.formats import Policy, by_name
from modelport.parity.inner import Forest, Inner, Revealing
from modelport.parity.steps import Traceable, Traced
from modelport.parity.wire import Closed, receive, send
from modelport.runtimes import Session, runtime
from modelport.signature import Signature

Reply = tuple[dict[str, Any], Sequence[pa.RecordBatch]]
FOREST = tuple(Forest.__slots__)


def main() -> None:
    """Serves one session after another until the other side goes away."""
    requests, replies = sys.stdin.buffer, _own_output()
    handle = _prepared(sys.argv[1:])
    server: _Server | None = None
    while True:
        try:
            head, batches = receive(requests, handle)
            if server is None:
                server = _Server(head)
                reply: Reply = server.opened()
            elif head["do"] == "close":
                server.session.close()
                server, reply = None, ({}, ())
            else:
                reply = server.answer(head, batches)
        except Closed:
            return
        except Exception as error:
            reply = _failed(error), ()
        send(replies, *reply)


def _prepared(arguments: Sequence[str]) -> int | None:
    """Imports what will be needed; gives the handle of the shared memory, if there is any."""
    handle, *modules = arguments or ("-1",)
    for module in modules:
        with suppress(Exception):
            import_module(module)
    return int(handle) if int(handle) >= 0 else None


def _own_output() -> BinaryIO:
    """Standard output as a stream of our own; what others print there goes to standard error from now on."""
    kept = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return kept


def _failed(error: Exception) -> dict[str, Any]:
    if isinstance(error, ModelportError):
        return {"error": type(error).__name__, "what": error.what, "where": error.where, "hint": error.hint}
    return {"error": "", "what": f"{type(error).__name__}: {error}"}


class _Server:
    """One open session."""

    def __init__(self, head: Mapping[str, Any]) -> None:
        policy = Policy(tuple(head["trust"]), int(head["max_bytes"]))
        artifact = Artifact(by_name(head["format"]), Path(head["path"]), policy)
        hint = Signature.from_json(head["hint"]) if head["hint"] else None
        self.session: Session = runtime(head["runtime"]).open(artifact, hint)
        self.parts: Sequence[Inner] = ()

    def opened(self) -> Reply:
        able = {"reveals": isinstance(self.session, Revealing), "traces": isinstance(self.session, Traceable)}
        return {"signature": self.session.signature.to_json(), **able}, ()

    def answer(self, head: Mapping[str, Any], batches: Sequence[pa.RecordBatch]) -> Reply:
        match head["do"]:
            case "score":
                return {}, [self.session.score(batches[0])]
            case "landmarks":
                told = self.session.landmarks()
                return {"landmarks": {name: list(map(_scalar, values)) for name, values in told.items()}}, ()
            case "inner":
                return self._inner()
            case "values":
                return {}, [_matrix(self.parts[int(head["part"])].values(batches[0]))]
            case "trace":
                return self._trace(batches[0])
        raise ValueError(f"unknown request {head['do']!r}")

    def _inner(self) -> Reply:
        self.parts = self.session.inner() if isinstance(self.session, Revealing) else ()
        batches = [_thresholds(part) for part in self.parts] + [
            _forest(part.forest) for part in self.parts if part.forest is not None
        ]
        return {"parts": [{"name": part.name, "forest": part.forest is not None} for part in self.parts]}, batches

    def _trace(self, batch: pa.RecordBatch) -> Reply:
        assert isinstance(self.session, Traceable)
        steps = self.session.trace(batch)
        heads = [
            {"step": s.step, "columns": list(s.columns), "inputs": list(s.inputs), "named": s.named} for s in steps
        ]
        return {"steps": heads}, [_values(step) for step in steps]


def _scalar(value: Any) -> Any:
    """As JSON takes it."""
    return value.item() if isinstance(value, np.generic) else value


def _matrix(values: Any) -> pa.RecordBatch:
    columns = [pa.array(np.ascontiguousarray(values[:, i])) for i in range(values.shape[1])]
    return pa.RecordBatch.from_arrays(columns, names=[str(i) for i in range(values.shape[1])])


def _thresholds(part: Inner) -> pa.RecordBatch:
    features = [np.full(len(values), feature) for feature, values in part.thresholds.items()]
    values = [np.asarray(values, np.float64) for values in part.thresholds.values()]
    both = np.concatenate([np.zeros(0, np.int64), *features]), np.concatenate([np.zeros(0), *values])
    return pa.RecordBatch.from_arrays([pa.array(side) for side in both], names=["feature", "value"])


def _forest(forest: Forest) -> pa.RecordBatch:
    """The nodes as columns; the roots as one list in the schema's metadata."""
    names = [name for name in FOREST if name != "roots"]
    batch = pa.RecordBatch.from_arrays([pa.array(getattr(forest, name)) for name in names], names=names)
    return batch.replace_schema_metadata({"roots": ",".join(map(str, forest.roots.tolist()))})


def _values(step: Traced) -> pa.RecordBatch:
    arrays = [pa.array(_plain(value)) for value in step.values]
    return pa.RecordBatch.from_arrays(arrays, names=[str(i) for i in range(len(arrays))])


def _plain(values: Any) -> Any:
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    return [None if item is None or item != item else str(item) for item in values]


if __name__ == "__main__":
    main()
