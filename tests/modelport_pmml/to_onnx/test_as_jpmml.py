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


def test_a_table_is_looked_up_to_the_first_missing_field(expression: Compute) -> None:
    pairs = '<FieldColumnPair field="o" column="o"/><FieldColumnPair field="s" column="s"/>'
    row = "<InlineTable><row><o>a</o><s>a</s><out>1</out></row></InlineTable>"
    inside = f'<MapValues outputColumn="out" dataType="double" mapMissingTo="7">{pairs}{row}</MapValues>'
    assert expression(inside, [{"o": "a", "s": "a"}, {"s": "z"}, {"o": "a", "s": "z"}]) == [1.0, 7.0, None]


def test_an_open_text_that_is_replaced_keeps_its_words(score: Score, make: Make) -> None:
    cell = '<PPCell value="1" predictorName="x" parameterName="p"/>'
    strata = '<BaselineStratum value="b" maxTime="2"><BaselineCell time="1" cumHazard="0.5"/></BaselineStratum>'
    body = (
        '<GeneralRegressionModel functionName="regression" modelType="CoxRegression" endTimeVariable="f" '
        'baselineStrataVariable="o">@<ParameterList><Parameter name="p" referencePoint="0"/></ParameterList>'
        f'<CovariateList><Predictor name="x"/></CovariateList><PPMatrix>{cell}</PPMatrix><ParamMatrix>'
        f'<PCell parameterName="p" beta="0"/></ParamMatrix><BaseCumHazardTables>{strata}</BaseCumHazardTables>'
        "</GeneralRegressionModel>"
    )
    text = make(body, schema='<MiningField name="o" missingValueReplacement="b"/>')
    rows: list[dict[str, Any]] = [
        {"x": 1.0, "f": 1.5, "o": "b"},
        {"x": 1.0, "f": 1.5},
        {"f": 0.5},
        {"f": 3.0},
        {"x": 1.0, "f": 1.5, "o": "c"},
    ]
    assert [row["prediction"] for row in score(text, rows)] == [0.5, 0.5, 0.0, None, None]


def test_shares_of_a_multinomial_model_are_taken_of_the_exponentials(score: Score, make: Make) -> None:
    cell = '<PPCell value="1" predictorName="x" parameterName="p"/>'
    body = (
        '<GeneralRegressionModel functionName="classification" modelType="multinomialLogistic">@<ParameterList>'
        f'<Parameter name="p"/></ParameterList><CovariateList><Predictor name="x"/></CovariateList><PPMatrix>{cell}'
        '</PPMatrix><ParamMatrix><PCell parameterName="p" beta="1" targetCategory="v"/></ParamMatrix>'
        "</GeneralRegressionModel>"
    )
    values = '<Value value="v"/><Value value="w"/>'
    text = make(body).replace(
        'name="y" optype="continuous" dataType="double"/>', f'name="y" {CLASSES}>{values}</DataField>'
    )
    assert [row["label"] for row in score(text, [{"x": 800.0}, {"x": 1.0}])] == ["v", "v"]
    assert score(text, [{"x": 800.0}])[0]["probability(w)"] == 0.0  # and of v inf / inf


def test_a_target_that_names_no_field_is_about_none(score: Score, make: Make) -> None:
    targets = '<Targets><Target rescaleFactor="3"/></Targets>'
    body = f'<RegressionModel functionName="regression">@{targets}{table("", intercept=2)}</RegressionModel>'
    assert score(make(body), [{}])[0]["prediction"] == 2.0


def test_neighbours_take_no_targets(score: Score, make: Make) -> None:
    fields = '<InstanceField field="x" column="x"/><InstanceField field="y" column="y"/>'
    body = (
        '<NearestNeighborModel functionName="regression" numberOfNeighbors="1">@<Targets><Target field="y" '
        'rescaleFactor="0.1"/></Targets><TrainingInstances><InstanceFields>'
        f"{fields}</InstanceFields><InlineTable><row><x>1</x><y>1.5</y></row></InlineTable></TrainingInstances>"
        '<ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure><KNNInputs><KNNInput field="x"/>'
        "</KNNInputs></NearestNeighborModel>"
    )
    assert score(make(body), [{"x": 0.0}])[0]["prediction"] == 1.5


def test_quantiles_beyond_0_and_1_are_an_error_that_nothing_catches(expression: Compute) -> None:
    inside = call("stdNormalIDF", ref("x"), invalidValueTreatment="asMissing", defaultValue="9")
    assert expression(inside, [{"x": 0.5}, {"x": 2.0}]) == [0.0, None]


