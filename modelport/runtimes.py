"""Runtime and Session: something that scores models of some formats, over Arrow batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import MissingExtra, UsageError
from modelport.plugins import absent, install_command, plugins
from modelport.signature import Category, Signature

Landmarks = Mapping[str, Sequence[Category]]
"""Input column → values where the model's function may jump: splits, bin edges, categories, clip bounds."""


@runtime_checkable
class Session(Protocol):
    """An opened model, ready to score.

    `score` takes a batch whose columns are those of `signature.inputs` (same names, order and types; Arrow nulls are
    missing values) and gives a batch whose columns are `signature.outputs`, one row for each row, in order.
    It raises `RuntimeFailed` or `DataError`; it never drops or reorders rows. `close` may be called twice.
    """

    @property
    def signature(self) -> Signature: ...

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch: ...

    def landmarks(self) -> Landmarks: ...

    def close(self) -> None: ...


@runtime_checkable
class Exemplary(Protocol):
    """A session whose model carries rows that it was checked on itself, such as the ModelVerification of PMML."""

    def examples(self) -> pa.RecordBatch | None:
        """Those rows, columns as in `signature.inputs`; None where the model carries none."""


def examples_of(session: object) -> pa.RecordBatch | None:
    """The rows that an opened model carries, None where it carries none."""
    found = session.examples() if isinstance(session, Exemplary) else None
    return found if found is not None and found.num_rows else None


@dataclass(frozen=True, slots=True)
class Script:
    """How to ask a runtime about one row, in Python.

    Attributes:
        imports: statements at the top.
        answer: the expression that gives the answers.
        files: name → content, of what the script reads beside the model.
        setup: statements before the answer.
    """

    imports: tuple[str, ...]
    answer: str
    files: Mapping[str, bytes]
    setup: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Runtime:
    """A way to score models.

    Attributes:
        name: what reports and `--runtime` call it (`onnxruntime`, `jpmml`).
        formats: names of the formats it opens.
        open: Artifact, hint → Session. The hint is another artifact's signature, for formats that do not say
            their own input types (a pickle); a runtime whose format has its own signature ignores it.
        requires, extra, licence: as for `Converter`.
        slow: scores hundreds of rows a second rather than hundreds of thousands; gets a smaller row budget.
        script: artifact, row, hint, name of the model's file → how to ask this runtime alone about that row, for
            reproductions; None where it cannot be asked alone.
        missing_text: the text that it takes for missing text, and so cannot score as what it is.
        jvm: starts a Java virtual machine, which takes seconds; where time counts it runs only when asked for.
        rounds: why it computes a file less precisely than the file says, or None where it does as the file says.
            What is compared with it is held to what float32 keeps, with this as a note.
    """

    name: str
    title: str
    formats: tuple[str, ...]
    open: Callable[[Artifact, Signature | None], Any]
    requires: tuple[str, ...] = ()
    extra: str | None = None
    licence: str | None = None
    slow: bool = False
    jvm: bool = False
    missing_text: str | None = None
    script: "Callable[[Artifact, Mapping[str, Any], Signature | None, str], Script | None] | None" = None
    rounds: "Callable[[Artifact], str | None] | None" = None

    def rounding(self, artifact: Artifact) -> str | None:
        """Why it computes this file less precisely than the file says; None where it does as the file says."""
        return self.rounds(artifact) if self.rounds else None

    def missing(self) -> str | None:
        """The command that installs what this runtime lacks, or None if it is ready."""
        if not absent(self.requires):
            return None
        return install_command(self.extra) if self.extra else f"pip install {' '.join(absent(self.requires))}"


@cache
def runtimes() -> dict[str, Runtime]:
    """Every runtime that is known, installed or not, by name."""
    return {item.name: item for plugin in plugins() for item in plugin.runtimes}


def runtime(name: str) -> Runtime:
    """The runtime called `name`, ready to use.

    Raises:
        UsageError: there is none of this name.
        MissingExtra: it is known but not installed.
    """
    found = runtimes().get(name)
    if found is None:
        raise UsageError(f"there is no runtime called {name!r}", hint=f"there are {', '.join(sorted(runtimes()))}")
    command = found.missing()
    if command:
        raise MissingExtra(f"the runtime {name} is not installed", hint=command)
    return found


def runtimes_for(format_name: str) -> tuple[Runtime, ...]:
    """Every known runtime that opens a format, installed or not, quickest first as its room lists them."""
    return tuple(item for item in runtimes().values() if format_name in item.formats)
