"""A model's predictions, by what its outputs are called."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from modelport.errors import UsageError
from modelport.model import Model
from modelport.signature import Column, Signature, Task, matrix_inputs


def model(*names: str) -> Model:
    """A model that gives 1 as its first output, 2 as its second and so on."""
    signature = Signature(matrix_inputs(1), tuple(Column(name, pa.float64()) for name in names), Task.REGRESSION)

    def score(batch: pa.RecordBatch) -> pa.RecordBatch:
        values = [np.full(batch.num_rows, float(i + 1)) for i in range(len(names))]
        return pa.RecordBatch.from_arrays([pa.array(value) for value in values], schema=signature.output_schema)

    session: Any = SimpleNamespace(signature=signature, score=score, close=lambda: None)
    found = Model.__new__(Model)
    found.artifact = SimpleNamespace(name="m")  # type: ignore[assignment]  # only its name is asked for
    found._session = session
    return found


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("prediction",), [1.0]),
        (("label", "probability(a)", "probability(b)"), [1.0]),
        (("label", "score"), [1.0]),
        (("score",), [1.0]),
        (("score", "points"), [[1.0, 2.0]]),
        (("label", "decision(a)"), [1.0]),
    ],
)
def test_predictions_are_what_is_no_score_beside_a_label(names: tuple[str, ...], expected: list[Any]) -> None:
    assert model(*names).predict({"x0": [0.5]}).tolist() == expected


def test_probabilities_alone_are_no_predictions() -> None:
    with pytest.raises(UsageError, match="gives no predictions"):
        model("probability(a)").predict({"x0": [0.5]})
