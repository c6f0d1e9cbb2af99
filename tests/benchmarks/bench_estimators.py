"""Every class of the coverage catalogue, side by side with scikit-learn and skl2onnx.

    python -m tests.benchmarks.bench_estimators [--only NAME …]

Conversion: ours against skl2onnx's (float32, its usual way), called from Python with everything imported, so the first
call of each is left out. Scoring: the exact graph in onnxruntime against the estimator's own `predict` (a transformer's
`transform`), batches of 10,000 rows and single rows, with one thread and with all. Both sides take turns in one
process and the best of several runs is kept. Ratios are theirs by ours: more than 1 is in our favour.

A single row is scored as a service would: a session that is open, names of outputs that are known, one call. Beside it
stands what no graph can beat, `bound`: the estimator's own time by that of a graph with the same inputs and as many
outputs that computes nothing.
"""

import argparse
import gc
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pandas as pd

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data as open_data
from modelport.errors import ModelportError
from modelport_onnx.build import to_onnx
from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.listing import all_cases

BATCH = 10_000
HEADINGS = ("conversion", "batch, 1 thread", "batch, all threads", "single row", "bound of a single row")


@dataclass(frozen=True, slots=True)
class Figures:
    """Ratios of one estimator (None: the other side cannot), and our seconds for a conversion."""

    name: str
    ratios: tuple[float | None, ...]
    ours: float
    theirs: float | None


def best(sides: Sequence[Callable[[], Any]], seconds: float = 0.15, least: int = 3, most: int = 60) -> list[float]:
    """The least time of each side; they take turns until the time is up."""
    for side in sides:
        side()
    found: list[list[float]] = [[] for _ in sides]
    end = time.perf_counter() + seconds * len(sides)
    while len(found[0]) < least or (time.perf_counter() < end and len(found[0]) < most):
        for side, times in zip(sides, found, strict=True):
            start = time.perf_counter()
            side()
            times.append(time.perf_counter() - start)
    return [min(times) for times in found]


def signature_of(estimator: Any, rows: Any) -> Any:
    """The inputs of an estimator; from the rows where it does not say them itself."""
    known = artifact(estimator).format
    try:
        return known.signature(estimator, open_data(rows).head())
    except ModelportError:
        return known.signature(estimator, None)


def skl2onnx_call(estimator: Any, rows: Any) -> Callable[[], Any] | None:
    """skl2onnx on the same estimator; None where it cannot."""
    from skl2onnx import to_onnx as convert

    sample = rows[:1] if isinstance(rows, pd.DataFrame) else np.asarray(rows[:1])
    if isinstance(sample, np.ndarray) and sample.dtype.kind == "f":
        sample = sample.astype(np.float32)
    options = {id(estimator): {"zipmap": False}} if hasattr(estimator, "predict_proba") else None
    for given in (options, None):
        try:
            convert(estimator, sample, options=given)
        except Exception:
            continue
        return lambda given=given: convert(estimator, sample, options=given)
    return None


def conversion(estimator: Any, rows: Any) -> tuple[Any, float, float | None]:
    signature = signature_of(estimator, rows)
    ours = lambda: to_onnx(estimator, Context(signature))  # noqa: E731
    theirs = skl2onnx_call(estimator, rows)
    times = best([ours] if theirs is None else [ours, theirs])
    return ours(), times[0], None if theirs is None else times[1]