def test_the_condition_of_if_is_a_boolean(expression: Compute) -> None:
    with pytest.raises(CannotConvert, match="condition of if"):
        expression(call("if", ref("x"), ref("x"), ref("x")), [{"x": 1.0}])


def test_an_integer_does_not_equal_a_fraction_but_fails(expression: Compute) -> None:
    inside = call(
        "isIn", ref("i"), '<Constant dataType="integer">1</Constant>', '<Constant dataType="double">1.5</Constant>'
    )
    assert expression(inside, [{"i": 1}, {"i": 2}], "boolean") == [True, None]


def test_lengths_of_sides_are_doubles(expression: Compute) -> None:
    assert expression(call("hypot", ref("f"), ref("f")), [{"f": 1.0}]) == [2**0.5]


def test_a_constant_of_type_float_is_rounded_before_it_is_a_double(score: Score, make: Make) -> None:
    inside = '<Constant dataType="float">0.1</Constant>'
    field = f'<DerivedField name="k" optype="continuous" dataType="double">{inside}</DerivedField>'
    terms = '<NumericPredictor name="k" coefficient="1"/>'
    local = f"<LocalTransformations>{field}</LocalTransformations>"
    body = f'<RegressionModel functionName="regression">@{local}{table(terms)}'
    assert score(make(f"{body}</RegressionModel>"), [{}])[0]["prediction"] == 0.10000000149011612


def test_a_missing_constant_adds_nothing_to_a_text(expression: Compute) -> None:
    inside = call("concat", "<Constant>a</Constant>", '<Constant missing="true" dataType="boolean"/>')
    assert expression(inside, [{}], "string") == ["a"]


def test_listed_values_are_all_that_is_valid_beside_intervals(expression: Compute) -> None:
    inside = '<Interval closure="closedClosed" leftMargin="0" rightMargin="1"/><Value value="5"/>'
    fields = f'<DataField name="x" optype="continuous" dataType="double">{inside}</DataField>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "ifso")
    assert expression(ref("x"), [{"x": 5.0}, {"x": 0.5}], fields=fields) == [5.0, None]


def tree_segment(inside: str, schema: str = INNER) -> str:
    return f'<Segment id="a"><True/><TreeModel functionName="regression">{schema}{inside}</TreeModel></Segment>'


def test_a_field_that_an_embedded_model_does_not_treat_is_handed_on(score: Score, make: Make) -> None:
    schema = '<MiningSchema><MiningField name="i"/><MiningField name="x" missingValueReplacement="0.5"/></MiningSchema>'
    node = (
        '<Node score="1"><True/><Node score="2"><SimplePredicate field="i" operator="equal" value="9"/></Node></Node>'
    )
    inside = f'<Segmentation multipleModelMethod="sum">{tree_segment(node, schema)}</Segmentation>'
    body = f'<MiningModel functionName="regression">@{inside}</MiningModel>'
    fields = '<DataField name="i" optype="categorical" dataType="integer"><Value value="1"/></DataField>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xfso")
    text = make(body, fields=fields, schema='<MiningField name="i" missingValueReplacement="9"/>')
    assert score(text, [{"x": 1.0}])[0]["prediction"] == 2.0


NOTHING = '<Node><True/><Node score="3"><SimplePredicate field="x" operator="greaterThan" value="0"/></Node></Node>'


@pytest.mark.parametrize(
    ("method", "expected"), [("sum", 10.0), ("average", None), ("median", None), ("weightedSum", 10.0)]
)
def test_segments_that_are_all_skipped(score: Score, make: Make, method: str, expected: float | None) -> None:
    body = (
        '<MiningModel functionName="regression">@<Targets><Target field="y" rescaleConstant="10">'
        f'<TargetValue defaultValue="1"/></Target></Targets><Segmentation multipleModelMethod="{method}" '
        f'missingPredictionTreatment="skipSegment">{tree_segment(NOTHING)}</Segmentation></MiningModel>'
    )
    assert score(make(body), [{"x": -1.0}])[0]["prediction"] == expected


def test_segments_of_a_sum_are_output_too(score: Score, make: Make) -> None:
    out = '<Output><OutputField name="own" segmentId="a" feature="predictedValue" dataType="double"/></Output>'
    inside = f'<Segmentation multipleModelMethod="sum">{tree_segment(NOTHING)}</Segmentation>'
    body = f'<MiningModel functionName="regression">@{out}{inside}</MiningModel>'
    assert score(make(body), [{"x": 1.0}]) == [{"prediction": 3.0, "own": 3.0}]


