"""JPMML-Evaluator, row by row, as the oracle of the fuzzer. An error of a row is a row without a result."""

from typing import Any

from modelport_pmml.runtimes.jvm import java, start

Row = dict[str, Any]


def scores(text: str, rows: list[Row]) -> list[Row | None]:
    """The results of each row by field, the target's under its own name; None where JPMML refuses the row."""
    jpype = start()
    builder = java("org.jpmml.evaluator.LoadingModelEvaluatorBuilder")()
    builder.load(java("java.io.ByteArrayInputStream")(jpype.JArray(jpype.JByte)(text.encode())))
    evaluator = builder.build()
    return [_row(jpype, evaluator, row) for row in rows]


def _row(jpype: Any, evaluator: Any, row: Row) -> Row | None:
    arguments = java("java.util.LinkedHashMap")()
    for name, value in row.items():
        if value is not None:
            arguments.put(name, _boxed(jpype, value))
    try:
        found = java("org.jpmml.evaluator.EvaluatorUtil").decodeAll(evaluator.evaluate(arguments))
    except jpype.JException:
        return None
    return {("" if name is None else str(name)): _plain(jpype, found.get(name)) for name in found.keySet()}


def _boxed(jpype: Any, value: Any) -> Any:
    if isinstance(value, str):
        return jpype.JString(value)
    return jpype.java.lang.Integer(value) if isinstance(value, int) else jpype.java.lang.Double(value)


def _plain(jpype: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, jpype.java.lang.Number):
        return float(value.doubleValue())
    return str(value)
