"""ONNX that modelport did not write, to PMML: equal in JPMML, or refused by name.

    python -m tests.conformance.foreign_pmml [nodes|skl2onnx|onnxmltools …] [--only TEXT] [--write]

`nodes`: cases of ONNX's own backend tests in an outside corpus (`MODELPORT_CORPUS`, as in `pmml_corpus`), with their
inputs and expected outputs. `skl2onnx`, `onnxmltools`: the catalogue's classes through those converters, in JPMML
against onnxruntime.
"""

import argparse
import csv
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pyarrow as pa
from onnx import numpy_helper

from modelport.api import convert
from modelport.conversion import NoteKind
from modelport.errors import DataError, ModelportError
from modelport.signature import Signature
from modelport_pmml.runtimes.jpmml import JpmmlSession
from tests.conformance.catalogue.judge import distance, margins
from tests.conformance.catalogue.page import put
from tests.conformance.catalogue.workers import in_a_line
from tests.conformance.pmml_corpus import folder

SOURCES = ("nodes", "skl2onnx", "onnxmltools")
SINGLE, DOUBLE = 1e-5, 1e-9
TIE = 1e-6
"""Margin between two float32 scores under which rounding decides the label."""
ROWS = 100


@dataclass(frozen=True)
class Found:
    """What became of one graph: `equal`, `refused`, `differs` or `fails`, and why.

    `no result`: JPMML computes no answer where a function gives NaN or overflows, and says so. `no table`: the case
    feeds something else than rows. `noted`: it differs as a typed note of the conversion says. `not made`:
    the other converter made no graph. `no answers`: onnxruntime does not run the graph it made.
    """

    name: str
    word: str
    why: str = ""


def judged(name: str, model: onnx.ModelProto, rows: Any, want: Any) -> Found:
    """Converts a graph and scores it in JPMML.

    Args:
        rows: Signature → the batch to score.
        want: Signature of the document → the batch of expected outputs.
    """
    with tempfile.TemporaryDirectory() as name_of_folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(name_of_folder) / "model.onnx"
        path.write_bytes(model.SerializeToString())
        try:
            made = convert(path, "pmml", verify=False)
            document = made.model.artifact.model
        except ModelportError as error:
            return Found(name, "refused", f"{error.what} ({error.where})")
        except Exception as error:
            return Found(name, "fails", f"{type(error).__name__}: {error}"[:200])
    try:
        session = JpmmlSession(document, name)
        have = session.score(rows(session.signature))
        found = compared(name, want(session.signature), have)
        told = found.word == "differs" and [note.what for note in made.notes if note.kind is NoteKind.ROUNDED]
        return Found(name, "noted", f"{found.why}: {told[0]}") if told else found
    except DataError as error:
        return Found(name, "no result", error.what)
    except Exception as error:
        return Found(name, "fails", f"{type(error).__name__}: {error}"[:200])


def compared(name: str, want: pa.RecordBatch, have: pa.RecordBatch) -> Found:
    if want.num_columns != have.num_columns:
        return Found(name, "differs", f"{have.num_columns} columns instead of {want.num_columns}")
    clear = margins(want) > TIE
    for column, left, right in zip(have.schema.names, want.columns, have.columns, strict=True):
        if pa.types.is_floating(left.type):
            apart = distance(left, right, False)
            if apart > (DOUBLE if left.type == pa.float64() else SINGLE):
                return Found(name, "differs", f"{column} by {apart:.2g}")
        elif any(a != b for a, b, sure in zip(left.to_pylist(), right.to_pylist(), clear, strict=True) if sure):
            return Found(name, "differs", column)
    return Found(name, "equal")


# Node cases ---------------------------------------------------------------------------------------


def nodes(only: str) -> Iterator[Found]:
    root = folder()
    if root is None:
        return
    with (root / "index.tsv").open(encoding="utf-8") as file:
        paths = [root / row["model"] for row in csv.DictReader(file, delimiter="\t") if row["format"] == "onnx"]
    for path in paths:
        if only in str(path):
            yield _node(path)


