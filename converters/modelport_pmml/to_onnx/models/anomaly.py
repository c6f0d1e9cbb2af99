"""AnomalyDetectionModel. https://dmg.org/pmml/v4-4-1/AnomalyDetectionModel.html"""

import numpy as np

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.anomaly import AnomalyDetectionModel
from modelport_pmml.to_onnx.arrays import reals
from modelport_pmml.to_onnx.model import compile_model
from modelport_pmml.to_onnx.prediction import Prediction, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, constant, is_missing, lookup

EULER = 0.57721566
"""As the specification writes it."""


def lower(model: AnomalyDetectionModel, scope: Scope) -> Prediction:
    """The embedded model's result: normalised for isolation forests, over mean distances for clusters, else as it is.

    No JPMML evaluator computes it; the answers are the specification's, as PMML4S (1.5) computes them.
    """
    answer = compile_model(model.model, scope.graph, scope)
    value = answer.prediction.value
    if model.algorithm_type == "clusterMeanDist":
        return _clusters(model, scope, answer.prediction)
    if value.is_text:
        raise model.refuse(f"the algorithm {model.algorithm_type} over a model that gives no number")
    nullable = is_missing(value) is not None
    if model.algorithm_type in ("ocsvm", "other"):
        return regressed(model, scope, value.data, nullable=nullable, invalid=value.invalid)
    if model.algorithm_type == "iforest":
        if not model.sample_data_size or model.sample_data_size < 2:
            raise model.bad("an isolation forest needs a sampleDataSize")
        size = model.sample_data_size
        expected = 2.0 * (np.log(size - 1.0) + EULER) - 2.0 * (size - 1.0) / size
        score = op.pow(constant(2.0), op.div(op.neg(value.data), constant(float(expected))))
        return regressed(model, scope, score, nullable=nullable, invalid=value.invalid)
    raise model.bad(f"the algorithm type {model.algorithm_type!r} is none of the specification")


def _clusters(model: AnomalyDetectionModel, scope: Scope, found: Prediction) -> Prediction:
    """The distance to the nearest cluster over that cluster's mean distance."""
    if model.mean_cluster_distances is None or found.affinity is None or not found.value.is_text:
        raise model.bad("clusterMeanDist is about a ClusteringModel, and needs MeanClusterDistances")
    means = reals(model.mean_cluster_distances.array)
    if len(means) != len(found.value.words or ()):
        raise model.mean_cluster_distances.bad(f"there are {len(means)} mean distances for other than as many clusters")
    mean = lookup(found.value, [*means.tolist(), NAN, NAN])
    nullable = found.value.nullable
    return regressed(model, scope, op.div(found.affinity, mean), nullable=nullable, invalid=found.value.invalid)
