"""Rewriting keeps meanings: infinity in tables and bounds, ranks with ties, positions among many columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport_columnar.evaluate import evaluate
from modelport_columnar.expression import Expr, Kind, Pool
from modelport_pmml.from_columnar.simplify import Simplifier

GREATEST = float(np.finfo(np.float64).max)
values = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.5, GREATEST, -GREATEST])


def rewritten(root: Expr) -> Expr:
    return Simplifier({})([root])[0]


def constants(root: Expr) -> list[float]:
    found, stack = [], [root]
    while stack:
        node = stack.pop()
        stack += node.args
        found += [float(node.data)] if node.op == "constant" and node.kind.is_float else []
    return found


@pytest.mark.parametrize("op", ["less", "less_equal", "greater", "greater_equal", "equal"])
@pytest.mark.parametrize("bound", [np.inf, -np.inf])
@pytest.mark.parametrize("left", [True, False])
def test_comparisons_with_infinity_need_no_infinity(op: str, bound: float, left: bool) -> None:
    pool = Pool()
    x, edge = pool.make("input", (), Kind.FLOAT64, "x"), pool.constant(np.float64(bound))
    root = pool.make(op, (edge, x) if left else (x, edge), Kind.BOOL)
    new = rewritten(root)
    assert not any(np.isinf(value) for value in constants(new))
    column = {"x": np.array([0.0, -1.0, GREATEST, -GREATEST, np.inf, -np.inf])}
    assert evaluate([new], column)[0].tolist() == evaluate([root], column)[0].tolist()


def test_a_table_that_ends_in_infinity_is_compared_without_it() -> None:
    pool = Pool()
    x = pool.make("input", (), Kind.FLOAT64, "x")
    above = pool.make("cast", (pool.make("less", (pool.constant(np.float64(1)), x), Kind.BOOL),), Kind.INT64)
    entry = pool.make("lookup", (above,), Kind.FLOAT64, np.array([0.5, np.inf]))
    root = pool.make("less_equal", (entry, x), Kind.BOOL)
    new = rewritten(root)
    assert not any(np.isinf(value) for value in constants(new))
    column = {"x": np.array([0.0, 0.5, 1.0, 2.0, GREATEST])}
    assert evaluate([new], column)[0].tolist() == evaluate([root], column)[0].tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, -3.5]), min_size=5, max_size=5), min_size=1, max_size=6),
       st.integers(1, 5), st.booleans())  # fmt: skip
def test_ranks_are_those_of_a_stable_sort(rows: list[list[float]], k: int, largest: bool) -> None:
    pool = Pool()
    args = [pool.make("input", (), Kind.FLOAT64, f"x{i}") for i in range(5)]
    whole = pool.make("top_k", args, Kind.MANY, (k, largest))
    kinds = [Kind.FLOAT64] * k + [Kind.INT64] * k
    roots = [pool.make("pick", (whole,), kind, i) for i, kind in enumerate(kinds)]
    table = np.array(rows)
    found = np.column_stack(evaluate(Simplifier({})(roots), {f"x{i}": table[:, i] for i in range(5)}))
    order = np.argsort(-table if largest else table, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(found, np.column_stack([np.take_along_axis(table, order, axis=1), order]))


@pytest.mark.parametrize("which", ["first", "last"])
@pytest.mark.parametrize("op", ["argmax", "argmin"])
@pytest.mark.parametrize("width", [3, 12, 400])
def test_the_first_or_last_extreme_of_few_and_of_many(op: str, which: str, width: int) -> None:
    pool = Pool()
    args = [pool.make("input", (), Kind.FLOAT64, f"x{i}") for i in range(width)]
    root = pool.make(op, args, Kind.INT64, which)
    table = np.random.default_rng(0).integers(0, 3, (20, width)).astype(float)
    found = evaluate([rewritten(root)], {f"x{i}": table[:, i] for i in range(width)})[0]
    extreme = table.max(axis=1) if op == "argmax" else table.min(axis=1)
    places = [np.flatnonzero(row == value) for row, value in zip(table, extreme, strict=True)]
    assert found.tolist() == [int(place[0 if which == "first" else -1]) for place in places]


def test_a_quotient_is_asked_for_nan_by_its_zeros() -> None:
    pool = Pool()
    a, b = (pool.make("input", (), Kind.FLOAT64, name) for name in "ab")
    quotient = pool.make("div", (a, b), Kind.FLOAT64)
    root = pool.make("where", (pool.make("isnan", (quotient,), Kind.BOOL), a, quotient), Kind.FLOAT64)
    column = {"a": np.array([0.0, 0.0, 3.0]), "b": np.array([0.0, 2.0, 4.0])}
    new = rewritten(root)
    assert "isnan" not in repr((new, *new.args))
    assert evaluate([new], column)[0].tolist() == [0.0, 0.0, 0.75]
