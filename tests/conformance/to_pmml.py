"""The catalogue, converted to PMML without Java and scored in JPMML and PMML4S against the original.

    python -m tests.conformance.to_pmml [--only TEXT] [--core] [--write]

Every case is fitted, converted with `modelport`'s own engine, and every output column of its document (of a transformer
too) is compared on holdout and boundary rows with what the original gives, to 1e-9 (one ulp where the original
computes in float32).
"""

import argparse
import json
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.judge import boundary_rows, compare, one_batch
from tests.conformance.catalogue.listing import all_cases, case_named, within_limit
from tests.conformance.catalogue.page import put, rows
from tests.conformance.catalogue.workers import in_a_line, judged

LIMIT = 300
MEGABYTE = 1 << 20
MOST = 2000
"""Rows a case is judged on, at most: holdout rows make way for boundary rows."""

HEAD = """## To PMML

The same cases, converted to PMML by modelport itself (no Java), and every output column of the document scored in
JPMML-Evaluator {jpmml} and PMML4S {pmml4s} against the original on holdout and boundary rows. Regenerate with

    python -m tests.conformance.to_pmml --write

"Agrees" means that every label is equal and every number differs by at most 1e-9 relative to max(1, |reference|), or
by at most one float32 ulp where the original computes in float32. A document that says in a typed note where it
differs is "noted". "Refused" is a conversion that was not made, with the reason in the last column.
"""
COLUMNS = "| case | JPMML | worst | PMML4S | rows | element | why |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Verdict:
    """A row of the table.

    Attributes:
        jpmml, pmml4s: `agrees`, `noted`, `differs`, `fails`, or `refused`; empty where there is no document.
        worst: of JPMML, as in `catalogue.judge.Row`.
        rows: number of rows judged.
        element: the model element that was written.
        why: reason of the refusal or of the failure, and notes.
    """

    name: str
    core: bool
    jpmml: str
    pmml4s: str = ""
    worst: float | None = None
    rows: int = 0
    element: str = ""
    why: str = ""


def judge(case: Case) -> Verdict:
    """Runs one case; what goes wrong is in the verdict, never raised."""
    from modelport.api import convert
    from modelport.errors import ModelportError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            estimator, sample = case.fitted(), case.sample()
            found = convert(estimator, "pmml", data=sample.train, verify=False, engine="modelport")
        except ModelportError as error:
            return Verdict(case.name, case.core, "refused", why=f"{error.what} ({error.where})")
        except Exception as error:
            return Verdict(case.name, case.core, "fails", why=f"DEFECT {in_a_line(error)}")
        return _scored(case, estimator, found, sample.holdout)


def _scored(case: Case, estimator: Any, found: Any, holdout: Any) -> Verdict:
    from modelport.artifacts import artifact
    from modelport.model import Model
    from modelport_pmml.runtimes.jpmml import JpmmlSession
    from modelport_pmml.runtimes.pmml4s import Pmml4sSession
    from modelport_pmml.signature import signature

    document = found.model.artifact.model
    described = signature(document)
    notes = [note.what for note in found.notes if not note.what.startswith("the empty text")]
    reference = Model(artifact(estimator), hint=described).session
    judged = _rows(reference, holdout, described, len(document.data))
    want = reference.score(judged)
    facts: dict[str, Any] = {"rows": judged.num_rows, "element": _element(document), "why": "; ".join(notes)}
    for name, session in (("jpmml", JpmmlSession), ("pmml4s", Pmml4sSession)):
        word, worst, why = _one(session, document, judged, want, case.float32, bool(notes))
        facts[name] = word
        if name == "jpmml":
            facts |= {"worst": worst, "why": "; ".join(filter(None, [facts["why"], why]))}
        elif word == "fails" and not facts["why"]:
            facts["why"] = f"PMML4S: {why}"
    return Verdict(case.name, case.core, **facts)


