"""NaiveBayesModel: counts, densities, discretized inputs."""

from random import Random

from tests.conformance.fuzz_pmml.expressions import discretize
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, LEVELS, often, some, tag


def counts(random: Random, least: int, classes: tuple[str, ...] = CLASSES) -> str:
    return tag(
        "TargetValueCounts", *(tag("TargetValueCount", value=v, count=random.randint(least, 5)) for v in classes)
    )


def pairs(random: Random, values: tuple[str, ...]) -> list[str]:
    return [tag("PairCounts", counts(random, 0), value=value) for value in values]


def density(random: Random) -> str:
    if random.randrange(4) == 0:
        return tag("PoissonDistribution", mean=random.choice([0.5, 2]))
    return tag("GaussianDistribution", mean=random.choice(GRID), variance=random.choice([0.5, 2]))


def model(random: Random) -> Model:
    inputs = []
    if random.randrange(4):
        inputs.append(tag("BayesInput", *pairs(random, LEVELS), fieldName="s"))
    if random.randrange(2):
        inputs.append(tag("BayesInput", *pairs(random, LEVELS[:2]), fieldName="t"))
    if random.randrange(2):
        stats = [tag("TargetValueStat", density(random), value=v) for v in some(random, CLASSES, 2)]
        inputs.append(tag("BayesInput", tag("TargetValueStats", *stats), fieldName="x"))
    if not inputs or random.randrange(4) == 0:
        bins = discretize(random, "string", ("low", "mid", "high"))
        name = bins.split('field="')[1].split('"')[0]
        if name == "y" or not any('fieldName="x"' in item for item in inputs):
            derived = tag("DerivedField", bins, optype="categorical", dataType="string")
            inputs.append(tag("BayesInput", derived, *pairs(random, ("low", "mid", "high")), fieldName=name))
    body = tag(
        "NaiveBayesModel",
        SCHEMA,
        LOCALS,
        tag("BayesInputs", *inputs),
        tag("BayesOutput", counts(random, 1), fieldName="target"),
        functionName="classification",
        threshold=random.choice([0.001, 0.1, 0]),
    )
    return Model(body, "classification", classes=often(random, CLASSES, (), of=4))