def _node(path: Path) -> Found:
    name = path.parent.name
    try:
        model = onnx.load(path)
        given = [_tensor(item) for item in sorted((path.parent / "test_data_set_0").glob("input_*.pb"), key=_place)]
        expected = [_tensor(item) for item in sorted((path.parent / "test_data_set_0").glob("output_*.pb"), key=_place)]
    except (ValueError, OSError, TypeError) as error:
        return Found(name, "no table", str(error)[:80])
    sizes = {len(array) for array in (*given, *expected) if array.ndim}
    if len(sizes) != 1 or any(array.ndim not in (1, 2) for array in (*given, *expected)):
        found = judged(name, model, lambda s: _batch(given, s.inputs), lambda s: _batch(expected, s.outputs))
        return found if found.word == "refused" else Found(name, "no table", found.why)
    return judged(name, model, lambda s: _batch(given, s.inputs), lambda s: _batch(expected, _narrow(expected, s)))


def _place(path: Path) -> int:
    return int(path.stem.rpartition("_")[2])


def _tensor(path: Path) -> np.ndarray[Any, Any]:
    return numpy_helper.to_array(onnx.TensorProto.FromString(path.read_bytes()))


def _batch(arrays: list[np.ndarray[Any, Any]], columns: Any) -> pa.RecordBatch:
    flat = [column for array in arrays for column in array.reshape(len(array), -1).T]
    made = [pa.array(column.astype(object) if column.dtype.kind in "OSU" else column) for column in flat]
    cast = [array if pa.types.is_string(array.type) else array.cast(column.type, safe=False)
            for array, column in zip(made, columns, strict=True)]  # fmt: skip
    return pa.RecordBatch.from_arrays(cast, names=[column.name for column in columns])


# Other converters ---------------------------------------------------------------------------------


def converted(source: str, only: str) -> Iterator[Found]:
    from tests.conformance.catalogue.listing import all_cases

    families = ("classifier", "regressor", "transformer", "cluster", "outlier", "mixture")
    boosted = ("XGB", "LGBM")
    for case in all_cases():
        mine = case.name.startswith(boosted) == (source == "onnxmltools")
        if mine and case.family in families and only in case.name and isinstance(case.sample().train, np.ndarray):
            yield _converted(source, case)


def _converted(source: str, case: Any) -> Found:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = _skl2onnx(case) if source == "skl2onnx" else _onnxmltools(case)
        except Exception as error:
            return Found(case.name, "not made", f"{type(error).__name__}: {error}"[:100].replace("\n", " "))
    rows = np.asarray(case.sample().holdout[:ROWS], np.float32)
    try:
        arrays = [_matrix(result) for result in _answers(model, rows)]
    except Exception as error:
        return Found(case.name, "no answers", in_a_line(error)[:120])

    def want(signature: Signature) -> pa.RecordBatch:
        return _batch([array.ravel() if array.ndim == 2 and array.shape[1] == 1 else array for array in arrays],
                      _narrow(arrays, signature))  # fmt: skip

    return judged(case.name, model, lambda s: _batch([rows], s.inputs), want)


def _answers(model: onnx.ModelProto, rows: Any) -> list[Any]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    answers: list[Any] = session.run(None, {session.get_inputs()[0].name: rows})
    return answers


def _matrix(result: Any) -> np.ndarray[Any, Any]:
    """An output; a map a row (ZipMap) as the matrix of its values, in the order of the classes."""
    if isinstance(result, list) and result and isinstance(result[0], dict):
        return np.array([list(row.values()) for row in result], np.float32)
    return np.asarray(result)


def _narrow(arrays: Any, signature: Signature) -> Any:
    """The document's outputs with the types the graph gives, which say how exactly they can agree."""
    kinds = [
        pa.string() if array.dtype.kind in "OSU" else pa.from_numpy_dtype(array.dtype)
        for array in arrays
        for _ in range(int(array[:1].size))
    ]
    if len(kinds) != len(signature.outputs):
        return signature.outputs
    return [type(c)(c.name, kind, c.nullable) for c, kind in zip(signature.outputs, kinds, strict=True)]