def test_a_number_and_its_cast_are_two_columns_of_a_tree(score: Score, make: Make) -> None:
    whole = '<DerivedField name="d" optype="continuous" dataType="integer"><FieldRef field="x"/></DerivedField>'
    deep = '<Node score="2"><SimplePredicate field="d" operator="greaterThan" value="1"/></Node>'
    body = (
        f'<TreeModel functionName="regression">@<LocalTransformations>{whole}</LocalTransformations><Node><True/>'
        f'<Node score="1"><SimplePredicate field="s" operator="equal" value="a"/>{deep}</Node>'
        '<Node score="3"><SimplePredicate field="x" operator="lessThan" value="0.7"/></Node></Node></TreeModel>'
    )
    assert score(make(body), [{"s": "b", "x": 0.5}, {"s": "a", "x": 0.5}, {"s": "a", "x": 2.0}]) == [
        {"prediction": 3.0}, {"prediction": None}, {"prediction": 2.0}
    ]  # fmt: skip


def network(activation: str, links: tuple[str, str]) -> str:
    ids = "".join(
        f'<NeuralInput id="{name}"><DerivedField optype="continuous" dataType="double"><FieldRef field="{name}"/>'
        "</DerivedField></NeuralInput>"
        for name in "xf"
    )
    first = "".join(f'<Neuron id="n{name}"><Con from="{name}" weight="1"/></Neuron>' for name in "xf")
    second = "".join(f'<Con from="{name}" weight="1"/>' for name in links)
    return (
        f'<NeuralNetwork functionName="regression" activationFunction="{activation}">@<NeuralInputs>{ids}'
        "</NeuralInputs>"
        f'<NeuralLayer>{first}</NeuralLayer><NeuralLayer activationFunction="identity"><Neuron id="o">{second}</Neuron>'
        '</NeuralLayer><NeuralOutputs><NeuralOutput outputNeuron="o"><DerivedField optype="continuous" '
        'dataType="double">'
        '<FieldRef field="y"/></DerivedField></NeuralOutput></NeuralOutputs></NeuralNetwork>'
    )


def test_an_infinite_neuron_that_is_not_connected_does_not_matter(score: Score, make: Make) -> None:
    text = make(network("reciprocal", ("nx", "nx")))
    assert score(text, [{"x": 4.0, "f": 0.0}])[0]["prediction"] == 0.5


def test_sums_of_neurons_are_never_negative_zero(score: Score, make: Make) -> None:
    text = make(network("reciprocal", ("nx", "nx")))
    assert score(text, [{"x": -0.0, "f": 1.0}])[0]["prediction"] == float("inf")


def test_a_missing_answer_that_is_returned_ends_what_is_looked_at(score: Score, make: Make) -> None:
    second = '<Node score="1"><SimplePredicate field="s" operator="notEqual" value="q"/></Node>'
    other = tree_segment(second).replace('id="a"', 'id="b"')
    body = (
        '<MiningModel functionName="regression">@<Targets><Target field="y"><TargetValue defaultValue="7"/></Target>'
        '</Targets><Segmentation multipleModelMethod="median" missingPredictionTreatment="returnMissing">'
        f"{tree_segment(NOTHING)}{other}</Segmentation></MiningModel>"
    )
    found = score(make(body), [{"x": -1.0, "s": "z"}, {"x": 1.0, "s": "z"}, {"x": 1.0, "s": "a"}])
    assert [row["prediction"] for row in found] == [7.0, None, 2.0]


def test_ties_of_medians_depend_on_rounding(score: Score, make: Make) -> None:
    def one(name: str, counts: tuple[int, int, int]) -> str:
        shares = "".join(
            f'<ScoreDistribution value="{value}" recordCount="{count}"/>'
            for value, count in zip("uvw", counts, strict=True)
        )
        inside = f'{INNER}<Node score="u"><True/>{shares}</Node>'
        return f'<Segment id="{name}"><True/><TreeModel functionName="classification">{inside}</TreeModel></Segment>'

    segments = one("a", (1, 4, 1)) + one("b", (5, 0, 4))
    inside = f'<Segmentation multipleModelMethod="median">{segments}</Segmentation>'
    body = f'<MiningModel functionName="classification">@{inside}</MiningModel>'
    assert score(make(body, target=CLASSES), [{}])[0]["label"] == "u"


def test_one_to_an_infinite_power_is_no_number(expression: Compute) -> None:
    endless = call("/", ref("f"), ref("i"))
    rows = [{"x": 1.0, "f": 1.0, "i": 0}, {"x": 2.0, "f": 1.0, "i": 0}]
    assert expression(call("pow", ref("x"), endless), rows) == [None, float("inf")]
    assert expression(call("modulo", ref("x"), endless), rows[:1]) == [None]


