"""Outputs: features of every kind over classifications and regressions; targets with all they can ask for."""

from random import Random

from tests.conformance.fuzz_pmml.elements import regression, tree
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, constant, maybe, often, some, tag

LABELS = {"string": CLASSES, "integer": ("0", "1", "2"), "double": ("0.0", "1.5", "2"), "boolean": ("true", "false")}


def fields(random: Random, classify: bool, classes: tuple[str, ...], kind: str, shares: bool) -> list[str]:
    found = [
        tag("OutputField", name="what", feature="predictedValue", dataType=often(random, kind, "string"),
            optype="categorical" if classify else "continuous", isFinalResult=maybe(random, "false", 4)),
    ]  # fmt: skip
    if classify:
        found.append(tag("OutputField", name="shown", feature="predictedDisplayValue", dataType="string",
                         optype="categorical"))  # fmt: skip
        if shares:
            found += [tag("OutputField", name=f"p{i}", feature="probability", value=value, dataType="double",
                          optype="continuous") for i, value in enumerate((*classes, None))]  # fmt: skip
            found.append(tag("OutputField", tag("Apply", tag("FieldRef", field="p0"), constant(0.5, "double"),
                             function="greaterThan"), name="sure", feature="decision", dataType="boolean",
                             optype="categorical"))  # fmt: skip
        values = [constant(value, kind) for value in classes[:1]]
        same = tag("Apply", tag("FieldRef", field="what"), *values, function="equal")
        found.append(tag("OutputField", same, name="same", feature="transformedValue", dataType="boolean",
                         optype="categorical"))  # fmt: skip
    else:
        function = random.choice(["exp", "abs", "floor", "round"])
        found.append(tag("OutputField", tag("Apply", tag("FieldRef", field="what"), function=function), name="more",
                         feature=random.choice(["transformedValue", "decision"]), dataType="double",
                         optype="continuous"))  # fmt: skip
        bins = [tag("DiscretizeBin", tag("Interval", closure="openClosed", rightMargin=0), binValue="low"),
                tag("DiscretizeBin", tag("Interval", closure="openOpen", leftMargin=0), binValue="high")]  # fmt: skip
        grade = tag("Discretize", *bins, field="what", mapMissingTo=maybe(random, "none"))
        found.append(tag("OutputField", grade, name="grade", feature="transformedValue", dataType="string",
                         optype="categorical"))  # fmt: skip
    rest = found[1:]
    return [found[0], *[item for item in rest if random.randrange(3)]]


def target(random: Random, classify: bool, classes: tuple[str, ...]) -> str:
    if random.randrange(2):
        return ""
    if classify:
        shares = [random.choice([0.5, 0.25, 1]) for _ in classes]
        values = [
            tag("TargetValue", value=name, priorProbability=share, displayValue=maybe(random, f"the {name}"))
            for name, share in zip(classes, shares, strict=True)
        ]
        return tag("Targets", tag("Target", *some(random, values, 1), field="target"))
    inside = tag("TargetValue", defaultValue=random.choice([-1, 0.5])) if random.randrange(2) else ""
    return tag("Targets", tag("Target", inside, field=maybe(random, "target", 1), min=maybe(random, -1),
                              max=maybe(random, 2), rescaleFactor=maybe(random, 0.1),
                              rescaleConstant=maybe(random, 0.7),
                              castInteger=maybe(random, random.choice(["round", "ceiling", "floor"]))))  # fmt: skip


def renamed(text: str, classes: tuple[str, ...]) -> str:
    for old, new in zip(CLASSES, classes, strict=False):
        for name in ("value", "score", "targetCategory"):
            text = text.replace(f'{name}="{old}"', f'{name}="{new}"')
    return text


def model(random: Random) -> Model:
    classify = bool(random.randrange(2))
    kind = random.choice(tuple(LABELS)) if classify else often(random, "double", "float", "integer", of=3)
    classes = LABELS[kind] if classify else CLASSES
    math = often(random, None, "float", of=6)
    if kind == "boolean" or random.randrange(2):
        text = renamed(regression.body(random, classify, CLASSES[: len(classes)], math=math), classes)
        shares = True
    else:
        shares = random.randrange(4) > 0
        text = renamed(tree.body(random, classify, 2, shares=shares, math=math), classes)
    output = tag("Output", *fields(random, classify, classes, kind, shares))
    goal = target(random, classify, classes)
    text = text.replace(SCHEMA, SCHEMA + output + goal, 1)
    return Model(text, "classification" if classify else "regression", classes=classes, type=kind, targeted=True)


__all__ = ["LOCALS", "model"]
