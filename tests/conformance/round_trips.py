"""The catalogue there and back: pickle → ONNX → PMML → ONNX → pickle, scored at every station against the original.

    python -m tests.conformance.round_trips [--only TEXT] [--workers N] [--write]

Rows are holdout rows and boundary rows. The PMML document is scored in JPMML and in PMML4S, the graphs in onnxruntime,
the pickles in scikit-learn; and the first graph is also brought straight back to a pickle.
"""

import argparse
import json
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.judge import boundary_rows, compare, one_batch
from tests.conformance.catalogue.listing import all_cases, case_named, within_limit
from tests.conformance.catalogue.page import put, rows
from tests.conformance.catalogue.workers import in_a_line, judged

LIMIT = 300
"""Seconds a case may take."""

HOLDOUT, BOUNDARY = 300, 700
"""Rows of each kind that a case is judged on, at most."""

REPRESENTATIVE = (
    "BernoulliNB",
    "DecisionTreeClassifier.strings",
    "GaussianNB.bools",
    "KMeans",
    "LinearSVC",
    "MLPRegressor",
    "OneHotEncoder",
    "RandomForestRegressor.nan",
    "pipeline.frozen",
    "pipeline.linear",
)
"""What CI runs: a case of each kind, quick ones."""

STATIONS = ("onnx", "pickle", "jpmml", "pmml4s", "onnx again", "pickle again")

HEAD = """## Round trips

The same cases, pickle → ONNX → PMML → ONNX → pickle, and ONNX → pickle straight away; at each station every output is
compared with the original's on holdout and boundary rows: onnxruntime scores the graphs, JPMML-Evaluator and PMML4S the
document, scikit-learn the pickles. Regenerate with

    python -m tests.conformance.round_trips --write

"Native" pickles hold scikit-learn's own estimators and load with scikit-learn alone; "carrier" ones hold the graph.
"Agrees" and "noted" mean what they mean above; "refused" is a conversion, or rows, that a station does not take.
The columns "JPMML" and "PMML4S" are those of the document, "back" is the graph and the pickle made from it.
"""
COLUMNS = "| case | pickle | is | JPMML | PMML4S | ONNX back | pickle back | is | rows | why |"


@dataclass
class Trip:
    """A row of the table.

    Attributes:
        name: of the case.
        words: station → `agrees`, `noted`, `differs`, `fails` or `refused`.
        kinds: of the two pickles: `native RandomForestClassifier`, `carrier`.
        rows: number of rows judged.
        why: the first thing that went wrong, or the refusal.
    """

    name: str
    words: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    why: str = ""


