"""Dictionary learning and SparseCoder: rows as few atoms of a dictionary.

Source: `sklearn.decomposition._dict_learning._BaseSparseCoding._transform` and `_sparse_encode_precomputed`,
`sklearn.linear_model._omp._gram_omp` (1.9). The active atoms' Gram matrix is inverted by adding one atom at a time,
where scikit-learn adds a row to its Cholesky factor: the same numbers up to rounding.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.loops import by_rows
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import doubles, result

SMALLEST = float(np.finfo(np.float64).eps)


def dictionary_learning(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    return _coded(estimator, np.asarray(estimator.components_, np.float64), frame, scope)


def sparse_coder(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    return _coded(estimator, np.asarray(estimator.dictionary, np.float64), frame, scope)


def check(estimator: Any) -> str | None:
    """Why the estimator cannot be converted, or None."""
    algorithm = estimator.transform_algorithm
    if algorithm == "lasso_cd":
        return "transform_algorithm='lasso_cd' stops its descent at a tolerance, so its own answer is not exact to 1e-9"
    if algorithm in ("lars", "lasso_lars"):
        return f"transform_algorithm={algorithm!r} follows a path of its own for every row, of no fixed number of steps"
    return None


def _coded(estimator: Any, atoms: Any, frame: Frame, scope: Scope) -> Frame:
    refused = check(estimator)
    if refused:
        raise scope.refuse(refused, "use transform_algorithm='omp' or 'threshold'")
    x = doubles(frame, scope)
    if estimator.transform_algorithm == "threshold":
        code = _threshold(estimator, op.matmul(x, double(atoms.T)))
    else:
        code = _pursuit(x, atoms, _nonzero(estimator, atoms))
    if estimator.split_sign:
        code = op.concat([op.relu(code), op.relu(op.neg(code))], axis=1)
    return result(estimator, code, len(atoms) * (1 + bool(estimator.split_sign)))


def _threshold(estimator: Any, product: Var) -> Var:
    """`sign(c) max(|c| - alpha, 0)`."""
    alpha = estimator.transform_alpha
    if alpha is None:
        alpha = getattr(estimator, "alpha", None)
    size = op.relu(op.sub(op.abs(product), double(1.0 if alpha is None else float(alpha))))
    code = op.mul(op.sign(product), size)
    return op.relu(code) if estimator.positive_code else code


def _nonzero(estimator: Any, atoms: Any) -> int:
    given = estimator.transform_n_nonzero_coefs
    return int(min(max(atoms.shape[1] / 10, 1), len(atoms)) if given is None else given)


def _pursuit(x: Var, atoms: Any, steps: int) -> Var:
    """Orthogonal matching pursuit: the atom nearest to what is left, one after another."""
    gram, count = atoms @ atoms.T, len(atoms)
    product = op.matmul(x, double(atoms.T))

    def block(rows: Var) -> Var:
        state = _State(rows, gram)
        for step in range(steps):
            state.add_atom(first=step == 0)
        return state.code

    return by_rows(product, count * count, count, block)


class _State:
    """One row's pursuit, for all rows [n, K] together."""

    def __init__(self, product: Var, gram: Any) -> None:
        self.product, self.gram, self.count = product, double(gram), len(gram)
        self.diagonal = double(np.diag(gram))
        self.left = product
        self.code = op.mul(product, double(0.0))
        self.active = self.code
        self.inverse = op.mul(op.unsqueeze(self.code, ints(2)), op.unsqueeze(self.code, ints(1)))
        self.going = op.equal(op.slice(self.code, ints(0), ints(1), ints(1)), double(0.0))

    def add_atom(self, *, first: bool) -> None:
        """Stops where the best atom is active already, what is left is negligible, or the atom depends on others."""
        size = op.abs(self.left)
        best = op.arg_max(size, axis=1, keepdims=1)
        chosen = op.cast(op.equal(op.const(np.arange(self.count, dtype=np.int64)), best), to=np.float64)
        largest = op.reduce_max(size, ints(1))
        again = op.greater(op.reduce_sum(op.mul(chosen, self.active), ints(1)), double(0.0))
        small = op.less(op.mul(largest, largest), double(SMALLEST))
        column = op.mul(op.matmul(chosen, self.gram), self.active)
        solved = op.squeeze(op.matmul(self.inverse, op.unsqueeze(column, ints(2))), ints(2))
        rest = op.sub(
            op.reduce_sum(op.mul(chosen, self.diagonal), ints(1)), op.reduce_sum(op.mul(column, solved), ints(1))
        )
        stops = op.or_(again, small)
        if not first:
            stops = op.or_(stops, op.less_or_equal(rest, double(SMALLEST)))
        self.going = op.and_(self.going, op.not_(stops))
        self._extend(op.sub(solved, chosen), rest, chosen)

    def _extend(self, direction: Var, rest: Var, chosen: Var) -> None:
        """The inverse with one atom more, `M + d d' / s`, and the code and residual that follow."""
        safe = op.where(self.going, rest, double(1.0))
        outer = op.mul(op.unsqueeze(direction, ints(2)), op.unsqueeze(direction, ints(1)))
        grown = op.add(self.inverse, op.div(outer, op.unsqueeze(safe, ints(2))))
        self.inverse = op.where(op.unsqueeze(self.going, ints(2)), grown, self.inverse)
        self.active = op.where(self.going, op.add(self.active, chosen), self.active)
        code = op.squeeze(op.matmul(self.inverse, op.unsqueeze(self.product, ints(2))), ints(2))
        self.code = op.where(self.going, code, self.code)
        self.left = op.where(self.going, op.sub(self.product, op.matmul(self.code, self.gram)), self.left)
