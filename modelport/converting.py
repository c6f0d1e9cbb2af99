"""Converting: route, run, write to a temporary name, compare, and only then show the target."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelport.artifacts import Artifact
from modelport.conversion import Context, Note, Options
from modelport.data import Data
from modelport.errors import CannotConvert, ParityFailed
from modelport.files import atomic, check_target
from modelport.formats import Format, by_name, for_target
from modelport.graph import Route, conversion_graph
from modelport.model import Model
from modelport.provenance import provenance_of
from modelport.signature import Signature

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport

Step = Callable[[str], None]
"""Told what is being done, for a progress display."""


@dataclass(slots=True)
class Conversion:
    """What a conversion gave.

    Attributes:
        model: the converted model, ready to score.
        path: where it was written; None where only a live model was asked for.
        route: the converters that ran.
        notes: what was lost, rounded or assumed; empty for an exact conversion.
        report: the comparison with the original; None with `verify=False`.
        seconds: wall time of each stage.
    """

    model: Model
    path: Path | None
    route: Route
    notes: list[Note]
    report: "ParityReport | None" = None
    seconds: dict[str, float] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        from modelport.notebook.conversion import html

        return html(self)

    def __repr__(self) -> str:
        verdict = self.report.sentence() if self.report else "not verified"
        return f"<Conversion {self.route}; {len(self.notes)} note(s); {verdict}>"


def target_of(target: str | Path) -> tuple[Format, Path | None]:
    """A format name gives a live model; anything else is the path of a file to write.

    Raises:
        UsageError: the path's suffix names no format that can be written.
    """
    text = str(target)
    if isinstance(target, str) and "." not in text and "/" not in text:
        return by_name(text), None
    return for_target(Path(target)), Path(target)


@dataclass(slots=True)
class Job:
    """One conversion, its stages timed."""

    source: Artifact
    options: Options
    sample: Data | None
    step: Step
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, stage: str, work: Callable[[], Any]) -> Any:
        self.step(stage)
        begin = time.perf_counter()
        result = work()
        self.seconds[stage] = time.perf_counter() - begin
        return result

    def signature(self) -> Signature:
        rows = self.sample.head() if self.sample else None
        return self.source.format.signature(self.source.model, rows)

    def run(self, route: Route) -> tuple[Any, list[Note]]:
        model = self.timed("read", lambda: self.source.model)
        context = Context(self.timed("signature", self.signature), self.options)
        converted = self.timed("convert", lambda: route.run(model, context))
        return self._recorded(converted, route, context.notes), context.notes

    def _recorded(self, model: Any, route: Route, notes: list[Note]) -> Any:
        """The model with its provenance in it, where its format has room for that."""
        record = by_name(route.formats[-1]).record
        if record is None:
            return model
        return record(model, provenance_of(self.source, route, self.options, notes).dumps())


def convert(
    source: Artifact,
    target: str | Path,
    *,
    options: Options,
    data: Data | None,
    engine: str | None,
    via: str | None,
    compare: "Callable[[Artifact, Artifact, list[Note]], ParityReport] | None",
    keep: bool,
    force: bool,
    step: Step,
) -> Conversion:
    """See `modelport.convert`; `compare` is None where no comparison is wanted."""
    kind, path = target_of(target)
    if path is not None:
        check_target(path, force=force)
    route = plan(source, kind, engine=engine, via=via)
    job = Job(source, options, data, step)
    try:
        model, notes = job.run(route)
    except CannotConvert as error:
        raise elsewhere(error, route) from error
    if path is None:
        result = Artifact(kind, None, source.policy, model)
        report = job.timed("verify", lambda: compare(source, result, notes)) if compare else None
    else:
        with atomic(path) as temporary:
            assert kind.write is not None, "for_target gives only formats that can be written"
            write = kind.write
            job.timed("write", lambda: write(model, temporary))
            candidate = Artifact(kind, temporary, source.policy, label=path.name)
            report = job.timed("verify", lambda: compare(source, candidate, notes)) if compare else None
            if report is not None and not report.passed and not keep:
                raise _unlike(report, path)
        result = Artifact(kind, path, source.policy)
    return Conversion(Model(result, hint=None), path, route, notes, report, job.seconds)


def _unlike(report: "ParityReport", path: Path) -> ParityFailed:
    error = ParityFailed(
        f"the converted model does not answer like the original: {report.sentence()}",
        where=str(path),
        hint="no target was left; pass --keep to look at it",
    )
    error.report = report
    return error


def elsewhere(error: CannotConvert, route: Route) -> CannotConvert:
    """The same refusal; where another route is installed, its hint names the engine that goes it."""
    others = conversion_graph().routes(route.formats[0], route.formats[-1])
    ready = [other for other in others if other.missing() is None and not set(other.steps) & set(route.steps)]
    engines = [engine for other in ready for engine in other.engines if engine not in route.engines]
    if not engines:
        return error
    licence = next((s.licence for other in ready for s in other.steps if s.engine == engines[0] and s.licence), None)
    way = f"another way is installed: --engine {engines[0]}" + (f" ({licence})" if licence else "")
    return type(error)(error.what, where=error.where, hint=f"{error.hint}; {way}" if error.hint else way)


def plan(source: Artifact, kind: Format, *, engine: str | None, via: str | None) -> Route:
    """The cheapest installed route.

    Raises:
        NoRoute, MissingExtra: see `ConversionGraph.best`.
    """
    return conversion_graph().best(source.format.name, kind.name, engine=engine, via=via)
