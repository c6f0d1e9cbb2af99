"""Scorecard: attributes, complex partial scores, reason codes."""

from random import Random

from tests.conformance.fuzz_pmml.expressions import number
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import GRID, maybe, tag
from tests.conformance.fuzz_pmml.predicates import predicate


def attribute(random: Random, holds: str, complex_: bool) -> str:
    code = f"r{random.randint(0, 4)}"
    if complex_ and random.randrange(3) == 0:
        return tag("Attribute", holds, tag("ComplexPartialScore", number(random, 1)), reasonCode=code)
    return tag("Attribute", holds, partialScore=random.choice(GRID), reasonCode=code)


def model(random: Random) -> Model:
    items, complex_ = [], bool(random.randrange(2))
    for i in range(random.randint(1, 4)):
        attributes = [attribute(random, predicate(random), complex_) for _ in range(random.randint(1, 2))]
        if random.randrange(5):
            attributes.append(attribute(random, "<True/>", complex_))
        items.append(tag("Characteristic", *attributes, name=f"c{i}", baselineScore=random.choice(GRID)))
    fields = [tag("OutputField", name=f"reason{i}", feature="reasonCode", rank=i, dataType="string") for i in (1, 2, 3)]
    return Model(
        tag(
            "Scorecard",
            SCHEMA,
            tag("Output", *fields),
            LOCALS,
            tag("Characteristics", *items),
            functionName="regression",
            initialScore=maybe(random, random.choice(GRID)),
            useReasonCodes=True,
            reasonCodeAlgorithm=random.choice(["pointsAbove", "pointsBelow"]),
        )
    )
