"""Bisection to the step: the first one that differs, never one that is merely not shown."""

import numpy as np

from modelport.parity.steps import Blame, Traced, blame

RNG = np.random.default_rng(0)
X, Y, Z = (RNG.normal(size=(50, 3)) for _ in range(3))


def traced(step: str, matrix: np.ndarray, inputs: tuple[str, ...] = ()) -> Traced:
    return Traced(step, tuple(f"c{i}" for i in range(matrix.shape[1])), tuple(matrix.T), inputs)


REFERENCE = [
    traced("scale", X),
    traced("bend", Y, ("scale",)),
    traced("mix", Z, ("bend",)),
    Traced("model", inputs=("mix",)),
]


def found(*tensors: np.ndarray) -> Blame | None:
    return blame(REFERENCE, [traced(f"t{i}", tensor) for i, tensor in enumerate(tensors)], "it")


def test_a_changed_column_is_named() -> None:
    other = Y.copy()
    other[:, 1] += 1
    assert found(X, other, Z + 1) == Blame("it", "bend", ("c1",))


def test_if_every_step_is_there_the_last_one_is_to_blame() -> None:
    assert found(X, Y, Z) == Blame("it", "model")


def test_a_step_that_is_not_shown_is_not_blamed_if_what_it_feeds_is_there() -> None:
    assert found(Y, Z) == Blame("it", "model")
    assert found(X, Z + 1) == Blame("it", "bend", ("c0", "c1", "c2"))


def test_one_float_step_is_seen_when_nothing_worse_is() -> None:
    other = X.copy()
    other[:, 2] = np.nextafter(other[:, 2], np.inf)
    assert found(other, Y + 1e-16, Z) is not None
    assert blame([traced("scale", X), Traced("model")], [traced("t", other)], "it") == Blame("it", "scale", ("c2",))


def test_columns_may_stand_anywhere_in_a_wider_tensor() -> None:
    assert found(np.hstack([Z, X, Y])) == Blame("it", "model")


def test_columns_in_another_order_are_a_difference() -> None:
    assert found(X, Y[:, [1, 0, 2]], Z + 1).step == "bend"


def test_columns_may_stand_in_tensors_of_their_own() -> None:
    assert found(*(X[:, [i]] for i in range(3)), Y, Z) == Blame("it", "model")


def test_a_branch_that_is_whole_says_nothing_of_another() -> None:
    reference = [traced("number", X), traced("text", Y), traced("join", np.hstack([X, Y]), ("number", "text"))]
    candidate = [traced("a", X + 1), traced("b", Y), traced("c", np.hstack([X + 1, Y]))]
    assert blame(reference, candidate, "it").step == "number"


def test_texts_and_missing_values_are_compared_as_they_are() -> None:
    words = np.array([["a"], ["b"], [None]], object)
    assert blame([traced("fill", words), Traced("model")], [traced("t", words.copy())], "it").step == "model"
    other = np.array([["a"], ["c"], [""]], object)
    assert blame([traced("fill", words), Traced("model")], [traced("t", other)], "it").step == "fill"
    gaps = np.array([[1.0], [np.nan]])
    assert blame([traced("fill", gaps), Traced("model")], [traced("t", gaps.copy())], "it").step == "model"


def test_a_step_of_the_same_name_is_compared_with_that_one_alone() -> None:
    """A factor of nearly one: its own input, which both sides have, looks just like it."""
    one = X[:, :1]
    reference = [traced("ratio", one), traced("scale", one), Traced("model")]
    candidate = [traced("ratio", one), traced("scale", one * (1 + 1e-15)), Traced("model")]
    assert blame(reference, candidate, "it") == Blame("it", "scale", ("c0",))
