"""Models that compute in float (`x-mathContext`): each step rounded, in the document's order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
INNER = "<MiningSchema>" + "".join(f'<MiningField name="{name}"/>' for name in "xifso") + "</MiningSchema>"
FLOAT = 'x-mathContext="float"'
SCORES = np.random.default_rng(5).normal(size=(40, 2)).astype(np.float32)
WEIGHTS = np.random.default_rng(6).uniform(0.1, 2, 40).astype(np.float32)


def tree(scores: np.ndarray) -> str:
    left = f'<Node score="{scores[0]}"><SimplePredicate field="x" operator="lessThan" value="0"/></Node>'
    right = f'<Node score="{scores[1]}"><SimplePredicate field="x" operator="greaterOrEqual" value="0"/></Node>'
    body = f"{INNER}<Node><True/>{left}{right}</Node>"
    return f'<TreeModel functionName="regression" {FLOAT} splitCharacteristic="binarySplit">{body}</TreeModel>'


def forest(method: str, predicate: str = "<True/>") -> str:
    segments = "".join(
        f'<Segment weight="{weight}">{predicate if i == 7 else "<True/>"}{tree(scores)}</Segment>'
        for i, (scores, weight) in enumerate(zip(SCORES, WEIGHTS, strict=True))
    )
    inside = f'<Segmentation multipleModelMethod="{method}">{segments}</Segmentation>'
    return f'<MiningModel functionName="regression" {FLOAT}>@{inside}</MiningModel>'


def in_order(terms: Sequence[np.float32]) -> np.float32:
    total = np.float32(0)
    for term in terms:
        total = np.float32(total + term)
    return total


def combined(method: str, scores: np.ndarray) -> float:
    heavy, weights = in_order(scores * WEIGHTS), in_order(WEIGHTS)
    found = {
        "sum": in_order(scores),
        "average": in_order(scores) / np.float32(len(scores)),
        "weightedSum": heavy,
        "weightedAverage": heavy / weights,
    }
    return float(np.float32(found[method]))


@pytest.mark.parametrize("predicate", ["<True/>", '<SimplePredicate field="x" operator="isNotMissing"/>'])
@pytest.mark.parametrize("method", ["sum", "average", "weightedSum", "weightedAverage"])
def test_forests_add_in_float32_tree_after_tree(score: Score, make: Make, method: str, predicate: str) -> None:
    found = score(
        make(forest(method, predicate), target='optype="continuous" dataType="float"'), [{"x": -1.0}, {"x": 1.0}]
    )
    assert [row["prediction"] for row in found] == [combined(method, SCORES[:, 0]), combined(method, SCORES[:, 1])]


def test_the_order_matters_here() -> None:
    assert float(SCORES[:, 0].astype(np.float64).sum()) != combined("sum", SCORES[:, 0])


def regression(method: str) -> str:
    terms = '<NumericPredictor name="x" coefficient="0.1"/><NumericPredictor name="f" coefficient="-0.7" exponent="2"/>'
    terms += '<PredictorTerm coefficient="0.3"><FieldRef field="x"/><FieldRef field="f"/></PredictorTerm>'
    table = f'<RegressionTable intercept="0.2">{terms}</RegressionTable>'
    return (
        f'<RegressionModel functionName="regression" {FLOAT} normalizationMethod="{method}">@{table}</RegressionModel>'
    )


@pytest.mark.parametrize("method", ["none", "logit", "exp", "cloglog"])
def test_regressions_round_every_step(score: Score, make: Make, method: str) -> None:
    one, exp = np.float32(1), lambda value: np.float32(2.7182817 ** np.float64(value))
    rows = [{"x": float(a), "f": float(np.float32(b))} for a, b in np.random.default_rng(1).normal(size=(200, 2))]
    wanted = []
    for row in rows:
        x, f = np.float32(row["x"]), np.float32(row["f"])
        total = in_order([np.float32(0.1) * x, np.float32(-0.7) * (f * f), np.float32(0.3) * x * f, np.float32(0.2)])
        links = {
            "none": total,
            "logit": one / (one + exp(-total)),
            "exp": exp(total),
            "cloglog": one - exp(-exp(total)),
        }
        wanted.append(float(np.float32(links[method])))
    text = make(regression(method), target='optype="continuous" dataType="float"')
    assert [row["prediction"] for row in score(text, rows)] == wanted
