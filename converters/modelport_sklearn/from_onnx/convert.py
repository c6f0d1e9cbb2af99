"""ONNX → a live estimator: native where the graph is recognisably one, else the graph itself, carried.

A note says which of the two it is.
"""

from typing import Any

import onnx

from modelport.conversion import Context, NoteKind
from modelport.errors import CannotConvert
from modelport.signature import Signature, Task
from modelport_onnx.assemble import stamp
from modelport_onnx.file import signature as signature_of
from modelport_onnx.foreign import without_zipmap
from modelport_onnx.malformed import refusing_malformed
from modelport_sklearn.from_onnx import carrier
from modelport_sklearn.from_onnx.native import Native, native

CARRIERS: dict[Task, type[carrier.OnnxEstimator]] = {
    Task.CLASSIFICATION: carrier.OnnxClassifier,
    Task.REGRESSION: carrier.OnnxRegressor,
    Task.CLUSTERING: carrier.OnnxClusterer,
    Task.OUTLIERS: carrier.OnnxOutlierDetector,
    Task.TRANSFORM: carrier.OnnxTransformer,
}

NATIVE = (
    "native: scikit-learn's own, rebuilt from the graph and compared with it; what the graph does not hold (training "
    "data, parameters that only fit reads) has defaults"
)
CARRIED = "carrier: no native estimator is known for this graph; the pickle holds it and needs modelport"


@refusing_malformed
def convert(source: onnx.ModelProto, context: Context) -> Any:
    """An estimator that answers as the graph does.

    Raises:
        CannotConvert: the graph does not say what it predicts.
    """
    signature = signature_of(source)
    found = native(source, signature)
    if found is not None:
        _tell(found, context)
        return found.estimator
    estimator = carried(source, signature)
    context.note(NoteKind.LOST, type(estimator).__name__, CARRIED)
    return estimator


def _tell(found: Native, context: Context) -> None:
    context.note(NoteKind.ASSUMED, type(found.estimator).__name__, NATIVE)
    if found.verdict.refused:
        what = "missing values and infinities that the graph takes are refused, as scikit-learn does"
        context.note(NoteKind.LOST, "inputs", what)
    if found.verdict.single:
        what = "the graph answers in float32 and the estimator in float64; they agree to one float32 step"
        context.note(NoteKind.ASSUMED, "outputs", what)


def carried(source: onnx.ModelProto, signature: Signature) -> carrier.OnnxEstimator:
    """The estimator of the graph's task that carries it.

    Raises:
        CannotConvert: the graph does not say what it predicts.
        RuntimeFailed: onnxruntime does not load it.
    """
    names = [column.name for column in signature.outputs]
    labels = any(name == "label" or name.startswith("label(") for name in names)
    if signature.task is None or (signature.task is Task.CLASSIFICATION and not labels):
        raise CannotConvert(
            "this graph's outputs are none that an estimator has", hint="name them label, probability, prediction …"
        )
    whole = onnx.ModelProto()
    whole.CopyFrom(without_zipmap(source))
    stamp(whole, signature)
    data = whole.SerializeToString(deterministic=True)
    carrier.session(data)
    return CARRIERS[signature.task](data)
