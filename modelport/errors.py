"""One family of errors. Each class has its exit code; each message says what, where, and the way out.

A person sees `what (where)` and, on the next line, the hint. No traceback reaches a user of the command:
what is not a `ModelportError` is reported as a defect of modelport's own, with exit code 70.
"""

from typing import Any, ClassVar


class ModelportError(Exception):
    """Base of every error that modelport raises on purpose.

    Args:
        what: one sentence, lower case, that says what happened.
        where: the file, column, step or element it happened at.
        hint: what to do next: a command, an option, another estimator.
    """

    exit_code: ClassVar[int] = 70
    code: ClassVar[str] = "defect"

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        way_out = f"\n  {self.hint}" if self.hint else ""
        return f"{self.what}{place}{way_out}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.hint)

    def to_json(self) -> dict[str, object]:
        """The error as the `--json` document of a failed command holds it."""
        return {"code": self.code, "what": self.what, "where": self.where, "hint": self.hint}


def _rebuild(kind: type[ModelportError], what: str, where: str | None, hint: str | None) -> ModelportError:
    return kind(what, where=where, hint=hint)


class ParityFailed(ModelportError):
    """Two runtimes disagree, or a comparison would have been vacuous.

    Attributes:
        report: the comparison (a `ParityReport`), where there was one.
    """

    exit_code, code = 1, "parity-failed"
    report: Any = None


class UsageError(ModelportError):
    """The call itself is wrong: an unknown option, name or format, or a target that exists."""

    exit_code, code = 2, "usage"


class InputError(ModelportError):
    """A model file is missing, empty, truncated, malformed, or not what its suffix says."""

    exit_code, code = 3, "bad-file"


class DataError(InputError):
    """Data does not fit the model: a column missing, too many, of the wrong type, or no rows."""

    code = "bad-data"


class VersionError(InputError):
    """A model was saved by another version of its library, and loading it would be a guess."""

    code = "other-version"


class CannotConvert(ModelportError):
    """No exact conversion exists; the step or element is named, and what to use instead."""

    exit_code, code = 4, "cannot-convert"


class NoRoute(CannotConvert):
    """The conversion graph has no way from the source format to the target format."""

    code = "no-route"


class NotFitted(CannotConvert):
    """An estimator was never fitted, so there is nothing to convert."""

    code = "not-fitted"


class Unsafe(ModelportError):
    """Reading this would run code, reach outside its folder, or exhaust the machine."""

    exit_code, code = 5, "unsafe"


class BadSignature(Unsafe):
    """A bundle's signature is missing, is not of this bundle or this signer, or its certificate does not hold."""

    code = "bad-signature"


class MissingExtra(ModelportError):
    """A runtime or an optional library is not installed; the hint is the command that installs it."""

    exit_code, code = 6, "missing-extra"


class RuntimeFailed(ModelportError):
    """A runtime refused or failed to score a model that it claims to support."""

    exit_code, code = 4, "runtime-failed"


class Interrupted(ModelportError):
    """Ctrl-C: nothing half-written stays."""

    exit_code, code = 130, "interrupted"


class Defect(ModelportError):
    """Something that should not happen: a defect of modelport's own."""
