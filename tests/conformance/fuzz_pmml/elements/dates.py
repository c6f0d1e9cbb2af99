"""Dates, times and date-times: functions, comparisons, counts since an epoch, derived fields of other types."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model, Row
from tests.conformance.fuzz_pmml.markup import constant, maybe, often, tag

MOMENTS = {
    "date": ("1959-12-31", "1960-01-01", "1970-01-01", "1980-02-29", "2000-02-29", "2023-03-01", "1900-03-01"),
    "time": ("00:00:00", "12:30:45", "23:59:59", "00:00:01"),
    "dateTime": ("1960-01-01T00:00:00", "1969-12-31T23:59:59", "2000-02-29T12:00:01", "2023-03-01T00:00:00",
                 "1959-06-01T06:00:00"),
}  # fmt: skip
EPOCHS = {
    "date": ("dateDaysSince[1960]", "dateDaysSince[1970]", "dateDaysSince[1980]", "dateDaysSince[0]"),
    "time": ("timeSeconds",),
    "dateTime": ("dateTimeSecondsSince[1960]", "dateTimeSecondsSince[1970]", "dateTimeSecondsSince[1980]",
                 "dateTimeSecondsSince[0]"),
}  # fmt: skip
FUNCTIONS = {
    "date": ("dateDaysSinceYear", "dateDaysSinceYear", "dateSecondsSinceYear"),
    "time": ("dateSecondsSinceMidnight",),
    "dateTime": ("dateSecondsSinceYear", "dateSecondsSinceMidnight", "dateDaysSinceYear"),
}
NAMES = {"date": "on", "time": "at", "dateTime": "when"}


def rows(random: Random) -> Row:
    return {name: random.choice([None, *MOMENTS[kind], *MOMENTS[kind]]) for kind, name in NAMES.items()}


def count(random: Random, depth: int = 1) -> str:
    """A number made of a date."""
    kind = random.choice(tuple(NAMES))
    function = random.choice(FUNCTIONS[kind])
    year = constant(random.choice([1960, 1970, 1980, 2000, 2001]), "integer")
    extra = [] if function == "dateSecondsSinceMidnight" else [year]
    more = {"mapMissingTo": maybe(random, 5, 4), "defaultValue": maybe(random, 9, 5)}
    found = tag("Apply", tag("FieldRef", field=NAMES[kind]), *extra, function=function, **more)
    if depth and random.randrange(2):
        other = constant(random.choice([1, 7, 365]), "integer")
        return tag("Apply", found, other, function=random.choice(["/", "-", "modulo", "lessThan"]))
    return found


def compared(random: Random) -> str:
    kind = random.choice(tuple(NAMES))
    function = random.choice(["equal", "notEqual", "lessThan", "greaterOrEqual", "lessOrEqual", "greaterThan", "isIn"])
    word = random.choice(MOMENTS[kind])
    value = constant(word, kind if random.randrange(3) else "string")
    return tag("Apply", tag("FieldRef", field=NAMES[kind]), value, function=function)


def data_field(random: Random, kind: str) -> str:
    inside = ""
    if random.randrange(5) == 0:
        inside = tag("Value", value=MOMENTS[kind][0], property=random.choice(["missing", "invalid", "valid"]))
    optype = random.choice(["continuous", "ordinal", "categorical"]) if kind == "date" else "continuous"
    return tag("DataField", inside, name=NAMES[kind], optype=optype, dataType=kind)


def mining_field(random: Random, kind: str) -> str:
    return tag(
        "MiningField",
        name=NAMES[kind],
        missingValueReplacement=maybe(random, MOMENTS[kind][1], 4),
        invalidValueTreatment=often(random, "returnInvalid", "asMissing", "asIs"),
    )


def derived(random: Random) -> tuple[str, str]:
    """A count since an epoch, or a date again."""
    kind = random.choice(tuple(NAMES))
    to = random.choice([*EPOCHS[kind], kind, "string"])
    return tag(
        "DerivedField", tag("FieldRef", field=NAMES[kind]), name="e",
        optype="continuous" if to != "string" else "categorical", dataType=to,
    ), to  # fmt: skip


def predicates(random: Random) -> list[str]:
    kind = random.choice(tuple(NAMES))
    operator = random.choice(["lessThan", "greaterOrEqual", "equal", "notEqual", "greaterThan"])
    one = tag("SimplePredicate", field=NAMES[kind], operator=operator, value=random.choice(MOMENTS[kind]))
    return [one, tag("SimplePredicate", field=NAMES[kind], operator="isMissing"), "<True/>"]


def model(random: Random) -> Model:
    fields = []
    made, to = derived(random)
    if random.randrange(2):
        fields.append(tag("OutputField", count(random), name="n", optype="continuous", dataType="double",
                          feature="transformedValue"))  # fmt: skip
    if random.randrange(2):
        fields.append(tag("OutputField", compared(random), name="c", optype="categorical", dataType="boolean",
                          feature="transformedValue"))  # fmt: skip
    use = tag("FieldRef", field="e")
    if to not in MOMENTS and to != "string":
        use = random.choice([use, tag("Apply", use, constant(1, "integer"), function="+")])
    fields.append(tag("OutputField", use, name="f", optype="continuous", feature="transformedValue",
                      dataType=random.choice(["double", "integer"]) if to not in MOMENTS and to != "string" else
                      "string"))  # fmt: skip
    leaves = [tag("Node", holds, score=i) for i, holds in enumerate(predicates(random))]
    body = tag(
        "TreeModel", SCHEMA, tag("Output", *fields), tag("LocalTransformations", made),
        tag("Node", "<True/>", *leaves, score=-1), functionName="regression",
        missingValueStrategy=random.choice(["none", "nullPrediction", "lastPrediction"]),
    )  # fmt: skip
    body += LOCALS
    return Model(
        body,
        fields=[data_field(random, kind) for kind in NAMES],
        more=[mining_field(random, kind) for kind in NAMES],
        rows=rows,
    )
