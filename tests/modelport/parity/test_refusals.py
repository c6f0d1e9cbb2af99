"""Which rows are refused: exactly where nothing can be told, and with few calls where one value is the reason."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport.errors import DataError
from modelport.parity.refusals import AT_FIRST, MOST_CALLS, TRIED, Refusals

RNG = np.random.default_rng(0)


class Fatal(Exception):
    pass


class Model:
    """Answers the row's number; refuses a batch in which some row is so."""

    def __init__(self, refuses: Callable[[dict[str, Any]], bool], error: Exception | None = None) -> None:
        self.refuses, self.error, self.calls = refuses, error or DataError("no such value"), 0

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        self.calls += 1
        if any(self.refuses(row) for row in batch.to_pylist()):
            raise self.error
        return batch.select(["number"])


def rows(**columns: Any) -> pa.RecordBatch:
    count = len(next(iter(columns.values())))
    return pa.RecordBatch.from_pydict(columns | {"number": pa.array(np.arange(count) + 1.0)})


def found(model: Model, batch: pa.RecordBatch, known: Refusals | None = None) -> Any:
    return (known or Refusals(Fatal)).find(batch, {}, model.score, DataError("as a whole"))


def check(model: Model, batch: pa.RecordBatch, known: Refusals | None = None) -> Any:
    """The rows that are answered are those that the model takes, each with its own answer."""
    told = found(model, batch, known)
    wanted = [i for i, row in enumerate(batch.to_pylist()) if not model.refuses(row)]
    assert told.rows.tolist() == wanted
    answers = [] if told.outputs is None else told.outputs.column(0).to_pylist()
    assert answers == [i + 1.0 for i in wanted]
    return told


WORDS = RNG.choice(["a", "b", "c"], 20_000)
UNSEEN = np.where(RNG.random(20_000) < 0.1, "zzz", WORDS)


def test_many_rows_with_an_unseen_word_take_few_calls() -> None:
    model = Model(lambda row: row["word"] == "zzz")
    told = check(model, rows(word=UNSEEN, x=RNG.normal(size=20_000)))
    assert model.calls < 110, "the word is as frequent as others: one row is found by halving"
    assert told.presumed > 1500


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_takes_few_calls(value: float | None) -> None:
    cells = [value if lot else 1.5 for lot in RNG.random(5000) < 0.3]
    model = Model(lambda row: row["x"] is None or not np.isfinite(row["x"]))
    check(model, rows(x=pa.array(cells, pa.float64())))
    assert model.calls < 110


def test_what_was_found_serves_the_next_batch() -> None:
    known, model = Refusals(Fatal), Model(lambda row: row["word"] == "zzz")
    check(model, rows(word=UNSEEN), known)
    model.calls = 0
    assert known.foreseen(rows(word=UNSEEN[:100]), {}) is not None
    assert known.foreseen(rows(word=WORDS[:100]), {}) is None
    check(model, rows(word=UNSEEN[::-1]), known)
    assert model.calls <= 5


def test_a_few_rows_with_the_value_are_tried_all_the_same() -> None:
    """The word is refused with a positive number alone, and met there first: it must not be taken for the reason."""
    sign = np.where(np.arange(400) < 20, 1.0, -1.0)
    word = np.where(np.arange(400) % 2, "zzz", "a")
    model = Model(lambda row: row["word"] == "zzz" and row["x"] > 0)
    check(model, rows(word=word, x=sign))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(-2, 2)), min_size=1, max_size=AT_FIRST), st.integers(0, 3)
)
def test_rows_that_are_refused_for_no_single_value_are_found_exactly(cells: list[tuple[str, int]], bound: int) -> None:
    words, numbers = zip(*cells, strict=True)
    batch = rows(word=list(words), x=pa.array([float(n) for n in numbers]))
    check(Model(lambda row: row["x"] > bound or (row["word"] == "a" and row["x"] < 0)), batch)


def test_the_kind_of_a_refusal_is_kept_for_rows_that_were_not_tried() -> None:
    told = check(Model(lambda row: row["word"] == "zzz", ZeroDivisionError("boom")), rows(word=UNSEEN))
    assert sorted(told.untyped.tolist()) == np.flatnonzero(UNSEEN == "zzz").tolist()
    typed = check(Model(lambda row: row["word"] == "zzz"), rows(word=UNSEEN))
    assert not len(typed.untyped)


def test_a_model_that_refuses_everything_is_not_asked_for_ever() -> None:
    known, model = Refusals(Fatal), Model(lambda row: True)
    check(model, rows(x=RNG.normal(size=5000)), known)
    assert model.calls <= MOST_CALLS
    model.calls = 0
    check(model, rows(x=RNG.normal(size=5000)), known)
    assert model.calls <= 16


def test_what_is_fatal_is_raised() -> None:
    with pytest.raises(Fatal):
        found(Model(lambda row: row["x"] > 0, Fatal()), rows(x=RNG.normal(size=10)))


def test_a_suspect_is_tried_so_often_and_no_more() -> None:
    known, model = Refusals(Fatal), Model(lambda row: row["word"] == "zzz")
    for _ in range(60):
        check(model, rows(word=["a", "b", "zzz", "zzz", "zzz"]), known)
    (suspects,) = known.suspects.values()
    assert suspects["zzz"].tried == TRIED