def judge(case: Case) -> Trip:
    """Runs one case through all stations; what goes wrong is in the row, never raised."""
    trip = Trip(case.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            estimator, sample = case.fitted(), case.sample()
        except Exception as error:
            trip.why = in_a_line(error)
            return trip
        _travel(_Judge(case, estimator, sample.holdout, trip), estimator, sample.train)
    return trip


def _travel(judge: "_Judge", estimator: Any, train: Any) -> None:
    graph = judge.convert("onnx", estimator, "onnx", data=train)
    if graph is None:
        return
    judge.score("onnx", graph, "onnxruntime")
    straight = judge.convert("pickle", graph, "pickle")
    if straight is not None:
        judge.score("pickle", straight, "scikit-learn")
    document = judge.convert("jpmml", graph, "pmml")
    if document is None:
        return
    judge.score("jpmml", document, "jpmml")
    judge.score("pmml4s", document, "pmml4s")
    again = judge.convert("onnx again", document, "onnx")
    if again is None:
        return
    judge.score("onnx again", again, "onnxruntime")
    back = judge.convert("pickle again", again, "pickle")
    if back is not None:
        judge.score("pickle again", back, "scikit-learn")


class _Judge:
    """The original, and what it says of the rows that all stations score."""

    def __init__(self, case: Case, estimator: Any, holdout: Any, trip: Trip) -> None:
        self.case, self.estimator, self.holdout, self.trip = case, estimator, holdout, trip
        self.noted: set[str] = set()
        self._want: Any = None

    def convert(self, station: str, model: Any, target: str, **options: Any) -> Any:
        """The model in another format; None, and a word in the table, where that is refused or fails."""
        from modelport.api import convert
        from modelport.errors import ModelportError

        try:
            found = convert(model, target, verify=False, **options)
        except ModelportError as error:
            self._said(station, "refused", f"{error.what} ({error.where})" if error.where else error.what)
            return None
        except Exception as error:
            self._said(station, "fails", f"DEFECT {in_a_line(error)}")
            return None
        made = found.model.artifact.model
        notes = [note for note in found.notes if not note.what.startswith(("the empty text", "native", "carrier"))]
        self.noted |= {note.what for note in notes if note.where != "inputs"}
        if target == "pickle":
            own = type(made).__module__.startswith("sklearn.")
            self.trip.kinds[station] = f"native {last_of(made)}" if own else "carrier"
        return made

    def score(self, station: str, model: Any, runtime: str) -> None:
        """A word for what a runtime says of the rows."""
        from modelport.artifacts import artifact
        from modelport.errors import CannotConvert, DataError
        from modelport.runtimes import runtimes

        try:
            subject = artifact(model)
            session = runtimes()[runtime].open(subject, self.signature)
            rounding = runtimes()[runtime].rounding(subject)
            judged, want = self.reference(session.signature)
            have = session.score(one_batch(pa.Table.from_batches([judged]), session.signature))
            facts = compare(want, have, self.case.float32)
        except (DataError, CannotConvert) as error:
            return self._said(station, "refused", error.what)
        except Exception as error:
            return self._said(station, "fails", in_a_line(error))
        worst = facts["worst"]
        good = not facts["labels"] and (worst is None or worst <= (1.0 if self.case.float32 else 1e-9))
        told = self.noted or (rounding and not facts["labels"])
        word = "agrees" if good else "noted" if told else "differs"
        return self._said(station, word, "" if good else facts.get("reason") or f"labels {facts['labels']}, {worst}")

    @property
    def signature(self) -> Any:
        return self._want[0].signature if self._want else None

    def reference(self, signature: Any) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """The rows, drawn once in the first graph's types, and the original's answers."""
        from modelport.artifacts import artifact
        from modelport.model import Model

        if self._want is None:
            session = Model(artifact(self.estimator), hint=signature).session
            batch = one_batch(self.holdout, signature)
            beside = list(boundary_rows(session, batch))
            moved = pa.Table.from_batches(beside, batch.schema)
            step = max(moved.num_rows // BOUNDARY, 1)
            moved = moved.take(pa.array(range(0, moved.num_rows, step), pa.int64()))
            table = pa.concat_tables([pa.Table.from_batches([batch.slice(0, HOLDOUT)]), moved])
            judged = table.combine_chunks().to_batches()[0]
            self._want = (session, judged, session.score(judged))
            self.trip.rows = judged.num_rows
        return self._want[1], self._want[2]

    def _said(self, station: str, word: str, why: str) -> None:
        self.trip.words[station] = word
        if why and not self.trip.why:
            self.trip.why = f"{station}: {why}"


def last_of(model: Any) -> str:
    """The class of an estimator; of the last step of a pipeline."""
    return type(model.steps[-1][1] if hasattr(model, "steps") else model).__name__


def judge_named(name: str) -> Trip:
    """Judges one case in a worker process, within its time."""
    found: Trip = within_limit(judge, name, LIMIT)
    return found


def run(names: Sequence[str], workers: int, done: Callable[[Trip], None] = lambda trip: None) -> list[Trip]:
    """Judges cases in worker processes; each holds one Java machine for both evaluators.

    Args:
        done: is told of every row as soon as it is there.
    """

    def died(name: str, error: BaseException) -> Trip:
        return Trip(name, why=f"DEFECT {in_a_line(error)}")

    def said(trip: Trip) -> None:
        print(cells(trip), file=sys.stderr, flush=True)
        done(trip)

    return judged(judge_named, names, workers, died, said)


def cells(trip: Trip) -> str:
    """A row of the table; the first graph has a column only where it fails, for the page above is about it."""
    word, kind = trip.words.get, trip.kinds.get
    why = " ".join(trip.why.replace("|", "/").split())
    fields = (
        trip.name, word("pickle", ""), kind("pickle", ""), word("jpmml", ""), word("pmml4s", ""),
        word("onnx again", ""), word("pickle again", ""), kind("pickle again", ""), trip.rows or "", why,
    )  # fmt: skip
    return f"| {' | '.join(str(item) for item in fields)} |"


def counts(trips: Sequence[Trip]) -> dict[str, int]:
    """What agrees at each station, and how many pickles are native."""
    found = {f"{name} agrees": sum(trip.words.get(name) == "agrees" for trip in trips) for name in STATIONS}
    native = [trip for trip in trips if trip.kinds.get("pickle", "").startswith("native")]
    again = [trip for trip in trips if trip.kinds.get("pickle again", "").startswith("native")]
    return {"cases": len(trips), **found, "native pickles": len(native), "native after PMML": len(again)}


def families(trips: Sequence[Trip]) -> dict[str, str]:
    """Family of the catalogue → native of how many."""
    every = Counter(case_named(trip.name).family for trip in trips)
    native = Counter(
        case_named(trip.name).family for trip in trips if trip.kinds.get("pickle", "").startswith("native")
    )
    return {name: f"{native[name]} of {count}" for name, count in every.items()}


def text(trips: Sequence[Trip]) -> str:
    """This run's part of docs/coverage.md."""
    lines = [HEAD, f"Measured: {len(trips)} of {len(all_cases())} cases.\n"]
    lines += ["Counted: " + ", ".join(f"{key} {value}" for key, value in counts(trips).items()) + ".\n"]
    lines += ["Native by family: " + ", ".join(f"{key} {value}" for key, value in families(trips).items()) + ".\n"]
    lines += [COLUMNS, "|---" * COLUMNS.strip("|").count("|") + "|---|", *map(cells, trips), ""]
    return "\n".join(lines)


def read() -> dict[str, list[str]]:
    """Case name → the other cells of its row, from the page."""
    return rows("round-trips")


def kept(path: Path) -> dict[str, Trip]:
    """Rows of an earlier run, by case."""
    found = json.loads(path.read_text()) if path.exists() else []
    return {item["name"]: Trip(**item) for item in found}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="cases whose name contains this; several with commas")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--json", type=Path, help="keep the rows here; those of cases that are not run are taken from it"
    )
    parser.add_argument("--missing", action="store_true", help="only cases that the rows kept do not have")
    parser.add_argument("--write", action="store_true", help="write its part of docs/coverage.md")
    options = parser.parse_args()
    wanted = options.only.split(",")
    names = [case.name for case in all_cases() if any(part in case.name for part in wanted)]
    known = kept(options.json) if options.json else {}

    def keep(trip: Trip) -> None:
        known[trip.name] = trip
        if options.json:
            options.json.write_text(json.dumps([asdict(item) for item in known.values()], indent=1))

    if options.missing:
        names = [name for name in names if name not in known]
    names.sort(key=lambda name: name not in REPRESENTATIVE)
    run(names, options.workers, keep)
    trips = [known[case.name] for case in all_cases() if case.name in known]
    print(counts(trips))
    print(families(trips))
    if options.write:
        put("round-trips", text(trips))


if __name__ == "__main__":
    main()
