"""Scoring a file into another: right, in order, whole or not at all."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport import api, scoring
from modelport.errors import DataError, InputError, UsageError
from modelport.parity.settings import Settings
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """`2 a - b` as ONNX."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "w"], ["prediction"])],
        "linear",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", 2])],
        [helper.make_tensor_value_info("prediction", TensorProto.DOUBLE, ["N", 1])],
        [numpy_helper.from_array(np.array([[2.0], [-1.0]]), "w")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    inputs = (Column("a", pa.float64(), nullable=True), Column("b", pa.float64()))
    stamp(made, Signature(inputs, regression_outputs(), Task.REGRESSION))
    onnx.save(made, tmp_path / "linear.onnx")
    return tmp_path / "linear.onnx"


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({"b": rng.normal(size=500), "id": [f"row {i}" for i in range(500)], "a": rng.normal(size=500)})


READERS: dict[str, Any] = {
    ".parquet": pd.read_parquet,
    ".csv": pd.read_csv,
    ".arrow": lambda path: pa.feather.read_feather(path),
    ".jsonl": lambda path: pd.read_json(path, lines=True),
}


@pytest.mark.parametrize("suffix", READERS)
def test_answers_stand_beside_their_keys_in_order(
    suffix: str, model: Path, frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "BATCH_ROWS", 64)
    frame.to_parquet(tmp_path / "rows.parquet")
    output = tmp_path / f"out{suffix}"
    done = api.score(model, tmp_path / "rows.parquet", output, keys=["id"])
    found = READERS[suffix](output)
    assert (done.rows, done.columns) == (500, ("id", "prediction"))
    assert list(found["id"]) == list(frame["id"])
    np.testing.assert_allclose(found["prediction"], 2 * frame["a"] - frame["b"], rtol=1e-12, atol=1e-12)


def test_json_lines_hold_only_json(model: Path, tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": [np.nan, np.inf, 1.0], "b": [0.0, 0.0, 0.0]})
    api.score(model, rows, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert lines == ['{"prediction": null}', '{"prediction": "inf"}', '{"prediction": 2.0}']


def test_no_rows_give_an_empty_table_of_the_right_columns(model: Path, frame: pd.DataFrame, tmp_path: Path) -> None:
    done = api.score(model, frame[:0], tmp_path / "out.parquet", keys=["id"])
    assert done.rows == 0
    assert pq.read_schema(tmp_path / "out.parquet").names == ["id", "prediction"]


def test_a_bundle_scores_too(model: Path, frame: pd.DataFrame, tmp_path: Path) -> None:
    settings = Settings(rows=50, strata=("data", "random"))
    api.package(model, output=tmp_path / "b.mport", data=frame[["a", "b"]], settings=settings)
    api.score(tmp_path / "b.mport", frame, tmp_path / "out.parquet", ignore=["id"])
    found = pd.read_parquet(tmp_path / "out.parquet")["prediction"]
    np.testing.assert_allclose(found, 2 * frame["a"] - frame["b"], rtol=1e-12, atol=1e-12)
    with pytest.raises(UsageError, match="holds no pmml model"):
        api.score(tmp_path / "b.mport", frame, tmp_path / "no.parquet", ignore=["id"], kind="pmml")


def test_a_damaged_bundle_is_not_scored_with(model: Path, frame: pd.DataFrame, tmp_path: Path) -> None:
    settings = Settings(rows=50, strata=("data", "random"))
    made = api.package(model, output=tmp_path / "b.mport", data=frame[["a", "b"]], settings=settings)
    whole = bytearray(made.path.read_bytes())
    whole[whole.index(model.read_bytes()[:40]) + 20] ^= 1
    made.path.write_bytes(whole)
    with pytest.raises(InputError, match="not what it was"):
        api.score(made.path, frame, tmp_path / "out.parquet", ignore=["id"])
    assert not (tmp_path / "out.parquet").exists()


def test_a_failure_in_the_middle_leaves_nothing(
    model: Path, frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "BATCH_ROWS", 100)
    frame.loc[450, "b"] = np.nan
    with pytest.raises(DataError, match="'b'"):
        api.score(model, frame, tmp_path / "out.csv", ignore=["id"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["linear.onnx"]


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"keys": ["nope"]}, DataError, "lacks the key column 'nope'"),
        ({}, DataError, "does not know: 'id'"),
        ({"ignore": ["id"], "output": "out.xlsx"}, UsageError, "no writer"),
        ({"ignore": ["id"], "output": "linear.onnx.csv"}, UsageError, "exists"),
        ({"ignore": ["id"], "runtime": "scikit-learn"}, UsageError, "opens pickle"),
    ],
)
def test_what_cannot_be_done_is_said_before_work(
    change: dict[str, Any], error: type[Exception], text: str, model: Path, frame: pd.DataFrame, tmp_path: Path
) -> None:
    (tmp_path / "linear.onnx.csv").touch()
    output = tmp_path / change.pop("output", "out.csv")
    with pytest.raises(error, match=text):
        api.score(model, frame, output, **change)


def test_a_key_may_not_hide_an_answer(model: Path, frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name of an output"):
        api.score(model, frame.rename(columns={"id": "prediction"}), tmp_path / "o.csv", keys=["prediction"])


def test_an_input_of_the_model_may_be_a_key(model: Path, frame: pd.DataFrame, tmp_path: Path) -> None:
    api.score(model, frame, tmp_path / "o.parquet", keys=["a"], ignore=["id"])
    assert list(pd.read_parquet(tmp_path / "o.parquet")["a"]) == list(frame["a"])


def test_what_is_repaired_in_the_rows_is_told(model: Path, tmp_path: Path) -> None:
    rows = pd.DataFrame({"B ": [1, 2], "a": [0.5, 1.5]})
    found = api.score(model, rows, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet").column("prediction").to_pylist() == [0.0, 1.0]
    assert found.notes == (
        "the data's column 'B ' is taken for 'b'",
        "the data's columns are in another order than the model's; they are taken by name",
        "column 'b': int64 is taken as double",
    )


def test_numbers_that_look_whole_at_first_are_read_as_the_model_takes_them(model: Path, tmp_path: Path) -> None:
    """More rows than one block of the file: its types are guessed from the first."""
    lines = ["a,b", *["1,2"] * 200_000, "0.5,1"]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    found = api.score(model, tmp_path / "rows.csv", tmp_path / "out.parquet")
    answers = pq.read_table(tmp_path / "out.parquet").column("prediction").to_pylist()
    assert (found.rows, answers[0], answers[-1]) == (200_001, 0.0, 0.0)
