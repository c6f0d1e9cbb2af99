"""Where JPMML-Evaluator (1.7.7) reads a document in a way of its own, as the fuzzer found; its answers are expected."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from modelport.errors import CannotConvert

Score = Callable[[str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
Make = Callable[..., str]
Compute = Callable[..., list[Any]]
CLASSES = 'optype="categorical" dataType="string"'
INNER = "<MiningSchema>" + "".join(f'<MiningField name="{name}"/>' for name in "xifso") + "</MiningSchema>"


def call(function: str, *inside: str, **more: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<Apply function="{function}"{attributes}>{"".join(inside)}</Apply>'


def ref(name: str, **more: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<FieldRef field="{name}"{attributes}/>'


def table(inside: str, label: str | None = None, intercept: float = 0) -> str:
    of = "" if label is None else f' targetCategory="{label}"'
    return f'<RegressionTable intercept="{intercept}"{of}>{inside}</RegressionTable>'


def test_a_missing_argument_is_an_error_except_to_some(expression: Compute) -> None:
    assert expression(call("exp", ref("x"), defaultValue="1"), [{}]) == [None]
    assert expression(call("+", ref("x"), ref("x"), defaultValue="1"), [{}]) == [1.0]


def test_replacing_a_missing_value_does_not_hide_an_invalid_one(expression: Compute) -> None:
    interval = '<Interval closure="closedClosed" leftMargin="0"/>'
    fields = f'<DataField name="x" optype="continuous" dataType="double">{interval}</DataField>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "ifso")
    assert expression(ref("x", mapMissingTo="7"), [{"x": 1.0}, {"x": -1.0}, {}], fields=fields) == [1.0, None, 7.0]


def test_a_part_of_if_that_is_not_there_is_not_replaced(expression: Compute) -> None:
    inside = call("if", call("isNotMissing", ref("x")), "<Constant>1</Constant>", mapMissingTo="5")
    assert expression(inside, [{"x": 0.0}, {}]) == [1.0, None]


def test_whole_numbers_end_at_32_bits(expression: Compute) -> None:
    assert expression(call("floor", ref("x")), [{"x": 2147483647.5}, {"x": 2147483648.0}], "integer") == [
        2147483647,
        None,
    ]


def test_overlapping_bins_are_read_from_the_last(expression: Compute) -> None:
    bins = "".join(
        f'<DiscretizeBin binValue="{value}"><Interval closure="closedOpen" leftMargin="{left}"/></DiscretizeBin>'
        for value, left in (("1", 0), ("2", 5))
    )
    inside = f'<Discretize field="x" dataType="double">{bins}</Discretize>'
    assert expression(inside, [{"x": 6.0}, {"x": 4.0}]) == [2.0, 1.0]


def test_an_outlier_of_an_integer_cannot_become_a_fraction(expression: Compute) -> None:
    schema = '<MiningField name="i" outliers="asExtremeValues" lowValue="-0.5"/>'
    assert expression(ref("i"), [{"i": 0}, {"i": -1}], schema=schema) == [0.0, None]


def test_a_value_listed_as_missing_is_no_outlier(expression: Compute) -> None:
    fields = (
        '<DataField name="i" optype="continuous" dataType="integer"><Value value="3" property="missing"/></DataField>'
    )
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xfso")
    schema = '<MiningField name="i" outliers="asExtremeValues" highValue="1.5" missingValueReplacement="7"/>'
    assert expression(ref("i"), [{"i": 3}, {"i": 1}, {"i": 2}], fields=fields, schema=schema) == [7.0, 1.0, None]


def test_returning_invalid_is_about_missing_values_not_outliers(expression: Compute) -> None:
    schema = '<MiningField name="x" outliers="asMissingValues" highValue="1" missingValueTreatment="returnInvalid"/>'
    inside = call("if", call("isMissing", ref("x")), "<Constant>1</Constant>", "<Constant>0</Constant>")
    assert expression(inside, [{"x": 0.0}, {"x": 2.0}, {}], schema=schema) == [0.0, 1.0, None]


def test_logit_of_three_classes_shares_out_the_logistic_values(score: Score, make: Make) -> None:
    tables = table("", "u") + table("", "v") + table("", "w", 40)
    body = f'<RegressionModel functionName="classification" normalizationMethod="logit">@{tables}</RegressionModel>'
    (row,) = score(make(body, target=CLASSES), [{}])
    assert [row[f"probability({name})"] for name in "uvw"] == pytest.approx([0.25, 0.25, 0.5], rel=1e-15)


def test_a_table_without_a_result_leaves_the_row_without_one(score: Score, make: Make) -> None:
    tables = table("", "u", 0.25) + table('<NumericPredictor name="x" coefficient="1"/>', "v") + table("", "w")
    body = f'<RegressionModel functionName="classification">@{tables}</RegressionModel>'
    assert [row["label"] for row in score(make(body, target=CLASSES), [{"x": 0.5}, {}])] == ["v", None]


def test_fields_after_a_missing_one_are_not_looked_at(score: Score, make: Make) -> None:
    """The unlisted text is invalid, but the missing number before it has ended the sum: the default stands."""
    terms = '<NumericPredictor name="x" coefficient="1"/><CategoricalPredictor name="s" value="a" coefficient="1"/>'
    targets = '<Targets><Target field="y"><TargetValue defaultValue="9"/></Target></Targets>'
    body = f'<RegressionModel functionName="regression">@{targets}{table(terms)}</RegressionModel>'
    rows = score(make(body), [{"x": 1.0, "s": "z"}, {"s": "z"}])
    assert [row["prediction"] for row in rows] == [None, 9.0]


def test_prior_probabilities_stand_for_a_tree_without_an_answer(score: Score, make: Make) -> None:
    shares = "".join(f'<TargetValue value="{name}" priorProbability="{p}"/>' for name, p in (("u", 0.25), ("v", 0.75)))
    node = '<Node><True/><Node score="u"><SimplePredicate field="x" operator="greaterThan" value="0"/></Node></Node>'
    targets = f'<Targets><Target field="y">{shares}</Target></Targets>'
    body = f'<TreeModel functionName="classification">@{targets}{node}</TreeModel>'
    assert [row["label"] for row in score(make(body, target=CLASSES), [{"x": 1.0}, {"x": 0.0}])] == ["u", "v"]


def segment(inside: str) -> str:
    return (
        f'<Segment><True/><RegressionModel functionName="regression">{INNER}{table(inside)}</RegressionModel></Segment>'
    )


@pytest.mark.parametrize(("treatment", "wanted"), [("continue", 0.0), ("returnMissing", None)])
def test_a_chain_with_a_link_that_has_no_answer(score: Score, make: Make, treatment: str, wanted: float | None) -> None:
    inside = segment('<NumericPredictor name="x" coefficient="1"/>') + segment("")
    how = f'multipleModelMethod="modelChain" missingPredictionTreatment="{treatment}"'
    body = f'<MiningModel functionName="regression">@<Segmentation {how}>{inside}</Segmentation></MiningModel>'
    assert [row["prediction"] for row in score(make(body), [{"x": 1.0}, {}])] == [0.0, wanted]


def test_the_first_segment_that_has_an_answer(score: Score, make: Make) -> None:
    inside = segment('<NumericPredictor name="x" coefficient="2"/>') + segment("")
    how = 'multipleModelMethod="selectFirst" missingPredictionTreatment="skipSegment"'
    body = f'<MiningModel functionName="regression">@<Segmentation {how}>{inside}</Segmentation></MiningModel>'
    assert [row["prediction"] for row in score(make(body), [{"x": 1.0}, {}])] == [2.0, 0.0]


def test_equal_reasons_stand_in_the_order_of_their_characteristics(score: Score, make: Make) -> None:
    attribute = '<Attribute partialScore="0" reasonCode="{}"><True/></Attribute>'
    items = "".join(
        f'<Characteristic baselineScore="1">{attribute.format(code)}</Characteristic>' for code in ("zz", "aa")
    )
    out = "".join(f'<OutputField name="r{i}" feature="reasonCode" rank="{i}" dataType="string"/>' for i in (1, 2))
    inside = f"<Output>{out}</Output><Characteristics>{items}</Characteristics>"
    body = f'<Scorecard functionName="regression">@{inside}</Scorecard>'
    (row,) = score(make(body), [{}])
    assert (row["r1"], row["r2"]) == ("zz", "aa")


def test_factors_that_are_zero_hide_the_covariates(score: Score, make: Make) -> None:
    parts = '<ParameterList><Parameter name="p0"/><Parameter name="p1"/></ParameterList>'
    parts += '<FactorList><Predictor name="s"/></FactorList><CovariateList><Predictor name="x"/></CovariateList>'
    parts += '<PPMatrix><PPCell value="1" predictorName="x" parameterName="p1"/>'
    parts += '<PPCell value="a" predictorName="s" parameterName="p1"/></PPMatrix>'
    parts += '<ParamMatrix><PCell parameterName="p0" beta="1"/><PCell parameterName="p1" beta="2"/></ParamMatrix>'
    body = f'<GeneralRegressionModel functionName="regression" modelType="regression">@{parts}</GeneralRegressionModel>'
    rows = score(make(body), [{"s": "a", "x": 3.0}, {"s": "b"}, {"s": "a"}])
    assert [row["prediction"] for row in rows] == [7.0, 1.0, None]


def test_an_altitude_of_a_neuron_is_refused(score: Score, make: Make) -> None:
    field = '<DerivedField optype="continuous" dataType="double"><FieldRef field="{}"/></DerivedField>'
    inputs = f'<NeuralInputs><NeuralInput id="0">{field.format("x")}</NeuralInput></NeuralInputs>'
    neuron = '<Neuron id="1" width="1" altitude="2"><Con from="0" weight="1"/></Neuron>'
    layer = f'<NeuralLayer activationFunction="radialBasis">{neuron}</NeuralLayer>'
    out = f'<NeuralOutputs><NeuralOutput outputNeuron="1">{field.format("y")}</NeuralOutput></NeuralOutputs>'
    body = (
        f'<NeuralNetwork functionName="regression" activationFunction="identity">@{inputs}{layer}{out}</NeuralNetwork>'
    )
    with pytest.raises(CannotConvert, match="altitude"):
        score(make(body), [{"x": 1.0}])


def test_text_that_is_let_through_is_what_if_gives_as_it_is(expression: Compute) -> None:
    inside = call(
        "if", call("isMissing", ref("s")), "<Constant>none</Constant>", ref("s"), invalidValueTreatment="asIs"
    )
    schema = '<MiningField name="s" invalidValueTreatment="asIs"/>'
    assert expression(inside, [{"s": "a"}, {"s": "zz"}, {}], "string", schema=schema) == ["a", "zz", "none"]
