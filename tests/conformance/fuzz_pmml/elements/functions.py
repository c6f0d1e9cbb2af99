"""Functions: each built-in one on arguments of any type, and functions that the document defines."""

from random import Random

from tests.conformance.fuzz_pmml.expressions import BINARY, MANY, UNARY, discretize, map_values
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import constant, maybe, often, tag

TYPES = ("double", "float", "integer", "string", "boolean")
LOGIC = ("and", "or")
COMPARISONS = ("equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual")
TEXTS = ("uppercase", "lowercase", "trimBlanks", "stringLength")
FIELDS = {"double": ("x", "d"), "integer": ("y",), "string": ("s", "t"), "boolean": ("b",), "float": ("x", "h")}
CONSTANTS = {
    "double": (0.0, 1.5, -2.0, 0.1, 1e10, -0.5, 100.25),
    "float": (0.1, 1.5, -2.0, 3.0),
    "integer": (0, 1, -1, 2, 3, 2147483647),
    "string": ("a", "b", "1", "2.5", "true", "x y"),
    "boolean": ("true", "false"),
}


def more(random: Random, words: tuple[object, ...] = (5, -1)) -> dict[str, object]:
    return {"mapMissingTo": maybe(random, random.choice(words), 5), "defaultValue": maybe(random, words[0], 5),
            "invalidValueTreatment": often(random, None, "asMissing", "asIs", "returnInvalid", of=5)}  # fmt: skip


def leaf(random: Random, kind: str) -> str:
    if random.randrange(10) == 0:
        return tag("Constant", missing=True, dataType=kind)
    if random.randrange(3) == 0:
        return constant(random.choice(CONSTANTS[kind]), kind)
    by = {"string": "b", "boolean": "true"}.get(kind, 1)
    return tag("FieldRef", field=random.choice(FIELDS[kind]), mapMissingTo=maybe(random, by, 5))


def anything(random: Random, depth: int) -> str:
    return expression(random, random.choice(TYPES), depth)


def expression(random: Random, kind: str, depth: int = 2) -> str:
    """Of a type, mostly."""
    if depth == 0 or random.randrange(5) == 0:
        return leaf(random, kind)
    if kind == "boolean":
        return truth(random, depth)
    if kind == "string":
        return text(random, depth)
    return number(random, depth)


def number(random: Random, depth: int) -> str:
    def part() -> str:
        return expression(random, random.choice(["double", "float", "integer", "integer"]), depth - 1)

    kind = random.randrange(9)
    if kind <= 1:
        return tag("Apply", part(), function=random.choice(UNARY), **more(random))
    if kind <= 3:
        return tag("Apply", part(), part(), function=random.choice(BINARY), **more(random))
    if kind == 4:
        parts = [part() for _ in range(random.randint(1, 4))]
        return tag("Apply", *parts, function=random.choice(MANY), **more(random))
    if kind == 5:
        other = [part()] if random.randrange(4) else []
        return tag("Apply", truth(random, depth - 1), part(), *other, function="if", **more(random))
    if kind == 6:
        return tag("Apply", text(random, depth - 1), function="stringLength", **more(random))
    if kind == 7:
        return defined(random, part)
    return random.choice([discretize(random), map_values(random, "integer", ("1", "2", "-3"))])


def defined(random: Random, part: object) -> str:
    function = random.choice(["twice", "share", "label", "known"])
    count = {"twice": 1, "share": 2, "label": 1, "known": 1}[function]
    found = tag("Apply", *(part() for _ in range(count)), function=function,  # type: ignore[operator]  # a maker
                **more(random, ("5", "7")))  # fmt: skip
    return tag("Apply", found, function="stringLength") if function == "label" else found


FUNCTIONS = (
    '<DefineFunction name="twice" optype="continuous" dataType="{0}"><ParameterField name="p" dataType="{1}" '
    'optype="continuous"/><Apply function="*"><FieldRef field="p"/><Constant dataType="integer">2</Constant></Apply>'
    '</DefineFunction><DefineFunction name="share" optype="continuous" dataType="double"><ParameterField name="p"/>'
    '<ParameterField name="q"/><Apply function="/"><FieldRef field="p"/><Apply function="sum"><FieldRef field="p"/>'
    '<FieldRef field="q"/></Apply></Apply></DefineFunction><DefineFunction name="label" optype="categorical" '
    'dataType="string"><ParameterField name="p"/><Apply function="if"><Apply function="greaterThan">'
    '<FieldRef field="p"/><Constant>1</Constant></Apply><Constant>high</Constant><Constant>low</Constant></Apply>'
    '</DefineFunction><DefineFunction name="known" optype="continuous" dataType="integer"><ParameterField name="p"/>'
    '<Apply function="if"><Apply function="isMissing"><FieldRef field="p"/></Apply><Constant>0</Constant>'
    "<Constant>1</Constant></Apply></DefineFunction>"
)


