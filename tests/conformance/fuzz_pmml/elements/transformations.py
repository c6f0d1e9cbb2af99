"""Expressions as output fields of a model that says nothing else: numbers, truth values and texts."""

from random import Random

from tests.conformance.fuzz_pmml.expressions import condition, number, text
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import often, tag


def field(name: str, inside: str, kind: str) -> str:
    optype = "continuous" if kind in ("double", "float", "integer") else "categorical"
    return tag("OutputField", inside, name=name, optype=optype, dataType=kind, feature="transformedValue")


def model(random: Random) -> Model:
    fields = [field("n", number(random, 3), often(random, "double", "float", "integer", of=8))]
    fields += [field("c", condition(random, 2), "boolean"), field("w", text(random, 3), "string")]
    picked = random.sample(fields, random.randint(1, 2))
    table = tag("RegressionTable", intercept=1)
    return Model(tag("RegressionModel", SCHEMA, tag("Output", *picked), LOCALS, table, functionName="regression"))
