"""GeneralRegressionModel. https://dmg.org/pmml/v4-4-1/GeneralRegression.html; details as in JPMML-Evaluator (1.7)."""

import itertools
from collections.abc import Sequence
from functools import reduce

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.general_regression import GeneralRegressionModel, PCell, PPCell, Predictor
from modelport_pmml.to_onnx.arrays import matrix
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.linkage import inverse_link
from modelport_pmml.to_onnx.literal import parse
from modelport_pmml.to_onnx.models.cox import hazard
from modelport_pmml.to_onnx.models.regression import FEW, shares
from modelport_pmml.to_onnx.normal import cdf
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.prediction import Prediction, classified, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, constant, either, is_missing
from modelport_pmml.to_onnx.value import number as constant_number


class Design:
    """The products of predictors that parameters multiply.

    They are looked at in turn, factors before covariates, and covariates only where no factor is 0 (JPMML 1.7).

    Attributes:
        gone: [N, 1] boolean, rows that meet a missing predictor; None for none.
        invalid: those that meet an invalid one before.
    """

    def __init__(self, model: GeneralRegressionModel, scope: Scope) -> None:
        self.model, self.scope = model, scope
        self.factors = {item.name: item for item in (model.factor_list.predictors if model.factor_list else ())}
        self.covariates = {item.name for item in (model.covariate_list.predictors if model.covariate_list else ())}
        self.rows: dict[tuple[str | None, str], list[PPCell]] = {}
        for cell in model.pp_matrix.cells if model.pp_matrix else ():
            self.rows.setdefault((cell.target_category, cell.parameter_name), []).append(cell)
        self.products: dict[tuple[str | None, str], Var] = {}
        self.gone: Var | None = None
        self.invalid: Var | None = None

    def product(self, category: str | None, name: str) -> Var | None:
        """What a parameter multiplies, [N, 1]; None for an intercept."""
        key = (category, name) if any(found == category for found, _ in self.rows) else (None, name)
        if key not in self.rows:
            return None
        if key not in self.products:
            self.products[key] = self._multiplied(self.rows[key])
        return self.products[key]

    def _multiplied(self, cells: list[PPCell]) -> Var:
        factors = [cell for cell in cells if cell.predictor_name in self.factors]
        rest = [cell for cell in cells if cell.predictor_name not in self.factors]
        total: Var | None = None
        for cell in factors:
            part = self._cell(cell, None)
            total = part if total is None else op.mul(total, part)
        zero = None if total is None or not rest else op.equal(total, constant(0.0))
        for cell in rest:
            part = self._cell(cell, zero)
            total = part if total is None else op.mul(total, part)
        assert total is not None, "a row has cells"
        return total if zero is None else op.where(zero, constant(0.0), total)

    def _see(self, value: Value, unless: Var | None) -> None:
        """Notes where a value is missing or invalid, where it is looked at."""
        lost, wrong = is_missing(value), value.invalid
        if lost is not None and wrong is not None:
            lost = op.and_(lost, op.not_(wrong))
        for hidden in (unless, self.gone):
            if hidden is not None:
                wrong = None if wrong is None else op.and_(wrong, op.not_(hidden))
        if unless is not None and lost is not None:
            lost = op.and_(lost, op.not_(unless))
        self.gone, self.invalid = either(self.gone, lost), either(self.invalid, wrong)

    def _cell(self, cell: PPCell, unless: Var | None) -> Var:
        value = self.scope.resolve(cell.predictor_name, cell)
        self._see(value, unless)
        if cell.predictor_name in self.factors:
            return self._factor(cell, self.factors[cell.predictor_name], value)
        if cell.predictor_name not in self.covariates:
            raise cell.bad(f"{cell.predictor_name!r} is neither a factor nor a covariate")
        if value.is_text:
            raise cell.bad(f"the covariate {cell.predictor_name!r} is text")
        power = parse(cell.value, "double", cell)
        return value.data if power == 1.0 else op.pow(value.data, constant(power))

    def _factor(self, cell: PPCell, factor: Predictor, value: Value) -> Var:
        if factor.matrix is not None:
            return self._contrast(cell, factor, value)
        hit = op.cast(compare(value, "equal", cell.value, cell), to=np.float64)
        gone = is_missing(value)
        return hit if gone is None else op.where(gone, constant(float("nan")), hit)

    def _contrast(self, cell: PPCell, factor: Predictor, value: Value) -> Var:
        """The entry of the contrast matrix: row of the field's category, column of the cell's."""
        names = [item.value for item in (factor.categories.categories if factor.categories else ())]
        if not names:
            field = self.scope.data_field(factor.name)
            names = list(field.valid if field else ())
        assert factor.matrix is not None, "checked by the caller"
        table = matrix(factor.matrix)
        if cell.value not in names or table.shape[0] != len(names):
            raise factor.bad(f"the contrast matrix of {factor.name!r} does not fit its categories")
        at = names.index(cell.value)
        data: Var = constant(float("nan"))
        for i, name in enumerate(names):
            data = op.where(compare(value, "equal", name, cell), constant(float(table[i, at])), data)
        return data

    def total(self, cells: Sequence[PCell], category: str | None) -> Var:
        """The sum of parameters times products, [N, 1]; of few parameters in their order, as in JPMML."""
        if len(cells) <= FEW:
            terms = [
                constant(cell.beta) if found is None else op.mul(found, constant(cell.beta))
                for cell, found in ((cell, self.product(category, cell.parameter_name)) for cell in cells)
            ]
            return reduce(op.add, terms[1:], terms[0])
        intercept, columns, weights = 0.0, [], []
        for cell in cells:
            found = self.product(category, cell.parameter_name)
            if found is None:
                intercept += cell.beta
            else:
                columns.append(found)
                weights.append(cell.beta)
        if not columns:
            return constant(intercept)
        return op.add(op.matmul(beside(columns), op.const(np.array(weights)[:, None])), constant(intercept))

    def unless_missing(self, wrong: Var | None) -> Var | None:
        """What is looked at after the predictors counts only where none was missing."""
        return wrong if wrong is None or self.gone is None else op.and_(wrong, op.not_(self.gone))

    def unless_gone(self, data: Var) -> Var:
        """NaN where a predictor is missing."""
        return data if self.gone is None else op.where(self.gone, constant(float("nan")), data)


