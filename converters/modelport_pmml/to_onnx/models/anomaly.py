"""AnomalyDetectionModel. https://dmg.org/pmml/v4-4-1/AnomalyDetectionModel.html"""

import numpy as np

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.anomaly import AnomalyDetectionModel
from modelport_pmml.to_onnx.model import compile_model
from modelport_pmml.to_onnx.prediction import Prediction, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import constant, is_missing

EULER = 0.5772156649015329


def lower(model: AnomalyDetectionModel, scope: Scope) -> Prediction:
    """The embedded model's result, normalised for isolation forests, as it is for one-class machines."""
    answer = compile_model(model.model, scope.graph, scope)
    value = answer.prediction.value
    if value.is_text:
        raise model.refuse(f"the algorithm {model.algorithm_type} over a model that gives no number")
    nullable = is_missing(value) is not None
    if model.algorithm_type == "ocsvm":
        return regressed(model, scope, value.data, nullable=nullable, invalid=value.invalid)
    if model.algorithm_type == "iforest":
        if not model.sample_data_size or model.sample_data_size < 2:
            raise model.bad("an isolation forest needs a sampleDataSize")
        size = model.sample_data_size
        expected = 2.0 * (np.log(size - 1.0) + EULER) - 2.0 * (size - 1.0) / size
        score = op.pow(constant(2.0), op.div(op.neg(value.data), constant(float(expected))))
        return regressed(model, scope, score, nullable=nullable, invalid=value.invalid)
    raise model.refuse(f"the algorithm type {model.algorithm_type!r} is not converted")
