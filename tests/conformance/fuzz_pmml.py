"""Hypothesis strategies for small PMML documents, and the rows to score them with. One part a file element.

Every document is valid; its fields have missing values, and its categories some that the dictionary does not list.
"""

from typing import Any
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

Draw = st.DrawFn
NUMBERS = ("x", "y")
WORDS = ("s", "t")
LEVELS = ("a", "b", "c")
GRID = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
numbers = st.sampled_from(GRID)


def tag(element: str, /, *inside: str, **attributes: Any) -> str:
    """An element; attributes that are None are left out."""
    text = "".join(
        f" {key.rstrip('_')}={quoteattr(_text(value))}" for key, value in attributes.items() if value is not None
    )
    return f"<{element}{text}>{''.join(inside)}</{element}>" if inside else f"<{element}{text}/>"


def _text(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@st.composite
def mining_field(draw: Draw, name: str) -> str:
    text = name in WORDS
    missing = draw(st.none() | st.sampled_from(LEVELS if text else (-1, 0, 1, 2)))
    invalid = draw(st.sampled_from(["returnInvalid", "returnInvalid", "asMissing", "asIs"]))
    outliers, low, high = "asIs", None, None
    if not text and draw(st.integers(0, 3)) == 0:
        outliers, low, high = draw(st.sampled_from(["asMissingValues", "asExtremeValues"])), -1.0, 2.0
    return tag(
        "MiningField",
        name=name,
        missingValueReplacement=missing,
        invalidValueTreatment=invalid,
        outliers=outliers,
        lowValue=low,
        highValue=high,
    )


@st.composite
def data_field(draw: Draw, name: str) -> str:
    if name in WORDS:
        values = "".join(tag("Value", value=item) for item in LEVELS)
        return tag("DataField", values, name=name, optype="categorical", dataType="string")
    kind = draw(st.sampled_from(["double", "double", "float", "integer"])) if name == "y" else "double"
    interval = ""
    if draw(st.integers(0, 3)) == 0:
        closure = draw(st.sampled_from(["openClosed", "openOpen", "closedOpen", "closedClosed"]))
        interval = tag("Interval", closure=closure, leftMargin=-1, rightMargin=2)
    if draw(st.integers(0, 4)) == 0:
        interval += tag("Value", value=3, property="missing")
    return tag("DataField", interval, name=name, optype="continuous", dataType=kind)


@st.composite
def simple_predicate(draw: Draw) -> str:
    name = draw(st.sampled_from([*NUMBERS, *WORDS]))
    if draw(st.integers(0, 5)) == 0:
        return tag("SimplePredicate", field=name, operator=draw(st.sampled_from(["isMissing", "isNotMissing"])))
    if name in WORDS:
        if draw(st.booleans()):
            items = draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=2, unique=True))
            array = tag("Array", " ".join(items), type="string", n=len(items))
            return tag(
                "SimpleSetPredicate", array, field=name, booleanOperator=draw(st.sampled_from(["isIn", "isNotIn"]))
            )
        operator = draw(st.sampled_from(["equal", "notEqual"]))
        return tag("SimplePredicate", field=name, operator=operator, value=draw(st.sampled_from(LEVELS)))
    operator = draw(st.sampled_from(["equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"]))
    value = draw(st.sampled_from([-1, 0, 1, 2]))
    return tag("SimplePredicate", field=name, operator=operator, value=value)


@st.composite
def predicate(draw: Draw, depth: int = 2) -> str:
    kind = draw(st.integers(0, 7))
    if depth and kind == 0:
        parts = draw(st.lists(predicate(depth - 1), min_size=2, max_size=3))
        return tag(
            "CompoundPredicate", *parts, booleanOperator=draw(st.sampled_from(["and", "or", "xor", "surrogate"]))
        )
    if kind == 1 and depth < 2:
        return draw(st.sampled_from(["<True/>", "<False/>"]))
    return draw(simple_predicate())


