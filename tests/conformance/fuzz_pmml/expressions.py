"""Expressions of numbers, truth values and texts over the common fields."""

from random import Random

from tests.conformance.fuzz_pmml.markup import GRID, LEVELS, NUMBERS, WORDS, constant, maybe, often, some, tag

UNARY = (
    "abs",
    "exp",
    "floor",
    "ceil",
    "round",
    "rint",
    "sqrt",
    "ln",
    "log10",
    "expm1",
    "ln1p",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "stdNormalCDF",
    "stdNormalPDF",
    "stdNormalIDF",
    "erf",
)
BINARY = ("+", "-", "*", "/", "pow", "threshold", "modulo", "hypot", "atan2")
MANY = ("min", "max", "sum", "avg", "product", "median")


def ref(random: Random, names: tuple[str, ...], by: object = None) -> str:
    return tag("FieldRef", field=random.choice(names), mapMissingTo=maybe(random, by, 6) if by is not None else None)


def number(random: Random, depth: int = 2) -> str:
    """A numeric expression."""
    kind = random.randrange(14) if depth else random.randrange(5)
    if kind <= 1:
        return ref(random, NUMBERS, 1)
    if kind == 2:
        whole = random.randrange(3) == 0
        return (
            constant(random.choice([-2, -1, 0, 1, 2, 3]), "integer")
            if whole
            else constant(random.choice(GRID), "double")
        )
    if kind == 3:
        return tag(
            "NormDiscrete", field=random.choice(WORDS), value=random.choice(LEVELS), mapMissingTo=maybe(random, 0.25)
        )
    if kind == 4:
        return norm_continuous(random)
    if kind == 5:
        return discretize(random)
    if kind == 6:
        return map_values(random, "double", ("1", "2.5", "-1"))
    return call(random, depth)


def treatments(random: Random) -> dict[str, object]:
    return {"mapMissingTo": maybe(random, 5, 3), "defaultValue": maybe(random, 9, 3),
            "invalidValueTreatment": often(random, None, "asMissing", "asIs", "returnInvalid", of=6)}  # fmt: skip


def call(random: Random, depth: int) -> str:
    kind, more = random.randrange(8), treatments(random)

    def part() -> str:
        return number(random, depth - 1)

    if kind <= 1:
        return tag("Apply", part(), function=random.choice(UNARY), **more)
    if kind == 2:
        other = [part()] if random.randrange(4) else []
        return tag("Apply", condition(random, depth - 1), part(), *other, function="if", **more)
    if kind == 3:
        return tag("Apply", *(part() for _ in range(random.randint(1, 3))), function=random.choice(MANY), **more)
    if kind == 4:
        mean, deviation = (
            constant(random.choice([0, 1, -0.5]), "double"),
            constant(random.choice([1, 0.5, 2]), "double"),
        )
        return tag(
            "Apply", part(), mean, deviation, function=random.choice(["normalCDF", "normalPDF", "normalIDF"]), **more
        )
    if kind == 5:
        return tag("Apply", text(random, depth - 1), function="stringLength", **more)
    return tag("Apply", part(), part(), function=random.choice(BINARY), **more)


def norm_continuous(random: Random) -> str:
    points = some(random, [(-1, 0), (0.5, 2), (1, 1.5), (2, 1)], 2)
    inside = [tag("LinearNorm", orig=orig, norm=norm) for orig, norm in sorted(points)]
    return tag(
        "NormContinuous",
        *inside,
        field=random.choice(NUMBERS),
        mapMissingTo=maybe(random, 7),
        outliers=random.choice(["asIs", "asMissingValues", "asExtremeValues"]),
    )


def discretize(random: Random, kind: str = "double", values: tuple[str, ...] = ("1", "2", "3")) -> str:
    closures = ["openOpen", "closedOpen", "openClosed", "closedClosed"]
    spans = [{"rightMargin": 0}, {"leftMargin": 0, "rightMargin": 2}, {"leftMargin": 2}]
    bins = [
        tag("DiscretizeBin", tag("Interval", closure=random.choice(closures), **span), binValue=value)
        for span, value in zip(spans, values, strict=False)
    ]
    return tag(
        "Discretize",
        *some(random, bins),
        field=random.choice(NUMBERS),
        dataType=kind,
        defaultValue=maybe(random, values[0]),
        mapMissingTo=maybe(random, values[-1]),
    )


