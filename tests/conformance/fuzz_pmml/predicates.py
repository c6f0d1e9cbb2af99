"""Predicates over the common fields."""

from random import Random

from tests.conformance.fuzz_pmml.markup import LEVELS, NUMBERS, WORDS, array, often, some, tag

COMPARISONS = ("equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual")


def simple(random: Random) -> str:
    name = random.choice([*NUMBERS, *WORDS, "x", "y", "b", "d"])
    if random.randrange(6) == 0:
        return tag("SimplePredicate", field=name, operator=random.choice(["isMissing", "isNotMissing"]))
    if name == "b":
        operator = random.choice(["equal", "notEqual"])
        return tag("SimplePredicate", field=name, operator=operator, value=random.choice(["true", "false"]))
    if name in WORDS:
        return _text(random, name)
    if random.randrange(6) == 0:
        items = some(random, [-1, 0, 1, 2, 3], 1, 3)
        return tag("SimpleSetPredicate", array(items, "real"), field=name, booleanOperator=_membership(random))
    return tag(
        "SimplePredicate", field=name, operator=random.choice(COMPARISONS), value=random.choice([-1, 0, 0.5, 1, 2])
    )


def _membership(random: Random) -> str:
    return random.choice(["isIn", "isNotIn"])


def _text(random: Random, name: str) -> str:
    if random.randrange(2):
        items = some(random, LEVELS, 1, 2)
        return tag("SimpleSetPredicate", array(items, "string"), field=name, booleanOperator=_membership(random))
    operator = random.choice(["equal", "notEqual"])
    return tag("SimplePredicate", field=name, operator=operator, value=random.choice(LEVELS))


def predicate(random: Random, depth: int = 2) -> str:
    kind = random.randrange(8)
    if depth and kind == 0:
        parts = [predicate(random, depth - 1) for _ in range(random.randint(2, 3))]
        return tag("CompoundPredicate", *parts, booleanOperator=random.choice(["and", "or", "xor", "surrogate"]))
    if kind == 1 and depth < 2:
        return random.choice(["<True/>", "<False/>"])
    return simple(random)


def root(random: Random) -> str:
    return often(random, "<True/>", predicate(random), of=6)
