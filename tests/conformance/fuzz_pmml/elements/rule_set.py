"""RuleSetModel: simple and compound rules, the three selection methods."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, maybe, tag
from tests.conformance.fuzz_pmml.predicates import predicate


def model(random: Random) -> Model:
    rules = [
        tag("SimpleRule", predicate(random), id=f"r{i}", score=random.choice(CLASSES),
            confidence=random.choice([0.3, 0.5, 0.9]), weight=random.choice([0.2, 0.7, 1.0]))
        for i in range(random.randint(1, 5))
    ]  # fmt: skip
    if random.randrange(2):
        rules = [tag("CompoundRule", predicate(random), *rules[:2]), *rules[2:]]
    method = tag("RuleSelectionMethod", criterion=random.choice(["firstHit", "weightedSum", "weightedMax"]))
    default = maybe(random, random.choice(CLASSES))
    inside = tag("RuleSet", method, *rules, defaultScore=default, defaultConfidence=None if default is None else 0.1)
    output = tag("OutputField", name="rule", feature="entityId", dataType="string", optype="categorical")
    output += tag("OutputField", name="sure", feature="confidence", value="u", dataType="double", optype="continuous")
    first = tag("Output", output) if random.randrange(2) else ""
    return Model(tag("RuleSetModel", SCHEMA, first, LOCALS, inside, functionName="classification"), "classification")
