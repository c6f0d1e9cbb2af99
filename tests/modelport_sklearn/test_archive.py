"""skops archives: what no archive of skops holds is refused before skops sees it."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport_sklearn.archive import written
from modelport_sklearn.files import read

X = np.arange(60.0).reshape(30, 2)
Y = np.arange(30) % 2


def changed(change: Callable[[dict[str, bytes]], None], folder: Path) -> Path:
    """A whole archive in which something was changed."""
    with zipfile.ZipFile(io.BytesIO(written(LogisticRegression().fit(X, Y)))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    path = folder / "model.skops"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_an_unchanged_archive_is_read(tmp_path: Path) -> None:
    path = changed(lambda members: None, tmp_path)
    np.testing.assert_array_equal(read(path, Policy()).predict(X), LogisticRegression().fit(X, Y).predict(X))


@pytest.mark.parametrize("name", ["x.py", "../1.npy", "a/1.npy", "/1.npy", "1.npy.exe"])
def test_a_member_that_skops_never_writes_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no member called"):
        read(changed(lambda members: members.update({name: b""}), tmp_path), Policy())


@pytest.mark.parametrize("part", ["__module__", "__class__", "__loader__"])
def test_a_schema_of_another_shape_is_refused(part: str, tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        schema: dict[str, Any] = json.loads(members["schema.json"])
        members["schema.json"] = json.dumps(schema | {part: 7}).encode()

    with pytest.raises(InputError, match="malformed"):
        read(changed(change, tmp_path), Policy())


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_damaged_schema_is_refused(damage: bytes, tmp_path: Path) -> None:
    with pytest.raises((InputError, Unsafe)):
        read(changed(lambda members: members.update({"schema.json": damage}), tmp_path), Policy())


def test_a_damaged_array_is_refused(tmp_path: Path) -> None:
    """NumPy, zipfile and Python's tokenizer raise all sorts of errors then."""
    for damage in (b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00v\x00{'descr': ("):

        def change(members: dict[str, bytes], damage: bytes = damage) -> None:
            name = next(name for name in members if name.endswith(".npy"))
            members[name] = damage

        with pytest.raises(InputError, match="damaged"):
            read(changed(change, tmp_path), Policy())


@pytest.mark.parametrize(
    "model", [DecisionTreeClassifier(max_depth=2), HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=2)]
)
def test_a_tree_that_asks_for_more_columns_than_its_estimator_takes_is_refused(model: Any, tmp_path: Path) -> None:
    model.fit(np.column_stack([np.zeros((60, 3)), np.arange(60) % 7]), np.arange(60) % 7 > 3)  # only the last tells
    model.n_features_in_ = 1
    path = tmp_path / "model.joblib"
    joblib.dump(model, path)
    with pytest.raises(Unsafe, match="columns that there are not"):
        read(path, Policy())
