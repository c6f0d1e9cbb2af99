"""What a graph's tensors are during symbolic execution: symbolic, fixed, or the extent of a shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelport_columnar.expression import Expr, Kind, kind_of

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Symbolic:
    """A tensor [N, …] whose first axis is the rows.

    Attributes:
        cells: expressions of one row, an object array of the tensor's shape without the first axis.
        kind: their kind.
    """

    cells: Array
    kind: Kind

    @property
    def rank(self) -> int:
        """Rank of the tensor, the rows counted."""
        return self.cells.ndim + 1


@dataclass(frozen=True, slots=True)
class Fixed:
    """A tensor that is the same for every row."""

    array: Array

    @property
    def kind(self) -> Kind:
        return kind_of(self.array.dtype)


@dataclass(frozen=True, slots=True)
class Extent:
    """A shape (or a part of one) that contains the number of rows, which is None here."""

    dims: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Across:
    """Whether a condition holds in any row of a batch, as a number or as a truth value.

    Attributes:
        cells: the conditions of one row, truth values.
    """

    cells: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Stacked:
    """A tensor [K, N, …]: K tensors [N, …]."""

    groups: tuple[Symbolic, ...]


Value = Symbolic | Fixed | Extent | Across | Stacked


def symbolic(cells: Sequence[Expr] | Array, shape: tuple[int, ...] | None = None) -> Symbolic:
    """Expressions as a tensor; `shape` is that of one row."""
    flat = list(np.ravel(np.array(cells, object))) if isinstance(cells, np.ndarray) else list(cells)
    array = np.empty(len(flat), object)
    array[:] = flat
    wanted = shape if shape is not None else cells.shape if isinstance(cells, np.ndarray) else (len(flat),)
    return Symbolic(array.reshape(wanted), flat[0].kind if flat else Kind.FLOAT64)
