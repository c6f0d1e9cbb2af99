"""Scoring a file of rows into another: streamed, so that memory stays flat whatever the number of rows."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from modelport.artifacts import artifact
from modelport.data import BATCH_ROWS, Data, fit, fit_schema, suited
from modelport.data import notes as repairs
from modelport.datawriting import check_suffix, writer
from modelport.errors import DataError, UsageError
from modelport.files import atomic, check_target
from modelport.formats import Policy
from modelport.model import Model

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Scored:
    """What was written.

    Attributes:
        path: the file.
        rows: in it.
        columns: keys first, then the model's outputs.
        model, runtime: what scored.
        notes: what was repaired in the rows to fit the model.
    """

    path: Path
    rows: int
    columns: tuple[str, ...]
    model: str
    runtime: str
    notes: tuple[str, ...] = ()


def score(
    model: Model,
    rows: Data,
    output: Path,
    *,
    keys: Sequence[str] = (),
    ignore: Sequence[str] = (),
    force: bool = False,
    progress: Progress = lambda task, done, total: None,
) -> Scored:
    """Scores every row, in order, and writes the answers.

    Args:
        keys: columns of the data that are written beside the answers.
        ignore: columns of the data that are neither the model's nor wanted.

    Raises:
        DataError: the rows do not fit the model, or a key is not in the data.
        UsageError: the output exists (without `force`), cannot be written, or a key has the name of an output.
    """
    check_suffix(output)
    check_target(output, force=force)
    rows = suited(rows, model.signature)
    schema = _schema(model, rows, keys)
    unused = frozenset((*keys, *ignore))
    fit_schema(rows.schema, model.signature, unused)
    done = 0
    with atomic(output) as temporary, writer(temporary, schema) as write:
        for batch in rows.batches(BATCH_ROWS):
            answers = model.session.score(fit(batch, model.signature, unused))
            kept = [batch.column(name) for name in keys]
            write(pa.RecordBatch.from_arrays([*kept, *answers.columns], schema=schema))
            done += batch.num_rows
            progress("rows", done, None)
    told = tuple(repairs(rows, model.signature))
    return Scored(output, done, tuple(schema.names), model.artifact.name, model.runtime.name, told)


def _schema(model: Model, rows: Data, keys: Sequence[str]) -> pa.Schema:
    outputs = model.signature.outputs
    named = {column.name for column in outputs}
    for key in keys:
        if key not in rows.schema.names:
            hint = f"the data has {', '.join(rows.schema.names[:8])}"
            raise DataError(f"the data lacks the key column {key!r}", where=key, hint=hint)
        if key in named:
            raise UsageError(f"the key {key!r} has the name of an output of the model", hint="rename the column")
    fields = [rows.schema.field(key) for key in keys]
    return pa.schema([*fields, *(pa.field(column.name, column.type, True) for column in outputs)])


def model_of(
    source: Any,
    kind: str | None,
    runtime: str | None,
    policy: Policy,
    sample: pa.RecordBatch,
    stack: ExitStack,
    isolate: bool | None = None,
) -> Model:
    """A model to score with, from a path, a bundle, a live model or a `Model`; what is opened is closed with `stack`.

    Args:
        kind: which format of a bundle to use.
        sample: rows that tell the input types where the model does not.
        isolate: see `modelport.isolation.separate`.
    """
    if isinstance(source, Model):
        return source
    if isinstance(source, str | Path) and Path(source).suffix == ".mport":
        from modelport.bundle.opening import open_model

        folder = stack.enter_context(TemporaryDirectory(prefix="modelport-"))
        item, hint = open_model(Path(source), Path(folder), kind, policy)
    else:
        item = artifact(source, policy)
        hint = item.format.signature(item.model, sample)
    return stack.enter_context(closing(Model(item, runtime, hint, isolate)))