def map_values(random: Random, kind: str, values: tuple[str, ...]) -> str:
    columns = some(random, WORDS)
    rows, known = [], set()
    for _ in range(random.randint(1, 4)):
        cells = [tag(f"c{name}", random.choice(LEVELS)) for name in columns]
        if tuple(cells) in known:
            continue
        known.add(tuple(cells))
        rows.append(tag("row", *cells, tag("out", random.choice(values))))
    pairs = [tag("FieldColumnPair", field=name, column=f"c{name}") for name in columns]
    return tag(
        "MapValues",
        *pairs,
        tag("InlineTable", *rows),
        outputColumn="out",
        dataType=kind,
        defaultValue=maybe(random, values[0]),
        mapMissingTo=maybe(random, values[-1]),
    )


def condition(random: Random, depth: int = 1) -> str:
    """A boolean expression."""
    kind = random.randrange(8)
    if kind == 0:
        function = random.choice(["isMissing", "isNotMissing", "isValid", "isNotValid"])
        return tag("Apply", ref(random, (*NUMBERS, *WORDS, "b")), function=function)
    if kind == 1:
        items = [constant(item, "string") for item in some(random, LEVELS, 1, 2)]
        function = random.choice(["equal", "notEqual", "isIn", "isNotIn"])
        items = items[:1] if "sIn" not in function and "NotIn" not in function else items
        return tag("Apply", ref(random, WORDS, "a"), *items, function=function)
    if kind == 2:
        items = [constant(item, "double") for item in some(random, GRID, 1, 3)]
        return tag("Apply", ref(random, NUMBERS), *items, function=random.choice(["isIn", "isNotIn"]))
    if kind == 3:
        return tag("FieldRef", field="b")
    if kind == 4 and depth:
        parts = [condition(random, depth - 1) for _ in range(random.randint(2, 3))]
        return tag("Apply", *parts, function=random.choice(["and", "or"]))
    if kind == 5 and depth:
        return tag("Apply", condition(random, depth - 1), function="not")
    function = random.choice(["lessThan", "greaterOrEqual", "equal", "lessOrEqual", "notEqual", "greaterThan"])
    return tag("Apply", number(random, 0), number(random, 0), function=function, defaultValue=maybe(random, "true", 8))


def text(random: Random, depth: int = 2) -> str:
    """A text expression."""
    kind = random.randrange(9) if depth > 0 else random.randrange(2)
    if kind == 0:
        return ref(random, WORDS, "b")
    if kind == 1:
        return constant(random.choice([" a b ", "Ab", "c", "aab"]), "string")
    if kind == 2:
        return discretize(random, "string", ("low", " Mid", "high"))
    if kind == 3:
        return map_values(random, "string", ("One", "two ", "c"))
    inner = text(random, depth - 1)
    if kind == 4:
        return tag("Apply", inner, function=random.choice(["uppercase", "lowercase", "trimBlanks"]), **_default(random))
    if kind == 5:
        start, length = constant(random.randint(1, 4), "integer"), constant(random.randint(0, 3), "integer")
        return tag("Apply", inner, start, length, function="substring", **_default(random))
    if kind == 6:
        return tag("Apply", inner, text(random, depth - 1), function="concat", **_default(random))
    if kind == 7:
        pattern, by = constant(random.choice(["a+", "[bc]", "^a", "b$", "."]), "string"), constant("x", "string")
        return tag("Apply", inner, pattern, by, function="replace", **_default(random))
    return tag("Apply", condition(random, depth - 1), inner, text(random, depth - 1), function="if")


def _default(random: Random) -> dict[str, object]:
    return {"mapMissingTo": maybe(random, "none", 5), "defaultValue": maybe(random, "b", 5)}