@pytest.mark.parametrize(
    ("kind", "word", "other"),
    [("date", "2000-02-29", "2000-03-01"), ("time", "12:30:45", "12:30:46"),
     ("dateTime", "1960-01-01T00:00:00", "1960-01-01T00:00:01")],
)  # fmt: skip
def test_moments_are_compared_with_constants_of_their_type(
    expression: Compute, kind: str, word: str, other: str
) -> None:
    fields = f'<DataField name="o" optype="ordinal" dataType="{kind}"/>'
    fields += "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in "xifs")
    rows = [{"o": word}, {"o": other}, {}]
    constant = f'<Constant dataType="{kind}">{word}</Constant>'
    for function, expected in (("equal", [True, False, None]), ("lessThan", [False, False, None]),
                               ("greaterThan", [False, True, None])):  # fmt: skip
        assert expression(call(function, ref("o"), constant), rows, "boolean", fields=fields) == expected


def test_asking_whether_a_text_is_there_does_not_make_it_known(score: Score, make: Make) -> None:
    nodes = (
        '<Node score="1"><SimplePredicate field="o" operator="isNotMissing"/></Node>'
        '<Node score="2"><SimplePredicate field="o" operator="notEqual" value="2.0"/></Node>'
        '<Node score="9"><True/></Node>'
    )
    body = '<TreeModel functionName="regression" missingValueStrategy="nullPrediction">@<Node><True/>'
    assert score(make(f"{body}{nodes}</Node></TreeModel>"), [{}, {"o": "q"}]) == [
        {"prediction": None},
        {"prediction": 1.0},
    ]


def test_predicates_after_the_first_that_holds_are_not_looked_at(score: Score, make: Make) -> None:
    inside = f'{INNER}<Node score="1"><True/></Node>'
    last = (
        '<Segment id="b"><SimplePredicate field="s" operator="notEqual" value="q"/>'
        '<TreeModel functionName="regression">'
        f"{inside}</TreeModel></Segment>"
    )
    first = tree_segment('<Node score="3"><True/></Node>')
    segments = f'<Segmentation multipleModelMethod="selectFirst">{first}{last}</Segmentation>'
    body = f'<MiningModel functionName="regression">@{segments}</MiningModel>'
    assert score(make(body), [{"s": "z"}]) == [{"prediction": 3.0}]


def chain_of(schema: str, inside: str, after: str) -> str:
    return (
        f'<MiningModel functionName="regression">{schema}<Targets><Target field="y"><TargetValue defaultValue="7"/>'
        '</Target></Targets><Segmentation multipleModelMethod="modelChain" missingPredictionTreatment="returnMissing">'
        f"{tree_segment(inside)}{tree_segment(after)}</Segmentation></MiningModel>"
    )


def test_an_invalid_link_after_one_without_an_answer_is_not_looked_at(score: Score, make: Make) -> None:
    second = '<Node score="1"><SimplePredicate field="s" operator="notEqual" value="q"/></Node>'
    body = chain_of("@", NOTHING, second).replace('id="a"', 'id="b"', 1)
    found = score(make(body), [{"x": -1.0, "s": "z"}, {"x": 1.0, "s": "z"}, {"x": 1.0, "s": "a"}])
    assert [row["prediction"] for row in found] == [7.0, None, 1.0]


def test_the_intercept_is_added_last(score: Score, make: Make) -> None:
    first = (
        '<NumericPredictor name="x" coefficient="-0.7"/><CategoricalPredictor name="s" value="a" coefficient="-1.0"/>'
    )
    body = f'<RegressionModel functionName="classification">@{table(first, "u", 0.1)}{table("", "v", -2)}'
    found = score(make(f"{body}</RegressionModel>", target=CLASSES), [{"x": -2.0, "s": "a"}])
    assert found[0]["label"] == "v"


