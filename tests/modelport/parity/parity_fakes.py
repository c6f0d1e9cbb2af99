"""In-memory models and runtimes, built on the core's Protocols: they also serve to break the engine on purpose."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import DataError
from modelport.formats import Format, Inspection
from modelport.runtimes import Landmarks, Runtime
from modelport.signature import Column, Signature, Task, classifier_outputs, matrix_inputs, regression_outputs

Score = Callable[[pa.RecordBatch], Any]


@dataclass
class FakeModel:
    """A function of a batch, with a signature; `score` may misbehave in any way a test wants."""

    signature: Signature
    score: Score
    landmarks: Landmarks = field(default_factory=dict)
    open_error: Exception | None = None
    closed: int = 0


class FakeSession:
    def __init__(self, model: FakeModel) -> None:
        if model.open_error:
            raise model.open_error
        self.model = model

    @property
    def signature(self) -> Signature:
        return self.model.signature

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        outputs = self.model.score(batch)
        if isinstance(outputs, pa.RecordBatch):
            return outputs
        names = [column.name for column in self.signature.outputs]
        arrays = [
            value if isinstance(value, pa.Array) else pa.array(value, column.type)
            for value, column in zip(outputs, self.signature.outputs, strict=False)
        ]
        return pa.RecordBatch.from_arrays(arrays, names=names[: len(arrays)])

    def landmarks(self) -> Landmarks:
        return self.model.landmarks

    def close(self) -> None:
        self.model.closed += 1


FAKE = Format(
    "fake",
    "a fake model",
    (".fake",),
    sniff=lambda head: False,
    read=lambda path, policy: None,
    inspect=lambda path: Inspection("fake", "fake", 0),
    owns=lambda model: isinstance(model, FakeModel),
    signature=lambda model, sample: model.signature,
)


def fake_runtime(name: str = "faker", change: Callable[[FakeModel], FakeModel] | None = None, **more: Any) -> Runtime:
    def opened(artifact: Artifact, hint: Signature | None) -> FakeSession:
        return FakeSession(change(artifact.model) if change else artifact.model)

    return Runtime(name, name, more.pop("formats", ("fake",)), opened, **more)


def regression(score: Score, width: int = 2, **more: Any) -> FakeModel:
    signature = Signature(matrix_inputs(width), regression_outputs(), Task.REGRESSION)
    return FakeModel(signature, score, **more)


def columns(batch: pa.RecordBatch) -> list[np.ndarray[Any, Any]]:
    return [column.to_numpy(zero_copy_only=False).astype(float) for column in batch.columns]


def plus(batch: pa.RecordBatch) -> list[Any]:
    a, b = columns(batch)[:2]
    with np.errstate(all="ignore"):
        return [2 * a + b]


def step_at(threshold: float, left: float = 0.0, right: float = 1.0) -> Score:
    """1 where x0 is beyond a threshold."""

    def score(batch: pa.RecordBatch) -> list[Any]:
        return [np.where(columns(batch)[0] <= threshold, left, right)]

    return score


def classifier(score: Score, width: int = 2, classes: tuple[Any, ...] = ("no", "yes")) -> FakeModel:
    return FakeModel(Signature(matrix_inputs(width), classifier_outputs(classes), Task.CLASSIFICATION, classes), score)


def logistic(weights: tuple[float, ...] = (1.0, -2.0), bias: float = 0.0) -> Score:
    def score(batch: pa.RecordBatch) -> list[Any]:
        with np.errstate(all="ignore"):
            z = sum(w * x for w, x in zip(weights, columns(batch), strict=False)) + bias
            p = 1 / (1 + np.exp(-z))
        return [np.where(p > 0.5, "yes", "no"), 1 - p, p]

    return score


def refuses(where: Callable[[pa.RecordBatch], Any], score: Score, error: Exception | None = None) -> Score:
    """A model that refuses any batch in which some row is so."""

    def wrapped(batch: pa.RecordBatch) -> Any:
        if np.any(where(batch)):
            raise error or DataError("it does not take this")
        return score(batch)

    return wrapped


def text_column(name: str = "t", nullable: bool = False, known: tuple[str, ...] | None = None) -> Column:
    return Column(name, pa.string(), nullable, known)
