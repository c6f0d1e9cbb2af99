"""Fuzzing: whatever the bytes, the gate answers with a model or a typed error, in bounded time."""

import io
import pickle
import time
from contextlib import suppress
from pathlib import Path

import joblib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from modelport.errors import ModelportError
from modelport.formats import Policy
from modelport_sklearn import archive
from modelport_sklearn.gate.allowlist import allowed
from modelport_sklearn.gate.content import unpacked
from modelport_sklearn.gate.rehearsal import rehearse
from modelport_sklearn.gate.scan import scan
from modelport_sklearn.sniff import sniff

X = np.arange(40.0).reshape(20, 2)
Y = np.arange(20) % 2
MODELS = (
    make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y),
    DecisionTreeClassifier().fit(X, Y),
    KNeighborsClassifier(algorithm="ball_tree").fit(X, Y),
)


def _joblib(model: object) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    return buffer.getvalue()


SEEDS = [*(pickle.dumps(model, p) for model in MODELS for p in (0, 2, 4, 5)), *(_joblib(model) for model in MODELS)]
ARCHIVES = [archive.written(MODELS[0])]
SECONDS = 10


@st.composite
def mutated(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A good file with a few bytes changed, cut out, doubled, or taken from another."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["set", "cut", "double", "graft", "end"])):
            case "set":
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "cut":
                del data[at : at + draw(st.integers(1, 40))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 40))]
            case "graft":
                other = draw(st.sampled_from(seeds))
                start = draw(st.integers(0, len(other) - 1))
                data[at : at + 8] = other[start : start + draw(st.integers(1, 60))]
            case _:
                del data[at:]
    return bytes(data)


bounded = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def _answers(work: object, *arguments: object) -> None:
    start = time.monotonic()
    with suppress(ModelportError):
        work(*arguments)  # type: ignore[operator]
    assert time.monotonic() - start < SECONDS


@bounded
@given(st.binary(max_size=4096))
def test_any_bytes_are_scanned(data: bytes) -> None:
    sniff(data[:4096])
    _answers(scan, data, allowed())
    _answers(unpacked, data, Policy())


@bounded
@given(mutated(SEEDS))
def test_a_damaged_pickle_is_scanned(data: bytes) -> None:
    _answers(scan, data, allowed())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(SEEDS))
def test_a_damaged_pickle_never_ends_this_process(data: bytes) -> None:
    _answers(rehearse, data, allowed())


@bounded
@given(mutated(ARCHIVES))
def test_a_damaged_archive_is_read(data: bytes) -> None:
    _answers(archive.schema, data, allowed(), Policy())


@pytest.mark.slow
@settings(max_examples=200_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(SEEDS))
def test_a_damaged_pickle_is_scanned_at_length(data: bytes) -> None:
    _answers(scan, data, allowed())


def test_every_truncation_of_a_pickle_is_refused(tmp_path: Path) -> None:
    for seed in (SEEDS[0], SEEDS[2], SEEDS[-1]):
        for length in range(0, len(seed) - 1, max(1, len(seed) // 150)):
            with pytest.raises(ModelportError):
                scan(seed[:length], allowed())
