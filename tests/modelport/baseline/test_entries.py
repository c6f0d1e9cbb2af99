"""The baseline file: written in one form, read back equal, refused when it is damaged."""

import json
import math
from pathlib import Path

import pytest

from modelport.baseline import Baseline, Entry
from modelport.baseline.entries import load
from modelport.errors import InputError

ENTRY = Entry(
    "churn", "a.pkl in scikit-learn", "a.onnx in onnxruntime", "prediction", "data", "number", "1", "2", None, "3", 4,
    math.inf, 0.5, "1-4", "PMML has no float32",
)  # fmt: skip


def test_it_is_read_back_equal_and_written_in_order(tmp_path: Path) -> None:
    other = Entry("a", *ENTRY.name[1:], "1", "2", "5", "3", 4, 0.5, 0.5, "1-4")
    Baseline((ENTRY, other)).save(tmp_path / "one.json")
    Baseline((other, ENTRY)).save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert load(tmp_path / "one.json").entries == (other, ENTRY)


def test_a_missing_file_is_an_error_unless_it_is_to_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such baseline"):
        load(tmp_path / "none.json")
    assert load(tmp_path / "none.json", missing_is_empty=True) == Baseline()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"modelport_baseline": 1}', '{"modelport_baseline": 1, "entries": [{"model": "a"}]}']
)
def test_a_damaged_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(InputError, match="damaged"):
        load(tmp_path / "b.json")


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps({"modelport_baseline": 2, "entries": [{"anything": 1}]}))
    with pytest.raises(InputError, match="version 2"):
        load(tmp_path / "b.json")