def _rows(reference: Any, holdout: Any, signature: Any, size: int) -> pa.RecordBatch:
    """Holdout and boundary rows; fewer of them for documents of many megabytes, which evaluators take long for."""
    most = max(min(MOST, MOST * MEGABYTE // size), 100)
    batch = one_batch(holdout, signature)
    beside = pa.Table.from_batches(list(boundary_rows(reference, batch)), batch.schema)
    kept = batch.slice(0, max(most - beside.num_rows, most // 4))
    rows = pa.concat_tables([pa.Table.from_batches([kept]), beside]).combine_chunks().to_batches()[0]
    return rows.take(pa.array(np.random.default_rng(0).permutation(rows.num_rows)[:most])) if len(rows) > most else rows


def _one(
    session: Any, document: Any, judged: pa.RecordBatch, want: pa.RecordBatch, float32: bool, noted: bool
) -> tuple[str, float | None, str]:
    try:
        have = session(document).score(judged)
    except Exception as error:
        return "fails", None, in_a_line(error)
    facts = compare(want, have, float32)
    worst = facts["worst"]
    good = not facts["labels"] and (worst is None or worst <= (1.0 if float32 else 1e-9))
    why = "" if good else facts.get("reason") or _where(want, have)
    return "agrees" if good else "noted" if noted else "differs", worst, why


def _where(want: pa.RecordBatch, have: pa.RecordBatch) -> str:
    """The first column and row that differ."""
    for name, left, right in zip(want.schema.names, want.columns, have.columns, strict=True):
        for row, (a, b) in enumerate(zip(left.to_pylist(), right.to_pylist(), strict=True)):
            numbers = isinstance(a, float) and isinstance(b, float)
            if not (np.isclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True) if numbers else a == b):
                return f"{name} of row {row} is {b!r} instead of {a!r}"
    return ""


def _element(document: Any) -> str:
    names = [str(item.tag).rpartition("}")[2] for item in document.root]
    name: str = next(item for item in names if item.endswith("Model") or item in ("NeuralNetwork", "Scorecard"))
    return name


def judge_named(name: str) -> Verdict:
    """Judges one case in a worker process, within its time."""
    verdict: Verdict = within_limit(judge, name, LIMIT)
    return verdict


def run(names: Sequence[str], workers: int) -> list[Verdict]:
    """Judges cases in worker processes, each with a Java machine of its own."""

    def died(name: str, error: BaseException) -> Verdict:
        return Verdict(name, case_named(name).core, "fails", why=f"DEFECT {in_a_line(error)}")

    def said(row: Verdict) -> None:
        print(f"{row.jpmml:8} {row.pmml4s:8} {row.name}: {row.worst} {row.why}", file=sys.stderr)

    return judged(judge_named, names, workers, died, said)


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    words = Counter(verdict.jpmml for verdict in verdicts)
    converts = sum(verdict.rows > 0 for verdict in verdicts)
    return {
        "cases": len(verdicts),
        "convert": converts,
        "agree in JPMML": words["agrees"],
        "noted": words["noted"],
        "differ": words["differs"] + words["fails"],
        "refused": words["refused"],
        "agree in PMML4S": sum(verdict.pmml4s == "agrees" for verdict in verdicts),
    }


def cells(verdict: Verdict) -> str:
    worst = "" if verdict.worst is None else f"{verdict.worst:.1e}"
    why = " ".join(verdict.why.replace("|", "/").split())
    fields = (verdict.name, verdict.jpmml, worst, verdict.pmml4s, verdict.rows or "", verdict.element, why)
    return f"| {' | '.join(str(field) for field in fields)} |"


def text(verdicts: Sequence[Verdict]) -> str:
    """This run's part of docs/coverage.md."""
    lines = [HEAD.format(jpmml=version("jpmml_evaluator"), pmml4s=version("pypmml"))]
    for title, kept in (
        ("Of the 198 classes", [verdict for verdict in verdicts if verdict.core]),
        ("Of all cases", verdicts),
    ):
        lines.append(f"{title}: " + ", ".join(f"{key} {value}" for key, value in counts(kept).items()) + ".\n")
    for title, kept in (
        ("Classes to PMML", [verdict for verdict in verdicts if verdict.core]),
        ("Variants and pipelines to PMML", [verdict for verdict in verdicts if not verdict.core]),
    ):
        lines += [f"### {title}\n", COLUMNS, *map(cells, kept), ""]
    return "\n".join(lines)


def read() -> dict[str, str]:
    """Case name → what JPMML says of it, from the page."""
    return {name: found[0] for name, found in rows("to-pmml").items()}


def known(case: Case) -> Verdict | None:
    """What the page says of a case that was not judged now."""
    found = rows("to-pmml").get(case.name)
    if not found:
        return None
    jpmml, worst, pmml4s, count, element, why = found
    return Verdict(case.name, case.core, jpmml, pmml4s, float(worst) if worst else None, int(count or 0), element, why)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="cases whose name contains this, or is =this; several with commas")
    parser.add_argument("--core", action="store_true", help="only the 198 classes")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the verdicts here, too")
    parser.add_argument("--write", action="store_true", help="write its part of docs/coverage.md")
    options = parser.parse_args()
    wanted = options.only.split(",")
    names = [
        case.name
        for case in all_cases()
        if any(part == f"={case.name}" or part in case.name for part in wanted) and (case.core or not options.core)
    ]
    verdicts = run(names, options.workers)
    print("classes:", counts([verdict for verdict in verdicts if verdict.core]))
    print("all:", counts(verdicts))
    if options.json:
        options.json.write_text(json.dumps([asdict(verdict) for verdict in verdicts], indent=1))
    if options.write:
        fresh = {verdict.name: verdict for verdict in verdicts}
        put("to-pmml", text([found for case in all_cases() if (found := fresh.get(case.name) or known(case))]))


if __name__ == "__main__":
    main()
