"""What stands around a model: data dictionary, mining schema, derived fields, targets; and the rows to score.

Every document is valid; its fields have missing values, and its categories some that the dictionary does not list.
"""

from collections.abc import Callable
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
        optype: of the target field of a classification.
        more: MiningField elements of further active fields.
        rows: makes the cells of further fields.
        bare: whether the common fields are left out.
        functions: DefineFunction elements.
        locals: further DerivedField elements, beside `d`.
        targeted: whether the body has the Targets it wants.
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
    rows: Callable[[Random], Row] | None = None
    bare: bool = False
    functions: str = ""
    locals: str = ""
    targeted: bool = False


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
    names = () if model.bare else INPUTS
    fields = [mining_field(random, name) if model.treated else tag("MiningField", name=name) for name in names]
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
    if model.target == "none" or model.targeted or random.randrange(4):
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


VERSIONS = {f"{major}.{minor}": f"http://www.dmg.org/PMML-{major}_{minor}" for major, minor in
            ((3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2), (4, 3))}  # fmt: skip


def document(random: Random, model: Model) -> str:
    """A whole document."""
    from tests.conformance.fuzz_pmml.expressions import number

    kind = often(random, "double", "float", "integer", of=6)
    derived = tag("DerivedField", number(random), name="d", optype="continuous", dataType=kind)
    derived = model.locals if model.bare else derived + model.locals
    shared = LOCALS not in model.body or random.randrange(2) == 0
    names = () if model.bare else INPUTS if shared else (*INPUTS, "d")
    plain = tag("MiningSchema", *(tag("MiningField", name=name) for name in names))
    body = model.body.replace(SCHEMA, schema(random, model), 1).replace(PLAIN, plain)
    inside = tag("LocalTransformations", derived) if derived and not shared else ""
    body = body.replace(LOCALS, inside, 1).replace(LOCALS, "")
    fields = [] if model.bare else [data_field(random, name) for name in INPUTS]
    dictionary = tag("DataDictionary", *fields, *model.fields, target_field(random, model))
    transformations = tag("TransformationDictionary", model.functions, derived if shared else "")
    version, space = "4.4", "http://www.dmg.org/PMML-4_4"
    if random.randrange(8) == 0:
        version, space = random.choice(list(VERSIONS.items()))
    parts = ("<Header/>", dictionary, transformations if len(transformations) > 30 else "", body)
    return tag("PMML", *parts, xmlns=space, version=version)


def row(random: Random) -> Row:
    """Missing values, invalid ones, and those of the grid that splits and margins lie on."""

    def text() -> str | None:
        return random.choice([None, *LEVELS, *LEVELS, *LEVELS, "z"])

    return {
        "x": random.choice([None, *GRID, *GRID]), "y": random.choice([None, -2, -1, 0, 1, 2, 3, 0, 1, 2]),
        "s": text(), "t": text(), "b": random.choice([None, True, False, True, False]),
    }  # fmt: skip
