"""Frame: named columns on their way through a graph, as few tensors as possible.

A model fitted on a DataFrame sees columns of several types; one fitted on a matrix sees one tensor. A `Frame` is
both: a row of `Block`s, each a spox `Var` of shape [N, width] that holds `width` neighbouring columns of one type.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from spox import Tensor, Var

from modelport_onnx.ops import op


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring columns of one type.

    Attributes:
        var: [N, width]; float64, float32, int64, bool or string. Missing is NaN in numbers, "" in text.
        names: one per column.
        nullable: whether a missing value may stand here; where False a lowering need not look for one.
        sparse: scikit-learn would hand on a sparse matrix here. XGBoost takes its absent zeros for missing.
    """

    var: Var
    names: tuple[str, ...]
    nullable: bool = True
    sparse: bool = False

    @property
    def dtype(self) -> np.dtype[np.generic]:
        kind = self.var.type
        assert isinstance(kind, Tensor), "a block holds a tensor"
        return np.dtype(kind.dtype)

    @property
    def is_text(self) -> bool:
        return self.dtype.kind in "UOST"

    def take(self, columns: Sequence[int]) -> "Block":
        """Some of its columns, in the order given."""
        names = tuple(self.names[i] for i in columns)
        if list(columns) == list(range(len(self.names))):
            return self
        contiguous = all(b == a + 1 for a, b in pairwise(columns))
        if contiguous and columns:
            bounds = (np.array([columns[0]], np.int64), np.array([columns[-1] + 1], np.int64))
            var = op.slice(self.var, op.const(bounds[0]), op.const(bounds[1]), op.const(np.array([1], np.int64)))
        else:
            var = op.gather(self.var, op.const(np.array(columns, np.int64)), axis=1)
        return replace(self, var=var, names=names)


@dataclass(frozen=True, slots=True)
class Frame:
    """Blocks side by side."""

    blocks: tuple[Block, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for block in self.blocks for name in block.names)

    @property
    def width(self) -> int:
        return sum(len(block.names) for block in self.blocks)

    @property
    def sparse(self) -> bool:
        """Whether scikit-learn would hand these columns on as a sparse matrix."""
        return any(block.sparse for block in self.blocks)

    def renamed(self, names: Iterable[str]) -> "Frame":
        """The same columns under other names, in order."""
        rest = iter(names)
        return Frame(tuple(replace(b, names=tuple(next(rest) for _ in b.names)) for b in self.blocks))

    def column(self, index: int) -> Block:
        """One column as a block of width 1."""
        return self.select([index]).blocks[0]

    def select(self, columns: Sequence[int]) -> "Frame":
        """Columns by position, in the order given; neighbours of one block stay together."""
        home = [(b, i) for b, block in enumerate(self.blocks) for i in range(len(block.names))]
        runs: list[tuple[int, list[int]]] = []
        for column in columns:
            block, inner = home[column]
            if runs and runs[-1][0] == block:
                runs[-1][1].append(inner)
            else:
                runs.append((block, [inner]))
        return Frame(tuple(self.blocks[block].take(inner) for block, inner in runs))

    def matrix(self, dtype: type[np.generic] = np.float64) -> Var:
        """All columns as one tensor [N, width] of a numeric type, or of text (`np.str_`).

        Text among numbers raises TypeError: a caller that may meet it checks `Block.is_text` first.
        """
        return concat([cast(block.var, dtype) for block in self.blocks])


def frame_of(var: Var, names: Sequence[str], *, nullable: bool = False, sparse: bool = False) -> Frame:
    """A frame of one block."""
    return Frame((Block(var, tuple(names), nullable, sparse),))


def join(frames: Iterable[Frame]) -> Frame:
    """Frames side by side; those of no width vanish."""
    return Frame(tuple(block for frame in frames for block in frame.blocks if block.names))


def cast(var: Var, dtype: type[np.generic] | np.dtype[np.generic]) -> Var:
    """`var` as `dtype`; nothing is added to the graph if it has it already."""
    kind = var.type
    assert isinstance(kind, Tensor), "only tensors are cast"
    have, want = np.dtype(kind.dtype), np.dtype(dtype)
    if have == want or (have.kind in "UOST" and want.kind in "UOST"):
        return var
    if have.kind in "UOST":
        raise TypeError("text stands where numbers belong")
    return op.cast(var, to=want.type)


def concat(parts: Sequence[Var], axis: int = 1) -> Var:
    """Tensors side by side; a single one is returned as it is."""
    return parts[0] if len(parts) == 1 else op.concat(parts, axis=axis)
