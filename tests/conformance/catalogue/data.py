"""Synthetic data for the catalogue: seeded, small to fit, and wide enough in range to meet every branch."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

TRAIN, HOLDOUT = 240, 1000
SIZE = TRAIN + HOLDOUT


@dataclass(frozen=True)
class Sample:
    """Rows to fit on, their target, and rows to judge on."""

    train: Any
    target: Any
    holdout: Any


def _split(rows: Any, target: Any) -> Sample:
    return Sample(rows[:TRAIN], None if target is None else target[:TRAIN], rows[TRAIN:])


@cache
def numbers() -> np.ndarray:
    """[SIZE, 6] float64: correlated, of very different scales, one column of few distinct values."""
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(SIZE, 6)) @ (np.eye(6) + 0.3 * rng.normal(size=(6, 6)))
    rows[:, 1] = rows[:, 1] * 40 + 100
    rows[:, 4] *= 0.01
    rows[:, 5] = np.round(rows[:, 5])
    return rows


def regression() -> Sample:
    rows = numbers()
    noise = np.random.default_rng(8).normal(size=SIZE)
    return _split(rows, rows[:, 0] * 3 + np.sin(rows[:, 1] / 20) * 5 + rows[:, 2] * rows[:, 3] + 0.3 * noise)


def positive_regression() -> Sample:
    sample = regression()
    return Sample(sample.train, np.exp(sample.target / 6), sample.holdout)


def multi_regression() -> Sample:
    sample = regression()
    target = np.column_stack([sample.target, sample.train[:, 2] * 2 - sample.train[:, 0], np.abs(sample.train[:, 3])])
    return Sample(sample.train, target, sample.holdout)


def _score(classes: int) -> np.ndarray:
    rows = numbers()
    value = rows[:, 0] * 2 + rows[:, 2] * rows[:, 3] + np.random.default_rng(9).normal(size=SIZE)
    return np.digitize(value, np.quantile(value, np.linspace(0, 1, classes + 1)[1:-1]))


def binary(labels: tuple[Any, ...] = (0, 1)) -> Sample:
    return _split(numbers(), np.array(labels)[_score(2)])


def multi(labels: tuple[Any, ...] = (0, 1, 2)) -> Sample:
    return _split(numbers(), np.array(labels)[_score(3)])


def multilabel() -> Sample:
    rows = numbers()
    return _split(rows, np.column_stack([_score(2), (rows[:, 2] > 0).astype(int), _score(3)]))


def indicator() -> Sample:
    rows = numbers()
    return _split(rows, np.column_stack([_score(2), (rows[:, 2] > 0).astype(int)]))


def nan_binary() -> Sample:
    return _with_gaps(binary())


def nan_regression() -> Sample:
    return _with_gaps(regression())


def _with_gaps(sample: Sample) -> Sample:
    rng = np.random.default_rng(10)
    train, holdout = sample.train.copy(), sample.holdout.copy()
    train[rng.random(train.shape) < 0.12] = np.nan
    holdout[rng.random(holdout.shape) < 0.12] = np.nan
    return Sample(train, sample.target, holdout)


def positive(classes: int = 3) -> Sample:
    return _split(np.abs(numbers()), _score(classes))


def counts() -> Sample:
    return _split(np.floor(np.abs(numbers()) * [3, 0.1, 3, 3, 300, 2]), _score(3))


def categories() -> Sample:
    return _split(np.abs(np.round(numbers() / [1, 40, 1, 1, 0.01, 1])).clip(0, 2), _score(3))


def one_column() -> Sample:
    sample = regression()
    return Sample(sample.train[:, :1], sample.target, sample.holdout[:, :1])


def similarity() -> Sample:
    """A square kernel of the training rows, and of the holdout rows against them."""
    rows = numbers() / [1, 40, 1, 1, 0.01, 1]
    return Sample(rows[:TRAIN] @ rows[:TRAIN].T, _score(2)[:TRAIN], rows[TRAIN:] @ rows[:TRAIN].T)


WORDS = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "Epsilon",
    "zeta",
    "eta",
    "Theta",
    "iota",
    "kappa",
    "naïve",
    "über",
    "東京",
    "x1",
    "y2",
    "don't",
    "state-of-the-art",
]


def text() -> Sample:
    rng = np.random.default_rng(11)
    rows = np.array([" ".join(rng.choice(WORDS, size=rng.integers(0, 9))) for _ in range(SIZE)], dtype=object)
    return _split(rows, _score(2))


def strings() -> Sample:
    """[SIZE, 3] text categories; the holdout has one that the training rows never show."""
    rng = np.random.default_rng(12)
    rows = np.column_stack(
        [
            rng.choice(["red", "green", "blue ä"], SIZE),
            rng.choice(["S", "M", "L"], SIZE),
            rng.choice(list("abcdefgh"), SIZE),
        ]
    ).astype(object)
    return _split(rows, _score(2))


def strictly_positive() -> Sample:
    return _split(np.abs(numbers()) + 0.01, None)


def labels() -> Sample:
    return _split(np.array(["no way", "ja & nein", "東京"])[_score(3)], None)


def label_sets() -> Sample:
    return _split([{"a", "b"} if value else {"c"} for value in _score(2)], None)


def dictionaries() -> Sample:
    rows = numbers()
    return _split([{"size": row[0], "weight": row[2]} for row in rows], None)


def images() -> Sample:
    return _split(np.random.default_rng(14).normal(size=(SIZE, 5, 5)), None)


@cache
def table() -> pd.DataFrame:
    """A DataFrame as people have them: numbers and text with gaps, integers, booleans, free text."""
    rng = np.random.default_rng(13)
    rows = numbers()
    frame = pd.DataFrame(
        {
            "age": np.where(rng.random(SIZE) < 0.1, np.nan, np.round(np.abs(rows[:, 0]) * 15 + 18)),
            "income": np.where(rng.random(SIZE) < 0.05, np.nan, rows[:, 1] * 1000),
            "visits": rng.integers(0, 40, SIZE),
            "member": rng.random(SIZE) < 0.5,
            "city": rng.choice(["Wien", "Zürich", "Oslo", "São Paulo", "Ulm"], SIZE, p=[0.5, 0.3, 0.15, 0.04, 0.01]),
            "grade": rng.choice(["low", "mid", "high"], SIZE),
            "note": text_column(rng),
        }
    )
    frame.loc[rng.random(SIZE) < 0.08, "city"] = None
    return frame


def text_column(rng: np.random.Generator) -> list[str]:
    return [" ".join(rng.choice(WORDS[:12], size=rng.integers(1, 7))) for _ in range(SIZE)]


def frame(*columns: str, target: str = "binary") -> Sample:
    """Columns of `table()`; targets `binary`, `multi`, `regression`."""
    rows = table()[list(columns)]
    targets = {"binary": np.array(["no", "yes"])[_score(2)], "multi": np.array(["a", "b b", "ç"])[_score(3)]}
    value = targets.get(target, rows.index.to_numpy() % 17 + _score(3) * 5.0)
    return Sample(rows.iloc[:TRAIN], value[:TRAIN], rows.iloc[TRAIN:].reset_index(drop=True))
