"""What a model card says, apart from how it looks: only what is known, and plainly what is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelport.bundle.golden import Rows
from modelport.bundle.origins import Origin
from modelport.signature import Column, Signature, type_name

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport

MOST_COLUMNS = 200
"""Columns that a card lists one by one; the signature has them all."""

_MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, tables and items, in that order."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()


def content(
    signature: Signature, found: Sequence[Origin], rows: Rows, report: "ParityReport", made_with: Mapping[str, str]
) -> tuple[Section, ...]:
    """The sections of a card, in order."""
    return (
        _summary(signature, found, report),
        Section("Inputs", tables=(_columns(signature.inputs),), items=_more(signature.inputs)),
        Section("Outputs", tables=(_columns(signature.outputs),), items=_more(signature.outputs)),
        Section("Models", tables=(_models(found),)),
        _conversions(found),
        _evidence(rows, report),
        _limits(found, report),
        Section("Versions", tables=(Table(("what", "version"), tuple(made_with.items())),)),
    )


def _summary(signature: Signature, found: Sequence[Origin], report: "ParityReport") -> Section:
    task = signature.task.value if signature.task else "scoring"
    classes = f" Classes: {_values(signature.classes)}." if signature.classes else ""
    held = ", ".join(dict.fromkeys(origin.entry.format for origin in found))
    width = f"{len(signature.inputs)} inputs, {len(signature.outputs)} outputs"
    return Section("Summary", (f"A model for {task}, as {held}: {width}.{classes}", report.sentence()))


def _columns(columns: Sequence[Column]) -> Table:
    rows = tuple(
        (c.name, type_name(c.type), "may be missing" if c.nullable else "required", _values(c.categories or ()))
        for c in columns[:MOST_COLUMNS]
    )
    return Table(("column", "type", "missing values", "known values"), rows)


def _more(columns: Sequence[Column]) -> tuple[str, ...]:
    left = len(columns) - MOST_COLUMNS
    return (f"{left} more columns are in signature.json",) if left > 0 else ()


def _values(values: Sequence[object]) -> str:
    shown = ", ".join(str(value) for value in values[:_MOST_VALUES])
    return shown + (f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else "")


def _models(found: Sequence[Origin]) -> Table:
    rows = tuple(
        ("reference" if i == 0 else "", o.entry.name, o.entry.format, o.producer or "not said", o.sha256)
        for i, o in enumerate(found)
    )
    return Table(("", "file", "format", "written by", "SHA-256"), rows)


def _conversions(found: Sequence[Origin]) -> Section:
    rows = []
    for origin in found:
        if origin.converted is None:
            rows.append((origin.entry.name, "no conversion is recorded in it", "", ""))
            continue
        made = origin.converted
        route = ", ".join(f"{s['source']} → {s['target']} ({s['engine']})" for s in made.route)
        asked = ", ".join(f"{name} {value}" for name, value in made.options.items())
        source = f"{made.source.get('name')} ({_short(made.source.get('sha256'))})"
        rows.append((origin.entry.name, source, route, asked))
    return Section("Where they came from", tables=(Table(("file", "converted from", "route", "options"), tuple(rows)),))


def _short(digest: str | None) -> str:
    return f"SHA-256 {digest[:16]}…" if digest else "a live model"


def _evidence(rows: Rows, report: "ParityReport") -> Section:
    confidence = f"{100 * report.settings.confidence:g} %"
    heads = ("candidate", "runtime", "kind of rows", "differ", "of", f"at most, with {confidence} confidence")
    reference = f"Every file in every runtime was compared with {report.reference.name if report.reference else '?'}."
    kinds = ", ".join(f"{count} {name}" for name, count in rows.strata)
    golden = f"The bundle records what each runtime answered to {rows.batch.num_rows} golden rows: {kinds}."
    return Section("Evidence", (reference, golden), (Table(heads, tuple(_strata(report))),), tuple(_coverage(report)))


def _strata(report: "ParityReport") -> Iterator[tuple[str, ...]]:
    from modelport.parity.verdict import percent_up

    for pair in report.official:
        subject = report.subjects[pair.second]
        for stratum in pair.strata:
            bound = f"{percent_up(stratum.bound(report.settings.confidence))} %" if stratum.rows else "nothing proved"
            counts = f"{stratum.different:,}", f"{stratum.rows:,}"
            yield (subject.artifact, subject.runtime, stratum.name, *counts, bound)


def _coverage(report: "ParityReport") -> Iterator[str]:
    if report.coverage is not None and report.coverage.known:
        probed = f"{report.coverage.probed:,} of {report.coverage.known:,}"
        yield f"places where the models may jump, probed on them and one float step either side: {probed}"
    for item in report.proofs:
        yield f"proof: {item}"


def _limits(found: Sequence[Origin], report: "ParityReport") -> Section:
    """What does not hold, or was not shown."""
    items = [
        f"{origin.entry.name}: {note.kind.value} at {note.where}: {note.what}"
        for origin in found
        for note in (origin.converted.notes if origin.converted else ())
    ]
    items += [f"accepted as known: {failure}" for failure in report.accepted]
    items += [str(note) for note in report.notes]
    items += [f"not compared in {item.runtime}, which {item.reason or 'was not installed'}" for item in report.missing]
    unknown = (
        "This card says nothing of how good the predictions are, of the data the model was trained on, or of what it "
        "may be used for: the files do not tell."
    )
    return Section("Limits", (unknown,), items=tuple(items))
