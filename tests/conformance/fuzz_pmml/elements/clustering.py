"""ClusteringModel: every measure and compare function, missing fields and their weights."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import GRID, array, maybe, tag

DISTANCES = ("euclidean", "squaredEuclidean", "cityBlock", "chebychev", "minkowski")
FUNCTIONS = ("absDiff", "delta", "gaussSim")
SIMILARITIES = ("simpleMatching", "jaccard", "tanimoto", "binarySimilarity")


def measure(random: Random, alike: bool) -> str:
    name = random.choice(SIMILARITIES if alike else DISTANCES)
    more: dict[str, object] = {"p-parameter": random.choice([1, 2, 3])} if name == "minkowski" else {}
    if name == "binarySimilarity":
        more = {f"{side}{i}{j}-parameter": random.choice([0, 1, 2]) for side in "cd" for i in "01" for j in "01"}
    compare = random.choice(["absDiff", "absDiff", "delta", "equal", "gaussSim"])
    return tag(
        "ComparisonMeasure", tag(name, **more), kind="similarity" if alike else "distance", compareFunction=compare
    )


def model(random: Random) -> Model:
    alike = random.randrange(4) == 0
    names = ("x", "y", "d") if random.randrange(2) else ("x", "y")
    fields = [
        tag("ClusteringField", field=name, compareFunction=maybe(random, random.choice(FUNCTIONS), 4),
            fieldWeight=maybe(random, random.choice([1, 2, 0.5]), 3), similarityScale=random.choice([1, 0.5, 2]))
        for name in names
    ]  # fmt: skip
    values = (0, 1) if alike else GRID
    clusters = [
        tag("Cluster", array([random.choice(values) for _ in names]), id=str(i + 1), name=f"the {i}")
        for i in range(random.randint(1, 3))
    ]
    weights = (
        tag("MissingValueWeights", array([random.choice([1, 0.5, 2]) for _ in names]))
        if random.randrange(3) == 0
        else ""
    )
    out = [
        tag("OutputField", name="who", feature="predictedValue", optype="categorical", dataType="string"),
        tag("OutputField", name="shown", feature="predictedDisplayValue", optype="categorical", dataType="string"),
        tag("OutputField", name="near", feature="affinity", optype="continuous", dataType="double"),
        tag("OutputField", name="first", feature="clusterAffinity", value="1", optype="continuous", dataType="double"),
    ]
    body = tag(
        "ClusteringModel",
        SCHEMA,
        tag("Output", *out),
        LOCALS,
        measure(random, alike),
        *fields,
        weights,
        *clusters,
        functionName="clustering",
        modelClass="centerBased",
        numberOfClusters=len(clusters),
    )
    return Model(body, "none")
