"""TreeModel: every predicate, strategy and kind of score."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, maybe, often, tag
from tests.conformance.fuzz_pmml.predicates import predicate, root

STRATEGIES = ("none", "nullPrediction", "lastPrediction", "defaultChild")


class Builder:
    def __init__(self, random: Random, classify: bool, shares: bool) -> None:
        self.random, self.classify, self.shares = random, classify, shares
        self.strategy = random.choice(STRATEGIES)
        self.count = 0

    def node(self, depth: int, holds: str) -> str:
        self.count += 1
        name, children, ahead = f"n{self.count}", [], []
        scored = depth == 0 or self.random.randrange(6) > 0
        if depth and self.random.randrange(5):
            for _ in range(self.random.randint(1, 3)):
                ahead.append(f"n{self.count + 1}")
                children.append(self.node(depth - 1, predicate(self.random)))
        default = self.random.choice(ahead) if ahead and self.strategy == "defaultChild" else None
        score = self.score() if scored or not children else None
        return tag("Node", holds, *self.distribution(), *children, id=name, score=score, defaultChild=default)

    def score(self) -> object:
        return self.random.choice(CLASSES if self.classify else GRID)

    def distribution(self) -> list[str]:
        if not self.classify or not self.shares:
            return []
        counts = [self.random.randint(0, 4) for _ in CLASSES]
        counts[0] += 1
        total = sum(counts)
        if self.random.randrange(6) == 0:
            return [tag("ScoreDistribution", value=name, recordCount=count, probability=count / total)
                    for name, count in zip(CLASSES, counts, strict=True)]  # fmt: skip
        sure = self.random.randrange(5) == 0
        return [
            tag("ScoreDistribution", value=name, recordCount=count, confidence=count / (total + 1) if sure else None)
            for name, count in zip(CLASSES, counts, strict=True)
        ]


def body(
    random: Random, classify: bool, depth: int = 3, output: str = "", shares: bool = True, math: str | None = None
) -> str:
    build = Builder(random, classify, shares)
    nodes = build.node(depth, root(random))
    return tag(
        "TreeModel",
        SCHEMA,
        output,
        LOCALS,
        nodes,
        functionName="classification" if classify else "regression",
        missingValueStrategy=build.strategy,
        splitCharacteristic="multiSplit",
        noTrueChildStrategy=random.choice(["returnNullPrediction", "returnLastPrediction"]),
        missingValuePenalty=maybe(random, 0.8, 8),
        **{"x-mathContext": math},
    )


def model(random: Random) -> Model:
    classify = bool(random.randrange(2))
    shares = random.randrange(4) > 0
    fields = tag("OutputField", name="node", feature="entityId", optype="categorical", dataType="string")
    if classify and shares:
        fields += tag("OutputField", name="best", feature="probability", optype="continuous", dataType="double")
        fields += tag(
            "OutputField", name="pu", feature="probability", value="u", optype="continuous", dataType="double"
        )
        fields += tag(
            "OutputField", name="sure", feature="confidence", value="v", optype="continuous", dataType="double"
        )
    output = tag("Output", fields) if random.randrange(2) else ""
    math = often(random, None, "float", of=6)
    return Model(
        body(random, classify, 3, output, shares, math),
        "classification" if classify else "regression",
        classes=often(random, CLASSES, (), of=5),
    )
