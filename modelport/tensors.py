"""Tensors: what a model of a tensor runtime takes and gives, for servers that speak of tensors, not of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Tensor:
    """One input or output.

    Attributes:
        name: as the model calls it.
        dtype: `float64`, `float32`, `int64`, `int32`, `bool` or `string`.
        shape: None for the number of rows, which is always the first.
        columns: the columns of the signature that it holds, in order; a tensor of rank 1 holds one.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...]
    columns: tuple[str, ...]


class Tensors(Protocol):
    """How rows become tensors and tensors become rows, by the convention of the format."""

    @property
    def inputs(self) -> tuple[Tensor, ...]: ...

    @property
    def outputs(self) -> tuple[Tensor, ...]: ...

    def feed(self, batch: pa.RecordBatch) -> Mapping[str, Any]:
        """Input name → numpy array [N, …] for a batch of the signature's input columns."""

    def rows(self, results: Mapping[str, Any]) -> pa.RecordBatch:
        """The signature's output columns from output name → numpy array, in the order of `outputs`."""
