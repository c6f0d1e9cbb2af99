"""Multi-layer perceptrons: affine layers with an activation between them.

Source: `sklearn.neural_network._multilayer_perceptron.BaseMultilayerPerceptron._forward_pass_fast` and
`sklearn.preprocessing._label.LabelBinarizer.inverse_transform` (scikit-learn 1.9).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest, flat
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.links import sigmoid, softmax, two_sided
from modelport_onnx.blocks.sums import split
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.numeric import numeric

ACTIVATIONS: Mapping[str, Callable[[Var], Var]] = {
    "exp": op.exp,
    "identity": lambda value: value,
    "logistic": sigmoid,
    "relu": op.relu,
    "softmax": softmax,
    "tanh": op.tanh,
}


def _forward(estimator: Any, frame: Frame, scope: Scope) -> Var:
    """The last layer's activation: [N, T]."""
    value = numeric(frame, scope)
    last = len(estimator.coefs_) - 1
    for i, (weights, offset) in enumerate(zip(estimator.coefs_, estimator.intercepts_, strict=True)):
        value = op.add(op.matmul(value, double(weights)), double(offset))
        value = ACTIVATIONS[estimator.out_activation_ if i == last else estimator.activation](value)
    return value


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """MLPRegressor."""
    return Regressed(_forward(estimator, frame, scope))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """MLPClassifier: one output for two classes, one a class for more, one a label for several labels."""
    output = _forward(estimator, frame, scope)
    if estimator._label_binarizer.y_type_.startswith("multilabel"):
        columns = split(output, int(estimator.n_outputs_), 1)
        return MultiClassified(tuple(Classified((0, 1), above_half(c), two_sided(c)) for c in columns))
    classes = classes_of(estimator.classes_, scope)
    if estimator.n_outputs_ == 1:
        return Classified(classes, above_half(output), two_sided(output))
    return Classified(classes, first_largest(output), output)


def above_half(column: Var) -> Var:
    """[N, 1] → [N] int64: 1 above one half, 0 at it and below."""
    return flat(op.cast(op.greater(column, double(0.5)), to=np.int64))
