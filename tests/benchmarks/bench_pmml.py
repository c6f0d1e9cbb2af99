"""PMML: rows a second of the compiler against JPMML-Evaluator and PMML4S, from Python, in one run; and loading time.

python -m tests.benchmarks.bench_pmml [--trees 500] [--depth 6] [--load-mb 30] [--corpus 30]

`--corpus N` takes every so many of the outside corpus's documents, N in all, and gives the median of their ratios at
batches of 10,000 rows and at single rows; documents that JPMML refuses are left out, and counted.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from modelport.artifacts import artifact
from modelport.errors import ModelportError
from modelport.runtimes import Session, runtime

FIELDS = 10
BATCH, SLOW, SINGLE = 10_000, 200, 50
NODE = 103
"""Bytes of a tree node."""
HEAD = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>'


def dictionary() -> str:
    inputs = "".join(f'<DataField name="f{i}" optype="continuous" dataType="double"/>' for i in range(FIELDS))
    return f'{HEAD}{inputs}<DataField name="y" optype="continuous" dataType="double"/></DataDictionary>'


def schema(target: bool) -> str:
    inputs = "".join(f'<MiningField name="f{i}"/>' for i in range(FIELDS))
    goal = '<MiningField name="y" usageType="target"/>' if target else ""
    return f"<MiningSchema>{inputs}{goal}</MiningSchema>"


def node(random: np.random.Generator, depth: int, holds: str = "<True/>") -> str:
    if not depth:
        return f'<Node score="{random.normal():.12f}">{holds}</Node>'
    name, value = f"f{random.integers(FIELDS)}", f"{random.normal():.12f}"
    left = node(random, depth - 1, f'<SimplePredicate field="{name}" operator="lessOrEqual" value="{value}"/>')
    right = node(random, depth - 1, f'<SimplePredicate field="{name}" operator="greaterThan" value="{value}"/>')
    return f"<Node>{holds}{left}{right}</Node>"


def forest(trees: int, depth: int) -> str:
    random = np.random.default_rng(0)
    segments = "".join(
        f'<Segment id="{i}"><True/><TreeModel functionName="regression" splitCharacteristic="binarySplit">'
        f"{schema(False)}{node(random, depth)}</TreeModel></Segment>"
        for i in range(trees)
    )
    inside = f'<Segmentation multipleModelMethod="average">{segments}</Segmentation>'
    return f'{dictionary()}<MiningModel functionName="regression">{schema(True)}{inside}</MiningModel></PMML>'


def logistic() -> str:
    terms = "".join(f'<NumericPredictor name="f{i}" coefficient="{i / 7 - 0.6}"/>' for i in range(FIELDS))
    tables = f'<RegressionTable intercept="0.1" targetCategory="a">{terms}</RegressionTable>'
    tables += '<RegressionTable intercept="0" targetCategory="b"/>'
    values = '<Value value="a"/><Value value="b"/></DataField></DataDictionary>'
    fields = dictionary().replace(
        'name="y" optype="continuous" dataType="double"/></DataDictionary>',
        f'name="y" optype="categorical" dataType="string">{values}',
    )
    body = f'<RegressionModel functionName="classification" normalizationMethod="logit">{schema(True)}{tables}'
    return f"{fields}{body}</RegressionModel></PMML>"


def rows(count: int) -> pa.RecordBatch:
    data = np.random.default_rng(1).normal(size=(count, FIELDS))
    return pa.RecordBatch.from_arrays(
        [pa.array(data[:, i]) for i in range(FIELDS)], names=[f"f{i}" for i in range(FIELDS)]
    )


def rate(session: Session, count: int, times: int = 3) -> float:
    """Rows a second in batches of `count`, the best of some runs after one to warm up."""
    batch = rows(count)
    session.score(batch)
    best = min(_timed(session, batch) for _ in range(times))
    return count / best


def _timed(session: Session, batch: pa.RecordBatch) -> float:
    start = time.perf_counter()
    session.score(batch)
    return time.perf_counter() - start


def opened(name: str, path: Path) -> tuple[Session, float]:
    start = time.perf_counter()
    session: Session = runtime(name).open(artifact(path), None)
    return session, time.perf_counter() - start


def compare(title: str, path: Path, slow: int) -> None:
    ours, _ = opened("modelport-onnx", path)
    mine, alone = rate(ours, BATCH), rate(ours, 1, SINGLE)
    print(f"{title}: modelport-onnx {mine:,.0f} rows/s, single rows {alone:,.0f}/s")
    for name in ("jpmml", "pmml4s"):
        theirs, _ = opened(name, path)
        many, one = rate(theirs, slow), rate(theirs, 1, SINGLE)
        print(f"  {name}: {many:,.0f} rows/s ({mine / many:.0f}x), single rows {one:,.0f}/s ({alone / one:.1f}x)")


def repeated(batch: pa.RecordBatch, count: int) -> pa.RecordBatch:
    """Rows again and again, up to a count."""
    places = np.arange(count) % batch.num_rows
    return batch.take(pa.array(places))


def on(session: Session, batch: pa.RecordBatch, times: int) -> float:
    """Rows a second over a batch, the best of some runs after one to warm up."""
    session.score(batch)
    return float(batch.num_rows) / min(_timed(session, batch) for _ in range(times))


def corpus(count: int) -> None:
    """The median of ratios over the outside corpus."""
    from tests.conformance.pmml_corpus import batch, cases

    many, one, left_out = [], [], 0
    listed = cases()
    for case in listed[:: max(1, len(listed) // count)][:count]:
        try:
            ours, theirs = opened("modelport-onnx", case.model)[0], opened("jpmml", case.model)[0]
            mine = repeated(batch(case, ours.signature.inputs), BATCH)
            yours = repeated(batch(case, theirs.signature.inputs), SLOW)
            many.append(on(ours, mine, 2) / on(theirs, yours, 2))
            one.append(on(ours, mine.slice(0, 1), SINGLE) / on(theirs, yours.slice(0, 1), SINGLE))
        except ModelportError:
            left_out += 1
    told = f"{len(many)} documents, {left_out} left out"
    print(f"corpus ({told}): median {np.median(many):.0f}x at {BATCH:,} rows, {np.median(one):.1f}x at single rows")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--trees", type=int, default=500)
    options.add_argument("--depth", type=int, default=6)
    options.add_argument("--load-mb", type=float, default=30.0)
    options.add_argument("--corpus", type=int, default=0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.pmml"
        path.write_text(logistic())
        compare("logistic regression", path, BATCH)
        path = Path(folder) / "forest.pmml"
        path.write_text(forest(given.trees, given.depth))
        compare(f"forest of {given.trees} trees ({path.stat().st_size / 1e6:.0f} MB)", path, SLOW)
        path = Path(folder) / "large.pmml"
        path.write_text(forest(max(1, int(given.load_mb * 1e6 / (NODE * 2 ** (given.depth + 1)))), given.depth))
        print(f"loading {path.stat().st_size / 1e6:.0f} MB:", end=" ")
        print(", ".join(f"{name} {opened(name, path)[1]:.1f} s" for name in ("modelport-onnx", "jpmml")))
    if given.corpus:
        corpus(given.corpus)


if __name__ == "__main__":
    main()
