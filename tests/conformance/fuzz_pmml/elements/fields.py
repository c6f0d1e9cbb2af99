"""Fields: every data type and optype, listed and unlisted values, intervals, every treatment; nested schemas too."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model, Row
from tests.conformance.fuzz_pmml.markup import maybe, often, some, tag

KINDS = ("double", "float", "integer", "string", "boolean")
VALUES = {
    "double": (-1.0, 0.0, 0.1, 0.5, 1.0, 2.0, 2.5, 3.0),
    "float": (-1.0, 0.0, 0.1, 0.5, 1.0, 2.0, 2.5, 3.0),
    "integer": (-1, 0, 1, 2, 3),
    "string": ("a", "b", "c", "1", "0", "a b", "2.0"),
    "boolean": (True, False),
}
TREATMENTS = ("asIs", "asMean", "asMode", "asMedian", "asValue", "returnInvalid")
INVALID = ("returnInvalid", "asIs", "asMissing", "asValue")


class Field:
    """One input field of a random kind."""

    def __init__(self, random: Random, name: str) -> None:
        self.random, self.name, self.kind = random, name, random.choice(KINDS)
        self.continuous = self.kind in ("double", "float", "integer") and random.randrange(2) == 0
        self.optype = "continuous" if self.continuous else random.choice(["categorical", "ordinal"])
        if self.kind == "boolean" or (self.kind == "string" and random.randrange(2)):
            self.optype = "categorical"

    def value(self) -> object:
        return self.random.choice(VALUES[self.kind])

    def data(self) -> str:
        random, inside = self.random, ""
        if self.continuous:
            if random.randrange(2):
                span = random.choice([(0, 2), (None, 1), (0.5, None), (-1, 0.5)])
                closure = random.choice(["openClosed", "openOpen", "closedOpen", "closedClosed"])
                inside += tag("Interval", closure=closure, leftMargin=span[0], rightMargin=span[1])
            if random.randrange(3) == 0:
                inside += tag("Value", value=self.value(), property=random.choice(["missing", "invalid", "valid"]))
        elif random.randrange(3):
            listed = some(random, VALUES[self.kind])
            marks = [often(random, None, "missing", "invalid", "valid", of=4) for _ in listed]
            inside = "".join(tag("Value", value=v, property=mark) for v, mark in zip(listed, marks, strict=True))
        return tag("DataField", inside, name=self.name, optype=self.optype, dataType=self.kind)

    def mining(self) -> str:
        random = self.random
        invalid = random.choice(INVALID)
        by = self.value() if invalid == "asValue" or (invalid == "asIs" and random.randrange(4) == 0) else None
        replaced = maybe(random, self.value(), 2)
        treatment = random.choice(TREATMENTS) if random.randrange(3) == 0 else None
        outliers, low, high = None, None, None
        if self.continuous and random.randrange(3) == 0:
            outliers = random.choice(["asIs", "asMissingValues", "asExtremeValues"])
            low, high = random.choice([(0, 2), (-0.5, 2), (None, 1.5), (1, None)])
        return tag(
            "MiningField",
            name=self.name,
            usageType=often(random, None, "active", "supplementary", of=6),
            missingValueReplacement=replaced,
            missingValueTreatment=treatment,
            invalidValueTreatment=invalid,
            invalidValueReplacement=by,
            outliers=outliers,
            lowValue=low,
            highValue=high,
        )

    def predicate(self) -> str:
        random = self.random
        if random.randrange(4) == 0:
            operator = random.choice(["isMissing", "isNotMissing"])
            return tag("SimplePredicate", field=self.name, operator=operator)
        if random.randrange(3) == 0:
            items = some(random, VALUES[self.kind], 1, 2)
            kind = "string" if self.kind in ("string", "boolean") else "int" if self.kind == "integer" else "real"
            words = [f'"{item}"' if kind == "string" else str(item) for item in items]
            words = [word.lower() if self.kind == "boolean" else word for word in words]
            array = tag("Array", " ".join(words), type=kind, n=maybe(random, len(items)))
            operator = random.choice(["isIn", "isNotIn"])
            return tag("SimpleSetPredicate", array, field=self.name, booleanOperator=operator)
        order = ["equal", "notEqual"]
        if self.continuous:
            order += ["lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"]
        return tag("SimplePredicate", field=self.name, operator=random.choice(order), value=self.value())

    def shown(self) -> list[str]:
        kind = self.random.choice(["string", self.kind]) if self.kind != "double" else "double"
        fields = []
        if self.random.randrange(2):
            fields.append(tag("OutputField", tag("FieldRef", field=self.name), name=f"o{self.name}",
                              feature="transformedValue", dataType=kind, optype="categorical"))  # fmt: skip
        function = self.random.choice(["isMissing", "isNotMissing", "isValid", "isNotValid"])
        if self.random.randrange(2):
            fields.append(tag("OutputField", tag("Apply", tag("FieldRef", field=self.name), function=function),
                              name=f"p{self.name}", feature="transformedValue", dataType="boolean",
                              optype="categorical"))  # fmt: skip
        return fields


def tree(random: Random, fields: list[Field], schema: str, output: str = "", inside: str = "") -> str:
    leaves = []
    for i in range(random.randint(1, 3)):
        holds = random.choice(fields).predicate()
        if random.randrange(3) == 0:
            other = random.choice(fields).predicate()
            operator = random.choice(["and", "or", "xor", "surrogate"])
            holds = tag("CompoundPredicate", holds, other, booleanOperator=operator)
        leaves.append(tag("Node", holds, score=i))
    leaves.append(tag("Node", "<True/>", score=random.choice([7, 9])))
    return tag(
        "TreeModel", schema, output, inside, tag("Node", "<True/>", *leaves, score=-1), functionName="regression",
        missingValueStrategy=random.choice(["none", "nullPrediction", "lastPrediction"]),
        noTrueChildStrategy=random.choice(["returnNullPrediction", "returnLastPrediction"]),
    )  # fmt: skip


def model(random: Random) -> Model:
    fields = [Field(random, f"f{i}") for i in range(random.randint(1, 3))]
    output = tag("Output", *(item for field in fields for item in field.shown()))
    output = output if len(output) > 10 else ""
    if random.randrange(3) == 0:
        own = tag("MiningSchema", *(field.mining() for field in fields))
        segments = [tag("Segment", "<True/>", tree(random, fields, own), id="a")]
        if random.randrange(2):
            plain = tag("MiningSchema", *(tag("MiningField", name=field.name) for field in fields))
            segments.append(tag("Segment", random.choice(fields).predicate(), tree(random, fields, plain), id="b"))
        method = random.choice(["sum", "average", "selectFirst"])
        inside = tag("Segmentation", *segments, multipleModelMethod=method)
        body = tag("MiningModel", SCHEMA, output, LOCALS, inside, functionName="regression")
    else:
        body = tree(random, fields, SCHEMA, output, LOCALS)

    def rows(chance: Random) -> Row:
        return {field.name: chance.choice([None, *VALUES[field.kind], *VALUES[field.kind]]) for field in fields}

    return Model(
        body, fields=[field.data() for field in fields], more=[field.mining() for field in fields], rows=rows,
        bare=True,
    )  # fmt: skip
