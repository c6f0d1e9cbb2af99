"""Lowering: how an estimator becomes a graph. Tables of them are found under the entry point `modelport.lowerings`.

A table maps a class, by its public path (`sklearn.linear_model.LogisticRegression`), to a `Lowering`. Only the class
itself is matched, never a subclass: a subclass may compute something else, and guessing is what we do not do.

One's own transformer, in a notebook:

    from modelport_onnx.lowering import register, Scope
    from modelport_onnx.frame import Frame, frame_of

    @register(LogOfIncome)
    def log_of_income(estimator: LogOfIncome, frame: Frame, scope: Scope) -> Frame:
        return frame_of(op.log(frame.matrix()), frame.names)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any, cast

from modelport.conversion import Context, NoteKind, Precision
from modelport.errors import CannotConvert
from modelport_onnx.frame import Frame
from modelport_onnx.outcome import Outcome

GROUP = "modelport.lowerings"


@dataclass(frozen=True, slots=True)
class Lowering:
    """How one estimator class is lowered. The callables are `plugins.lazy(...)` in tables.

    Attributes:
        predict: estimator, Frame, Scope → Outcome.
        transform: estimator, Frame, Scope → Frame.
        check: estimator (perhaps unfitted) → why its parameters cannot be converted exactly, or None. Pre-flight
            asks it; the lowering itself raises `CannotConvert` for the same reasons.
    """

    predict: Callable[..., Any] | None = None
    transform: Callable[..., Any] | None = None
    check: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in the model we are, and what was asked for.

    Attributes:
        context: options and notes of this conversion.
        path: names of the steps from the outermost in, for messages (`pipeline › scale › StandardScaler`).
    """

    context: Context
    path: tuple[str, ...] = ()

    def inside(self, step: str) -> "Scope":
        return Scope(self.context, (*self.path, step))

    @property
    def where(self) -> str:
        return " › ".join(self.path)

    @property
    def portable(self) -> bool:
        """Whether float32 graphs were asked for."""
        return self.context.options.precision is Precision.PORTABLE

    @property
    def ml_opset(self) -> int:
        """The newest version of `ai.onnx.ml` that may be used."""
        return self.context.options.ml_opset or (3 if self.portable else 5)

    def note(self, kind: NoteKind, what: str) -> None:
        self.context.note(kind, self.where, what)

    def refuse(self, reason: str, hint: str | None = None) -> CannotConvert:
        """`raise scope.refuse("metric='haversine' has no exact ONNX form", "use metric='euclidean'")`."""
        return CannotConvert(reason, where=self.where, hint=hint)


_REGISTERED: dict[str, Lowering] = {}


def register(kind: type, *, predict: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a lowering for one's own class, for this process.

    Args:
        kind: the class; instances of exactly this class are lowered.
        predict: the function gives an Outcome; by default it gives a Frame (a transformer).
    """

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        entry = Lowering(predict=function) if predict else Lowering(transform=function)
        _REGISTERED[class_path(kind)] = entry
        return function

    return keep


def class_path(kind: type) -> str:
    """The public path of a class: private modules are left out (`sklearn.svm._classes.SVC` → `sklearn.svm.SVC`)."""
    parts = [part for part in kind.__module__.split(".") if not part.startswith("_")]
    return ".".join([*parts, kind.__qualname__])


@cache
def tables() -> Mapping[str, Lowering]:
    """Every lowering that installed rooms offer, by class path."""
    merged: dict[str, Lowering] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        merged.update(cast(Mapping[str, Lowering], point.load()))
    return merged


def find(estimator: object) -> Lowering | None:
    """The lowering for an estimator's class, if there is one."""
    path = class_path(type(estimator))
    return _REGISTERED.get(path) or tables().get(path)


def lower_predict(estimator: object, frame: Frame, scope: Scope) -> Outcome:
    """Lowers a predictor, at any depth of a model.

    Raises:
        CannotConvert: no exact form is known; the class and the step are named.
    """
    entry = find(estimator)
    if entry is None or entry.predict is None:
        raise _unknown(estimator, scope, "predicts")
    return cast(Outcome, entry.predict(estimator, frame, scope.inside(type(estimator).__name__)))


def lower_transform(estimator: object, frame: Frame, scope: Scope) -> Frame:
    """Lowers a transformer, at any depth of a model.

    Raises:
        CannotConvert: no exact form is known; the class and the step are named.
    """
    entry = find(estimator)
    if entry is None or entry.transform is None:
        raise _unknown(estimator, scope, "transforms")
    return cast(Frame, entry.transform(estimator, frame, scope.inside(type(estimator).__name__)))


def _unknown(estimator: object, scope: Scope, verb: str) -> CannotConvert:
    path = f"{type(estimator).__module__}.{type(estimator).__qualname__}"
    hint = f"register a lowering for it: @modelport_onnx.lowering.register({type(estimator).__name__})"
    return CannotConvert(f"no exact ONNX form is known of how {path} {verb}", where=scope.where or None, hint=hint)
