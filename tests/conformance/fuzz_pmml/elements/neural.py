"""NeuralNetwork: every activation and normalization, one and several outputs."""

from random import Random

from tests.conformance.fuzz_pmml.expressions import norm_continuous
from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, GRID, LEVELS, maybe, often, tag

ACTIVATIONS = (
    "threshold",
    "logistic",
    "tanh",
    "identity",
    "exponential",
    "reciprocal",
    "square",
    "Gauss",
    "sine",
    "cosine",
    "Elliott",
    "arctan",
    "rectifier",
    "radialBasis",
)


def inputs(random: Random) -> list[str]:
    found = [norm_continuous(random).replace('mapMissingTo="7"', ""), tag("FieldRef", field="x")]
    found.append(tag("NormDiscrete", field="s", value=random.choice(LEVELS)))
    return [
        tag("NeuralInput", tag("DerivedField", item, optype="continuous", dataType="double"), id=f"i{i}")
        for i, item in enumerate(found)
    ]


def layer(
    random: Random, number: int, before: list[str], width: int, function: str | None, last: str | None
) -> tuple[str, list[str]]:
    names = [f"{number}.{i}" for i in range(width)]
    neurons = []
    for name in names:
        sources = before if random.randrange(4) else before[:1]
        links = [tag("Con", **{"from": source, "weight": random.choice([*GRID, 0.1])}) for source in sources]
        radial = (
            {"width": random.choice([1, 2]), "altitude": random.choice([1, 0.5])} if function == "radialBasis" else {}
        )
        neurons.append(tag("Neuron", *links, id=name, bias=maybe(random, random.choice(GRID)), **radial))
    return tag("NeuralLayer", *neurons, activationFunction=function, normalizationMethod=last), names


def outputs(random: Random, names: list[str], classify: bool) -> list[str]:
    if classify:
        kinds = [tag("NormDiscrete", field="target", value=value) for value in CLASSES]
    else:
        points = tag("LinearNorm", orig=-1, norm=0) + tag("LinearNorm", orig=2, norm=1)
        kinds = [random.choice([tag("FieldRef", field="target"), tag("NormContinuous", points, field="target")])]
    return [
        tag("NeuralOutput", tag("DerivedField", kind, optype="continuous", dataType="double"), outputNeuron=name)
        for kind, name in zip(kinds, names, strict=False)
    ]


def model(random: Random) -> Model:
    classify = bool(random.randrange(2))
    math = often(random, None, "float", of=5)
    first, names = layer(random, 1, ["i0", "i1", "i2"], 3, random.choice(ACTIVATIONS), maybe(random, "softmax", 6))
    width = 3 if classify else 1
    last = random.choice(["softmax", "simplemax", None]) if classify else None
    second, names = layer(random, 2, names, width, random.choice(ACTIVATIONS[1:4]), last)
    body = tag(
        "NeuralNetwork",
        SCHEMA,
        LOCALS,
        tag("NeuralInputs", *inputs(random)),
        first,
        second,
        tag("NeuralOutputs", *outputs(random, names, classify)),
        activationFunction="logistic",
        threshold=0.5,
        functionName="classification" if classify else "regression",
        **{"x-mathContext": math},
    )
    return Model(body, "classification" if classify else "regression")
