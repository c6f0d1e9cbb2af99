"""JPMML-Evaluator, row by row, as the oracle. An error of a row is a row without a result."""

from typing import Any

from modelport_pmml.runtimes.jvm import java, start
from tests.conformance.fuzz_pmml.frame import Row


class Refused(Exception):
    """JPMML does not take the document at all."""


def scores(text: str, rows: list[Row]) -> list[Row | str]:
    """The results of each row by field, the target's under its own name; a text says why JPMML refuses the row.

    Raises:
        Refused: JPMML does not take the document.
    """
    jpype = start()
    builder = java("org.jpmml.evaluator.LoadingModelEvaluatorBuilder")()
    try:
        builder.load(java("java.io.ByteArrayInputStream")(jpype.JArray(jpype.JByte)(text.encode())))
        evaluator = builder.build()
    except jpype.JException as error:
        raise Refused(str(error).splitlines()[0]) from error
    decode = java("org.jpmml.evaluator.EvaluatorUtil").decodeAll
    return [_row(jpype, evaluator, decode, row) for row in rows]


def _row(jpype: Any, evaluator: Any, decode: Any, row: Row) -> Row | str:
    arguments = java("java.util.LinkedHashMap")()
    for name, value in row.items():
        if value is not None:
            arguments.put(name, _boxed(jpype, value))
    try:
        found = decode(evaluator.evaluate(arguments))
    except jpype.JException as error:
        return str(error).splitlines()[0]
    return {("" if name is None else str(name)): _plain(jpype, found.get(name)) for name in found.keySet()}


def _boxed(jpype: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return jpype.java.lang.Boolean(value)
    if isinstance(value, str):
        return jpype.JString(value)
    return jpype.java.lang.Integer(value) if isinstance(value, int) else jpype.java.lang.Double(value)


def _plain(jpype: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, jpype.java.lang.Boolean):
        return bool(value)
    if isinstance(value, jpype.java.lang.Number):
        return float(value.doubleValue())
    return str(value)
