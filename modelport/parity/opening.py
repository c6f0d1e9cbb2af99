"""Opening the subjects of a plan as lanes; what cannot be opened is a failure of its own, not the end."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata

from modelport import isolation
from modelport.artifacts import Artifact
from modelport.data import Data
from modelport.errors import CannotConvert, DataError, InputError, MissingExtra, ModelportError, Unsafe, UsageError
from modelport.isolation import separate
from modelport.parity.adapt import Fit, fit_inputs
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.isolate import Killed, Process, open_isolated, started
from modelport.parity.lanes import Lane, reason
from modelport.parity.pieces import Missing, Subject
from modelport.parity.plan import Plan
from modelport.parity.settings import Settings
from modelport.runtimes import Runtime, Session
from modelport.signature import Signature


def hint_of(artifacts: Sequence[Artifact], data: Data | None, given: Signature | None) -> Signature | None:
    """The input types to open formats with that do not say their own: what was given, else the first that is known.

    Raises:
        DataError: no artifact says its input types, and there are no rows to tell them.
    """
    if given is not None:
        return given
    sample = data.head() if data is not None else None
    unknown: DataError | None = None
    for artifact in artifacts:
        try:
            return artifact.format.signature(artifact.model, sample)
        except DataError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
    return None


@contextmanager
def warmed(plan: Plan, settings: Settings) -> Iterator[dict[int, Process]]:
    """Processes for the pairs of a plan that get one, by number, making themselves ready while files are read here.

    What nobody took by the end is ended.
    """
    threads = max(1, (os.cpu_count() or 1) // max(1, len(plan.pairs)))
    processes: dict[int, Process] = {}
    try:
        for i, (artifact, runtime) in enumerate(plan.pairs):
            if isolated(artifact, runtime, settings):
                processes[i] = started(artifact, runtime, threads)
        yield processes
    finally:
        for process in processes.values():
            process.close()


def open_lanes(
    plan: Plan, hint: Signature | None, settings: Settings, processes: dict[int, Process] | None = None
) -> tuple[list[Lane], list[Failure]]:
    """A lane for each pair of the plan that opens.

    A runtime that says that it does not do such a file is not run there, which the plan then lists; it fails if it was
    asked for by name, or if no other runtime opened the file.

    Args:
        processes: from `warmed`; those that are used are taken out.

    Raises:
        InputError, Unsafe, UsageError: an artifact itself is bad; that is not a matter of parity.
    """
    lanes: list[Lane] = []
    failures: list[Failure] = []
    declined: list[Declined] = []
    digests = {id(artifact): artifact.sha256() for artifact, _ in plan.pairs}
    for number, (artifact, runtime) in enumerate(plan.pairs):
        subject = Subject(artifact.name, artifact.format.name, runtime.name, version_of(runtime), digests[id(artifact)])
        process = processes.pop(number, None) if processes else None
        opened = _open(artifact, runtime, subject, hint, settings, process)
        if isinstance(opened, Declined):
            declined.append(opened)
        elif isinstance(opened, Failure):
            failures.append(opened)
        else:
            lane = Lane(subject, opened, _fit(lanes, opened, subject), runtime.slow, id(artifact))
            lane.rounds = runtime.rounding(artifact)
            lanes.append(lane)
        if not lanes and not (isinstance(opened, Declined) and _another(plan, number)):
            break
    there = {lane.artifact for lane in lanes}
    let_off = [item for item in declined if settings.runtimes is None and item.artifact in there]
    plan.missing += [item.missing for item in let_off]
    return lanes, failures + [item.failure for item in declined if item not in let_off]


@dataclass(frozen=True, slots=True)
class Declined:
    """A runtime says that it does not do such a file.

    Attributes:
        failure: if it was asked for by name, or no other runtime opened the file.
        missing: if not.
        artifact: which artifact it is, by number.
    """

    failure: Failure
    missing: Missing
    artifact: int


def _declined(artifact: Artifact, runtime: Runtime, subject: Subject, error: CannotConvert) -> Declined:
    what = f"{runtime.name} cannot open {artifact.name}: {error.what}"
    failure = Failure(FailureKind.RUNTIME_FAILED, what, subject.name, hint=error.hint)
    told = f"does not do {artifact.name}: {error.what}"
    return Declined(failure, Missing(runtime.name, "", (artifact.format.name,), told), id(artifact))


def _another(plan: Plan, number: int) -> bool:
    """Whether the artifact of a pair of the plan comes again, in another runtime."""
    return any(artifact is plan.pairs[number][0] for artifact, _ in plan.pairs[number + 1 :])


def isolated(artifact: Artifact, runtime: Runtime, settings: Settings) -> bool:
    """Whether a session gets a process of its own: of a file, always, if nothing else was asked for.

    Unlike where a model is only scored, a comparison goes on without a runtime that crashed or hangs, whatever it is.
    """
    return separate(artifact, runtime, True if settings.isolate is None else settings.isolate)


def _open(
    artifact: Artifact,
    runtime: Runtime,
    subject: Subject,
    hint: Signature | None,
    settings: Settings,
    process: Process | None = None,
) -> Session | Failure | Declined:
    try:
        if isolated(artifact, runtime, settings):
            try:
                return open_isolated(artifact, runtime, hint, settings.timeout, _memory(settings), process)
            except (ModelportError, OSError) as error:
                if isinstance(error, Killed) or settings.isolate or not artifact.format.runs_code_on_load:
                    raise
                # A pickle may need classes that only this process knows, and has passed its gate here.
        session: Session = runtime.open(artifact, hint)
        return session
    except Killed as error:
        return Failure(FailureKind.RUNTIME_KILLED, error.what, subject.name, hint=error.hint)
    except CannotConvert as error:
        return _declined(artifact, runtime, subject, error)
    except (InputError, Unsafe, UsageError):
        raise
    except MissingExtra as error:
        return Failure(FailureKind.RUNTIME_ABSENT, error.what, subject.name, hint=error.hint)
    except Exception as error:
        hint_ = error.hint if isinstance(error, ModelportError) else None
        what = f"{runtime.name} cannot open {artifact.name}: {reason(error)}"
        return Failure(FailureKind.RUNTIME_FAILED, what, subject.name, hint=hint_)


def _memory(settings: Settings) -> int | None:
    """Bytes that a process may hold: as set, else most of what the machine has."""
    return settings.memory if settings.memory is not None else isolation.most_memory()


def _fit(lanes: Sequence[Lane], session: Session, subject: Subject) -> Fit:
    reference = lanes[0].session.signature if lanes else session.signature
    return fit_inputs(reference, session.signature, subject.name)


def version_of(runtime: Runtime) -> str | None:
    """Version of the library behind a runtime, from its distribution's metadata; nothing is imported."""
    for module in runtime.requires:
        for name in (module, *_DISTRIBUTIONS.get(module, ())):
            try:
                return metadata.version(name)
            except metadata.PackageNotFoundError:
                continue
    return None


_DISTRIBUTIONS = {"sklearn": ("scikit-learn",), "jpmml_evaluator": ("jpmml-evaluator",)}
