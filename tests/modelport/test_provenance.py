"""Provenance: what a conversion leaves of itself, and what is made of texts that are none."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from modelport import api
from modelport.artifacts import artifact
from modelport.conversion import Note, NoteKind
from modelport.errors import InputError
from modelport.provenance import Provenance

WHOLE = Provenance(
    {"name": "modèle.pkl", "format": "pickle", "sha256": None},
    ({"source": "pickle", "target": "onnx", "engine": "modelport"},),
    {"precision": "portable", "opset": 15},
    (Note(NoteKind.LOST, "step \x01", "something ☃"),),
    {"modelport": "0.1.0"},
)


def test_it_is_read_back_equal_and_is_ascii() -> None:
    assert Provenance.loads(WHOLE.dumps()) == WHOLE
    assert WHOLE.dumps().isascii()
    assert WHOLE.dumps().isprintable()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "{}", '{"modelport_provenance": 2}', '{"modelport_provenance": 1}', "[" * 100_000]
)
def test_what_is_none_is_bad_input(text: str) -> None:
    with pytest.raises(InputError, match="provenance"):
        Provenance.loads(text)


def test_a_conversion_records_what_was_asked_and_what_it_was_made_from(tmp_path: Path) -> None:
    model = LinearRegression().fit(np.arange(12.0).reshape(6, 2), np.arange(6.0))
    source = tmp_path / "line.pkl"
    source.write_bytes(pickle.dumps(model))
    api.convert(source, tmp_path / "line.onnx", opset=18, verify=False)
    made = artifact(tmp_path / "line.onnx")
    assert made.format.recorded is not None
    found = Provenance.loads(made.format.recorded(made.model) or "")
    assert found.source == {"name": "line.pkl", "format": "pickle", "sha256": artifact(source).sha256()}
    assert found.options == {"precision": "exact", "opset": 18}
    live = api.convert(model, "onnx", verify=False).model.native
    assert Provenance.loads(made.format.recorded(live) or "").source["sha256"] is None


def test_the_same_conversion_gives_the_same_bytes(tmp_path: Path) -> None:
    model = LinearRegression().fit(np.arange(12.0).reshape(6, 2), np.arange(6.0))
    (tmp_path / "line.pkl").write_bytes(pickle.dumps(model))
    for name in ("a.onnx", "b.onnx"):
        api.convert(tmp_path / "line.pkl", tmp_path / name, verify=False)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
