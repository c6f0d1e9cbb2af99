"""What sklearn2pmml's Java program printed, as one sentence about the estimator and a way out."""

import re

from modelport.errors import CannotConvert, MissingExtra, ModelportError, NotFitted
from modelport_pmml.engine_sklearn2pmml.refusals import WAY_OUT

_EXCEPTION = re.compile(r"^(?:Exception in thread \"[^\"]*\" )?((?:[a-z_$][\w$]*\.)+[A-Z][\w$]*): (.+)$", re.MULTILINE)
_OBJECT = re.compile(r"The object \(Python class ([\w.]+)\) (.+)")
_SOLUTION = re.compile(r"^Solution:\n\s*(.+)$", re.MULTILINE)
_VERSION = re.compile(r"downgrade|upgrade|expired", re.IGNORECASE)


def translate(log: str, code: int) -> ModelportError:
    """The error to raise for a run that ended with `code` and printed `log`."""
    found = _EXCEPTION.search(log)
    if found is None:
        last = next((line for line in reversed(log.strip().splitlines()) if line.strip()), "it said nothing")
        return CannotConvert(f"sklearn2pmml ended with code {code}: {last.strip()}", hint=WAY_OUT)
    kind, text = found.group(1).rpartition(".")[2], found.group(2).strip()
    named = _OBJECT.match(text)
    if named and "not fitted" in named.group(2):
        return NotFitted(f"{_short(named.group(1))} was never fitted", hint="call fit(X, y) and save it again")
    if named:
        return CannotConvert(
            f"sklearn2pmml: {_short(named.group(1))} {named.group(2)}", where=named.group(1), hint=WAY_OUT
        )
    if _VERSION.search(text):
        return MissingExtra(f"sklearn2pmml: {text}", hint=_solution(log) or "pip install --upgrade sklearn2pmml")
    return CannotConvert(f"sklearn2pmml: {text} ({kind})", hint=WAY_OUT)


def _solution(log: str) -> str | None:
    found = _SOLUTION.search(log)
    return found.group(1).strip() if found else None


def _short(path: str) -> str:
    return path.rpartition(".")[2]