@st.composite
def node(draw: Draw, depth: int, classify: bool, counter: list[int], holds: str, strategy: str) -> str:
    counter[0] += 1
    name = f"n{counter[0]}"
    scored = draw(st.integers(0, 5)) > 0 or depth == 0
    children: list[str] = []
    default = None
    if depth and draw(st.integers(0, 4)) > 0:
        ahead = []
        for holds_too in draw(st.lists(predicate(), min_size=1, max_size=3)):
            ahead.append(f"n{counter[0] + 1}")
            children.append(draw(node(depth - 1, classify, counter, holds_too, strategy)))
        default = draw(st.sampled_from(ahead)) if strategy == "defaultChild" else None
    if not classify:
        score = draw(numbers) if scored or not children else None
        return tag("Node", holds, *children, id=name, score=score, defaultChild=default)
    counts = [draw(st.integers(0, 4)) for _ in "uvw"]
    counts[0] += 1
    dist = [
        tag("ScoreDistribution", value=value, recordCount=count) for value, count in zip("uvw", counts, strict=True)
    ]
    return tag(
        "Node",
        holds,
        *dist,
        *children,
        id=name,
        score=draw(st.sampled_from("uvw")) if scored else None,
        defaultChild=default,
    )


@st.composite
def tree(draw: Draw, classify: bool | None = None, depth: int = 3) -> tuple[str, bool]:
    classify = draw(st.booleans()) if classify is None else classify
    strategy = draw(st.sampled_from(["none", "nullPrediction", "lastPrediction", "defaultChild"]))
    counter = [0]
    root = draw(
        node(depth, classify, counter, draw(st.sampled_from(["<True/>", "<True/>", draw(predicate())])), strategy)
    )
    body = tag(
        "TreeModel",
        SCHEMA,
        root,
        functionName="classification" if classify else "regression",
        missingValueStrategy=strategy,
        splitCharacteristic="multiSplit",
        noTrueChildStrategy=draw(st.sampled_from(["returnNullPrediction", "returnLastPrediction"])),
    )
    return body, classify


SCHEMA = "@SCHEMA@"
"""Where the mining schema goes: the outermost model's has treatments, embedded ones are plain."""


@st.composite
def expression(draw: Draw, depth: int = 2) -> str:
    """A numeric expression."""
    kind = draw(st.integers(0, 9)) if depth else draw(st.integers(0, 4))
    if kind <= 1:
        return tag("FieldRef", field=draw(st.sampled_from(NUMBERS)))
    if kind == 2:
        return tag("Constant", str(draw(numbers)), dataType="double")
    if kind == 3:
        return tag(
            "NormDiscrete",
            field=draw(st.sampled_from(WORDS)),
            value=draw(st.sampled_from(LEVELS)),
            mapMissingTo=draw(st.none() | st.just(0.25)),
        )
    if kind == 4:
        points = (
            tag("LinearNorm", orig=-1, norm=0) + tag("LinearNorm", orig=0.5, norm=2) + tag("LinearNorm", orig=2, norm=1)
        )
        return tag(
            "NormContinuous",
            points,
            field=draw(st.sampled_from(NUMBERS)),
            mapMissingTo=draw(st.none() | st.just(7)),
            outliers=draw(st.sampled_from(["asIs", "asMissingValues", "asExtremeValues"])),
        )
    missing, default = draw(st.none() | st.just(5)), draw(st.none() | st.just(9))
    if kind == 5:
        function = draw(st.sampled_from(["abs", "exp", "floor", "ceil", "round", "sqrt", "ln"]))
        return tag("Apply", draw(expression(depth - 1)), function=function, mapMissingTo=missing, defaultValue=default)
    if kind == 6:
        return tag(
            "Apply",
            draw(condition(depth - 1)),
            draw(expression(depth - 1)),
            draw(expression(depth - 1)),
            function="if",
            mapMissingTo=missing,
            defaultValue=default,
        )
    if kind == 7:
        bins = tag("DiscretizeBin", tag("Interval", closure="openOpen", rightMargin=0), binValue=1)
        bins += tag("DiscretizeBin", tag("Interval", closure="closedOpen", leftMargin=0, rightMargin=2), binValue=2)
        return tag(
            "Discretize",
            bins,
            field=draw(st.sampled_from(NUMBERS)),
            dataType="double",
            defaultValue=draw(st.none() | st.just(4)),
            mapMissingTo=draw(st.none() | st.just(8)),
        )
    if kind == 8:
        function = draw(st.sampled_from(["min", "max", "sum", "avg", "product", "median"]))
        parts = draw(st.lists(expression(depth - 1), min_size=1, max_size=3))
        return tag("Apply", *parts, function=function)
    function = draw(st.sampled_from(["+", "-", "*", "/"]))
    return tag(
        "Apply",
        draw(expression(depth - 1)),
        draw(expression(depth - 1)),
        function=function,
        mapMissingTo=missing,
        defaultValue=default,
    )


