"""ONNX from elsewhere, to PMML: nothing silently wrong. A part in CI, the rest with `-m slow`."""

import pytest

from tests.conformance.foreign_pmml import nodes, run
from tests.conformance.pmml_corpus import folder

pytestmark = pytest.mark.java
GOOD = {"equal", "noted", "refused", "no table", "no result", "not made", "no answers"}
PART = (
    "/test_argmax",
    "/test_softmax_example",
    "/test_or2d",
    "/test_pow_types",
    "/test_split_variable",
    "/test_Linear_no",
)


@pytest.mark.parametrize(("converter", "name"), [("skl2onnx", "LogisticRegression"), ("skl2onnx", "MinMaxScaler"),
                                             ("onnxmltools", "LGBMRegressor")])  # fmt: skip
def test_graphs_of_other_converters(converter: str, name: str) -> None:
    found = run(converter, name)
    assert any(item.word == "equal" for item in found)
    assert not [item for item in found if item.word not in GOOD]


@pytest.mark.skipif(folder() is None, reason="the outside corpus is not here")
@pytest.mark.parametrize("part", PART)
def test_node_cases(part: str) -> None:
    found = list(nodes(part))
    assert any(item.word == "equal" for item in found)
    assert not [item for item in found if item.word not in GOOD]


@pytest.mark.slow
@pytest.mark.skipif(folder() is None, reason="the outside corpus is not here")
def test_every_node_case() -> None:
    assert not [item for item in nodes("") if item.word not in GOOD]
