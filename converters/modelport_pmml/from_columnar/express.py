"""Scalar expressions as PMML expressions.

Evaluators refuse a comparison with a missing value, where the original takes it for false: every comparison that may
meet one says so (`mapMissingTo="false"`).
"""

from collections.abc import Callable, Container, Mapping, Sequence

from modelport.errors import CannotConvert
from modelport_columnar.expression import Expr, Kind
from modelport_pmml.from_columnar.markup import content, number, tag

FUNCTIONS: Mapping[str, str] = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "pow", "abs": "abs", "exp": "exp", "log": "ln",
    "sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "round": "rint", "sin": "sin", "cos": "cos", "tan": "tan",
    "asin": "asin", "acos": "acos", "atan": "atan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "erf": "erf",
    "and": "and", "or": "or", "not": "not", "lower": "lowercase", "upper": "uppercase",
    "concat": "concat",
}  # fmt: skip

COMPARISONS: Mapping[str, str] = {
    "equal": "equal",
    "less": "lessThan",
    "less_equal": "lessOrEqual",
    "greater": "greaterThan",
    "greater_equal": "greaterOrEqual",
}

STRICT = frozenset(FUNCTIONS) - {"add", "sub", "mul", "div", "and", "or", "not", "lower", "upper", "concat"}
"""Functions that JPMML (1.7) refuses to give a missing argument; arithmetic hands it on."""

AGGREGATES: Mapping[str, str] = {"sum": "sum", "product": "product", "maximum": "max", "minimum": "min"}
"""These leave missing values out instead of handing them on, so arguments that may be missing take another way."""


LONG = 64
"""Terms of a sum, above which it is added in pairs: as accurately as the libraries that computed the original."""


class Expresser:
    """Writes expressions, given the names of those that are fields.

    Args:
        missing: whether an expression may be missing.
        undefined: numbers of quotients that are NaN at times, and then no failure.
    """

    def __init__(self, missing: Callable[[Expr], bool], undefined: Container[int] = ()) -> None:
        self.names: dict[int, str] = {}
        self.missing = missing
        self.undefined = undefined

    def __call__(self, expr: Expr) -> str:
        """An expression: a reference where it is a field, else written out.

        Raises:
            CannotConvert: an operation that PMML has no function for.
        """
        name = self.names.get(expr.number)
        return tag("FieldRef", [("field", name)]) if name is not None else self.written(expr)

    def written(self, expr: Expr) -> str:
        """An expression, written out even if it is a field itself."""
        if expr.op == "constant":
            return constant(expr)
        if expr.op in COMPARISONS:
            return self._comparison(expr)
        special = _SPECIAL.get(expr.op)
        if special is not None:
            return special(self, expr)
        if expr.op == "div" and expr.kind is Kind.INT64:
            raise CannotConvert("PMML has no division of whole numbers", where="Div")
        function = FUNCTIONS.get(expr.op)
        if function is None:
            raise CannotConvert(f"PMML has no function for {expr.op}", where=expr.op)
        parts = [self(arg) for arg in expr.args]
        if expr.number in self.undefined:
            return tag("Apply", [("function", function), ("invalidValueTreatment", "asMissing")], parts)
        written = apply(function, parts)
        gone = [arg for arg in expr.args if self.missing(arg)]
        if expr.op in STRICT and gone:
            tests = self.joined("or", [apply("isMissing", [self(arg)]) for arg in gone])
            return apply("if", [tests, self.joined("+", [self(arg) for arg in gone]), written])
        return written

    def _comparison(self, expr: Expr) -> str:
        left, right = expr.args
        if expr.op == "equal" and right.op == "constant" and right.data == "":
            return apply("isMissing", [self(left)])
        if expr.op == "equal" and left.kind is Kind.BOOL:
            raise CannotConvert("PMML has no comparison of truth values", where="Equal")
        guard = "false" if any(self.missing(arg) for arg in expr.args) else None
        return apply(COMPARISONS[expr.op], [self(left), self(right)], guard)

    def joined(self, function: str, parts: Sequence[str]) -> str:
        """A function of two arguments over many, as a balanced tree."""
        if len(parts) == 1:
            return parts[0]
        middle = (len(parts) + 1) // 2
        return apply(function, [self.joined(function, parts[:middle]), self.joined(function, parts[middle:])])


