"""Parity as an assertion, for test suites: `assert_parity(model, "model.onnx", X)`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelport.parity.pieces import Witness
    from modelport.parity.report import ParityReport

_MOST_FAILURES = 5
_MOST_INPUTS = 20

listeners: "list[Callable[[ParityReport], None]]" = []
"""Told of every report that `assert_parity` makes; the pytest plugin gathers them here."""


def assert_parity(model: Any, artifact: Any, X: Any = None, *, trust: Any = (), **policy: Any) -> "ParityReport":
    """Asserts that an artifact answers like a model, in every runtime that is installed.

    Args:
        model: the reference: a live model or a path.
        artifact: what is compared with it: a live model or a path.
        X: rows to compare on, besides the generated ones; whatever `modelport.verify` takes.
        trust: globals that the pickle gate lets through besides its own list.
        policy: fields of `modelport.parity.Settings`: `atol=1e-6`, `rows=1000`, `runtimes=("onnxruntime",)` …

    Returns:
        The report, which passed.

    Raises:
        AssertionError: they disagree, or nothing could be compared; the message shows the smallest row that tells.
        UsageError: a policy that there is not, or one out of its range.
    """
    __tracebackhide__ = True
    from modelport import api
    from modelport.parity.settings import Settings

    report = api.verify(model, artifact, data=X, settings=Settings.from_json(policy), trust=trust)
    for listener in listeners:
        listener(report)
    if not report.passed:
        raise AssertionError("\n".join(_message(report)))
    return report


def _message(report: "ParityReport") -> Iterator[str]:
    from modelport.parity.verdict import by_gravity

    yield report.sentence()
    for failure in by_gravity(report)[:_MOST_FAILURES]:
        yield f"  {failure}"
        if failure.hint:
            yield f"    {failure.hint}"
    if report.apart:
        yield f"  {report.apart}"
    found = smallest(report)
    if found is not None:
        yield from _row(*found)


def smallest(report: "ParityReport") -> "tuple[str, Witness] | None":
    """The disagreeing row with the fewest unusual values (missing, not finite, long), and where it was found."""
    if report.smallest is not None:
        found = report.smallest
        return f"reduced from the {found.stratum} rows, {found.subject}", found.witness
    rows = [
        (f"{stratum.name} row {witness.row}, {report.subjects[pair.second].name}", witness)
        for pair in report.official
        for stratum in pair.strata
        for witness in stratum.witnesses
    ]
    return min(rows, key=lambda item: _unusual(item[1]), default=None)


def _unusual(witness: "Witness") -> tuple[int, int]:
    """How many values are missing or not finite, and how many characters it takes to write them all."""
    values = list(witness.inputs.values())
    odd = sum(value is None or (isinstance(value, float) and value - value != 0) for value in values)
    return odd, sum(len(repr(value)) for value in values)


def _row(where: str, witness: "Witness") -> Iterator[str]:
    yield f"The smallest row that shows it ({where}):"
    for name, value in list(witness.inputs.items())[:_MOST_INPUTS]:
        yield f"  {name} = {value!r}"
    if len(witness.inputs) > _MOST_INPUTS:
        yield f"  … and {len(witness.inputs) - _MOST_INPUTS} more inputs"
    for name in witness.columns:
        yield f"  {name}: {witness.reference.get(name)!r} expected, {witness.candidate.get(name)!r} found"