@st.composite
def condition(draw: Draw, depth: int) -> str:
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return tag(
            "Apply",
            tag("FieldRef", field=draw(st.sampled_from([*NUMBERS, *WORDS]))),
            function=draw(st.sampled_from(["isMissing", "isNotMissing"])),
        )
    if kind == 1:
        return tag(
            "Apply",
            tag("FieldRef", field=draw(st.sampled_from(WORDS))),
            tag("Constant", draw(st.sampled_from(LEVELS)), dataType="string"),
            function=draw(st.sampled_from(["equal", "notEqual", "isIn"])),
        )
    if kind == 2 and depth:
        return tag(
            "Apply",
            draw(condition(depth - 1)),
            draw(condition(depth - 1)),
            function=draw(st.sampled_from(["and", "or"])),
        )
    function = draw(st.sampled_from(["lessThan", "greaterOrEqual", "equal", "lessOrEqual"]))
    return tag("Apply", draw(expression(0)), draw(expression(0)), function=function)


@st.composite
def regression(draw: Draw, classify: bool | None = None) -> tuple[str, bool]:
    classify = draw(st.booleans()) if classify is None else classify
    method = draw(st.sampled_from(["none", "softmax", "logit"] if classify else ["none", "exp", "logit", "cauchit"]))
    labels = ["u", "v"] if classify and method == "logit" else ["u", "v", "w"] if classify else [None]
    tables = []
    for label in labels:
        parts = []
        if draw(st.booleans()):
            parts.append(
                tag("NumericPredictor", name="x", coefficient=draw(numbers), exponent=draw(st.sampled_from([1, 2])))
            )
        if draw(st.booleans()):
            parts.append(tag("NumericPredictor", name="d", coefficient=draw(numbers)))
        parts += [
            tag("CategoricalPredictor", name="s", value=level, coefficient=draw(numbers))
            for level in draw(st.lists(st.sampled_from(LEVELS), unique=True))
        ]
        if draw(st.booleans()):
            term = tag("FieldRef", field="x") + tag("FieldRef", field="y")
            parts.append(tag("PredictorTerm", term, coefficient=draw(numbers)))
        tables.append(tag("RegressionTable", *parts, intercept=draw(numbers), targetCategory=label))
    body = tag(
        "RegressionModel",
        SCHEMA,
        LOCALS,
        *tables,
        normalizationMethod=method,
        functionName="classification" if classify else "regression",
    )
    return body, classify


LOCALS = "@LOCALS@"


