"""A worker with runtimes that misbehave: it crashes, loops for ever, hoards memory, prints, or answers."""

import os
import signal
import sys
import time
from typing import Any

import pyarrow as pa

from modelport import formats, runtimes
from modelport.errors import DataError
from modelport.formats import Format, Inspection
from modelport.parity import worker
from modelport.runtimes import Runtime
from modelport.signature import Signature, Task, matrix_inputs, regression_outputs


class Session:
    signature = Signature(matrix_inputs(2), regression_outputs(), Task.REGRESSION)

    def __init__(self, how: str) -> None:
        self.how = how
        if how == "crash-on-open":
            os.kill(os.getpid(), signal.SIGSEGV)

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        a, b = (column.to_numpy() for column in batch.columns)
        if self.how == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if self.how == "loop":
            time.sleep(600)
        if self.how == "hoard":
            self.kept = bytearray(600 << 20)
            for i in range(0, len(self.kept), 4096):
                self.kept[i] = 1
            time.sleep(600)
        if self.how == "print":
            print("a banner on standard output", flush=True)
            os.write(1, b"another one\n")
        if self.how == "refuse":
            raise DataError("not these rows", where="x0", hint="others")
        return pa.RecordBatch.from_pydict({"prediction": 2 * a + b})

    def landmarks(self) -> dict[str, Any]:
        return {"x0": [0.25]}

    def close(self) -> None:
        pass


FAKE = Format(
    "fake",
    "a fake model",
    (".fake",),
    sniff=lambda head: True,
    read=lambda path, policy: None,
    inspect=lambda path: Inspection("fake", "fake", 0),
    owns=lambda model: False,
    signature=lambda model, sample: Session.signature,
)

formats.formats.cache_clear()
known = {"rogue": Runtime("rogue", "rogue", ("fake",), lambda artifact, hint: Session(artifact.path.stem))}
worker.by_name = lambda name: FAKE  # type: ignore[assignment]
worker.runtime = lambda name: known[name]  # type: ignore[assignment]
runtimes.runtimes.cache_clear()

if __name__ == "__main__":
    sys.exit(worker.main())
