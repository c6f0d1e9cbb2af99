"""What stands around a model: data dictionary, mining schema, derived fields, targets; and the rows to score.

Every document is valid; its fields have missing values, and its categories some that the dictionary does not list.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, LEVELS, NUMBERS, WORDS, maybe, often, tag

SCHEMA, LOCALS, PLAIN = "@SCHEMA@", "@LOCALS@", "@PLAIN@"
"""Where the outermost model's mining schema and derived fields go, and where embedded models' plain schemas."""
INPUTS = (*NUMBERS, *WORDS, "b")
Row = dict[str, Any]


@dataclass
class Model:
    """A model to be framed.

    Attributes:
        body: with the marks above.
        target: regression, classification or none.
        type: of the target field.
        classes: values that the target field lists.
        goals: MiningField elements of further targets.
        fields: DataField elements of further fields.
        treated: whether fields may be treated (missing, invalid, outlying values).
    """

    body: str
    target: str = "regression"
    type: str | None = None
    classes: tuple[str, ...] = CLASSES
    goals: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    treated: bool = True
    optype: str = "categorical"
    more: list[str] = field(default_factory=list)


def mining_field(random: Random, name: str) -> str:
    if name == "b":
        return tag("MiningField", name=name, missingValueReplacement=maybe(random, "true", 4))
    text = name in WORDS
    outliers, low, high = "asIs", None, None
    if not text and random.randrange(4) == 0:
        outliers = random.choice(["asMissingValues", "asExtremeValues"])
        low, high = random.choice([(-1.0, 2.0), (None, 1.5), (-0.5, None)])
    invalid = often(random, "returnInvalid", "asMissing", "asIs", "asValue", of=2)
    by = (random.choice(LEVELS) if text else random.choice([0, 1])) if invalid == "asValue" else None
    if invalid == "asIs":
        by = maybe(random, random.choice(LEVELS) if text else 1, 4)
    return tag(
        "MiningField",
        name=name,
        missingValueReplacement=maybe(random, random.choice(LEVELS if text else (-1, 0, 1, 2)), 3),
        missingValueTreatment=maybe(random, random.choice(["asIs", "asMean", "asMode", "returnInvalid"]), 6),
        invalidValueTreatment=invalid,
        invalidValueReplacement=by,
        outliers=outliers,
        lowValue=low,
        highValue=high,
    )


def data_field(random: Random, name: str) -> str:
    if name == "b":
        return tag("DataField", name=name, optype="categorical", dataType="boolean")
    if name in WORDS:
        values = "".join(tag("Value", value=item) for item in LEVELS)
        if random.randrange(4) == 0:
            values += tag("Value", value="z", property=random.choice(["missing", "invalid"]))
        return tag(
            "DataField", values if random.randrange(5) else "", name=name, optype="categorical", dataType="string"
        )
    kind = random.choice(["double", "double", "float", "integer"]) if name == "y" else "double"
    inside = ""
    if random.randrange(4) == 0:
        closure = random.choice(["openClosed", "openOpen", "closedOpen", "closedClosed"])
        inside = tag("Interval", closure=closure, leftMargin=-1, rightMargin=random.choice([None, 2, 2]))
    if random.randrange(5) == 0:
        inside += tag("Value", value=3, property=random.choice(["missing", "invalid"]))
    return tag("DataField", inside, name=name, optype="continuous", dataType=kind)


def schema(random: Random, model: Model) -> str:
    fields = [mining_field(random, name) if model.treated else tag("MiningField", name=name) for name in INPUTS]
    goal = [] if model.target == "none" else [tag("MiningField", name="target", usageType="target")]
    return tag("MiningSchema", *fields, *model.more, *goal, *model.goals)


def target_field(random: Random, model: Model) -> str:
    if model.target == "none":
        return ""
    if model.target == "regression":
        return tag("DataField", name="target", optype="continuous", dataType=model.type or "double")
    values = [tag("Value", value=value) for value in model.classes]
    return tag("DataField", *values, name="target", optype=model.optype, dataType=model.type or "string")


def targets(random: Random, model: Model) -> str:
    """Now and then a Targets element."""
    if model.target == "none" or random.randrange(4):
        return ""
    if model.target == "regression":
        inside = tag("TargetValue", defaultValue=random.choice([-1, 0.5])) if random.randrange(2) else ""
        return tag(
            "Targets",
            tag(
                "Target",
                inside,
                field="target",
                min=maybe(random, -1),
                max=maybe(random, 2),
                rescaleFactor=maybe(random, 0.1),
                rescaleConstant=maybe(random, 0.7),
                castInteger=maybe(random, random.choice(["round", "ceiling", "floor"]), 3),
            ),
        )
    shares = [random.choice([1, 0.25, 0.5]) for _ in model.classes]
    values = [
        tag("TargetValue", value=name, priorProbability=share, displayValue=f"the {name}")
        for name, share in zip(model.classes, shares, strict=True)
    ]
    return tag("Targets", tag("Target", *values, field="target"))


def document(random: Random, model: Model) -> str:
    """A whole document."""
    from tests.conformance.fuzz_pmml.expressions import number

    derived = tag(
        "DerivedField",
        number(random),
        name="d",
        optype="continuous",
        dataType=often(random, "double", "float", "integer", of=6),
    )
    shared = LOCALS not in model.body or random.randrange(2) == 0
    names = INPUTS if shared else (*INPUTS, "d")
    plain = tag("MiningSchema", *(tag("MiningField", name=name) for name in names))
    body = model.body.replace(SCHEMA, schema(random, model), 1).replace(PLAIN, plain)
    body = body.replace(LOCALS, "" if shared else tag("LocalTransformations", derived), 1).replace(LOCALS, "")
    fields = [data_field(random, name) for name in INPUTS]
    dictionary = tag("DataDictionary", *fields, *model.fields, target_field(random, model))
    transformations = tag("TransformationDictionary", derived) if shared else ""
    return tag(
        "PMML", "<Header/>", dictionary, transformations, body, xmlns="http://www.dmg.org/PMML-4_4", version="4.4"
    )


def row(random: Random) -> Row:
    """Missing values, invalid ones, and those of the grid that splits and margins lie on."""

    def text() -> str | None:
        return random.choice([None, *LEVELS, *LEVELS, *LEVELS, "z"])

    return {
        "x": random.choice([None, *GRID, *GRID]), "y": random.choice([None, -2, -1, 0, 1, 2, 3, 0, 1, 2]),
        "s": text(), "t": text(), "b": random.choice([None, True, False, True, False]),
    }  # fmt: skip