def apply(function: str, args: Sequence[str], missing: str | None = None) -> str:
    return tag("Apply", [("function", function), ("mapMissingTo", missing)], args)


def constant(expr: Expr) -> str:
    """A constant of its kind; missing where it is NaN or empty."""
    if expr.kind is Kind.BOOL:
        return tag("Constant", [("dataType", "boolean")], "true" if expr.data else "false")
    if expr.kind is Kind.TEXT:
        return tag("Constant", [("dataType", "string")], content(expr.data))
    if expr.data != expr.data:
        return tag("Constant", [("dataType", "double"), ("missing", "true")])
    whole = expr.kind is Kind.INT64 and abs(expr.data) < 1 << 31
    return tag("Constant", [("dataType", "integer" if whole else "double")], number(expr.data))


def _aggregate(write: Expresser, expr: Expr) -> str:
    parts = [write(arg) for arg in expr.args]
    if not any(write.missing(arg) for arg in expr.args):
        return apply(AGGREGATES[expr.op], parts)
    if expr.op in ("sum", "product"):
        return write.joined({"sum": "+", "product": "*"}[expr.op], parts)
    gone = write.joined("or", [apply("isMissing", [write(arg)]) for arg in expr.args if write.missing(arg)])
    return apply("if", [gone, write.joined("+", parts), apply(AGGREGATES[expr.op], parts)])


def _where(write: Expresser, expr: Expr) -> str:
    """A choice. Text that a field does not list is still handed on, which JPMML (1.7) asks to be told."""
    unknown = "asIs" if expr.kind is Kind.TEXT else None
    parts = [write(arg) for arg in expr.args]
    return tag("Apply", [("function", "if"), ("invalidValueTreatment", unknown)], parts)


def _linear(write: Expresser, expr: Expr) -> str:
    terms = [
        write(arg) if c == 1 else apply("*", [write(arg), tag("Constant", [("dataType", "double")], number(c))])
        for arg, c in zip(expr.args, expr.data.tolist(), strict=True)
    ]
    if len(terms) == 1:
        return terms[0]
    pairwise = len(terms) > LONG or any(write.missing(arg) for arg in expr.args)
    return write.joined("+", terms) if pairwise else apply("sum", terms)


def _neg(write: Expresser, expr: Expr) -> str:
    return apply("*", [tag("Constant", [("dataType", "double")], "-1"), write(expr.args[0])])


def _isnan(write: Expresser, expr: Expr) -> str:
    return apply("isMissing", [write(expr.args[0])])


def _cast(write: Expresser, expr: Expr) -> str:
    arg = expr.args[0]
    if expr.kind is Kind.INT64 and arg.kind.is_float:
        zero = tag("Constant", [("dataType", "double")], "0")
        guard = "false" if write.missing(arg) else None
        below = apply("lessThan", [write(arg), zero], guard)
        return apply("if", [below, apply("ceil", [write(arg)]), apply("floor", [write(arg)])])
    return write(arg)


def _mod(write: Expresser, expr: Expr) -> str:
    if expr.data != "floor":
        raise CannotConvert("PMML has no remainder with the sign of the dividend", where="Mod")
    return apply("modulo", [write(arg) for arg in expr.args])


def _replaced(write: Expresser, expr: Expr) -> str:
    """Every match of a regular expression, replaced.

    Characters beyond the basic plane are written as PCRE's escapes, which keeps the pattern readable where fonts end.
    """
    found, by = expr.data
    told = "".join(char if ord(char) <= 0xFFFF else f"\\x{{{ord(char):X}}}" for char in found)
    pattern, by = (tag("Constant", [("dataType", "string")], content(text)) for text in (told, by))
    return apply("replace", [write(expr.args[0]), pattern, by])


def _length(write: Expresser, expr: Expr) -> str:
    return apply("stringLength", [write(expr.args[0])])


def _encode(write: Expresser, expr: Expr) -> str:
    """A chain of choices; text of many keys is a table."""
    from modelport_pmml.from_columnar.mapping import mapping

    return mapping(write, expr)


_SPECIAL: Mapping[str, Callable[[Expresser, Expr], str]] = {
    **dict.fromkeys(AGGREGATES, _aggregate),
    "where": _where,
    "linear": _linear,
    "neg": _neg,
    "isnan": _isnan,
    "cast": _cast,
    "mod": _mod,
    "encode": _encode,
    "replaced": _replaced,
    "length": _length,
}
