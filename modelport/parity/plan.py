"""Which artifact is opened in which runtime, what is missing, and what fails before any row is scored."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from modelport.artifacts import Artifact
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import Missing
from modelport.parity.settings import Settings
from modelport.runtimes import Runtime, runtimes, runtimes_for


@dataclass(slots=True)
class Plan:
    """What is to be opened, in order; the first pair is the reference in its home runtime."""

    pairs: list[tuple[Artifact, Runtime]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def plan(artifacts: Sequence[Artifact], settings: Settings) -> Plan:
    """Every artifact in every installed runtime that opens it.

    The reference's home runtime is the first ready one of its format; it stays the reference's even if
    `settings.runtimes` does not name it, since there is nothing else to compare with.
    """
    made = Plan(missing=_missing(artifacts, settings), failures=_unavailable(artifacts, settings))
    for i, artifact in enumerate(artifacts):
        ready = [item for item in runtimes_for(artifact.format.name) if item.missing() is None]
        chosen = [item for item in ready if _wanted(item, settings)]
        if i == 0 and ready:
            chosen = [ready[0], *(item for item in chosen if item is not ready[0])]
        if not chosen:
            made.failures.append(_no_runtime(artifact, settings))
        made.pairs += [(artifact, item) for item in chosen]
    return made


def _wanted(item: Runtime, settings: Settings) -> bool:
    return settings.runtimes is None or item.name in settings.runtimes


def _no_runtime(artifact: Artifact, settings: Settings) -> Failure:
    known = runtimes_for(artifact.format.name)
    command = next((command for item in known if (command := item.missing())), None)
    asked = " of those asked for" if settings.runtimes is not None else " that is installed"
    what = f"no runtime{asked} opens {artifact.name} ({artifact.format.title})"
    return Failure(FailureKind.NO_RUNTIME, what, artifact.name, hint=command)


def _missing(artifacts: Sequence[Artifact], settings: Settings) -> list[Missing]:
    """Runtimes that would have opened something and are not installed; those asked for by name are failures instead."""
    formats = tuple(dict.fromkeys(artifact.format.name for artifact in artifacts))
    found = []
    for item in runtimes().values():
        opens = tuple(name for name in formats if name in item.formats)
        command = item.missing()
        if opens and command and settings.runtimes is None:
            found.append(Missing(item.name, command, opens))
    return found


def _unavailable(artifacts: Sequence[Artifact], settings: Settings) -> list[Failure]:
    """Runtimes that were asked for by name and cannot take part."""
    failures = []
    formats = {artifact.format.name for artifact in artifacts}
    for name in settings.runtimes or ():
        item = runtimes().get(name)
        if item is None:
            hint = f"there are {', '.join(sorted(runtimes()))}"
            failures.append(Failure(FailureKind.RUNTIME_ABSENT, f"there is no runtime called {name!r}", hint=hint))
        elif command := item.missing():
            what = f"the runtime {name} was asked for and is not installed"
            failures.append(Failure(FailureKind.RUNTIME_ABSENT, what, hint=command))
        elif not formats & set(item.formats):
            what = f"the runtime {name} was asked for and opens none of these files"
            failures.append(Failure(FailureKind.RUNTIME_UNUSED, what))
    return failures
