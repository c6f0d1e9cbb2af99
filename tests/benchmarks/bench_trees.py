"""Trees, side by side: conversion against skl2onnx and onnxmltools, scoring against the library's own `predict`.

    python tests/benchmarks/bench_trees.py [name …]

Every figure of a row comes from one process, the runs of both sides taking turns; the best of several is kept. Ratios
are theirs by ours, so more than 1 is in our favour. Single-thread figures first, then onnxruntime with all cores.
"""

import gc
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime as ort

from modelport.conversion import Context
from modelport.signature import Signature, matrix_inputs
from modelport_onnx.build import to_onnx

COLUMNS, TRAIN, ROWS = 20, 2000, 10_000


@dataclass(frozen=True, slots=True)
class Case:
    """A fitted model, its own prediction, and what else converts it."""

    name: str
    model: Any
    predict: Callable[[Any], Any]
    theirs: Callable[[], Any] | None


def data() -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(TRAIN, COLUMNS)).astype(np.float32).astype(np.float64)
    score = x[:, :6] @ [1, -1, 0.5, 0.7, -0.3, 0.2] + rng.normal(size=TRAIN)
    return x, np.digitize(score, [0.0]), np.digitize(score, [-1.0, 1.0]), score


def skl2onnx(model: Any, rows: Any) -> Any:
    from skl2onnx import to_onnx as convert

    return convert(
        model, rows[:1].astype(np.float32), options={id(model): {"zipmap": False}} if _classifies(model) else None
    )


def _classifies(model: Any) -> bool:
    return hasattr(model, "classes_")


def onnxmltools(model: Any, which: str) -> Any:
    from onnxmltools import convert_lightgbm, convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    convert = convert_xgboost if which == "xgboost" else convert_lightgbm
    return convert(model, initial_types=[("X", FloatTensorType([None, COLUMNS]))], target_opset=15)


def _of_sklearn() -> Iterator[tuple[str, Callable[[], Any]]]:
    from sklearn import ensemble, tree

    x, two, three, score = data()
    yield "tree", lambda: tree.DecisionTreeClassifier(random_state=0).fit(x, three)
    yield "forest 100, 2 classes", lambda: ensemble.RandomForestClassifier(100, random_state=0).fit(x, two)
    yield "forest 100, 3 classes", lambda: ensemble.RandomForestClassifier(100, random_state=0).fit(x, three)
    yield "forest 1000, 2 classes", lambda: ensemble.RandomForestClassifier(1000, random_state=0).fit(x, two)
    yield (
        "forest 1000, regression",
        lambda: ensemble.RandomForestRegressor(1000, random_state=0).fit(x[:600], score[:600]),
    )
    yield "gradient boosting 100", lambda: ensemble.GradientBoostingClassifier(random_state=0).fit(x, two)
    yield "hist boosting 100", lambda: ensemble.HistGradientBoostingClassifier(random_state=0).fit(x, two)
    yield "hist boosting 100, 3 classes", lambda: ensemble.HistGradientBoostingClassifier(random_state=0).fit(x, three)
    yield "adaboost 50", lambda: ensemble.AdaBoostClassifier(random_state=0).fit(x, two)
    yield "bagging 50", lambda: ensemble.BaggingClassifier(n_estimators=50, random_state=0).fit(x, two)
    yield "isolation forest 100", lambda: ensemble.IsolationForest(random_state=0).fit(x)


def _of_boosters() -> Iterator[tuple[str, Callable[[], Any]]]:
    import catboost
    import lightgbm
    import xgboost

    x, two, three, _ = data()
    quiet = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}
    yield "xgboost 100", lambda: xgboost.XGBClassifier(n_estimators=100, n_jobs=1).fit(x, two)
    yield "xgboost 100, 3 classes", lambda: xgboost.XGBClassifier(n_estimators=100, n_jobs=1).fit(x, three)
    yield "xgboost 1000", lambda: xgboost.XGBClassifier(n_estimators=1000, max_depth=4, n_jobs=1).fit(x, two)
    yield "lightgbm 100", lambda: lightgbm.LGBMClassifier(n_estimators=100, verbosity=-1, n_jobs=1).fit(x, two)
    yield (
        "lightgbm 100, 3 classes",
        lambda: lightgbm.LGBMClassifier(n_estimators=100, verbosity=-1, n_jobs=1).fit(x, three),
    )
    yield "catboost 100", lambda: catboost.CatBoostClassifier(100, **quiet).fit(x, two)


def cases(wanted: list[str]) -> Iterator[Case]:
    rows = data()[0]
    for name, fit in [*_of_sklearn(), *_of_boosters()]:
        if wanted and not any(word in name for word in wanted):
            continue
        model = fit()
        predict = next(
            getattr(model, m) for m in ("predict_proba", "decision_function", "predict") if hasattr(model, m)
        )
        library = type(model).__module__.split(".")[0]
        theirs: Callable[[], Any] | None = None
        if library == "sklearn":
            theirs = lambda model=model: skl2onnx(model, rows)  # noqa: E731
        elif library in ("xgboost", "lightgbm"):
            theirs = lambda model=model, library=library: onnxmltools(model, library)  # noqa: E731
        yield Case(name, model, predict, theirs)


def best(*sides: Callable[[], Any], times: int) -> list[float]:
    """Seconds of each side's quickest run; the sides take turns."""
    found = [float("inf")] * len(sides)
    gc.collect()
    for _ in range(times):
        for i, side in enumerate(sides):
            begin = time.perf_counter()
            side()
            found[i] = min(found[i], time.perf_counter() - begin)
    return found


def session(proto: bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    return ort.InferenceSession(proto, options, providers=["CPUExecutionProvider"])


def measure(case: Case) -> list[str]:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(ROWS, COLUMNS))
    signature = Signature(matrix_inputs(COLUMNS))

    def ours() -> Any:
        return to_onnx(case.model, Context(signature)).SerializeToString()

    convert = best(ours, times=2)[0]
    other = _timed(case.theirs)
    proto = ours()
    one, many = session(proto, 1), session(proto, 0)
    batch = best(
        lambda: case.predict(rows), lambda: one.run(None, {"X": rows}), lambda: many.run(None, {"X": rows}), times=3
    )
    row = best(lambda: case.predict(rows[:1]), lambda: one.run(None, {"X": rows[:1]}), times=30)
    return [
        case.name,
        f"{convert:.2f} s",
        f"{other:.2f} s" if other else "—",
        f"{other / convert:.1f}" if other else "—",
        f"{len(proto) / 1e6:.1f} MB",
        *(f"{seconds * 1e3:.0f} ms" for seconds in batch),
        f"{batch[0] / batch[1]:.2f}",
        f"{batch[0] / batch[2]:.2f}",
        f"{row[0] * 1e6:.0f} µs",
        f"{row[1] * 1e6:.0f} µs",
        f"{row[0] / row[1]:.0f}",
    ]


def _timed(side: Callable[[], Any] | None) -> float | None:
    if side is None:
        return None
    try:
        return best(side, times=1)[0]
    except Exception as error:
        print(f"theirs failed: {type(error).__name__} {str(error)[:80]}", file=sys.stderr)
        return None


HEAD = [
    "model",
    "convert",
    "theirs",
    "ratio",
    "file",
    "library",
    "1 thread",
    "all",
    "ratio 1",
    "ratio all",
    "row",
    "ours",
    "ratio",
]


def main(wanted: list[str]) -> None:
    print("| " + " | ".join(HEAD) + " |")
    print("|" + " --- |" * len(HEAD))
    for case in cases(wanted):
        print("| " + " | ".join(measure(case)) + " |", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1:])
