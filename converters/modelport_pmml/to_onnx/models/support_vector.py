"""SupportVectorMachineModel. https://dmg.org/pmml/v4-4-1/SupportVectorMachine.html"""

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.mining import Segmentation
from modelport_pmml.reader.elements.transformations import FieldRef
from modelport_pmml.reader.elements.vectors import (
    Kernel,
    LinearKernelType,
    PolynomialKernelType,
    RadialBasisKernelType,
    SigmoidKernelType,
    SupportVectorMachine,
    SupportVectorMachineModel,
    VectorInstance,
)
from modelport_pmml.to_onnx.arrays import reals, sparse
from modelport_pmml.to_onnx.expression import evaluate
from modelport_pmml.to_onnx.functions.arithmetic import _round
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.mining.panel import Panel, votes
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.prediction import Prediction, classified, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_invalid, any_missing, constant, either, float32

Floats = NDArray[np.float64]
_MAJORITY = Segmentation(multiple_model_method="majorityVote")


def lower(model: SupportVectorMachineModel, scope: Scope) -> Prediction:
    """A missing field is an error (JPMML 1.7)."""
    if model.max_wins:
        raise model.refuse("maxWins is read differently by different evaluators")
    if not model.machines:
        raise model.bad("a SupportVectorMachineModel needs a SupportVectorMachine")
    values, x = _inputs(model, scope)
    invalid = either(any_invalid(values), any_missing(values))
    sums = _sums(model, x)
    sums = float32(sums) if scope.float_math else sums
    if model.function_name == "regression":
        if len(model.machines) != 1:
            raise model.bad("a regression has one SupportVectorMachine")
        return regressed(model, scope, sums, nullable=invalid is not None, invalid=invalid)
    if _against_one(model):
        return _one_against_one(model, scope, sums, invalid)
    return _one_against_all(model, scope, sums, invalid)


def _inputs(model: SupportVectorMachineModel, scope: Scope) -> tuple[list[Value], Var]:
    values, columns = [], []
    for item in model.dictionary.fields.fields:
        if isinstance(item, FieldRef):
            value = evaluate(item, scope)
            if value.is_text:
                raise item.bad(f"the vector field {item.field!r} is text")
            columns.append(value.data)
        else:
            value = scope.resolve(item.name, item)
            hit = op.cast(compare(value, "equal", item.value, item), to=np.float64)
            columns.append(op.mul(hit, constant(item.coefficient)))
        values.append(value)
    if not columns:
        raise model.dictionary.bad("the vector dictionary names no fields")
    return values, beside(columns)


def _sums(model: SupportVectorMachineModel, x: Var) -> Var:
    """The value of each machine, [N, M]."""
    constants = np.array([[item.coefficients.absolute_value for item in model.machines]])
    if model.svm_representation == "Coefficients":
        weights = np.stack([[c.value for c in item.coefficients.coefficients] for item in model.machines], axis=1)
        if len(weights) != len(model.dictionary.fields.fields):
            raise model.bad("a machine has another number of coefficients than there are fields")
        return op.add(op.matmul(x, op.const(weights)), op.const(constants))
    vectors, weights = _vectors(model)
    return op.add(op.matmul(kernel(model.kernel, x, vectors), op.const(weights)), op.const(constants))


def _vectors(model: SupportVectorMachineModel) -> tuple[Floats, Floats]:
    """Support vectors [V, C] that some machine uses, and each machine's weights [V, M]."""
    width = len(model.dictionary.fields.fields)
    known = {item.id: item for item in model.dictionary.instances}
    rows: dict[str, int] = {}
    entries: list[tuple[str, int, float]] = []
    for m, machine in enumerate(model.machines):
        names = _names(machine)
        for name, item in zip(names, machine.coefficients.coefficients, strict=True):
            if name not in known:
                raise machine.bad(f"there is no vector instance {name!r}")
            rows.setdefault(name, len(rows))
            entries.append((name, m, item.value))
    weights = np.zeros((len(rows), len(model.machines)))
    for name, m, value in entries:
        weights[rows[name], m] += value
    vectors = np.stack([_vector(known[name], width) for name in rows]) if rows else np.zeros((0, width))
    return vectors, weights


def _names(machine: SupportVectorMachine) -> list[str]:
    names = [item.vector_id for item in (machine.support_vectors.vectors if machine.support_vectors else ())]
    if len(names) != len(machine.coefficients.coefficients):
        raise machine.bad(
            f"a machine has {len(names)} support vectors and {len(machine.coefficients.coefficients)} coefficients"
        )
    return names


