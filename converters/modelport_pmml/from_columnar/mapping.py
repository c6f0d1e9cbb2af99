"""Maps from values to values: a table for text, a chain of choices for numbers."""

from typing import TYPE_CHECKING, Any

import numpy as np

from modelport_columnar.evaluate import DTYPES
from modelport_columnar.expression import Expr, Kind, Pool
from modelport_pmml.from_columnar.markup import content, number, tag

if TYPE_CHECKING:
    from modelport_pmml.from_columnar.express import Expresser

DATA_TYPES = {
    Kind.FLOAT64: "double",
    Kind.FLOAT32: "float",
    Kind.INT64: "integer",
    Kind.BOOL: "boolean",
    Kind.TEXT: "string",
}


def mapping(write: "Expresser", expr: Expr) -> str:
    """An `encode` expression."""
    name = write.names.get(expr.args[0].number)
    keys = [key for key in expr.data.keys if key != ""]
    if expr.args[0].kind is Kind.TEXT and name is not None and keys and not any(map(_blank, keys)):
        return _table(expr, name)
    return _chain(write, expr)


def asked(expr: Expr) -> list[Expr]:
    """What a mapping refers to by name."""
    return [expr.args[0]] if expr.op == "encode" and expr.args[0].kind is Kind.TEXT else []


def _blank(key: Any) -> bool:
    """Whether reading the key back could lose white space at its ends."""
    return bool(key != key.strip())


def _table(expr: Expr, field: str) -> str:
    encoding = expr.data
    pairs = dict(reversed(list(zip(encoding.keys, encoding.values, strict=True))))
    rows = [
        tag("row", (), tag("key", (), content(key)) + tag("value", (), content(_text(value, expr.kind) or "")))
        for key, value in reversed(pairs.items())
        if key != ""
    ]
    attributes = [
        ("mapMissingTo", _text(encoding(""), expr.kind)),
        ("defaultValue", _text(encoding.default, expr.kind)),
        ("outputColumn", "value"),
        ("dataType", DATA_TYPES[expr.kind]),
    ]
    pair = tag("FieldColumnPair", [("field", field), ("column", "key")])
    return tag("MapValues", [item for item in attributes if item[1] is not None], pair + tag("InlineTable", (), rows))


def _text(value: Any, kind: Kind) -> str | None:
    """A value as text; None for a missing one."""
    if kind is Kind.TEXT:
        return None if value == "" else str(value)
    if kind is Kind.BOOL:
        return "true" if value else "false"
    return None if value != value else number(int(value) if kind is Kind.INT64 else float(value))


def _chain(write: "Expresser", expr: Expr) -> str:
    pool, arg, encoding = Pool(), expr.args[0], expr.data
    written = _constant(pool, encoding.default, expr.kind)
    from modelport_pmml.from_columnar.express import apply, constant

    text = constant(written)
    for key, value in reversed(list(zip(encoding.keys, encoding.values, strict=True))):
        then = constant(_constant(pool, value, expr.kind))
        if key == "" or key != key:
            test = apply("isMissing", [write(arg)])
        else:
            guard = "false" if write.missing(arg) else None
            test = apply("equal", [write(arg), constant(_constant(pool, key, arg.kind))], guard)
        text = apply("if", [test, then, text])
    return text


def _constant(pool: Pool, value: Any, kind: Kind) -> Expr:
    return pool.constant(np.str_(value) if kind is Kind.TEXT else np.asarray(value, DTYPES[kind])[()])
