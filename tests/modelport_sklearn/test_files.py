"""Bad files: each is one typed error that says what to do, and nothing of them runs."""

import io
import os
import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from modelport.errors import CannotConvert, InputError, NotFitted, Unsafe, VersionError
from modelport.formats import Policy, by_suffix, recognise
from modelport_sklearn.files import read, write
from modelport_sklearn.signature import signature

X = np.arange(20.0).reshape(10, 2)
Y = np.arange(10) > 4


class Touch:
    """A pickle of this makes a file when plain `pickle` loads it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.path}",)


class Own:
    """A class of the user's own."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {}

    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows))


def fitted() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)


def test_a_pickle_that_would_run_a_command_is_refused_and_nothing_runs(tmp_path: Path) -> None:
    path, canary = tmp_path / "model.pkl", tmp_path / "canary"
    path.write_bytes(pickle.dumps(Touch(canary)))
    with pytest.raises(Unsafe, match=r"posix\.system \(run commands") as error:
        read(path, Policy())
    assert error.value.exit_code == 5
    assert not canary.exists()
    pickle.loads(path.read_bytes())
    assert canary.exists(), "the pickle is harmless, so the test proves nothing"


def test_an_estimator_beside_a_command_is_refused_too(tmp_path: Path) -> None:
    path, canary = tmp_path / "model.joblib", tmp_path / "canary"
    model = fitted()
    model.note = Touch(canary)
    joblib.dump(model, path)
    with pytest.raises(Unsafe):
        read(path, Policy())
    assert not canary.exists()


def test_a_class_of_ones_own_is_refused_until_it_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    home = types.ModuleType("own_models")
    home.Own = Own  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "own_models", home)
    monkeypatch.setattr(Own, "__module__", "own_models")
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(Own()))
    with pytest.raises(Unsafe, match=r"own_models\.Own") as error:
        read(path, Policy())
    assert "--trust own_models.Own" in str(error.value.hint)
    assert isinstance(read(path, Policy(("own_models.Own",))), Own)


def test_trust_names_one_global_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(Touch(tmp_path / "canary")))
    for trust in ("posix", "posix.", "posix.syste", "os.system", "system", "*", "posix.*", ""):
        with pytest.raises(Unsafe):
            read(path, Policy((trust,)))
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("suffix", [".pkl", ".joblib", ".pkl.gz", ".joblib.xz", ".pickle.bz2", ".skops"])
def test_a_truncated_file_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{suffix}"
    write(fitted(), path)
    whole = path.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 200):
        path.write_bytes(whole[:length])
        with pytest.raises((InputError, Unsafe)):
            read(path, Policy())


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.touch()
    with pytest.raises(InputError, match="empty"):
        recognise(path)


@pytest.mark.parametrize("content", [b"<PMML/>", b"\x08\x0a\x12\x00", b"hello", b"PK\x03\x04", b"\x00" * 100])
def test_what_is_no_pickle_is_not_taken_for_one(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not pickle"):
        recognise(path)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_is_known_by_its_bytes(protocol: int, tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(pickle.dumps(fitted(), protocol))
    assert recognise(path).name == "pickle"


def test_suffixes_of_compressed_pickles_are_known() -> None:
    for name in ("a.pkl", "a.pickle", "a.joblib", "a.skops", "a.pkl.gz", "a.joblib.z", "A.PICKLE.LZMA"):
        found = by_suffix(Path(name))
        assert found is not None
        assert found.name == "pickle"


def test_something_else_than_a_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps({"model": fitted(), "columns": ["a"]}))
    with pytest.raises(InputError, match="holds a dict, not a model") as error:
        read(path, Policy())
    assert "model" in str(error.value.hint)
    path.write_bytes(pickle.dumps([1, 2]))
    with pytest.raises(InputError, match="holds a list"):
        read(path, Policy())


def test_an_unfitted_estimator_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    write(make_pipeline(StandardScaler(), LogisticRegression()), path)
    with pytest.raises(NotFitted, match="never fitted"):
        signature(read(path, Policy()))


@pytest.mark.parametrize("suffix", [".pkl", ".joblib", ".skops"])
@pytest.mark.parametrize("saved", ["1.0.2", "1.7.2", "1.9.99"])
def test_a_pickle_of_another_version_is_refused_with_the_command(
    suffix: str, saved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"model{suffix}"
    monkeypatch.setattr("sklearn.base.__version__", saved)
    write(fitted(), path)
    monkeypatch.undo()
    with pytest.raises(VersionError) as error:
        read(path, Policy())
    assert saved in error.value.what
    assert sklearn.__version__ in error.value.what
    assert f"scikit-learn=={saved}" in str(error.value.hint)
    assert path.name in str(error.value.hint)
    with pytest.raises(VersionError):
        read(path, Policy(("sklearn.pipeline.Pipeline",)))


def test_an_estimator_without_a_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(fitted(), 2).replace(b"_sklearn_version", b"_sklearn_versiox"))
    with pytest.raises(VersionError, match=r"pre-0\.18"):
        read(path, Policy())


def test_a_file_larger_than_the_policy_allows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    write(fitted(), path)
    with pytest.raises(Unsafe, match="more than"):
        read(path, Policy(max_bytes=100))
    write(fitted(), tmp_path / "model.pkl.gz")
    with pytest.raises(Unsafe, match="unpacks to more than"):
        read(tmp_path / "model.pkl.gz", Policy(max_bytes=path.stat().st_size - 1))


def test_a_lambda_cannot_be_written(tmp_path: Path) -> None:
    model = FunctionTransformer(lambda rows: rows).fit(X)
    for suffix in (".pkl", ".joblib"):
        with pytest.raises(CannotConvert, match="cannot be pickled") as error:
            write(model, tmp_path / f"model{suffix}")
        assert "functions of a module" in str(error.value.hint)


def test_a_tree_that_points_outside_itself_is_refused(tmp_path: Path) -> None:
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_depth=2).fit(X, Y)
    state = tree.tree_.__getstate__()
    for field, value in (("left_child", 10_000), ("right_child", 0), ("feature", 7), ("feature", -5)):
        nodes = state["nodes"].copy()
        nodes[field][0] = value
        buffer = io.BytesIO()
        joblib.dump(tree, buffer)
        data = buffer.getvalue().replace(state["nodes"].tobytes(), nodes.tobytes())
        assert data != buffer.getvalue()
        path = tmp_path / "model.joblib"
        path.write_bytes(data)
        with pytest.raises(Unsafe, match="outside itself"):
            read(path, Policy())
