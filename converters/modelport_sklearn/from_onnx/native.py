"""Graphs that are linear or logistic regressions, as scikit-learn's own estimators.

Recognised on the columnar form: `X @ coefficients + intercept`, and softmax or the logistic function of it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import pyarrow as pa

from modelport.errors import CannotConvert
from modelport.signature import Signature, Task
from modelport_columnar.execute import Columns, execute
from modelport_columnar.expression import Expr, Kind
from modelport_onnx.assemble import is_matrix

Weights = tuple[list[float], float]


def native(source: onnx.ModelProto, signature: Signature) -> Any | None:
    """scikit-learn's own estimator for the graph, or None if it is not one that is recognised."""
    if not all(pa.types.is_float64(column.type) and not column.nullable for column in signature.inputs):
        return None
    try:
        columns = execute(source)
    except CannotConvert:
        return None
    if signature.task is Task.REGRESSION:
        return _regressor(columns)
    return _classifier(columns) if signature.task is Task.CLASSIFICATION else None


def _regressor(columns: Columns) -> Any | None:
    found = [weights(expr, columns.inputs) for expr in columns.outputs]
    rows = [item for item in found if item is not None]
    if len(rows) != len(found):
        return None
    from sklearn.linear_model import LinearRegression

    made = LinearRegression()
    made.coef_ = np.array([row for row, _ in rows])
    made.intercept_ = np.array([offset for _, offset in rows])
    if len(rows) == 1:
        made.coef_, made.intercept_ = made.coef_[0], float(made.intercept_[0])
    return _named(made, columns.signature)


def _classifier(columns: Columns) -> Any | None:
    """Logistic regression: its labels follow from its scores, as the graph's own label must."""
    names = [column.name for column in columns.signature.outputs]
    classes = np.array(columns.signature.classes)
    if "label" not in names or len(names) != len(classes) + 1 or not names[1].startswith("probability("):
        return None
    label, *shares = columns.outputs
    found = _multinomial(label, shares, columns) if len(classes) > 2 else _binary(label, shares, columns)
    if found is None:
        return None
    from sklearn.linear_model import LogisticRegression

    made = LogisticRegression()
    made.classes_ = classes
    made.coef_ = np.array([row for row, _ in found])
    made.intercept_ = np.array([offset for _, offset in found])
    made.n_iter_ = np.zeros(1, np.int32)
    return _named(made, columns.signature)


def _multinomial(label: Expr, shares: Sequence[Expr], columns: Columns) -> list[Weights] | None:
    if any(expr.op != "pick" or expr.args[0].op != "softmax" for expr in shares):
        return None
    whole = shares[0].args[0]
    if [expr.data for expr in shares] != list(range(len(whole.args))) or any(e.args[0] is not whole for e in shares):
        return None
    if not _is_label_of(label, "argmax", whole.args, columns):
        return None
    found = [weights(expr, columns.inputs) for expr in whole.args]
    return None if None in found else [item for item in found if item is not None]


def _binary(label: Expr, shares: Sequence[Expr], columns: Columns) -> list[Weights] | None:
    """`p = 1 / (1 + exp(-z))`, `1 - p`, and the second class where z is above 0."""
    rest, share = shares
    z = _logit(share)
    if z is None or rest.op != "sub" or not _is(rest.args[0], 1) or rest.args[1] is not share:
        return None
    if label.op != "lookup" or label.args[0].op != "cast" or label.args[0].args[0].op != "greater":
        return None
    test = label.args[0].args[0]
    if test.args[0] is not z or not _is(test.args[1], 0) or list(label.data) != list(columns.signature.classes):
        return None
    found = weights(z, columns.inputs)
    return None if found is None else [found]


def _logit(share: Expr) -> Expr | None:
    """z of `sigmoid(z)`, also where it is written out as `1 / (1 + exp(-z))`."""
    if share.op == "sigmoid":
        return share.args[0]
    if share.op != "reciprocal" or share.args[0].op != "add":
        return None
    total = share.args[0]
    power = next((arg for arg in total.args if arg.op == "exp"), None)
    if power is None or not any(_is(arg, 1) for arg in total.args) or power.args[0].op != "neg":
        return None
    return power.args[0].args[0]


def _is_label_of(label: Expr, op: str, args: Sequence[Expr], columns: Columns) -> bool:
    if label.op != "lookup" or list(label.data) != list(columns.signature.classes):
        return False
    best = label.args[0]
    return best.op == op and best.data == "first" and len(best.args) == len(args) and all(map(_same, best.args, args))


def _same(left: Expr, right: Expr) -> bool:
    return left is right


def _is(expr: Expr, value: float) -> bool:
    return expr.op == "constant" and bool(expr.data == value)


def weights(expr: Expr, inputs: Sequence[Expr]) -> Weights | None:
    """Coefficients and intercept of a float64 expression that is linear in the inputs, all of them, in order."""
    offset = 0.0
    if expr.op == "add":
        inner = next((arg for arg in expr.args if arg.op == "linear"), None)
        fixed = next((arg for arg in expr.args if arg.op == "constant"), None)
        if inner is None or fixed is None:
            return None
        expr, offset = inner, float(fixed.data)
    if expr.op != "linear" or expr.kind is not Kind.FLOAT64 or len(expr.args) != len(inputs):
        return None
    return (list(map(float, expr.data)), offset) if all(map(_same, expr.args, inputs)) else None


def _named(made: Any, signature: Signature) -> Any:
    made.n_features_in_ = len(signature.inputs)
    if not is_matrix(signature):
        made.feature_names_in_ = np.array([column.name for column in signature.inputs], object)
    return made
