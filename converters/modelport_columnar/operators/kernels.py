"""`SVMRegressor`: a weighted sum of kernels, in float32 as onnxruntime computes it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from modelport_columnar.expression import Expr, Kind
from modelport_columnar.operators.elementwise import mapped
from modelport_columnar.operators.matrix import linear
from modelport_columnar.operators.reduction import combine
from modelport_columnar.operators.shape import rows_first
from modelport_columnar.values import Array, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def svm_regressor(step: "Step", value: Value) -> list[Value]:
    """`SVMRegressor`, over support vectors or over the columns themselves (no supports).

    https://onnx.ai/onnx/operators/onnx_aionnxml_SVMRegressor.html

    Raises:
        CannotConvert: an unknown kernel or transform.
    """
    a, make = step.attributes, step.pool.make
    name = a.get("kernel_type", b"LINEAR").decode()
    if name not in KERNELS or a.get("post_transform", b"NONE") != b"NONE":
        raise step.refuse(f"its kernel {name} or its transform is not known")
    to_float = mapped(step, lambda x: x if x.kind is Kind.FLOAT32 else make("cast", (x,), Kind.FLOAT32), value)
    cells = rows_first(step, to_float[0]).cells.ravel()
    weights = np.asarray(a["coefficients"], np.float32)
    if a.get("n_supports", 0):
        vectors = np.asarray(a["support_vectors"], np.float32).reshape(int(a["n_supports"]), -1)
        gamma, coef0, degree = (np.float32(item) for item in [*a.get("kernel_params", ()), 0, 0, 0][:3])
        terms = [KERNELS[name](step, cells, vector, gamma, coef0, degree) for vector in vectors]
    else:
        terms = cells.tolist()
    total = linear(step, np.array(terms, object), weights)
    found = make("add", (total, step.pool.constant(np.float32(a.get("rho", [0.0])[0]))), Kind.FLOAT32)
    if a.get("one_class", 0):
        inside = make("greater", (found, step.pool.constant(np.float32(0))), Kind.BOOL)
        sides = [step.pool.constant(np.float32(side)) for side in (1, -1)]
        found = make("where", (inside, *sides), Kind.FLOAT32)
    return [symbolic([found], (1,))]


def _scaled(step: "Step", cells: Array, vector: Array, gamma: np.float32, coef0: np.float32) -> Expr:
    """gamma * xv + coef0."""
    product, make = linear(step, cells, vector), step.pool.make
    scaled = make("mul", (product, step.pool.constant(gamma)), Kind.FLOAT32)
    return make("add", (scaled, step.pool.constant(coef0)), Kind.FLOAT32)


def _dot(step: "Step", cells: Array, vector: Array, *_: np.float32) -> Expr:
    return linear(step, cells, vector)


def _poly(step: "Step", cells: Array, vector: Array, gamma: np.float32, coef0: np.float32, degree: np.float32) -> Expr:
    base = _scaled(step, cells, vector, gamma, coef0)
    return step.pool.make("pow", (base, step.pool.constant(degree)), Kind.FLOAT32)


def _sigmoid(step: "Step", cells: Array, vector: Array, gamma: np.float32, coef0: np.float32, _: np.float32) -> Expr:
    return step.pool.make("tanh", (_scaled(step, cells, vector, gamma, coef0),), Kind.FLOAT32)


def _radial(step: "Step", cells: Array, vector: Array, gamma: np.float32, *_: np.float32) -> Expr:
    make = step.pool.make
    gaps = [make("sub", (x, step.pool.constant(v)), Kind.FLOAT32) for x, v in zip(cells, vector, strict=True)]
    squared = combine(step, "sum_square", np.array(gaps, object))
    return make("exp", (make("mul", (squared, step.pool.constant(-gamma)), Kind.FLOAT32),), Kind.FLOAT32)


KERNELS: Mapping[str, Callable[..., Expr]] = {"LINEAR": _dot, "POLY": _poly, "SIGMOID": _sigmoid, "RBF": _radial}
