"""ONNX → a live estimator: native where the graph is recognisably one, else the graph itself, carried."""

from typing import Any

import onnx

from modelport.conversion import Context, NoteKind
from modelport.errors import CannotConvert
from modelport.signature import Signature, Task
from modelport_onnx.assemble import stamp
from modelport_onnx.file import signature as signature_of
from modelport_onnx.foreign import without_zipmap
from modelport_sklearn.from_onnx import carrier
from modelport_sklearn.from_onnx.native import native

CARRIERS: dict[Task, type[carrier.OnnxEstimator]] = {
    Task.CLASSIFICATION: carrier.OnnxClassifier,
    Task.REGRESSION: carrier.OnnxRegressor,
    Task.CLUSTERING: carrier.OnnxClusterer,
    Task.OUTLIERS: carrier.OnnxOutlierDetector,
    Task.TRANSFORM: carrier.OnnxTransformer,
}


def convert(source: onnx.ModelProto, context: Context) -> Any:
    """An estimator that answers as the graph does.

    A note says so where it is none of scikit-learn's own.

    Raises:
        CannotConvert: the graph does not say what it predicts, or predicts several labels.
    """
    signature = signature_of(source)
    found = native(source, signature)
    if found is not None:
        return found
    estimator = _carried(source, signature)
    what = "no native estimator is known for this graph: the pickle carries it, and needs modelport and onnxruntime"
    context.note(NoteKind.LOST, type(estimator).__name__, what)
    return estimator


def _carried(source: onnx.ModelProto, signature: Signature) -> carrier.OnnxEstimator:
    names = [column.name for column in signature.outputs]
    if signature.task is None or (signature.task is Task.CLASSIFICATION and "label" not in names):
        raise CannotConvert(
            "this graph's outputs are none that an estimator has", hint="name them label, probability, prediction …"
        )
    whole = onnx.ModelProto()
    whole.CopyFrom(without_zipmap(source))
    stamp(whole, signature)
    return CARRIERS[signature.task](whole.SerializeToString(deterministic=True))