def session(model: Any, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def feed(opened: Any, rows: Any) -> dict[str, Any] | None:
    """The rows as this graph takes them: one matrix, or a column each; None for other kinds of input."""
    inputs = opened.get_inputs()
    if isinstance(rows, pd.DataFrame):
        return {item.name: _typed(rows[item.name].to_numpy(), item.type)[:, None] for item in inputs}
    table = np.asarray(rows)
    if table.ndim == 1:
        table = table[:, None]
    if len(inputs) == 1:
        return {inputs[0].name: np.ascontiguousarray(_typed(table, inputs[0].type))}
    if len(inputs) == table.shape[1]:
        return {item.name: _typed(table[:, i : i + 1], item.type) for i, item in enumerate(inputs)}
    return None


def _typed(values: Any, kind: str) -> Any:
    wanted = {"tensor(double)": np.float64, "tensor(float)": np.float32, "tensor(int64)": np.int64}.get(kind, object)
    return values.astype(wanted)


def repeated(rows: Any, count: int) -> Any:
    index = np.arange(count) % len(rows)
    return rows.iloc[index].reset_index(drop=True) if isinstance(rows, pd.DataFrame) else np.asarray(rows)[index]


def scoring(estimator: Any, model: Any, holdout: Any) -> Iterator[float | None]:
    """Ratios of scoring: a batch with one thread and with all, a single row, and the bound of a single row."""
    own = getattr(estimator, "predict", None) or getattr(estimator, "transform", None)
    for count, threads in ((BATCH, 1), (BATCH, 0)):
        rows, opened = repeated(holdout, count), session(model, threads)
        fed = feed(opened, rows)
        if fed is None or own is None:
            yield None
            continue
        theirs, ours = best([lambda rows=rows: own(rows), lambda fed=fed, opened=opened: opened.run(None, fed)])
        yield theirs / ours
    yield from single_row(own, model, repeated(holdout, 1))


def single_row(own: Any, model: Any, row: Any) -> Iterator[float | None]:
    """The ratio of scoring one row, and the ratio that a graph which computes nothing has."""
    opened, nothing = session(model, 1), session(idle(model), 1)
    fed = feed(opened, row)
    if fed is None or own is None:
        yield from (None, None)
        return
    names = [item.name for item in opened.get_outputs()]
    theirs, ours, least = best(
        [lambda: own(row), lambda: opened.run(names, fed), lambda: nothing.run(names, fed)], most=600
    )
    yield theirs / ours
    yield theirs / least


def idle(model: Any) -> Any:
    """A graph of the same inputs, and of outputs that are the first input."""
    first = model.graph.input[0]
    outputs = [onnx.helper.make_value_info(item.name, first.type) for item in model.graph.output]
    nodes = [onnx.helper.make_node("Identity", [first.name], [item.name]) for item in outputs]
    graph = onnx.helper.make_graph(nodes, "idle", list(model.graph.input), outputs)
    return onnx.helper.make_model(graph, ir_version=10, opset_imports=[onnx.helper.make_opsetid("", 21)])


def figures(case: Case) -> Figures | None:
    estimator, sample = case.fitted(), case.sample()
    try:
        model, ours, theirs = conversion(estimator, sample.train)
    except ModelportError:
        return None
    gc.collect()
    try:
        ratios = tuple(scoring(estimator, model, sample.holdout))
    except Exception as error:
        print(f"{case.name:32} not scored: {type(error).__name__}: {str(error).splitlines()[0][:80]}")
        ratios = (None,) * 4
    return Figures(case.name, (None if theirs is None else theirs / ours, *ratios), ours, theirs)


def line(row: Figures) -> str:
    shown = "  ".join(f"{'-' if ratio is None else f'{ratio:.2f}':>9}" for ratio in row.ratios)
    theirs = "-" if row.theirs is None else f"{row.theirs * 1e3:.1f}"
    return f"{row.name:34} {shown}   {row.ours * 1e3:7.1f} ms ours, {theirs} ms skl2onnx"


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[])
    wanted = parser.parse_args().only
    cases = [case for case in all_cases() if (case.core if not wanted else case.name in wanted)]
    rows = []
    print(f"{'':34} {'  '.join(f'{heading[:9]:>9}' for heading in HEADINGS)}")
    for case in cases:
        row = figures(case)
        if row is not None:
            rows.append(row)
            print(line(row), flush=True)
    for i, heading in enumerate(HEADINGS):
        known = [row.ratios[i] for row in rows if row.ratios[i] is not None]
        print(f"{heading}: median {statistics.median(known):.2f}, worst {min(known):.2f}, of {len(known)}")


if __name__ == "__main__":
    main()
