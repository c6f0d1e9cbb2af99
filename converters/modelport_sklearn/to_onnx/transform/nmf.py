"""NMF and MiniBatchNMF: the weights of fixed components, found by the estimator's own iteration.

A row's weights depend on the rows it is transformed with: the iteration stops when the whole batch has converged. The
graph keeps that, so that equal batches give equal weights.

Source: `sklearn.decomposition.NMF.transform`, `_fit_coordinate_descent`, `_update_cdnmf_fast` (1.9). The
multiplicative updates are in `nmf_updates`.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.blocks.loops import repeat
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.nmf_updates import Updates, mini_batch_solution, multiplicative_solution
from modelport_sklearn.to_onnx.transform.values import doubles, result


def nmf(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """A negative value fails, as scikit-learn raises; so does a 0 where `beta_loss` is 0 or less."""
    refused = check(estimator)
    if refused:
        raise scope.refuse(refused, "set shuffle=False, which is the default")
    x = doubles(frame, scope)
    loss = float(estimator._beta_loss)
    x = fail_where(op.less_or_equal(x, double(0.0)) if loss <= 0 else op.less(x, double(0.0)), x)
    components = np.asarray(estimator.components_, np.float64)
    l1, _, l2, _ = estimator._compute_regularization(np.zeros((1, components.shape[1])))
    if estimator.solver == "cd":
        weights = _coordinate_descent(estimator, x, components, l1, l2)
    else:
        weights = multiplicative_solution(estimator, x, Updates.of(loss, components, l1, l2))
    return result(estimator, weights, len(components))


def mini_batch_nmf(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    x = doubles(frame, scope)
    components = np.asarray(estimator.components_, np.float64)
    l1, _, l2, _ = estimator._compute_regularization(np.zeros((1, components.shape[1])))
    updates = Updates.of(float(estimator._beta_loss), components, l1, l2)
    return result(estimator, mini_batch_solution(estimator, x, updates), len(components))


def check(estimator: Any) -> str | None:
    """Why the estimator cannot be converted, or None."""
    if getattr(estimator, "solver", "mu") == "cd" and estimator.shuffle:
        return "shuffle=True updates the components in a random order"
    return None


def _coordinate_descent(estimator: Any, x: Var, components: Any, l1: float, l2: float) -> Var:
    """Cyclic updates from 0, until the violation of the batch has fallen to `tol` of what it was at first."""
    count = len(components)
    gram = components @ components.T + l2 * np.eye(count)
    target = op.sub(op.matmul(x, double(components.T)), double(l1))
    start = op.mul(target, double(0.0))

    def body(step: Var, weights: Var, first: Var) -> tuple[Var, list[Var]]:
        columns = [op.slice(weights, ints(t), ints(t + 1), ints(1)) for t in range(count)]
        violation = double(0.0)
        for t in range(count):
            columns[t], added = _updated(columns, gram[t], op.slice(target, ints(t), ints(t + 1), ints(1)), t)
            violation = op.add(violation, added)
        first = op.where(op.equal(step, ints(0)), violation, first)
        quiet = op.equal(first, double(0.0))
        share = op.div(violation, op.where(quiet, double(1.0), first))
        more = op.and_(op.not_(quiet), op.greater(share, double(estimator.tol)))
        return more, [_beside(columns), first]

    return op.reshape(repeat([start, double([0.0])], int(estimator.max_iter), body)[0], ints(-1, count))


def _updated(columns: list[Var], gram: Any, target: Var, t: int) -> tuple[Var, Var]:
    """One component's weights after a Newton step that stops at 0, and the violation there was."""
    here = columns[t]
    gradient = op.sub(op.matmul(_beside(columns), double(gram.reshape(-1, 1))), target)
    zero = op.equal(here, double(0.0))
    projected = op.where(op.and_(zero, op.greater(gradient, double(0.0))), double(0.0), gradient)
    violation = op.reduce_sum(op.abs(projected), keepdims=False)
    if gram[t] == 0:
        return here, violation
    return op.relu(op.sub(here, op.div(gradient, double(gram[t])))), violation


def _beside(columns: list[Var]) -> Var:
    return columns[0] if len(columns) == 1 else op.concat(columns, axis=1)