def _vector(item: VectorInstance, width: int) -> Floats:
    if item.sparse is not None:
        found = sparse(item.sparse, width)
    elif item.dense is not None:
        found = reals(item.dense)
    else:
        raise item.bad("a vector instance needs an array")
    if len(found) != width:
        raise item.bad(f"the vector instance {item.id!r} has {len(found)} entries, where there are {width} fields")
    return found


def kernel(item: Kernel, x: Var, vectors: Floats) -> Var:
    """[N, V]."""
    match item:
        case LinearKernelType():
            return op.matmul(x, op.const(vectors.T.copy()))
        case PolynomialKernelType():
            inner = op.add(op.mul(constant(item.gamma), op.matmul(x, op.const(vectors.T.copy()))), constant(item.coef0))
            return op.pow(inner, constant(item.degree))
        case RadialBasisKernelType():
            return op.exp(op.mul(constant(-item.gamma), squared_distances(x, vectors)))
        case SigmoidKernelType():
            inner = op.mul(constant(item.gamma), op.matmul(x, op.const(vectors.T.copy())))
            return op.tanh(op.add(inner, constant(item.coef0)))
    raise item.refuse(f"the kernel <{item.tag()}> is not known here")


def squared_distances(x: Var, points: Floats) -> Var:
    """[N, V], from differences: products would lose the digits that neighbours differ in."""
    total: Var | None = None
    for j in range(points.shape[1]):
        column = op.slice(x, *(op.const(np.array([i], np.int64)) for i in (j, j + 1, 1)))
        gap = op.sub(column, op.const(points[None, :, j].copy()))
        squared = op.mul(gap, gap)
        total = squared if total is None else op.add(total, squared)
    assert total is not None, "there is a field"
    return total


def _against_one(model: SupportVectorMachineModel) -> bool:
    """Documents that do not say are read by their machines, as JPMML reads them."""
    if model.classification_method is not None:
        return model.classification_method == "OneAgainstOne"
    return model.machines[0].alternate_target_category is not None


def _category(machine: SupportVectorMachine) -> str:
    if machine.target_category is None:
        raise machine.bad("a machine of a classification needs a targetCategory")
    return machine.target_category


def _one_against_all(model: SupportVectorMachineModel, scope: Scope, sums: Var, invalid: Var | None) -> Prediction:
    """The smallest value wins."""
    classes = tuple(_category(item) for item in model.machines)
    if len(set(classes)) < len(classes):
        raise model.refuse("two machines stand for one class")
    scores = op.where(op.isnan(sums), constant(float("-inf")), op.neg(sums))
    return classified(model, scope, classes, scores, gone=invalid, invalid=invalid, probable=False)


def _one_against_one(model: SupportVectorMachineModel, scope: Scope, sums: Var, invalid: Var | None) -> Prediction:
    """Each machine votes: below its threshold for its target, else for its alternative.

    Shares of votes are probabilities to those output fields that ask for them (JPMML 1.7), and to nobody else.
    """
    labels: dict[str, int] = {}
    columns: list[Var] = []
    wrong: Var | None = None
    for m, machine in enumerate(model.machines):
        value = op.slice(sums, *(op.const(np.array([i], np.int64)) for i in (m, m + 1, 1)))
        target = _category(machine)
        if model.alternate_binary_target_category is not None:
            other = model.alternate_binary_target_category
            rounded = _round(value)
            hit = op.equal(rounded, constant(1.0))
            wrong = either(wrong, op.not_(op.or_(hit, op.equal(rounded, constant(0.0)))))
        else:
            if machine.alternate_target_category is None:
                raise machine.bad("a machine of OneAgainstOne needs an alternateTargetCategory")
            other = machine.alternate_target_category
            threshold = machine.threshold if machine.threshold is not None else model.threshold
            hit = op.less(value, constant(threshold))
        first, second = (labels.setdefault(name, len(labels)) for name in (target, other))
        columns.append(op.where(hit, *(op.const(np.array([[i]], np.int64)) for i in (first, second))))
    classes = tuple(labels)
    invalid = either(invalid, wrong)
    panel = Panel(None, None, constant(1.0), len(columns), codes=beside(columns))
    shares, winner = votes(panel, _MAJORITY, len(classes))[:2]
    gone = invalid is not None
    label = Value(winner, "string", gone, invalid, classes, optype="categorical")
    return Prediction("classification", label, classes, shares, offered=False)
