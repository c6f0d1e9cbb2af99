"""AnomalyDetectionModel: isolation forests, one-class machines, and other algorithms."""

from random import Random

from tests.conformance.fuzz_pmml.elements import mining, support_vector
from tests.conformance.fuzz_pmml.frame import LOCALS, PLAIN, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import tag


def model(random: Random) -> Model:
    if random.randrange(2):
        inner = mining.body(random, False, None, 0)
        kind, size = "iforest", random.choice([2, 10, 256])
    else:
        inner = support_vector.model(random).body
        while 'functionName="classification"' in inner:
            inner = support_vector.model(random).body
        kind, size = "ocsvm", None
    inner = inner.replace(SCHEMA, PLAIN).replace(LOCALS, "")
    body = tag(
        "AnomalyDetectionModel",
        SCHEMA,
        LOCALS,
        inner,
        functionName="regression",
        algorithmType=kind,
        sampleDataSize=size,
    )
    return Model(body, "regression")