@st.composite
def mining(draw: Draw) -> tuple[str, bool]:
    classify = draw(st.booleans())
    common = ["selectFirst", "modelChain"]
    methods = (
        ["majorityVote", "weightedMajorityVote", "average", "weightedAverage", "max"]
        if classify
        else ["average", "weightedAverage", "sum", "median", "weightedMedian", "weightedSum"]
    )
    method = draw(st.sampled_from([*methods, *common]))
    segments = []
    count = draw(st.integers(1, 4))
    bare = draw(st.booleans())
    for i in range(count):
        holds = "<True/>" if bare or draw(st.booleans()) else draw(predicate())
        model = draw(tree(classify, 2))[0]
        if not bare and draw(st.integers(0, 3)) == 0 and not (classify and method == "average"):
            model = draw(regression(classify))[0].replace(LOCALS, "")
        segments.append(
            tag("Segment", holds, model.replace(SCHEMA, PLAIN), id=f"s{i}", weight=draw(st.sampled_from([1, 2, 0.5])))
        )
    treatment = draw(st.sampled_from(["continue", "skipSegment", "returnMissing"]))
    segmentation = tag(
        "Segmentation",
        *segments,
        multipleModelMethod=method,
        missingPredictionTreatment=treatment,
        missingThreshold=draw(st.sampled_from([1, 0.5, 0.3])),
    )
    body = tag("MiningModel", SCHEMA, LOCALS, segmentation, functionName="classification" if classify else "regression")
    return body, classify


PLAIN = tag("MiningSchema", *(tag("MiningField", name=name) for name in (*NUMBERS, *WORDS, "d")))


@st.composite
def scorecard(draw: Draw) -> tuple[str, bool]:
    items = []
    for i in range(draw(st.integers(1, 3))):
        attributes = [
            tag("Attribute", draw(predicate()), partialScore=draw(numbers), reasonCode=f"r{draw(st.integers(0, 3))}")
            for _ in range(draw(st.integers(1, 2)))
        ]
        if draw(st.integers(0, 3)):
            attributes.append(tag("Attribute", "<True/>", partialScore=draw(numbers), reasonCode="r9"))
        items.append(tag("Characteristic", *attributes, name=f"c{i}", baselineScore=draw(numbers)))
    fields = "".join(
        tag("OutputField", name=f"reason{i}", feature="reasonCode", rank=i, dataType="string") for i in (1, 2)
    )
    body = tag(
        "Scorecard",
        SCHEMA,
        tag("Output", fields),
        tag("Characteristics", *items),
        functionName="regression",
        initialScore=draw(numbers),
        useReasonCodes=True,
        reasonCodeAlgorithm=draw(st.sampled_from(["pointsAbove", "pointsBelow"])),
    )
    return body, False


@st.composite
def rule_set(draw: Draw) -> tuple[str, bool]:
    rules = [
        tag(
            "SimpleRule",
            draw(predicate()),
            id=f"r{i}",
            score=draw(st.sampled_from("uvw")),
            confidence=draw(st.sampled_from([0.3, 0.5, 0.9])),
            weight=draw(st.sampled_from([0.2, 0.7, 1.0])),
        )
        for i in range(draw(st.integers(1, 4)))
    ]
    if draw(st.booleans()):
        rules = [tag("CompoundRule", draw(predicate()), *rules[:2]), *rules[2:]]
    method = tag("RuleSelectionMethod", criterion=draw(st.sampled_from(["firstHit", "weightedSum", "weightedMax"])))
    default = draw(st.none() | st.sampled_from("uvw"))
    inside = tag("RuleSet", method, *rules, defaultScore=default, defaultConfidence=None if default is None else 0.1)
    return tag("RuleSetModel", SCHEMA, inside, functionName="classification"), True