def truth(random: Random, depth: int) -> str:
    if depth <= 0:
        return leaf(random, "boolean")
    kind = random.randrange(7)
    if kind == 0:
        function = random.choice(["isMissing", "isNotMissing", "isValid", "isNotValid"])
        return tag("Apply", anything(random, depth - 1), function=function)
    if kind == 1:
        parts = [truth(random, depth - 1) for _ in range(random.randint(2, 3))]
        return tag("Apply", *parts, function=random.choice(LOGIC), **more(random, ("true", "false")))
    if kind == 2:
        return tag("Apply", truth(random, depth - 1), function="not", **more(random, ("true", "false")))
    of = random.choice(["double", "integer", "string", "float"])
    if kind == 3:
        items = [leaf(random, of) for _ in range(random.randint(1, 3))]
        return tag("Apply", expression(random, of, depth - 1), *items, function=random.choice(["isIn", "isNotIn"]))
    if kind == 4:
        pattern = constant(random.choice(["a+", "[bc]", "^a", "b$", ".", "[0-9]"]), "string")
        return tag("Apply", text(random, depth - 1), pattern, function="matches", **more(random, ("true", "false")))
    names = COMPARISONS if of != "string" else COMPARISONS[:2]
    return tag("Apply", expression(random, of, depth - 1), expression(random, of, depth - 1),
               function=random.choice(names), **more(random, ("true", "false")))  # fmt: skip


def text(random: Random, depth: int) -> str:
    if depth <= 0:
        return leaf(random, "string")
    kind = random.randrange(7)
    if kind == 0:
        return tag("Apply", text(random, depth - 1), function=random.choice(TEXTS[:3]), **more(random, ("b", "z")))
    if kind == 1:
        start, length = constant(random.randint(1, 4), "integer"), constant(random.randint(0, 3), "integer")
        return tag("Apply", text(random, depth - 1), start, length, function="substring", **more(random, ("b",)))
    if kind == 2:
        parts = [random.choice([text(random, depth - 1), leaf(random, "integer"), leaf(random, "boolean")])
                 for _ in range(random.randint(2, 3))]  # fmt: skip
        return tag("Apply", *parts, function="concat", **more(random, ("b",)))
    if kind == 3:
        pattern = constant(random.choice(["a+", "[bc]", "^a", "b$", "."]), "string")
        by = constant(random.choice(["x", "", "yy"]), "string")
        return tag("Apply", text(random, depth - 1), pattern, by, function="replace", **more(random, ("b",)))
    if kind == 4:
        other = [text(random, depth - 1)] if random.randrange(4) else []
        return tag("Apply", truth(random, depth - 1), text(random, depth - 1), *other, function="if",
                   **more(random, ("b",)))  # fmt: skip
    if kind == 5:
        return map_values(random, "string", ("One", "two ", "c"))
    return discretize(random, "string", ("low", " Mid", "high"))


def model(random: Random) -> Model:
    fields, locals_ = [], []
    h = tag("DerivedField", tag("FieldRef", field="x"), name="h", optype="continuous", dataType="float")
    for i in range(random.randint(1, 3)):
        kind = random.choice(TYPES)
        to = often(random, kind, *TYPES, of=4)
        optype = "continuous" if to in ("double", "float", "integer") else "categorical"
        inside = expression(random, kind, random.randint(1, 3))
        if random.randrange(2):
            locals_.append(tag("DerivedField", inside, name=f"g{i}", optype=optype, dataType=to))
            inside = tag("FieldRef", field=f"g{i}")
        fields.append(tag("OutputField", inside, name=f"o{i}", feature="transformedValue", optype=optype, dataType=to))
    table = tag("RegressionTable", intercept=1)
    body = tag("RegressionModel", SCHEMA, tag("Output", *fields), LOCALS, table, functionName="regression")
    types = (random.choice(["double", "integer", "float"]), random.choice(["double", "integer", "float"]))
    return Model(body, functions=FUNCTIONS.format(*types), locals=h + "".join(locals_))
