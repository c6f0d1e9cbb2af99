"""pickle → PMML without Java against sklearn2pmml, in one run: `python -m tests.benchmarks.bench_to_pmml [--runs 5]`.

Ratios of medians, each pair measured one after the other: the call from Python with everything imported, the whole
command, the size of the file, and the time JPMML-Evaluator takes to load it and to score with it.
"""

import argparse
import contextlib
import io
import pickle
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from modelport.api import convert
from modelport_pmml.document import document
from modelport_pmml.runtimes.jpmml import JpmmlSession
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


def other(model: Any, path: Path) -> None:
    import sklearn2pmml

    names = [f"x{i}" for i in range(model.n_features_in_)]
    pipeline = sklearn2pmml.make_pmml_pipeline(model, active_fields=names, target_fields=["y"])
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


def in_jpmml(name: str, ours: Path, theirs: Path, rows: pa.RecordBatch, runs: int) -> None:
    """Loading and scoring of both files; a session holds the document, read, so only Java's part is timed."""
    documents = [document(path.read_bytes()) for path in (ours, theirs)]
    load = [lambda d=d: JpmmlSession(d) for d in documents]
    paired(f"{name}: loading in JPMML", load[0], load[1], runs, "≥ 1")
    sessions = [JpmmlSession(d) for d in documents]
    score = [lambda s=s: s.score(rows) for s in sessions]
    for _ in range(2):
        score[0](), score[1]()
    paired(f"{name}: scoring {rows.num_rows} rows in JPMML", score[0], score[1], runs, "≥ 1")


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
            ours, theirs = folder / "ours.pmml", folder / "theirs.pmml"
            called = (lambda: native(model, rows[:5], ours)), (lambda: other(model, theirs))  # noqa: B023
            paired(f"{name}: called from Python", *called, options.runs, f"≥ {goal}")
            sizes = ours.stat().st_size, theirs.stat().st_size
            share = sizes[0] / sizes[1]
            print(f"{name + ': bytes':52} {sizes[0]:10,} {sizes[1]:10,}   ratio {share:6.3f}   (goal ≤ 1)", flush=True)
            in_jpmml(name, ours, theirs, batch, options.runs)
            if not options.no_commands:
                commands(name, model, folder, options.runs)


if __name__ == "__main__":
    main()