@st.composite
def clustering(draw: Draw) -> tuple[str, bool]:
    measure = draw(st.sampled_from(["euclidean", "squaredEuclidean", "cityBlock", "chebychev"]))
    compare = tag("ComparisonMeasure", f"<{measure}/>", kind="distance", compareFunction="absDiff")
    fields = "".join(
        tag(
            "ClusteringField",
            field=name,
            compareFunction=draw(st.sampled_from(["absDiff", "absDiff", "delta"])),
            fieldWeight=draw(st.sampled_from([1, 2])),
        )
        for name in NUMBERS
    )
    clusters = [
        tag("Cluster", tag("Array", f"{draw(numbers)} {draw(numbers)}", type="real", n=2), id=str(i + 1))
        for i in range(draw(st.integers(1, 3)))
    ]
    out = tag(
        "Output",
        tag("OutputField", name="who", feature="predictedValue", optype="categorical", dataType="string"),
        tag("OutputField", name="near", feature="affinity", optype="continuous", dataType="double"),
    )
    body = tag(
        "ClusteringModel",
        SCHEMA,
        out,
        compare,
        fields,
        *clusters,
        functionName="clustering",
        modelClass="centerBased",
        numberOfClusters=len(clusters),
    )
    return body, True


@st.composite
def naive_bayes(draw: Draw) -> tuple[str, bool]:
    def counts() -> str:
        return tag(
            "TargetValueCounts", *(tag("TargetValueCount", value=v, count=draw(st.integers(0, 5))) for v in "uvw")
        )

    pairs = "".join(tag("PairCounts", counts(), value=level) for level in LEVELS)
    stats = "".join(
        tag(
            "TargetValueStat",
            tag("GaussianDistribution", mean=draw(numbers), variance=draw(st.sampled_from([0.5, 2]))),
            value=v,
        )
        for v in "uvw"
    )
    inputs = tag(
        "BayesInputs",
        tag("BayesInput", pairs, fieldName="s"),
        tag("BayesInput", tag("TargetValueStats", stats), fieldName="x"),
    )
    prior = tag("TargetValueCounts", *(tag("TargetValueCount", value=v, count=draw(st.integers(1, 5))) for v in "uvw"))
    body = tag(
        "NaiveBayesModel",
        SCHEMA,
        inputs,
        tag("BayesOutput", prior, fieldName="target"),
        functionName="classification",
        threshold=0.001,
    )
    return body, True


MODELS = {
    "tree": tree,
    "regression": regression,
    "mining": mining,
    "scorecard": scorecard,
    "rule_set": rule_set,
    "clustering": clustering,
    "naive_bayes": naive_bayes,
}


@st.composite
def document(draw: Draw, kind: str) -> str:
    """A whole document."""
    body, classify = draw(MODELS[kind]())
    fields = [draw(data_field(name)) for name in (*NUMBERS, *WORDS)]
    schema = [draw(mining_field(name)) for name in (*NUMBERS, *WORDS)]
    target = ""
    if kind != "clustering":
        values = [tag("Value", value=value) for value in "uvw"] if classify and kind != "regression" else []
        optype = "categorical" if classify else "continuous"
        target = tag("DataField", *values, name="target", optype=optype, dataType="string" if classify else "double")
        schema.append(tag("MiningField", name="target", usageType="target"))
    derived = tag("DerivedField", draw(expression()), name="d", optype="continuous", dataType="double")
    body = body.replace(SCHEMA, tag("MiningSchema", *schema), 1)
    shared = LOCALS not in body
    body = body.replace(LOCALS, tag("LocalTransformations", derived), 1).replace(LOCALS, "")
    dictionary = tag("DataDictionary", *fields, target)
    transformations = tag("TransformationDictionary", derived) if shared else ""
    return tag(
        "PMML", "<Header/>", dictionary, transformations, body, xmlns="http://www.dmg.org/PMML-4_4", version="4.4"
    )


rows = st.fixed_dictionaries(
    {
        "x": st.none() | numbers,
        "y": st.none() | st.sampled_from([-2, -1, 0, 1, 2, 3]),
        "s": st.none() | st.sampled_from([*LEVELS, *LEVELS, "z"]),
        "t": st.none() | st.sampled_from([*LEVELS, *LEVELS, "z"]),
    }
)
