"""Chains: models that see what models before them answered, with derived fields and schemas of their own."""

from random import Random

from tests.conformance.fuzz_pmml.elements import regression, tree
from tests.conformance.fuzz_pmml.frame import INPUTS, LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, constant, maybe, often, tag
from tests.conformance.fuzz_pmml.predicates import predicate

FEATURES = ("predictedValue", "transformedValue", "probability", "predictedDisplayValue", "entityId", "decision")


def output(random: Random, name: str, classify: bool) -> tuple[str, str]:
    """An output field, and whether it is a number or a text."""
    feature = random.choice(FEATURES[:1] if not classify else ("predictedValue", "probability", "probability"))
    final = maybe(random, random.choice(["true", "false"]), 3)
    if feature == "probability":
        value = random.choice(CLASSES)
        return tag("OutputField", name=name, feature=feature, value=value, optype="continuous", dataType="double",
                   isFinalResult=final), "number"  # fmt: skip
    kind = "string" if classify else often(random, "double", "float")
    optype = "categorical" if classify else "continuous"
    found = tag("OutputField", name=name, feature=feature, optype=optype, dataType=kind, isFinalResult=final)
    return found, "text" if classify else "number"


def transformed(random: Random, of: str, kind: str) -> str:
    ref = tag("FieldRef", field=of, mapMissingTo=maybe(random, "u" if kind == "text" else 1, 4))
    if kind == "text":
        inside = tag("Apply", ref, constant("u", "string"), function="equal")
        return tag("OutputField", inside, name=f"{of}t", feature="transformedValue", dataType="boolean",
                   optype="categorical")  # fmt: skip
    inside = tag("Apply", ref, constant(random.choice([2, 0.5]), "double"), function=random.choice(["*", "+", "/"]))
    return tag("OutputField", inside, name=f"{of}t", feature="transformedValue", dataType="double", optype="continuous")


def use(of: str, kind: str, random: Random) -> str:
    if kind == "text":
        return tag("NormDiscrete", field=of, value=random.choice(CLASSES), mapMissingTo=maybe(random, 0.5, 3))
    return tag("Apply", tag("FieldRef", field=of), tag("FieldRef", field="y", mapMissingTo=1), function="+")


def last(random: Random, known: list[tuple[str, str]]) -> str:
    """A regression that looks at what came before, through derived fields of its own."""
    derived = [
        tag("DerivedField", use(name, kind, random), name=f"l{i}", optype="continuous", dataType="double")
        for i, (name, kind) in enumerate(known)
    ]
    terms = [tag("NumericPredictor", name=f"l{i}", coefficient=random.choice([1, -0.5])) for i in range(len(known))]
    fields = [tag("MiningField", name=name) for name, _ in known]
    schema = tag("MiningSchema", *fields, *(tag("MiningField", name=name) for name in ("y", "x")))
    table = tag("RegressionTable", *terms, intercept=0.5)
    return tag("RegressionModel", schema, tag("LocalTransformations", *derived), table, functionName="regression")


def model(random: Random) -> Model:
    segments, known = [], []
    for i in range(random.randint(1, 3)):
        classify = bool(random.randrange(2))
        first, kind = output(random, f"q{i}", classify)
        fields = [first]
        known.append((f"q{i}", kind))
        if random.randrange(2):
            fields.append(transformed(random, f"q{i}", kind))
        plain = tag("MiningSchema", *(tag("MiningField", name=name) for name in INPUTS))
        maker = random.choice(["tree", "regression"])
        body = (
            tree.body(random, classify, 2, tag("Output", *fields))
            if maker == "tree"
            else regression.body(random, classify, output=tag("Output", *fields))
        )
        body = body.replace(SCHEMA, plain).replace(LOCALS, "").replace('field="d"', 'field="x"')
        body = body.replace('name="d"', 'name="x"')
        holds = "<True/>" if random.randrange(2) else predicate(random).replace('field="d"', 'field="x"')
        segments.append(tag("Segment", holds, body, id=f"s{i}"))
    segments.append(tag("Segment", "<True/>", last(random, known), id="end"))
    shown = [
        tag("OutputField", name=f"z{i}", feature="transformedValue" if random.randrange(2) else "predictedValue",
            segmentId=f"s{i}", value=f"q{i}", optype="continuous" if kind == "number" else "categorical",
            dataType="double" if kind == "number" else "string")
        for i, (_, kind) in enumerate(known)
    ]  # fmt: skip
    top = tag("Output", *shown) if random.randrange(3) == 0 else ""
    inside = tag("Segmentation", *segments, multipleModelMethod="modelChain",
                 missingPredictionTreatment=random.choice([None, "continue", "returnMissing"]))  # fmt: skip
    return Model(tag("MiningModel", SCHEMA, top, LOCALS, inside, functionName="regression"))
