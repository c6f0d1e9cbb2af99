"""Kernel machines: weighted sums of one kernel of the row and each of many vectors, found among expressions.

Graphs compute distances from products (|x|² - 2xv + |v|²), evaluators from differences, which loses no digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelport_columnar.expression import Expr, Kind, reachable
from modelport_columnar.values import Array
from modelport_pmml.from_columnar.regression import sum_of
from modelport_pmml.from_columnar.scores import rectified
from modelport_pmml.from_columnar.simplify import Simplifier


@dataclass(frozen=True, slots=True)
class Kernel:
    """`exp(-gamma * |x - v|²)` (radial), `(gamma * xv + coef0) ** degree` (polynomial), `tanh(gamma * xv + coef0)`."""

    name: str
    gamma: float
    coef0: float = 0.0
    degree: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """offset + Σ weights[k] * kernel(x, vectors[k]).

    Attributes:
        vectors: [V, C] over the arguments of the expression.
        weights: [V].
    """

    kernel: Kernel
    vectors: Array
    weights: Array
    offset: float


def with_machine(s: Simplifier, roots: Sequence[Expr]) -> list[Expr]:
    """The roots, with the one kernel machine in them as such; as they are, where there are none or several.

    Several would be a chain of models, of which PMML4S (1.5.8) hands on no decisions, and each with vectors of its own.
    """
    found = {expr.number: made for expr in reachable(roots) if (made := _machine(s, expr)) is not None}
    inner = {arg.number for expr in reachable(roots) if expr.number in found and expr.op == "add" for arg in expr.args}
    kept = {number: made for number, made in found.items() if number not in inner}
    if len(kept) != 1:
        return list(roots)
    done: dict[int, Expr] = {}
    for node in reachable(roots):
        args = [done[arg.number] for arg in node.args]
        same = all(new is old for new, old in zip(args, node.args, strict=True))
        done[node.number] = kept.get(node.number) or (node if same else s.make(node.op, args, node.kind, node.data))
    return [done[root.number] for root in roots]


def _machine(s: Simplifier, expr: Expr) -> Expr | None:
    """One kernel machine; None for anything else."""
    if expr.kind is not Kind.FLOAT64 or expr.op not in ("add", "linear"):
        return None
    total = sum_of(expr)
    if len(total.terms) < 2 or any(term.op not in ("exp", "mul", "pow", "tanh") for _, term in total.terms):
        return None
    kernels = [term for _, term in total.terms]
    found = _radial(kernels) or _of_products(kernels)
    if found is None:
        return None
    kernel, features, vectors = found
    if any(s.missing(item) or item.op == "constant" for item in features) or not np.isfinite(vectors).all():
        return None
    weights = np.array([weight for weight, _ in total.terms])
    return s.make("machine", features, Kind.FLOAT64, Machine(kernel, vectors, weights, total.intercept))


Found = tuple[Kernel, list[Expr], Array]


# Radial ------------------------------------------------------------------------------------------


def _radial(kernels: Sequence[Expr]) -> Found | None:
    parts = [_distance(expr) for expr in kernels]
    known = [item for item in parts if item is not None]
    if len(known) < len(kernels) or len({(gamma, norm.number) for gamma, norm, _, _ in known}) != 1:
        return None
    gamma, norm, _, _ = known[0]
    centred = _squares(norm)
    if centred is None:
        return None
    places = {expr.number: j for j, expr in enumerate(centred)}
    features, centre = zip(*(_uncentred(expr) for expr in centred), strict=True)
    moved = np.zeros((len(known), len(centred)))
    for k, (_, _, product, length) in enumerate(known):
        for coefficient, arg in product:
            if arg.number not in places:
                return None
            moved[k, places[arg.number]] += coefficient / -2
        if not np.isclose((moved[k] ** 2).sum(), length, rtol=1e-9, atol=1e-300):
            return None
    return Kernel("RadialBasisKernelType", gamma), list(features), np.array(centre) + moved


Distance = tuple[float, Expr, Sequence[tuple[float, Expr]], float]


def _distance(expr: Expr) -> Distance | None:
    """gamma, |x|², the terms of -2xv, and |v|² of `exp(-gamma * max(-2xv + |x|² + |v|², 0))`."""
    if expr.op != "exp" or expr.args[0].op != "mul" or expr.args[0].args[1].op != "constant":
        return None
    squared, factor = expr.args[0].args
    inside = rectified(squared)
    if inside is None or not factor.data < 0:
        return None
    length = 0.0
    if inside.op == "add" and inside.args[1].op == "constant":
        inside, length = inside.args[0], float(inside.args[1].data)
    if inside.op == "add" and inside.args[0].op == "linear":
        product = inside.args[0]
        return -factor.data, inside.args[1], list(zip(product.data.tolist(), product.args, strict=True)), length
    return -factor.data, inside, [], length


def _squares(norm: Expr) -> list[Expr] | None:
    """What is squared in a sum of squares, in whichever order they are added."""
    terms, waiting = [], [norm]
    while waiting:
        term = waiting.pop()
        if term.op in ("add", "sum"):
            waiting += term.args
        else:
            terms.append(term)
    if any(term.op != "mul" or term.args[0] is not term.args[1] for term in terms):
        return None
    return sorted((term.args[0] for term in terms), key=_number)


def _uncentred(expr: Expr) -> tuple[Expr, float]:
    if expr.op == "sub" and expr.args[1].op == "constant":
        return expr.args[0], float(expr.args[1].data)
    return expr, 0.0


# Functions of products ---------------------------------------------------------------------------


def _of_products(kernels: Sequence[Expr]) -> Found | None:
    parts = [_product(expr) for expr in kernels]
    known = [item for item in parts if item is not None]
    if len(known) < len(kernels) or len({kernel for kernel, _ in known}) != 1:
        return None
    kernel = known[0][0]
    features = sorted({arg.number: arg for _, product in known for arg in product.args}.values(), key=_number)
    places = {expr.number: j for j, expr in enumerate(features)}
    vectors = np.zeros((len(known), len(features)))
    for k, (_, product) in enumerate(known):
        for coefficient, arg in zip(product.data.tolist(), product.args, strict=True):
            vectors[k, places[arg.number]] += coefficient
    return kernel, features, vectors


def _number(expr: Expr) -> int:
    return expr.number


def _product(expr: Expr) -> tuple[Kernel, Expr] | None:
    """A function of `gamma * xv + coef0`, and xv."""
    base, degree = (expr.args[0], 1) if expr.op == "tanh" else _power(expr)
    name = "SigmoidKernelType" if expr.op == "tanh" else "PolynomialKernelType"
    coef0, gamma = 0.0, 1.0
    if base.op == "add" and base.args[1].op == "constant":
        base, coef0 = base.args[0], float(base.args[1].data)
    if base.op == "mul" and base.args[1].op == "constant":
        base, gamma = base.args[0], float(base.args[1].data)
    if base.op != "linear" or base.kind is not Kind.FLOAT64 or (degree < 2 and expr.op != "tanh"):
        return None
    return Kernel(name, gamma, coef0, degree), base


def _power(expr: Expr) -> tuple[Expr, int]:
    """An expression as a whole power of another, written as products of it."""
    if expr.op != "mul" or expr.args[1].op == "constant":
        return expr, 1
    (left, m), (right, n) = _power(expr.args[0]), _power(expr.args[1])
    return (left, m + n) if left is right else (expr, 1)
