"""What a model's file tells of its inside: tensors that it compares with constants, and the trees that do so.

A session may offer `inner()` beside the methods of `modelport.runtimes.Session`. With it, parity can put an input
exactly on every split of a forest, behind whatever preprocessing there is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array


@dataclass(frozen=True, slots=True)
class Forest:
    """Binary trees over the columns of one tensor. Nodes are numbered through; children are node numbers, -1 a leaf.

    Attributes:
        feature: [M] column that a node looks at.
        threshold: [M] float64; the value of an equality test.
        strict: [M] whether `yes` takes `z < threshold`; else `z <= threshold`.
        equal: [M] whether `yes` takes `z == threshold` alone.
        yes, no: [M] children.
        missing_yes: [M] whether a missing value goes to `yes`.
        roots: [T] first nodes; -1 for a tree that is a leaf.
    """

    feature: Array
    threshold: Array
    strict: Array
    equal: Array
    yes: Array
    no: Array
    missing_yes: Array
    roots: Array


@dataclass(slots=True)
class Inner:
    """A tensor inside a model and where the model compares it.

    Attributes:
        name: for notes.
        values: rows of the model's inputs → [N, F] float64; NaN is missing.
        thresholds: column of the tensor → values it is compared with, ascending, each once.
        forest: the trees that look at it, if it is trees that do.
    """

    name: str
    values: Callable[[pa.RecordBatch], Array]
    thresholds: Mapping[int, Array]
    forest: Forest | None = None
    memory: dict[str, Any] = field(default_factory=dict, repr=False)


@runtime_checkable
class Revealing(Protocol):
    """A session that can tell its inside."""

    def inner(self) -> Sequence[Inner]: ...


def yes_of(z: Array, threshold: Array, strict: Array, equal: Array, missing_yes: Array) -> Array:
    """[N] whether values take the `yes` branch."""
    with np.errstate(invalid="ignore"):
        below = np.where(strict, z < threshold, z <= threshold)
        taken = np.where(equal, z == threshold, below)
    return np.asarray(np.where(np.isnan(z), missing_yes, taken).astype(bool))
