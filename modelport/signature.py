"""Signature: what goes into a model and what comes out, in Arrow's types and one vocabulary of names."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import combinations
from typing import Any

import pyarrow as pa

from modelport.errors import InputError


class Task(StrEnum):
    """What a model does; it decides the names of its outputs."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    CLUSTERING = "clustering"
    OUTLIERS = "outliers"
    TRANSFORM = "transform"


Category = str | int | float | bool
"""A class label or a category. Python scalars, so that a signature survives JSON unchanged."""

TYPES: Mapping[str, pa.DataType] = {
    "float64": pa.float64(),
    "float32": pa.float32(),
    "int64": pa.int64(),
    "int32": pa.int32(),
    "bool": pa.bool_(),
    "string": pa.string(),
}
"""The column types a signature may use, by the name they have in JSON."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Column:
    """One named, typed input or output.

    Attributes:
        name: the model's own name (`feature_names_in_`, PMML field name), or `x0`, `x1` … of a matrix.
        type: one of the types of `TYPES`.
        nullable: whether a missing value (an Arrow null) may stand here.
        categories: the values the model knows, where it knows them; `None` where anything goes.
    """

    name: str
    type: pa.DataType
    nullable: bool = False
    categories: tuple[Category, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        known = None if self.categories is None else list(self.categories)
        return {"name": self.name, "type": type_name(self.type), "nullable": self.nullable, "categories": known}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Column":
        known = raw.get("categories")
        return Column(
            str(raw["name"]),
            TYPES[raw["type"]],
            bool(raw.get("nullable", False)),
            None if known is None else tuple(known),
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """Named, typed inputs and outputs, the task, and a classifier's classes in the model's order."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...] = ()
    task: Task | None = None
    classes: tuple[Category, ...] = ()

    @property
    def input_schema(self) -> pa.Schema:
        return schema(self.inputs)

    @property
    def output_schema(self) -> pa.Schema:
        return schema(self.outputs)

    def with_outputs(self, outputs: Iterable[Column], task: Task, classes: Iterable[Category] = ()) -> "Signature":
        return replace(self, outputs=tuple(outputs), task=task, classes=tuple(classes))

    def to_json(self) -> dict[str, Any]:
        return {
            "inputs": [column.to_json() for column in self.inputs],
            "outputs": [column.to_json() for column in self.outputs],
            "task": self.task.value if self.task else None,
            "classes": list(self.classes),
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Signature":
        """Reads what `to_json` wrote.

        Raises:
            InputError: the document is not a signature.
        """
        try:
            task = raw.get("task")
            return Signature(
                tuple(Column.from_json(item) for item in raw["inputs"]),
                tuple(Column.from_json(item) for item in raw["outputs"]),
                Task(task) if task else None,
                tuple(raw.get("classes", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"the signature in this file is damaged: {error}") from error

    def dumps(self) -> str:
        """Canonical JSON: same signature, same text."""
        return _ENCODER.encode(self.to_json())

    @staticmethod
    def loads(text: str) -> "Signature":
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise InputError(f"the signature in this file is not JSON: {error}") from error
        return Signature.from_json(raw)


def schema(columns: Iterable[Column]) -> pa.Schema:
    """Columns as an Arrow schema."""
    return pa.schema([pa.field(column.name, column.type, column.nullable) for column in columns])


@cache
def type_name(kind: pa.DataType) -> str:
    """The JSON name of a column type.

    Raises:
        InputError: a type that no signature may hold.
    """
    for name, known in TYPES.items():
        if known.equals(kind):
            return name
    raise InputError(f"a signature cannot hold the Arrow type {kind}", hint=f"it knows {', '.join(TYPES)}")


# The one vocabulary of outputs -------------------------------------------------------------------


def label_text(label: Category) -> str:
    """A class label as it stands in an output's name: `probability(setosa)`, `probability(1)`."""
    if isinstance(label, bool):
        return "True" if label else "False"
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label)


def label_type(classes: Iterable[Category]) -> pa.DataType:
    """Arrow type of a label column: booleans stay bool, integers int64, other numbers float64, else string."""
    kinds = {type(label) for label in classes}
    if kinds == {bool}:
        return pa.bool_()
    if kinds and kinds <= {int}:
        return pa.int64()
    if kinds and kinds <= {int, float}:
        return pa.float64()
    return pa.string()


def classifier_outputs(classes: Iterable[Category], scores: str | None = "probability") -> tuple[Column, ...]:
    """`label`, then one score a class.

    Args:
        classes: labels in the model's own order.
        scores: `"probability"`, `"decision"`, or `None` for a model that only labels.
    """
    known = tuple(classes)
    columns = [Column("label", label_type(known), categories=known)]
    if scores:
        columns += [Column(f"{scores}({label_text(label)})", pa.float64()) for label in known]
    return tuple(columns)


def pair_names(classes: Iterable[Category]) -> tuple[str, ...]:
    """What the columns of a one-versus-one decision function are about: `<a> vs <b>`, pairs in the classes' order."""
    return tuple(f"{label_text(a)} vs {label_text(b)}" for a, b in combinations(classes, 2))


def regression_outputs(targets: Iterable[str] = ()) -> tuple[Column, ...]:
    """`prediction`, or `prediction(<target>)` for each of several targets."""
    names = tuple(targets)
    if len(names) <= 1:
        return (Column("prediction", pa.float64()),)
    return tuple(Column(f"prediction({name})", pa.float64()) for name in names)


def cluster_outputs() -> tuple[Column, ...]:
    """`cluster`, the index of the cluster."""
    return (Column("cluster", pa.int64()),)


def outlier_outputs(scored: bool = True) -> tuple[Column, ...]:
    """`label` (1 inlier, -1 outlier, as scikit-learn has it) and `score`."""
    columns = (Column("label", pa.int64(), categories=(-1, 1)),)
    return (*columns, Column("score", pa.float64())) if scored else columns


def transform_outputs(names: Iterable[str], kind: pa.DataType | None = None) -> tuple[Column, ...]:
    """`out(<column>)` for each column a transformer gives."""
    return tuple(Column(f"out({name})", kind or pa.float64(), nullable=True) for name in names)


def matrix_inputs(width: int, kind: pa.DataType | None = None, nullable: bool = False) -> tuple[Column, ...]:
    """The columns `x0 … xN` of a bare matrix of `width` columns."""
    return tuple(Column(f"x{i}", kind or pa.float64(), nullable) for i in range(width))
