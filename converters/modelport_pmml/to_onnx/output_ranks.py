"""Output features that count entities: ids, affinities and reason codes, by rank.

https://dmg.org/pmml/v4-4-1/Output.html#xsdType_RESULT-FEATURE
"""

from dataclasses import replace

import numpy as np

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.results import OutputField
from modelport_pmml.to_onnx.prediction import Prediction
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, numbers, text


def entity_id(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """The entity that answered, or that of a rank."""
    if item.rank > 1:
        if not prediction.ranking:
            raise item.refuse(f"<{model.tag()}> ranks no entities for the output field {item.name!r}")
        return _ranked(item, prediction.ranking)
    if prediction.entity is None:
        raise item.refuse(f"<{model.tag()}> has no entity for the output field {item.name!r}")
    return prediction.entity


def cluster_id(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """The cluster that answered, whatever the rank (JPMML 1.7)."""
    return entity_id(replace(item, rank=1), prediction, model, scope)


def affinity(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """Of the named entity, else of the one that answered, or of that of a rank.

    A rank of entityAffinity and clusterAffinity says nothing (JPMML 1.7).
    """
    invalid = prediction.value.invalid
    if item.value is not None:
        found = prediction.affinities.get(item.value)
        if found is None:
            raise item.refuse(f"<{model.tag()}> has no entity {item.value!r}")
        return numbers(found, invalid=invalid)
    if item.rank > 1 and item.feature == "affinity":
        if item.rank > len(prediction.ranked_affinity):
            raise item.refuse(f"there is no entity of rank {item.rank}")
        return numbers(prediction.ranked_affinity[item.rank - 1], invalid=invalid)
    if prediction.affinity is None:
        raise item.refuse(f"<{model.tag()}> gives no affinity for the output field {item.name!r}")
    return numbers(prediction.affinity, invalid=invalid)


def reason_code(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """The reason code of a rank; missing beyond the last."""
    if not prediction.reasons:
        raise item.refuse(f"<{model.tag()}> gives no reason codes")
    return _ranked(item, prediction.reasons)


def _ranked(item: OutputField, ranking: tuple[Value, ...]) -> Value:
    if item.rank < 1:
        raise item.bad(f"the rank {item.rank} of the output field {item.name!r} is not positive")
    if item.rank > len(ranking):
        return replace(text(""), data=op.const(np.array([[2]], np.int64)), nullable=True, constant=None)
    return ranking[item.rank - 1]
