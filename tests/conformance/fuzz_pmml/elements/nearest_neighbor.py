"""NearestNeighborModel: measures, weights of votes, texts among the inputs, several targets."""

from random import Random

from tests.conformance.fuzz_pmml.elements.clustering import DISTANCES
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, LEVELS, maybe, often, tag


def model(random: Random) -> Model:
    classify, second = bool(random.randrange(2)), random.randrange(4) == 0
    texts = random.randrange(3) == 0
    columns = ["x", "y", *(["s"] if texts else []), "target", *(["other"] if second else []), "id"]
    rows = []
    for i in range(random.randint(3, 7)):
        cells: dict[str, object] = {
            "x": random.choice(GRID),
            "y": random.choice([-1, 0, 1, 2]),
            "s": random.choice(LEVELS),
        }
        cells |= {"target": random.choice(CLASSES if classify else GRID), "other": random.choice(GRID), "id": f"k{i}"}
        rows.append(tag("row", *(tag(f"c_{name}", str(cells[name])) for name in columns)))
    fields = [tag("InstanceField", field=name, column=f"c_{name}") for name in columns]
    training = tag("TrainingInstances", tag("InstanceFields", *fields), tag("InlineTable", *rows), isTransformed=False)
    name = random.choice(DISTANCES)
    more: dict[str, object] = {"p-parameter": 3} if name == "minkowski" else {}
    compare = tag("ComparisonMeasure", tag(name, **more), kind="distance", compareFunction="absDiff")
    inputs = [
        tag("KNNInput", field=name, fieldWeight=often(random, 1, 2), compareFunction="equal" if name == "s" else
            maybe(random, random.choice(["absDiff", "delta"]), 3))
        for name in columns if name in ("x", "y", "s")
    ]  # fmt: skip
    if texts:
        inputs[-1] = inputs[-1].replace('"equal"', '"delta"')
    count = random.randint(1, 3)
    out = [
        tag("OutputField", name=f"n{i}", feature="entityId", rank=i, optype="categorical", dataType="string")
        for i in range(1, count + 1)
    ]
    out += [
        tag("OutputField", name=f"a{i}", feature="affinity", rank=i, optype="continuous", dataType="double")
        for i in range(2, count + 1)
    ]
    if second:
        out.append(
            tag(
                "OutputField",
                name="more",
                feature="predictedValue",
                targetField="other",
                dataType="double",
                optype="continuous",
            )
        )
    body = tag(
        "NearestNeighborModel",
        SCHEMA,
        tag("Output", *out),
        LOCALS,
        training,
        compare,
        tag("KNNInputs", *inputs),
        functionName="mixed" if second else "classification" if classify else "regression",
        numberOfNeighbors=count,
        continuousScoringMethod=random.choice(["average", "median", "weightedAverage"]),
        categoricalScoringMethod=random.choice(["majorityVote", "weightedMajorityVote"]),
        instanceIdVariable=maybe(random, "id"),
        threshold=maybe(random, 0.1),
    )
    goals = [tag("MiningField", name="other", usageType="target")] if second else []
    extra = [tag("DataField", name="other", optype="continuous", dataType="double")] if second else []
    return Model(body, "classification" if classify else "regression", goals=goals, fields=extra)
