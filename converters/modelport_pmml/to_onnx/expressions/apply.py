"""Apply: built-in functions and the document's own. https://dmg.org/pmml/v4-4-1/Functions.html"""

from dataclasses import replace

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply, DefineFunction
from modelport_pmml.to_onnx.expression import cast, evaluate
from modelport_pmml.to_onnx.inputs import emptied
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import (
    NAN,
    Value,
    any_missing,
    choose,
    constant,
    either,
    in_turn,
    is_missing,
    missing_text,
    number,
    text,
)

TOLERANT = frozenset({"+", "-", "*", "/", "modulo", "min", "max", "avg", "sum", "product", "median", "isMissing",
                      "isNotMissing", "isValid", "isNotValid", "isIn", "isNotIn", "concat"})  # fmt: skip
"""Functions that take missing arguments; to all others a missing argument is an error (JPMML 1.7)."""


def apply(element: Apply, scope: Scope) -> Value:
    """`mapMissingTo` replaces the whole call where an argument is missing, `defaultValue` a missing result."""
    if element.function == "if":
        return _or_default(element, condition(element, scope))
    values = [evaluate(item, scope) for item in element.arguments]
    result = treated(element, call(element, values, scope))
    if element.function not in TOLERANT and element.function not in scope.graph.functions:
        result = result.with_invalid(any_missing(values))
    result = _or_default(element, result)
    gone = any_missing(values)
    if element.map_missing_to is None or gone is None:
        return result
    mapped = cast(text(element.map_missing_to), result.type, element)
    mapped = mapped.with_invalid(in_turn((value, True) for value in values)[1])
    return replace(choose(gone, mapped, result), type=result.type)


def treated(element: Apply, result: Value) -> Value:
    """A result that is no value: an error, or missing, as `invalidValueTreatment` asks."""
    no_number, wrong = result.wrong, either(result.wrong, result.irregular)
    result = replace(result, wrong=None, irregular=None)
    if wrong is None:
        return result
    if element.invalid_value_treatment == "asMissing":
        return emptied(result, wrong)
    if element.invalid_value_treatment != "asIs":
        return result.with_invalid(wrong)
    if no_number is not None:
        raise element.refuse(f"the result of {element.function} that is no number, and counts as it is")
    return result


def _or_default(element: Apply, value: Value) -> Value:
    gone = is_missing(value)
    if element.default_value is None or gone is None:
        return value
    default = cast(text(element.default_value), value.type, element).with_invalid(value.invalid)
    return replace(choose(gone, default, value), type=value.type)


def condition(element: Apply, scope: Scope) -> Value:
    """`if`: only the part that is chosen can make the result invalid; a missing condition does (JPMML 1.7)."""
    if len(element.arguments) not in (2, 3):
        raise element.bad(f"the function if takes 2 or 3 arguments, not {len(element.arguments)}")
    test = evaluate(element.arguments[0], scope)
    if test.type != "boolean":
        raise element.refuse(f"the condition of if is a {test.type}, which evaluators refuse")
    first = evaluate(element.arguments[1], scope)
    second = evaluate(element.arguments[2], scope) if len(element.arguments) == 3 else nothing(first)
    first, second = alike(first, second, element)
    holds = op.greater(test.data, constant(0.5))
    result = choose(holds, first, second)
    gone = is_missing(test)
    if gone is not None and element.map_missing_to is None:
        result = replace(choose(gone, nothing(result).with_invalid(gone), result), type=result.type)
    elif gone is not None and element.map_missing_to is not None:
        absent = cast(text(element.map_missing_to), result.type, element)
        result = replace(choose(gone, absent, result), type=result.type)
    lost = is_missing(result)
    if lost is not None and len(element.arguments) == 2:  # a part that is not there is not replaced
        lost = op.and_(lost, holds)
    if element.map_missing_to is not None and lost is not None:
        mapped = cast(text(element.map_missing_to), result.type, element).with_invalid(result.invalid)
        result = replace(choose(lost, mapped, result), type=result.type)
    return treated(element, result.with_invalid(test.invalid))


def nothing(like: Value) -> Value:
    """A missing value of the same kind."""

    return missing_text() if like.is_text else number(NAN, like.type)


def alike(first: Value, second: Value, element: Apply) -> tuple[Value, Value]:
    """Two values of one kind: text and number meet as whichever constant can follow the other."""
    if first.is_text == second.is_text:
        return first, second
    if first.constant is not None:
        return cast(first, second.type, element), second
    if second.constant is not None:
        return first, cast(second, first.type, element)
    raise element.refuse("the two results of if are text and number")


def call(element: Apply, values: list[Value], scope: Scope) -> Value:
    """A built-in function, or one the document defines."""
    from modelport_pmml.to_onnx.table import FUNCTIONS

    built_in = FUNCTIONS.get(element.function.removeprefix("x-"))
    if built_in is not None:
        result: Value = built_in(element, values)
        return result
    defined = scope.graph.functions.get(element.function)
    if defined is None:
        raise element.refuse(f"the function {element.function!r} is neither built in nor defined in the document")
    return _defined(defined, values, element, scope)


def _defined(function: DefineFunction, values: list[Value], element: Apply, scope: Scope) -> Value:
    if len(values) != len(function.parameters):
        raise element.bad(f"{function.name!r} takes {len(function.parameters)} arguments, not {len(values)}")
    chain = getattr(scope, "calls", ())
    if function.name in chain:
        raise element.bad(f"the function {function.name!r} calls itself: {' → '.join((*chain, function.name))}")
    inner = FunctionScope(scope, function, (*chain, function.name))
    for parameter, value in zip(function.parameters, values, strict=True):
        inner.declare(parameter.name, cast(value, parameter.data_type, parameter))
    return cast(evaluate(function.expression, inner), function.data_type, function)


class FunctionScope(Scope):
    """Inside a function only its parameters have names."""

    def __init__(self, outer: Scope, function: DefineFunction, calls: tuple[str, ...]) -> None:
        super().__init__(outer.graph, None, None)
        self.shared = {}
        self.calls = calls
