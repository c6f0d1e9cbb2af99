"""RegressionModel: terms of every kind, every normalization."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, LEVELS, often, some, tag

PLAIN = ("none", "softmax", "logit", "exp", "cloglog", "loglog", "cauchit", "probit")
TWO = ("none", "softmax", "simplemax", "logit", "cloglog", "loglog", "cauchit", "probit")
MANY = ("none", "softmax", "softmax", "simplemax", "logit")
ORDINAL = ("none", "logit", "cloglog", "loglog", "cauchit", "probit")


def table(random: Random, label: str | None, smooth: bool = False) -> str:
    parts = []
    if random.randrange(2):
        parts.append(
            tag("NumericPredictor", name="x", coefficient=_number(random), exponent=random.choice([1, 1, 2, 3]))
        )
    if random.randrange(2):
        parts.append(tag("NumericPredictor", name="d", coefficient=_number(random)))
    if random.randrange(3) == 0:
        parts.append(tag("NumericPredictor", name="y", coefficient=_number(random)))
    for name in some(random, ("s", "t"), 0):
        parts += [
            tag("CategoricalPredictor", name=name, value=level, coefficient=_number(random))
            for level in some(random, LEVELS)
        ]
    if random.randrange(3) == 0:
        refs = [tag("FieldRef", field=name) for name in random.choice([("x", "y"), ("x",), ("x", "d", "y")])]
        parts.append(tag("PredictorTerm", *refs, coefficient=_number(random)))
    return tag("RegressionTable", *parts, intercept=_number(random), targetCategory=label)


def _number(random: Random) -> float:
    return random.choice([*GRID, 0.1, -0.7])


def body(random: Random, classify: bool, classes: tuple[str, ...] = CLASSES, output: str = "",
         math: str | None = None, ordinal: bool = False) -> str:  # fmt: skip
    labels: tuple[str | None, ...] = classes if classify else (None,)
    known = (ORDINAL if ordinal else TWO if len(labels) == 2 else MANY) if classify else PLAIN
    method = random.choice(known)
    if math:
        method = method.replace("probit", "none")
    tables = [table(random, label) for label in labels]
    if classify and random.randrange(4) == 0:
        tables[-1] = tag("RegressionTable", intercept=0, targetCategory=labels[-1])
    return tag(
        "RegressionModel",
        SCHEMA,
        output,
        LOCALS,
        *tables,
        normalizationMethod=method,
        functionName="classification" if classify else "regression",
        **{"x-mathContext": math},
    )


def model(random: Random) -> Model:
    classify = bool(random.randrange(2))
    classes = CLASSES[:2] if random.randrange(2) else CLASSES
    ordinal = classify and random.randrange(4) == 0
    math = often(random, None, "float", of=5)
    text = body(random, classify, classes, math=math, ordinal=ordinal)
    listed = classes if ordinal else often(random, classes, (), of=3)
    return Model(
        text,
        "classification" if classify else "regression",
        classes=listed,
        type=None if classify else often(random, "double", "float", of=4),
        optype="ordinal" if ordinal else "categorical",
    )
