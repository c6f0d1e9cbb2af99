"""The public face: what `import modelport as mp` offers, and all that the command calls."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelport import converting
from modelport.artifacts import Artifact, artifact
from modelport.bundles import check as check
from modelport.bundles import export as export
from modelport.bundles import sign as sign
from modelport.bundles import targets as targets
from modelport.ci.face import run_ci as run_ci
from modelport.ci.face import start_ci as start_ci
from modelport.conversion import Converter, Note, NoteKind, Options, Precision
from modelport.converting import Conversion
from modelport.data import Data, data_given_last
from modelport.data import data as open_data
from modelport.errors import InputError, ParityFailed, UsageError
from modelport.formats import Format, Inspection, Policy, by_name, recognise
from modelport.formats import formats as known_formats
from modelport.graph import Route, conversion_graph
from modelport.installed import Part, parts
from modelport.model import Model
from modelport.notebook.progress import shown
from modelport.reach import Preflight
from modelport.runtimes import Runtime, runtimes_for
from modelport.runtimes import runtimes as known_runtimes
from modelport.trust import trusted

if TYPE_CHECKING:
    from modelport.bundle import Bundle
    from modelport.parity.diff import Diff
    from modelport.parity.report import ParityReport
    from modelport.parity.settings import Settings
    from modelport.scoring import Scored

Source = Any
"""A path, a live model (estimator, `onnx.ModelProto`, …), a `Model`, or an `Artifact`."""

Rows = Any
"""A path to Parquet, CSV, Feather or JSON lines, a DataFrame, a matrix [N, C], an Arrow table, a dict of columns."""


def _artifact(source: Source, trust: Iterable[str] = ()) -> Artifact:
    if isinstance(source, Model):
        return source.artifact
    return artifact(source, Policy(trusted(trust)) if isinstance(source, str | Path) else None)


def _rows(data: Rows | None) -> Data | None:
    return None if data is None else open_data(data)


def load(
    source: Source, *, runtime: str | None = None, trust: Iterable[str] = (), isolate: bool | None = None
) -> Model:
    """Opens a model, ready to score.

    Args:
        source: a path or a live model.
        runtime: which runtime scores it; by default the first installed one that opens its format.
        trust: globals that the pickle gate lets through besides its own list.
        isolate: score in a process of its own, which can be killed; None does so with files for native runtimes (ONNX,
            PMML compiled to it). False is quicker to open, for models that are one's own.

    Raises:
        InputError: the file is missing, damaged or of no known format.
        Unsafe: loading it would run code.
        MissingExtra: no installed runtime opens it.

    Example: `load("model.onnx").predict(df)`.
    """
    return Model(_artifact(source, trust), runtime, isolate=isolate)


def convert(
    source: Source,
    target: str | Path,
    *,
    data: Rows | None = None,
    engine: str | None = None,
    via: str | None = None,
    precision: str = "exact",
    opset: int | None = None,
    ml_opset: int | None = None,
    ir_version: int | None = None,
    verify: bool = True,
    settings: "Settings | None" = None,
    keep: bool = False,
    force: bool = False,
    trust: Iterable[str] = (),
    step: converting.Step | None = None,
) -> Conversion:
    """Converts a model and compares the result with the original.

    Args:
        source: a path or a live model.
        target: a path, whose suffix names the format, or a format name (`"onnx"`) for a live model.
        data: sample rows; they give the input types where the model alone does not, and are compared too.
        engine: the converter that must be used; `via`: a format that must be passed on the way.
        precision: `"exact"` computes in the original's arithmetic, `"portable"` in float32 with notes.
        opset, ml_opset, ir_version: caps for older ONNX runtimes.
        verify: compare before the target is shown; `settings` says how.
        keep: leave a target that failed the comparison.
        force: replace a target that exists.
        step: told what is being done; a notebook shows it by itself.

    Raises:
        CannotConvert: no exact form exists; the step is named.
        ParityFailed: the result answers otherwise than the original; no target is left (without `keep`).
        NoRoute, MissingExtra, InputError, DataError, Unsafe, UsageError: see their own descriptions.
    """
    rows = _rows(data)

    def compare(original: Artifact, result: Artifact, notes: Sequence[Note]) -> "ParityReport":
        from modelport.parity.engine import compare as compare_artifacts
        from modelport.parity.settings import Settings, rounded

        wanted = settings or Settings()
        if any(note.kind is NoteKind.LOST and note.where == "inputs" for note in notes):
            wanted = wanted.with_(refusals=True)
        single = any(note.kind is NoteKind.ROUNDED and note.where != "inputs" for note in notes)
        return compare_artifacts([original, result], data=rows, settings=rounded(wanted) if single else wanted)

    with shown(step, "converting") as told:
        return converting.convert(
            _artifact(source, trust),
            target,
            options=Options(Precision(precision), opset, ml_opset, ir_version),
            data=rows,
            engine=engine,
            via=via,
            compare=compare if verify else None,
            keep=keep,
            force=force,
            step=told,
        )


def verify(
    reference: Source,
    *candidates: Source,
    data: Rows | None = None,
    settings: "Settings | None" = None,
    trust: Iterable[str] = (),
    progress: Any = None,
    baseline: str | Path | None = None,
    update_baseline: bool = False,
) -> "ParityReport":
    """Compares models in every runtime that opens them, against the first.

    Args:
        reference: the model that is right by definition.
        candidates: at least one other model; a live model, a path, or data given last (`verify(a, b, X)`).
        data: rows to compare on, besides the generated ones.
        settings: tolerances, runtimes, rows and strata.
        baseline: a file of differences that are known and accepted; what is new or has grown still fails.
        update_baseline: write what differs now into that file.

    Returns:
        A report; `report.passed` is never true without a comparison.

    Raises:
        InputError, DataError, Unsafe: a file or the data cannot be read.
        UsageError: a baseline, and models that are no files.
    """
    from modelport.parity.engine import compare
    from modelport.parity.settings import Settings

    models, rows = data_given_last(candidates, data)
    artifacts = [_artifact(item, trust) for item in (reference, *models)]
    with shown(progress, "comparing") as told:
        report = compare(artifacts, data=_rows(rows), settings=settings or Settings(), progress=told)
    if baseline is None:
        return report
    from modelport.baseline import judged

    return judged(report, Path(baseline), rows, update=update_baseline)


def diff(
    first: Source,
    second: Source,
    *,
    data: Rows | None = None,
    settings: "Settings | None" = None,
    structure: bool = False,
    trust: Iterable[str] = (),
) -> "Diff":
    """Two models side by side: signatures, versions, operators, sizes, and how far apart they score.

    Args:
        data: rows to score besides the generated ones.
        structure: only what they are made of; nothing is scored, and none of the files' code runs.

    Raises:
        InputError, DataError, Unsafe: a file or the data cannot be read.
    """
    from modelport.parity.diff import diff as compare_structure

    pair = _artifact(first, trust), _artifact(second, trust)
    report = None if structure else verify(*pair, data=data, settings=settings)
    return compare_structure(*pair, behaviour=report)


def reproduce(report: "ParityReport", *models: Source, folder: str | Path, trust: Iterable[str] = ()) -> Path:
    """Writes the smallest disagreement of a report: both models, the row, and a script that needs the runtimes alone.

    Args:
        report: of these models.
        folder: made if it is missing.

    Returns:
        The script.

    Raises:
        UsageError: the report has no disagreement on a row, or the folder cannot be written.
    """
    from modelport.parity.repro import write_repro

    return write_repro(report, [_artifact(item, trust) for item in models], Path(folder))


def package(
    *models: Source,
    output: str | Path,
    data: Rows | None = None,
    settings: "Settings | None" = None,
    force: bool = False,
    trust: Iterable[str] = (),
    progress: Any = None,
) -> "Bundle":
    """Verifies models against the first and packs them, with the evidence, into one `.mport` file.

    Raises:
        ParityFailed: they do not agree; nothing is written.
        UsageError: the output exists (without `force`) or cannot be written.
    """
    from modelport.bundle import build
    from modelport.files import check_target

    check_target(Path(output), force=force)
    rows = _rows(data)
    artifacts = [_artifact(item, trust) for item in models]
    report = verify(*artifacts, data=rows, settings=settings, progress=progress)
    if not report.passed:
        error = ParityFailed(f"not packaged: {report.sentence()}", where=str(output), hint="run: modelport verify")
        error.report = report
        raise error
    return build(artifacts, Path(output), report=report, data=rows)


def score(
    source: Source,
    data: Rows,
    output: str | Path,
    *,
    keys: Iterable[str] = (),
    ignore: Iterable[str] = (),
    runtime: str | None = None,
    kind: str | None = None,
    force: bool = False,
    trust: Iterable[str] = (),
    isolate: bool | None = None,
    progress: Any = None,
) -> "Scored":
    """Scores rows with a model or a bundle and writes the answers; streamed, memory stays flat.

    Args:
        output: Parquet, CSV, Arrow or JSON lines, by its suffix.
        keys: columns of the data that are written beside the answers.
        ignore: columns of the data that are neither the model's nor wanted.
        kind: which format of a bundle to use; by default one that loads without running code.
        isolate: as for `load`.

    Raises:
        DataError: the rows do not fit the model.
        UsageError: the output exists (without `force`) or cannot be written.
    """
    from modelport import scoring

    rows, beside, unused = open_data(data), tuple(keys), tuple(ignore)
    with ExitStack() as stack:
        told = stack.enter_context(shown(progress, "scoring"))
        sample = rows.head()
        own = sample.select([name for name in sample.schema.names if name not in {*beside, *unused}])
        model = scoring.model_of(source, kind, runtime, Policy(trusted(trust)), own, stack, isolate)
        return scoring.score(model, rows, Path(output), keys=beside, ignore=unused, force=force, progress=told)


def inspect(path: str | Path) -> Inspection:
    """What can be told about a model file without running any of its code.

    Raises:
        InputError: missing, damaged, or of no known format.
    """
    place = Path(path)
    if place.suffix == ".mport":
        from modelport.bundle import inspect as inspect_bundle

        return inspect_bundle(place)
    return recognise(place).inspect(place)


def formats() -> list[Format]:
    """Every format that is installed."""
    return list(known_formats().values())


def save(source: Source, path: str | Path, *, force: bool = False) -> Path:
    """Writes a live model to a file of its own format; converting is another matter.

    Raises:
        UsageError: the format is not written by modelport, or the path exists (without `force`) or cannot be written.
    """
    from modelport.files import atomic, check_target

    item, place = _artifact(source), Path(path)
    if item.format.write is None:
        raise UsageError(f"{item.format.title} files can be read but not written", where=str(place))
    check_target(place, force=force)
    with atomic(place) as temporary:
        item.format.write(item.model, temporary)
    return place


def runtimes(format_name: str | None = None) -> list[Runtime]:
    """Every known runtime, installed or not; only those that open a format, if one is named."""
    return list(runtimes_for(format_name) if format_name else known_runtimes().values())


def converters() -> list[Converter]:
    """Every known edge of the conversion graph, installed or not."""
    return list(conversion_graph().converters)


def routes(source: str, target: str, *, engine: str | None = None, via: str | None = None) -> list[Route]:
    """Every way from one format to another, cheapest first, installed or not.

    Args:
        source, target: format names, or paths whose suffix names one.

    Raises:
        UsageError: no format of that name.
    """
    return conversion_graph().routes(_format_name(source), _format_name(target), engine=engine, via=via)


def pairs() -> list[tuple[str, str]]:
    """Every two formats of which the first converts to the second, a format and itself among them."""
    graph = conversion_graph()
    sources = dict.fromkeys(edge.source for edge in graph.converters)
    targets = dict.fromkeys(edge.target for edge in graph.converters)
    return [(source, target) for source in sources for target in targets if graph.routes(source, target)]


def _format_name(text: str) -> str:
    from modelport.formats import by_suffix

    found = by_suffix(Path(text)) if "." in text else None
    return found.name if found else by_name(text).name


def doctor() -> list[Part]:
    """What is installed, at which version, and the command that adds what is missing."""
    return parts()


def preflight(source: Source, *, trust: Iterable[str] = ()) -> Preflight:
    """Which formats each step of a model reaches: exactly, with notes, or not at all, and what to use instead.

    Args:
        source: a path or a live model; a pipeline need not be fitted.

    Raises:
        UsageError: this format has no steps to look at.
    """
    item = _artifact(source, trust)
    if item.format.preflight is None:
        raise UsageError(f"pre-flight looks at estimators; {item.format.title} has no steps to choose", where=item.name)
    found: Preflight = item.format.preflight(item.model)
    return found


def signature(source: Source, *, data: Rows | None = None, trust: Iterable[str] = ()) -> Any:
    """The signature of a model, from the model and (where it does not say its input types) sample rows.

    Raises:
        DataError: the types cannot be known without sample rows.
    """
    from modelport.signature import Signature

    item = _artifact(source, trust)
    rows = _rows(data)
    found = item.format.signature(item.model, rows.head() if rows else None)
    if not isinstance(found, Signature):
        raise InputError("this model has no signature", where=item.name)
    return found
