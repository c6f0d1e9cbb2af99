"""Products of columns with constant matrices."""

from typing import TYPE_CHECKING

import numpy as np

from modelport_columnar.expression import Expr
from modelport_columnar.operators.elementwise import binary
from modelport_columnar.values import Array, Fixed, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def matmul(step: "Step", left: Value, right: Value) -> list[Value]:
    """`MatMul` [N, C] by a constant [C, K], or of two tensors [N, 1, C] by [N, C, K] row by row."""
    if isinstance(left, Symbolic) and isinstance(right, Fixed) and right.array.ndim <= 2:
        return [_by_constant(step, left.cells, right.array)]
    if isinstance(left, Symbolic) and isinstance(right, Symbolic) and left.rank == right.rank == 3:
        return [_row_by_row(step, left.cells, right.cells)]
    raise step.refuse("the rows are not where they belong")


def _by_constant(step: "Step", cells: Array, matrix: Array) -> Symbolic:
    columns = matrix.reshape(len(matrix), -1)
    rows = cells.reshape(-1, cells.shape[-1])
    flat = [linear(step, row, columns[:, k]) for row in rows for k in range(columns.shape[1])]
    shape = (*cells.shape[:-1], *matrix.shape[1:])
    return symbolic(flat, shape)


def linear(step: "Step", cells: Array, coefficients: Array) -> Expr:
    """Σ coefficients[i] * cells[i]; terms of coefficient zero stay, for zero times infinity is NaN."""
    args = tuple(cells.tolist())
    return step.pool.make("linear", args, args[0].kind, np.ascontiguousarray(coefficients))


def _row_by_row(step: "Step", left: Array, right: Array) -> Symbolic:
    flat = []
    for i in range(left.shape[0]):
        for k in range(right.shape[1]):
            terms = [step.pool.make("mul", (a, b), a.kind) for a, b in zip(left[i], right[:, k], strict=True)]
            flat.append(step.pool.make("sum", terms, terms[0].kind))
    return symbolic(flat, (left.shape[0], right.shape[1]))


def gemm(step: "Step", left: Value, right: Value, bias: Value | None = None) -> list[Value]:
    """`Gemm`: alpha * left @ right + beta * bias, left [N, C] untransposed."""
    attributes = step.attributes
    if not isinstance(left, Symbolic) or not isinstance(right, Fixed) or attributes.get("transA"):
        raise step.refuse("the rows are not where they belong")
    matrix = right.array.T if attributes.get("transB") else right.array
    alpha, beta = attributes.get("alpha", 1.0), attributes.get("beta", 1.0)
    product: Value = _by_constant(step, left.cells, (matrix * matrix.dtype.type(alpha)).astype(matrix.dtype))
    if bias is None:
        return [product]
    if beta != 1.0:
        if not isinstance(bias, Fixed):
            raise step.refuse("a scaled bias depends on the rows")
        bias = Fixed((bias.array * bias.array.dtype.type(beta)).astype(bias.array.dtype))
    return binary("add", step, product, bias)
