"""A modelport.toml to begin with declares what lies there, and reads back."""

import tomllib
from pathlib import Path

import pytest

from modelport import api
from modelport.ci.reading import read
from modelport.errors import UsageError


def test_every_model_gets_a_table_and_the_file_reads_back(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "same.onnx").rename(folder / "deep" / "price.onnx")
    (folder / ".hidden").mkdir()
    (folder / "other.onnx").rename(folder / ".hidden" / "other.onnx")
    assert api.start_ci(folder) == folder / "modelport.toml"
    tables = tomllib.loads((folder / "modelport.toml").read_text())["models"]
    assert {name: table["source"] for name, table in tables.items()} == {
        "price": "deep/price.onnx",
        "price-2": "price.onnx",
    }
    assert all(table["targets"] == ["pmml"] and "data" not in table for table in tables.values())
    assert len(read(folder).models) == 2


def test_the_only_data_of_the_only_model_is_named(folder: Path) -> None:
    (folder / "same.onnx").unlink()
    (folder / "other.onnx").unlink()
    api.start_ci(folder)
    assert read(folder).models[0].data == "rows.csv"


def test_nothing_is_replaced_and_nothing_made_up(folder: Path) -> None:
    (folder / "modelport.toml").write_text("")
    with pytest.raises(UsageError, match="exists"):
        api.start_ci(folder)
    for path in folder.glob("*.onnx"):
        path.unlink()
    with pytest.raises(UsageError, match="no model file"):
        api.start_ci(folder, force=True)
    assert (folder / "modelport.toml").read_text() == ""