def test_shares_of_neurons_that_add_up_to_nothing(score: Score, make: Make) -> None:
    neurons = (("n1", 1.0), ("n2", -1.0))
    layer = "".join(f'<Neuron id="{name}"><Con from="i" weight="{weight}"/></Neuron>' for name, weight in neurons)
    outputs = "".join(
        f'<NeuralOutput outputNeuron="{name}"><DerivedField optype="categorical" dataType="string">'
        f'<NormDiscrete field="y" value="{word}"/></DerivedField></NeuralOutput>'
        for word, (name, _) in zip("uv", neurons, strict=True)
    )
    body = (
        '<NeuralNetwork functionName="classification" activationFunction="identity" normalizationMethod="simplemax">@'
        '<NeuralInputs><NeuralInput id="i"><DerivedField optype="continuous" dataType="double"><FieldRef field="x"/>'
        f"</DerivedField></NeuralInput></NeuralInputs><NeuralLayer>{layer}</NeuralLayer><NeuralOutputs>{outputs}"
        "</NeuralOutputs></NeuralNetwork>"
    )
    assert score(make(body, target=CLASSES), [{"x": 1.0}])[0]["label"] is None


@pytest.mark.parametrize(("math", "expected"), [("double", 1.5), ("float", 3.0)])
def test_half_of_the_weight_is_in_the_arithmetic_of_the_model(
    score: Score, make: Make, math: str, expected: float
) -> None:
    segments = "".join(
        tree_segment(f'<Node score="{value}"><True/></Node>').replace('id="a"', f'id="{i}" weight="{weight}"')
        for i, (value, weight) in enumerate(((-2, 0.5), (3, 0.1), (1.5, 0.1), (3, 0.5)))
    )
    inside = f'<Segmentation multipleModelMethod="weightedMedian">{segments}</Segmentation>'
    body = f'<MiningModel functionName="regression" x-mathContext="{math}">@{inside}</MiningModel>'
    assert score(make(body), [{"x": 1.0}])[0]["prediction"] == expected


def shares_of(name: str, counts: Mapping[str, int]) -> str:
    shares = "".join(f'<ScoreDistribution value="{value}" recordCount="{count}"/>' for value, count in counts.items())
    inside = f'{INNER}<Node score="u"><True/>{shares}</Node>'
    return f'<Segment id="{name}"><True/><TreeModel functionName="classification">{inside}</TreeModel></Segment>'


@pytest.mark.parametrize("method", ["max", "median"])
def test_segments_of_a_median_that_list_different_classes_are_refused(score: Score, make: Make, method: str) -> None:
    def body(second: Mapping[str, int]) -> str:
        segments = shares_of("a", {"u": 3, "v": 1}) + shares_of("b", second)
        inside = f'<Segmentation multipleModelMethod="{method}">{segments}</Segmentation>'
        return make(f'<MiningModel functionName="classification">@{inside}</MiningModel>', target=CLASSES)

    assert score(body({"v": 1, "u": 5}), [{}])[0]["label"] == "u"
    with pytest.raises(CannotConvert, match="do not all list the same classes"):
        score(body({"v": 1, "w": 5}), [{}])


def test_the_arc_of_1_is_below_a_right_angle(expression: Compute) -> None:
    found = expression(call("tan", call("asin", ref("x"))), [{"x": 1.0}, {"x": -1.0}])
    assert found == [pytest.approx(1.633123935319537e16, rel=1e-9), pytest.approx(-1.633123935319537e16, rel=1e-9)]


def test_parameters_are_added_in_their_order(score: Score, make: Make) -> None:
    cells = "".join(f'<PPCell value="1" predictorName="x" parameterName="{name}"/>' for name in ("p1", "p2"))
    betas = "".join(
        f'<PCell parameterName="{name}" beta="{beta}"/>' for name, beta in (("p0", 0.1), ("p1", 1), ("p2", -1.6))
    )
    body = (
        '<GeneralRegressionModel modelType="generalizedLinear" functionName="regression" linkFunction="power" '
        'linkParameter="-1" offsetValue="0.2">@<ParameterList/><CovariateList><Predictor name="x"/></CovariateList>'
        f"<PPMatrix>{cells}</PPMatrix><ParamMatrix>{betas}</ParamMatrix></GeneralRegressionModel>"
    )
    assert score(make(body), [{"x": 0.5}])[0]["prediction"] == -1.8014398509481984e16


@pytest.mark.parametrize("rows", [1, 2, 7, 25])
def test_shares_do_not_vary_with_the_batch(score: Score, make: Make, rows: int) -> None:
    first = '<NumericPredictor name="x" coefficient="0.1"/>'
    tables = table(first, "u", -0.5) + table("", "v", 0.7) + table("", "w", 1.3)
    body = f'<RegressionModel functionName="classification" normalizationMethod="simplemax">@{tables}</RegressionModel>'
    x = 0.1
    scores = (x * 0.1 - 0.5, 0.7, 1.3)
    found = score(make(body, target=CLASSES), [{"x": x}] * rows)
    assert {row["probability(u)"] for row in found} == {scores[0] / (scores[0] + scores[1] + scores[2])}
