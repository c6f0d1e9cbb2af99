"""SupportVectorMachineModel: the kernels, both representations, one against one and one against all."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, array, maybe, tag


def kernel(random: Random) -> str:
    name = random.choice(["Linear", "Polynomial", "RadialBasis", "Sigmoid"])
    more: dict[str, object] = {}
    if name != "Linear":
        more["gamma"] = random.choice([0.5, 1, 2])
    if name in ("Polynomial", "Sigmoid"):
        more["coef0"] = random.choice([0, 1])
    if name == "Polynomial":
        more["degree"] = random.choice([1, 2, 3])
    return tag(f"{name}KernelType", **more)


def machine(random: Random, plain: bool, width: int, target: str | None, other: str | None) -> str:
    known = random.sample(range(4), random.randint(1, 3))
    count = width if plain else len(known)
    weights = [tag("Coefficient", value=random.choice([*GRID, 0.1])) for _ in range(count)]
    inner = tag("Coefficients", *weights, absoluteValue=random.choice(GRID), numberOfCoefficients=count)
    if not plain:
        inner = tag("SupportVectors", *(tag("SupportVector", vectorId=f"v{i}") for i in known)) + inner
    return tag(
        "SupportVectorMachine",
        inner,
        targetCategory=target,
        alternateTargetCategory=other,
        threshold=maybe(random, 0.5, 6),
    )


def instance(random: Random, i: int, width: int) -> str:
    if random.randrange(2):
        return tag("VectorInstance", array([random.choice(GRID) for _ in range(width)]), id=f"v{i}")
    places = sorted(random.sample(range(1, width + 1), random.randint(1, width)))
    inside = tag("Indices", " ".join(map(str, places)))
    inside += tag("REAL-Entries", " ".join(str(random.choice(GRID)) for _ in places))
    return tag("VectorInstance", tag("REAL-SparseArray", inside, n=width), id=f"v{i}")


def model(random: Random) -> Model:
    classify, plain = bool(random.randrange(3)), random.randrange(3) == 0
    fields = [tag("FieldRef", field="x"), tag("FieldRef", field="d")]
    if random.randrange(2):
        fields.append(tag("CategoricalPredictor", name="s", value="a", coefficient=1))
    width = len(fields)
    goals: list[tuple[str | None, str | None]] = [(None, None)]
    one = bool(random.randrange(2))
    if classify:
        goals = [("u", "v"), ("u", "w"), ("v", "w")] if one else [(name, None) for name in CLASSES]
    machines = [machine(random, plain, width, *goal) for goal in goals]
    instances = [] if plain else [instance(random, i, width) for i in range(4)]
    dictionary = tag("VectorDictionary", tag("VectorFields", *fields, numberOfFields=width), *instances)
    body = tag(
        "SupportVectorMachineModel",
        SCHEMA,
        LOCALS,
        tag("LinearKernelType") if plain else kernel(random),
        dictionary,
        *machines,
        functionName="classification" if classify else "regression",
        svmRepresentation="Coefficients" if plain else "SupportVectors",
        threshold=random.choice([None, 0.1]),
        classificationMethod=("OneAgainstOne" if one else "OneAgainstAll") if classify else None,
        maxWins=maybe(random, True, 6) if classify else None,
    )
    return Model(body, "classification" if classify else "regression", classes=CLASSES)
