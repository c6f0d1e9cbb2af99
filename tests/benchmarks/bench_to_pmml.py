"""pickle → PMML without Java against sklearn2pmml, in one run: `python -m tests.benchmarks.bench_to_pmml [--runs 5]`.

Ratios of medians, each pair measured one after the other: the call from Python with everything imported, the whole
command, the size of the file, and the time JPMML-Evaluator takes to load it and to score with it.

sklearn2pmml writes golden rows (ModelVerification) only where it is told to, modelport always does. So size and loading
are measured twice: against its file as it comes, and against its file with as many golden rows as ours has.
"""

import argparse
import contextlib
import io
import pickle
import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from modelport.api import convert
from modelport_pmml.document import document
from modelport_pmml.runtimes.jpmml import JpmmlSession, _load
from modelport_pmml.runtimes.jvm import java_home
from tests.benchmarks.whole_process import python, race

BARE = """
import pickle, sys
import sklearn2pmml
model = pickle.load(open(sys.argv[1], "rb"))
names = [f"x{i}" for i in range(model.n_features_in_)]
pipeline = sklearn2pmml.make_pmml_pipeline(model, active_fields=names, target_fields=["y"])
sklearn2pmml.sklearn2pmml(pipeline, sys.argv[2], java_home=sys.argv[3])
"""

MODELS = {
    "forest of 500 trees": (RandomForestClassifier(500, random_state=0), 10),
    "logistic regression": (LogisticRegression(max_iter=5000), 30),
}
SCORED = 400


def seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def paired(name: str, ours: Callable[[], Any], theirs: Callable[[], Any], runs: int, goal: str) -> None:
    """Runs both in turn after one warm-up each, and prints how many times faster ours is."""
    seconds(ours), seconds(theirs)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    left, right = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{name:52} {left:8.3f} s {right:8.3f} s   {ratio:6.2f} times faster   (goal {goal})", flush=True)


def native(model: Any, rows: Any, path: Path) -> None:
    convert(model, path, data=rows, verify=False, engine="modelport", force=True)


def other(model: Any, path: Path, golden: Any = None) -> None:
    import pandas as pd
    import sklearn2pmml

    names = [f"x{i}" for i in range(model.n_features_in_)]
    pipeline = sklearn2pmml.make_pmml_pipeline(model, active_fields=names, target_fields=["y"])
    if golden is not None:
        with warnings.catch_warnings():  # it was fitted without names
            warnings.simplefilter("ignore")
            pipeline.verify(pd.DataFrame(golden, columns=names))
    with contextlib.redirect_stdout(io.StringIO()):
        sklearn2pmml.sklearn2pmml(pipeline, str(path), java_home=str(java_home()))


def commands(name: str, model: Any, folder: Path, runs: int) -> None:
    source, script = folder / "model.pkl", folder / "bare.py"
    source.write_bytes(pickle.dumps(model))
    script.write_text(BARE)
    command = shutil.which("modelport") or "modelport"
    ours = [command, "convert", "--no-verify", "--force", str(source), str(folder / "command.pmml")]
    theirs = python(str(script), str(source), str(folder / "bare.pmml"), str(java_home()))
    found = race(f"{name}: whole command", ours, theirs, "≤ 0.5", runs)
    print(found, flush=True)


def sizes(name: str, ours: Path, theirs: Path) -> None:
    left, right = ours.stat().st_size, theirs.stat().st_size
    print(f"{name + ': bytes':52} {left:10,} {right:10,}   ratio {left / right:6.3f}   (goal ≤ 1)", flush=True)


def loading(name: str, ours: Path, theirs: Path, runs: int) -> None:
    """Java's part of loading both files, warm: small files take it a few milliseconds, so each run is twenty."""
    files = [path.read_bytes() for path in (ours, theirs)]
    load = [lambda data=data: [_load(data, name) for _ in range(20)] for data in files]
    for _ in range(3):
        load[0](), load[1]()
    paired(f"{name}: loading 20 times in JPMML", load[0], load[1], runs, "≥ 1")


def scoring(name: str, ours: Path, theirs: Path, rows: pa.RecordBatch, runs: int) -> None:
    sessions = [JpmmlSession(document(path.read_bytes())) for path in (ours, theirs)]
    score = [lambda s=s: s.score(rows) for s in sessions]
    for _ in range(2):
        score[0](), score[1]()
    paired(f"{name}: scoring {rows.num_rows} rows in JPMML", score[0], score[1], runs, "≥ 1")


def golden_rows(path: Path) -> int:
    return path.read_bytes().count(b"<row>")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-commands", action="store_true", help="leave the whole commands out")
    options = parser.parse_args()
    rows, target = load_breast_cancer(return_X_y=True)
    batch = pa.RecordBatch.from_arrays(
        [pa.array(column) for column in rows[:SCORED].T.copy()], names=[f"x{i}" for i in range(rows.shape[1])]
    )
    for name, (model, goal) in MODELS.items():
        model.fit(rows, target)
        with tempfile.TemporaryDirectory() as name_of_folder:
            folder = Path(name_of_folder)
            ours, theirs, golden = (folder / f"{item}.pmml" for item in ("ours", "theirs", "golden"))
            called = (lambda: native(model, rows[:5], ours)), (lambda: other(model, theirs))  # noqa: B023
            paired(f"{name}: called from Python", *called, options.runs, f"≥ {goal}")
            other(model, golden, rows[: golden_rows(ours)])
            for kind, path in ((name, theirs), (f"{name}, golden rows in both", golden)):
                sizes(kind, ours, path)
                loading(kind, ours, path, options.runs)
            scoring(name, ours, theirs, batch, options.runs)
            if not options.no_commands:
                commands(name, model, folder, options.runs)


if __name__ == "__main__":
    main()
