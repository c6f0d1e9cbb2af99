"""MiningModel: segments of trees and regressions, every method and treatment of missing predictions."""

from random import Random

from tests.conformance.fuzz_pmml.elements import regression, tree
from tests.conformance.fuzz_pmml.frame import LOCALS, PLAIN, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, often, tag
from tests.conformance.fuzz_pmml.predicates import predicate

CLASSIFY = ("majorityVote", "weightedMajorityVote", "average", "weightedAverage", "max", "median")
REGRESS = (
    "average",
    "weightedAverage",
    "sum",
    "median",
    "weightedMedian",
    "weightedSum",
    "x-weightedSum",
    "x-weightedMedian",
)
CHOOSE = ("selectFirst", "modelChain")


def segment(random: Random, classify: bool, bare: bool, math: str | None, name: str, depth: int, method: str) -> str:
    holds = "<True/>" if bare or random.randrange(2) else predicate(random)
    if not bare and depth and random.randrange(8) == 0:
        inner = body(random, classify, math, depth - 1)
    elif not bare and random.randrange(3) == 0:
        inner = regression.body(random, classify, math=math)
    else:
        inner = tree.body(random, classify, 2, math=math)
    inner = inner.replace(SCHEMA, PLAIN).replace(LOCALS, "")
    return tag("Segment", holds, inner, id=name, weight=random.choice([1, 2, 0.5, 0.1]))


def body(random: Random, classify: bool, math: str | None, depth: int = 1, output: str = "") -> str:
    method = random.choice([*(CLASSIFY if classify else REGRESS), *CHOOSE])
    bare = bool(random.randrange(2))
    segments = [
        segment(random, classify, bare, math, f"{'t' * (1 - depth)}s{i}", depth, method)
        for i in range(random.randint(1, 4))
    ]
    treatment = random.choice(["continue", "skipSegment", "returnMissing"])
    if method in CHOOSE:
        treatment = random.choice(["continue", "returnMissing"])
    segmentation = tag(
        "Segmentation",
        *segments,
        multipleModelMethod=method,
        missingPredictionTreatment=treatment,
        missingThreshold=random.choice([1, 0.5, 0.3]),
    )
    return tag(
        "MiningModel",
        SCHEMA,
        output,
        LOCALS,
        segmentation,
        functionName="classification" if classify else "regression",
        **{"x-mathContext": math},
    )


def model(random: Random) -> Model:
    classify = bool(random.randrange(2))
    math = often(random, None, "float", of=5)
    fields = [
        tag("OutputField", name=f"of{i}", segmentId=f"s{i}", feature="predictedValue",
            dataType="string" if classify else "double", optype="categorical" if classify else "continuous")
        for i in (0,)
    ]  # fmt: skip
    output = tag("Output", *fields) if random.randrange(4) == 0 else ""
    text = body(random, classify, math, output=output)
    if output and "s0" not in text.replace(output, ""):
        text = text.replace(output, "")
    return Model(
        text, "classification" if classify else "regression", classes=often(random, CLASSES, ("w", "v", "u"), of=3)
    )