def lower(model: GeneralRegressionModel, scope: Scope) -> Prediction:
    """A missing predictor leaves no result."""
    cells: dict[str | None, list[PCell]] = {}
    for cell in model.param_matrix.cells if model.param_matrix else ():
        cells.setdefault(cell.target_category, []).append(cell)
    if not cells:
        raise model.bad("a GeneralRegressionModel needs parameters")
    design = Design(model, scope)
    if model.function_name == "regression":
        return _regression(model, scope, design, cells)
    if model.function_name != "classification":
        raise model.bad(f"a GeneralRegressionModel has no function {model.function_name!r}")
    return _classification(model, scope, design, cells)


def _regression(
    model: GeneralRegressionModel, scope: Scope, design: Design, cells: dict[str | None, list[PCell]]
) -> Prediction:
    if set(cells) != {None}:
        raise model.bad("the parameters of a regression have no target categories")
    data = design.unless_gone(design.total(cells[None], None))
    nullable = design.gone is not None
    if model.model_type == "CoxRegression":
        return hazard(model, scope, data, cells[None], design.invalid)
    if model.model_type == "generalizedLinear":
        data, invalid = link(model, scope, data)
        invalid = either(design.invalid, design.unless_missing(invalid))
        return regressed(
            model, scope, data, nullable=nullable or invalid is not None, invalid=invalid, gone=design.gone
        )
    if model.model_type not in ("regression", "generalLinear"):
        raise model.bad(f"the model type {model.model_type} belongs to classification")
    return regressed(model, scope, data, nullable=nullable, invalid=design.invalid, gone=design.gone)


def variable(model: GeneralRegressionModel, scope: Scope, name: str | None, number: float | None) -> Value | None:
    """A field or number that shifts or scales the result; a missing field is an error."""
    if name is not None:
        value = scope.resolve(name, model)
        if value.is_text:
            raise model.bad(f"{name!r} is text")
        return value.with_invalid(is_missing(value))
    return None if number is None else constant_number(number)


def link(model: GeneralRegressionModel, scope: Scope, data: Var) -> tuple[Var, Var | None]:
    """The inverse link, with offset and trials."""
    if model.link_function is None:
        raise model.bad("a generalizedLinear model needs a linkFunction")
    offset = variable(model, scope, model.offset_variable, model.offset_value)
    trials = variable(model, scope, model.trials_variable, model.trials_value)
    if trials is not None:  # a count (JPMML 1.7)
        trials = trials.with_invalid(op.not_(op.equal(op.floor(trials.data), trials.data)))
    data = data if offset is None else op.add(data, offset.data)
    data = _inverse(model, data)
    data = data if trials is None else op.mul(data, trials.data)
    return data, either(offset.invalid if offset else None, trials.invalid if trials else None)


