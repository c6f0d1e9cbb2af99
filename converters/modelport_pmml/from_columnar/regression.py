"""RegressionModel: linear models as such, and every other function of one row as the sum of derived fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelport_columnar.expression import Expr, Kind
from modelport_pmml.from_columnar.draft import Draft
from modelport_pmml.from_columnar.markup import number, tag


@dataclass(frozen=True, slots=True)
class Sum:
    """intercept + Σ coefficient * predictor."""

    intercept: float
    terms: tuple[tuple[float, Expr], ...]


def sum_of(expr: Expr) -> Sum:
    """An expression as a weighted sum; in the end, one term of weight 1."""
    if expr.op == "constant" and expr.kind is not Kind.TEXT:
        return Sum(float(expr.data), ())
    if expr.op == "add" and expr.kind is Kind.FLOAT64:
        for inner, offset in (expr.args, expr.args[::-1]):
            if offset.op == "constant" and offset.data == offset.data:
                return Sum(float(offset.data), _terms(inner))
    return Sum(0.0, _terms(expr))


def is_linked(expr: Expr) -> bool:
    """Whether an expression is `exp` of a weighted sum: a generalised linear model with a logarithmic link."""
    if expr.op != "exp" or expr.kind is not Kind.FLOAT64:
        return False
    inner = expr.args[0]
    inner = inner.args[0] if inner.op == "add" and inner.args[1].op == "constant" else inner
    return inner.op == "linear"


def _terms(expr: Expr) -> tuple[tuple[float, Expr], ...]:
    if expr.op == "linear" and expr.kind is Kind.FLOAT64:
        weights = [float(c) for c in expr.data.tolist()]
        return tuple(zip(weights, expr.args, strict=True))
    return ((1.0, expr),)


def predictors(sums: Sequence[Sum]) -> list[Expr]:
    """What must be a field for a table to name it."""
    return [_asked(expr) for item in sums for _, expr in item.terms if _asked(expr).op != "constant"]


def _asked(expr: Expr) -> Expr:
    found = category_of(expr)
    return found[0] if found else expr


def category_of(expr: Expr) -> tuple[Expr, str] | None:
    """The text field and the value of an indicator, 1 where the field has that value and else 0."""
    if expr.op != "where" or [arg.op for arg in expr.args] != ["equal", "constant", "constant"]:
        return None
    test, yes, no = expr.args
    field, value = test.args
    if field.kind is not Kind.TEXT or value.op != "constant" or not value.data or (yes.data, no.data) != (1, 0):
        return None
    return field, value.data


def table(made: Draft, item: Sum, category: str | None = None) -> str:
    """A `RegressionTable`."""
    numeric, categorical, offset = [], [], item.intercept
    for weight, expr in item.terms:
        found = category_of(expr)
        if expr.op == "constant":
            offset += weight * expr.data
        elif found:
            attributes = [
                ("name", made.write.names[found[0].number]),
                ("value", found[1]),
                ("coefficient", number(weight)),
            ]
            categorical.append(tag("CategoricalPredictor", attributes))
        else:
            name = made.write.names[expr.number]
            numeric.append(tag("NumericPredictor", [("name", name), ("coefficient", number(weight))]))
    attributes = [("intercept", number(offset)), ("targetCategory", category or "")]
    return tag("RegressionTable", [item for item in attributes if item[1]], [*numeric, *categorical])


def regression_model(function: str, head: str, tables: Sequence[str], normalization: str | None = None) -> str:
    """A `RegressionModel`; `head` is everything before its tables."""
    opened = f'functionName="{function}"' + (f' normalizationMethod="{normalization}"' if normalization else "")
    return f"<RegressionModel {opened}>{head}{''.join(tables)}</RegressionModel>"
