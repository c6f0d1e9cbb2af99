"""Multiplicative updates of NMF's weights, for every beta divergence.

Source: `sklearn.decomposition._nmf._multiplicative_update_w`, `_fit_multiplicative_update`, `_beta_divergence` and
`MiniBatchNMF._solve_W` (1.9).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.loops import repeat
from modelport_onnx.ops import op

EPSILON = float(np.finfo(np.float32).eps)
"""`sklearn.decomposition._nmf.EPSILON`."""


@dataclass(frozen=True, slots=True)
class Updates:
    """Fixed components H [K, C] and what the updates need of them."""

    loss: float
    components: Any
    l1: float
    l2: float
    gamma: float

    @staticmethod
    def of(loss: float, components: Any, l1: float, l2: float) -> "Updates":
        gamma = 1.0 / (2.0 - loss) if loss < 1 else 1.0 / (loss - 1.0) if loss > 2 else 1.0
        return Updates(loss, components, float(l1), float(l2), gamma)

    def start(self, x: Var) -> Var:
        """Every weight the root of the batch's mean over the number of components."""
        mean = op.div(op.reduce_mean(x, keepdims=False), double(len(self.components)))
        shape = op.concat([op.shape(x, start=0, end=1), ints(len(self.components))], axis=0)
        return op.expand(op.sqrt(mean), shape)

    def step(self, x: Var, weights: Var, times: Var | None = None) -> Var:
        """One update of the weights [N, K].

        Args:
            times: how often the l1 penalty counts, [1]; once by default. `NMF.transform` keeps the sum of the
                components for Kullback-Leibler between its updates, and adds the penalty to it in place each time.
        """
        numerator, denominator = self._quotient(x, weights)
        if self.l1 > 0:
            often = double(1.0) if times is None or self.loss != 1 else times
            denominator = op.add(denominator, op.mul(double(self.l1), often))
        if self.l2 > 0:
            denominator = op.add(denominator, op.mul(double(self.l2), weights))
        denominator = op.where(op.equal(denominator, double(0.0)), double(EPSILON), denominator)
        change = op.div(numerator, denominator)
        if self.gamma != 1:
            change = op.pow(change, double(self.gamma))
        return op.mul(weights, change)

    def _quotient(self, x: Var, weights: Var) -> tuple[Var, Var]:
        known, loss = double(self.components), self.loss
        back = double(self.components.T)
        if loss == 2:
            return op.matmul(x, back), op.matmul(weights, double(self.components @ self.components.T))
        product = op.matmul(weights, known)
        safe = _at_least(product) if loss < 2 else product
        power = op.reciprocal(safe) if loss == 1 else op.pow(safe, double(loss - 2))
        numerator = op.matmul(op.mul(power, x), back)
        if loss == 1:
            return numerator, double(self.components.sum(axis=1)[None])
        whole = op.pow(_at_least(product) if loss < 1 else product, double(loss - 1))
        return numerator, op.matmul(whole, back)

    def error(self, x: Var, weights: Var) -> Var:
        """The root of twice the divergence of the batch."""
        product = op.matmul(weights, double(self.components))
        if self.loss == 2:
            return op.sqrt(_total(op.mul(op.sub(x, product), op.sub(x, product))))
        there = op.greater(x, double(EPSILON))
        safe, data = op.where(there, _at_least(product), double(1.0)), op.where(there, x, double(1.0))
        divergence = self._divergence(x, product, safe, data, there)
        return op.sqrt(op.mul(double(2.0), op.relu(divergence)))

    def _divergence(self, x: Var, product: Var, safe: Var, data: Var, there: Var) -> Var:
        def of_data(values: Var) -> Var:
            return _total(op.where(there, values, double(0.0)))

        share, loss = op.div(data, safe), self.loss
        if loss == 1:
            entropy = of_data(op.mul(data, op.log(share)))
            return op.add(entropy, op.sub(_total(product), of_data(data)))
        if loss == 0:
            cells = op.cast(op.size(x), to=np.float64)
            return op.sub(op.sub(of_data(share), cells), of_data(op.log(share)))
        cross = of_data(op.mul(data, op.pow(safe, double(loss - 1))))
        own = of_data(op.pow(data, double(loss)))
        others = op.mul(_total(op.pow(product, double(loss))), double(loss - 1))
        return op.div(op.add(op.sub(own, op.mul(double(loss), cross)), others), double(loss * (loss - 1)))


def _at_least(values: Var) -> Var:
    return op.where(op.less(values, double(EPSILON)), double(EPSILON), values)


def _total(values: Var) -> Var:
    return op.reduce_sum(values, keepdims=False)


def multiplicative_solution(estimator: Any, x: Var, updates: Updates) -> Var:
    """Updates until, asked every tenth time, the batch's error has fallen by less than `tol` of the first."""
    start = updates.start(x)
    begun = op.reshape(updates.error(x, start), ints(1))

    def body(step: Var, weights: Var, before: Var) -> tuple[Var, list[Var]]:
        weights = updates.step(x, weights, op.cast(op.add(step, ints(1)), to=np.float64))
        if updates.loss < 1:
            weights = op.where(op.less(weights, double(float(np.finfo(np.float64).eps))), double(0.0), weights)
        asked = op.equal(op.mod(step, ints(10)), ints(9))
        if not estimator.tol > 0:
            return op.const(np.array([True])), [weights, before]
        error = updates.error(x, weights)
        done = op.less(op.div(op.sub(before, error), begun), double(estimator.tol))
        return op.not_(op.and_(asked, done)), [weights, op.where(asked, error, before)]

    found = repeat([start, begun], int(estimator.max_iter), body)[0]
    return op.reshape(found, ints(-1, len(updates.components)))


def mini_batch_solution(estimator: Any, x: Var, updates: Updates) -> Var:
    """Updates until the batch's weights change by no more than `tol` of their size."""

    def body(_: Var, weights: Var) -> tuple[Var, list[Var]]:
        made = updates.step(x, weights)
        change = op.sub(made, weights)
        moved = op.div(op.sqrt(_total(op.mul(change, change))), op.sqrt(_total(op.mul(made, made))))
        done = op.less_or_equal(moved, double(estimator.tol))
        return op.not_(done) if estimator.tol > 0 else op.const(np.array([True])), [made]

    found = repeat([updates.start(x)], int(estimator._transform_max_iter), body)[0]
    return op.reshape(found, ints(-1, len(updates.components)))