def _inverse(model: GeneralRegressionModel, x: Var) -> Var:
    one, name = constant(1.0), model.link_function
    if name == "logc":
        return op.sub(one, op.exp(x))
    if name == "negbin":
        if model.dist_parameter is None:
            raise model.bad("the link negbin needs a distParameter")
        return op.reciprocal(op.mul(constant(model.dist_parameter), op.sub(op.exp(op.neg(x)), one)))
    if name in ("oddspower", "power"):
        if model.link_parameter is None:
            raise model.bad(f"the link {name} needs a linkParameter")
        d = model.link_parameter
        if name == "power":
            return op.exp(x) if d == 0 else op.pow(x, constant(1.0 / d))
        if d == 0:
            return inverse_link("logit", x)
        return op.reciprocal(op.add(one, op.pow(op.add(one, op.mul(constant(d), x)), constant(-1.0 / d))))
    if name == "probit":
        return cdf(x)
    return inverse_link(str(name), x)


def _classes(model: GeneralRegressionModel, scope: Scope, cells: dict[str | None, list[PCell]]) -> tuple[str, ...]:
    """Target categories, the reference category last."""
    mining = scope.target()
    field = scope.data_field(mining.name) if mining else None
    names = list(field.valid if field else ())
    if not names:
        names = [name for name in cells if name is not None]
        if model.target_reference_category is not None and model.target_reference_category not in names:
            names.append(model.target_reference_category)
    if len(names) < 2:
        raise model.bad("a classification needs two or more target categories")
    reference = model.target_reference_category
    if reference is None and model.model_type != "ordinalMultinomial":
        left = [name for name in names if name not in cells]
        if len(left) != 1:
            raise model.bad("the reference category is not the only one without parameters")
        reference = left[0]
    if reference in names:
        names.remove(reference)
        names.append(reference)
    return tuple(names)


def _classification(
    model: GeneralRegressionModel, scope: Scope, design: Design, cells: dict[str | None, list[PCell]]
) -> Prediction:
    classes = _classes(model, scope, cells)
    invalid: Var | None = None
    columns: list[Var] = []
    for name in classes[:-1]:
        data = design.total(_cells(model, cells, name, len(classes)), name)
        if model.model_type == "generalizedLinear":
            data, wrong = link(model, scope, data)
            invalid = either(invalid, wrong)
        elif model.model_type == "ordinalMultinomial":
            data, wrong = _cumulative(model, scope, data)
            invalid = either(invalid, wrong)
        elif model.model_type != "multinomialLogistic":
            raise model.bad(f"the model type {model.model_type} belongs to regression")
        columns.append(data)
    scores = _scores(model, columns)
    invalid = either(design.unless_missing(invalid), design.invalid)
    return classified(model, scope, classes, scores, gone=design.gone, invalid=invalid)


def _cells(model: GeneralRegressionModel, cells: dict[str | None, list[PCell]], name: str, width: int) -> list[PCell]:
    if model.model_type == "ordinalMultinomial":
        own = cells.get(name)
        if own is None or len(own) != 1 or None not in cells:
            raise model.bad(f"an ordinalMultinomial model needs one intercept for {name!r}, and common parameters")
        return [*own, *cells[None]]
    found = cells.get(name) or (cells.get(None) if width == 2 else None)
    if found is None:
        raise model.bad(f"there are no parameters for the target category {name!r}")
    return found


def _cumulative(model: GeneralRegressionModel, scope: Scope, data: Var) -> tuple[Var, Var | None]:
    if model.cumulative_link is None:
        raise model.bad("an ordinalMultinomial model needs a cumulativeLink")
    offset = variable(model, scope, model.offset_variable, model.offset_value)
    data = data if offset is None else op.add(data, offset.data)
    return inverse_link(model.cumulative_link, data), offset.invalid if offset else None


def _scores(model: GeneralRegressionModel, columns: list[Var]) -> Var:
    """[N, K]."""
    if model.model_type == "multinomialLogistic":
        if model.offset_variable or model.offset_value:
            raise model.refuse("an offset of a multinomialLogistic model is read differently by evaluators")
        return shares(beside([*(op.exp(column) for column in columns), constant(1.0)]), False)
    if model.model_type == "generalizedLinear":
        if len(columns) > 1:
            raise model.refuse("a generalizedLinear classification of more than two classes")
        return beside([columns[0], op.sub(constant(1.0), columns[0])])
    steps = [columns[0], *(op.sub(b, a) for a, b in itertools.pairwise(columns))]
    return beside([*steps, op.sub(constant(1.0), columns[-1])])