def _skl2onnx(case: Any) -> onnx.ModelProto:
    from skl2onnx import to_onnx

    estimator = case.fitted()
    options = {"zipmap": False} if case.family == "classifier" else None
    width = np.asarray(case.sample().train).shape[1]
    return to_onnx(estimator, np.zeros((1, width), np.float32), options=options, target_opset=21)


def _onnxmltools(case: Any) -> onnx.ModelProto:
    import onnxmltools
    from onnxmltools.convert.common.data_types import FloatTensorType

    width = np.asarray(case.sample().train).shape[1]
    made = onnxmltools.convert_xgboost if case.name.startswith("XGB") else onnxmltools.convert_lightgbm
    return made(case.fitted(), initial_types=[("X", FloatTensorType([None, width]))], target_opset=15)


def run(source: str, only: str = "") -> list[Found]:
    """Every graph of a source."""
    return list(nodes(only) if source == "nodes" else converted(source, only))


TITLES = {
    "nodes": "Node cases of ONNX's own backend tests",
    "skl2onnx": "The catalogue through skl2onnx (float32, its defaults)",
    "onnxmltools": "XGBoost and LightGBM through onnxmltools",
}
HEAD = """## ONNX of other converters to PMML

Graphs that modelport did not write, converted to PMML and scored in JPMML-Evaluator against onnxruntime (of node cases:
against their own expected outputs), to 1e-5 where the graph computes in float32 and 1e-9 where it computes in float64.
Regenerate with

    python -m tests.conformance.foreign_pmml --write

"Refused" names the operator and why; "noted" differs as a typed note of the conversion says; "no result": a function
overflows or gives NaN, and JPMML then answers nothing; "no table": the case feeds something else than rows; "not made":
the other converter made no graph; "no answers": onnxruntime does not run the graph that it made.
"""


def text(results: Mapping[str, Sequence[Found]]) -> str:
    """This run's part of docs/coverage.md: counts of each source, reasons of refusals, and what is neither."""
    lines = [HEAD, "| source | graphs | " + " | ".join(WORDS) + " |", "|---" * (len(WORDS) + 2) + "|"]
    for source, found in results.items():
        words = Counter(item.word for item in found)
        cells = [TITLES[source], str(len(found)), *(str(words[word] or "") for word in WORDS)]
        lines.append(f"| {' | '.join(cells)} |")
    for source, found in results.items():
        lines += [f"\n### {TITLES[source]}\n", *_reasons(found), *_listed(found)]
    return "\n".join(lines)


WORDS = ("equal", "noted", "refused", "no result", "no table", "not made", "no answers", "differs", "fails")
PLACE = re.compile(r" \([^()]*\)$")


def _reasons(found: Sequence[Found]) -> list[str]:
    counted = Counter(PLACE.sub("", item.why) for item in found if item.word == "refused")
    rows = [f"| {number} | {_cell(why)} |" for why, number in sorted(counted.items(), key=lambda p: (-p[1], p[0]))]
    return ["| refused | because |", "|---|---|", *rows] if rows else []


def _listed(found: Sequence[Found]) -> list[str]:
    odd = [item for item in found if item.word in ("noted", "no result", "no answers", "differs", "fails")]
    rows = [f"| {item.name} | {item.word} | {_cell(item.why)} |" for item in odd]
    return ["\n| case | result | why |", "|---|---|---|", *rows] if rows else []


def _cell(why: str) -> str:
    return " ".join(why.replace("|", "/").replace("<", "&lt;").split())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sources", nargs="*", default=SOURCES)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--write", action="store_true", help="write its part of docs/coverage.md")
    options = parser.parse_args()
    results: dict[str, list[Found]] = {source: [] for source in options.sources}
    for source, kept in results.items():
        for found in nodes(options.only) if source == "nodes" else converted(source, options.only):
            kept.append(found)
            print(f"{found.word:9} {found.name}: {found.why}", file=sys.stderr, flush=True)
        print(source, dict(Counter(found.word for found in kept)), flush=True)
    if options.write:
        put("foreign", text(results))


if __name__ == "__main__":
    main()
