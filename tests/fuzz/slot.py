"""What a fuzzing process is doing, in memory that outlives it: how many inputs, since when, and on which bytes."""

import mmap
import struct
import time
from pathlib import Path

HEAD = struct.Struct("<QdQ")
SIZE = 1 << 22


class Slot:
    """A file mapped by both sides."""

    def __init__(self, path: Path) -> None:
        if not path.exists() or path.stat().st_size != SIZE:
            path.write_bytes(bytes(SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SIZE)

    def begin(self, data: bytes) -> None:
        self._memory[HEAD.size : HEAD.size + len(data)] = data
        self._memory[: HEAD.size] = HEAD.pack(self.executions + 1, time.monotonic(), len(data))

    def end(self) -> None:
        executions, _, length = self._head()
        self._memory[: HEAD.size] = HEAD.pack(executions, 0.0, length)

    @property
    def executions(self) -> int:
        """Inputs that were begun."""
        return self._head()[0]

    @property
    def since(self) -> float:
        """On the clock of `time.monotonic`; 0 between inputs."""
        return self._head()[1]

    @property
    def data(self) -> bytes:
        return self._memory[HEAD.size : HEAD.size + self._head()[2]]

    def _head(self) -> tuple[int, float, int]:
        executions, since, length = HEAD.unpack(self._memory[: HEAD.size])
        return executions, since, length
