"""Scores rows with a model, given as JSON lines; needs NumPy and ONNX Runtime, and nothing else.

    python score.py < rows.jsonl > answers.jsonl
    python score.py --check golden.jsonl

A row is an object with one member for each column: numbers, booleans, text, or null for a missing value. What a JSON
number cannot say is "NaN", "Infinity" or "-Infinity". Each line of the answer has one member for each output. A row
that the model does not take ends the run with exit code 3 and the number of its line; nothing is guessed.
"""

import itertools
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import onnxruntime

HERE = Path(__file__).resolve().parent
BATCH = 1024
EXACT_INTEGER = 2**53
DTYPES: dict[str, Any] = {
    "float64": np.float64,
    "float32": np.float32,
    "int64": np.int64,
    "int32": np.int32,
    "bool": np.bool_,
    "string": object,
}


class BadRow(Exception):
    """A row that the model does not take."""


class Model:
    """The model beside this file."""

    def __init__(self, folder: Path = HERE) -> None:
        self.about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        path = str(folder / "model.onnx")
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.columns = [column["name"] for tensor in self.about["inputs"] for column in tensor["columns"]]

    def score(self, rows: list[Any]) -> list[dict[str, Any]]:
        """One answer for each row, in order."""
        for row in rows:
            self._fits(row)
        fed = {tensor["name"]: _input(tensor, rows) for tensor in self.about["inputs"]}
        names = [tensor["name"] for tensor in self.about["outputs"]]
        answers: list[dict[str, Any]] = [{} for _ in rows]
        for tensor, values in zip(self.about["outputs"], self.session.run(names, fed), strict=True):
            matrix = np.asarray(values).reshape(len(rows), -1)
            for place, column in enumerate(tensor["columns"]):
                for answer, value in zip(answers, matrix[:, place], strict=True):
                    answer[column["name"]] = _said(value, column)
        return answers

    def _fits(self, row: Any) -> None:
        if not isinstance(row, dict):
            raise BadRow("a row is an object")
        absent = [name for name in self.columns if name not in row]
        if absent:
            raise BadRow(f"the column {absent[0]!r} is missing")
        unknown = [name for name in row if name not in self.columns]
        if unknown:
            raise BadRow(f"the model has no column {unknown[0]!r}")


def _input(tensor: dict[str, Any], rows: list[dict[str, Any]]) -> Any:
    kind = DTYPES[tensor["dtype"]]
    columns = [[_cell(row[column["name"]], column, tensor["dtype"]) for row in rows] for column in tensor["columns"]]
    with np.errstate(over="ignore"):
        arrays = [np.array(cells, kind) for cells in columns]
    return arrays[0] if tensor["rank"] == 1 else np.stack(arrays, axis=1)


def _cell(value: Any, column: dict[str, Any], dtype: str) -> Any:
    """A value as its tensor holds it; missing is NaN in numbers and the empty text in text."""
    if value is None:
        if not column["nullable"]:
            raise BadRow(f"the column {column['name']!r} may not be missing")
        return "" if dtype == "string" else math.nan
    if column["type"] == "string" or column["type"] == "bool":
        if not isinstance(value, str if column["type"] == "string" else bool):
            raise BadRow(f"the column {column['name']!r} takes {column['type']}, not {value!r}")
        return value
    return _number(value, column, dtype)


def _number(value: Any, column: dict[str, Any], dtype: str) -> Any:
    if isinstance(value, str) and value in ("NaN", "Infinity", "-Infinity"):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRow(f"the column {column['name']!r} takes {column['type']}, not {value!r}")
    if not column["type"].startswith("int"):
        return float(value)
    if value != value or value in (math.inf, -math.inf) or value != int(value):
        raise BadRow(f"the column {column['name']!r} takes whole numbers, not {value!r}")
    limit = 2 ** (31 if column["type"] == "int32" else 63)
    if not -limit <= value < limit or (dtype.startswith("float") and abs(value) > EXACT_INTEGER):
        raise BadRow(f"the column {column['name']!r} cannot hold {value!r}")
    return int(value)


def _said(value: Any, column: dict[str, Any]) -> Any:
    """An output as JSON can say it."""
    kind = column["type"]
    if kind == "string":
        return None if column["nullable"] and not value else str(value)
    if kind == "bool":
        return bool(value)
    if kind.startswith("int"):
        return None if value != value else int(value)
    number = float(value)
    if math.isnan(number):
        return None if column["nullable"] else "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def check(model: Model, lines: Iterable[str]) -> int:
    """Scores golden rows; gives how many are not answered as they were recorded."""
    known = [json.loads(line) for line in lines if line.strip()]
    answers = model.score([item["row"] for item in known])
    bad = sum(not _alike(item["answer"], answer, model) for item, answer in zip(known, answers, strict=True))
    print(f"{len(known) - bad} of {len(known)} golden rows are answered as they were recorded", file=sys.stderr)
    return bad if known else 1


def _alike(expected: dict[str, Any], answer: dict[str, Any], model: Model) -> bool:
    return expected.keys() == answer.keys() and all(
        _near(expected[name], answer[name], model.about["tolerances"][name]) for name in expected
    )


def _near(expected: Any, found: Any, tolerance: dict[str, float]) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return abs(expected - found) <= max(tolerance["atol"], tolerance["rtol"] * abs(expected))
    return type(expected) is type(found) and bool(expected == found)


def batches(lines: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    """Lines with their numbers, some at a time; empty ones are left out."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(itertools.islice(numbered, BATCH)):
        yield batch


def stream(model: Model, lines: Iterable[str], out: TextIO) -> int:
    """Scores lines as they come; gives the exit code."""
    for batch in batches(lines):
        try:
            answers = model.score([_parsed(number, line) for number, line in batch])
        except BadRow as error:
            print(f"error: {_first(model, batch, error)}", file=sys.stderr)
            return 3
        out.writelines(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n" for answer in answers)
        out.flush()
    return 0


def _parsed(number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"line {number} is not JSON") from error


def _first(model: Model, batch: list[tuple[int, str]], error: BadRow) -> str:
    """Which line of a batch it was."""
    for number, line in batch:
        try:
            model.score([_parsed(number, line)])
        except BadRow as found:
            return str(found) if str(found).startswith("line ") else f"line {number}: {found}"
    return str(error)


def main(arguments: list[str]) -> int:
    """`--check FILE`, or rows on standard input."""
    model = Model()
    if len(arguments) == 2 and arguments[0] == "--check":
        with open(arguments[1], encoding="utf-8") as lines:  # noqa: PTH123  # a script in a container, not a library
            return 1 if check(model, lines) else 0
    if arguments:
        print("usage: score.py [--check FILE] < rows.jsonl > answers.jsonl", file=sys.stderr)
        return 2
    try:
        with open(0, encoding="utf-8", closefd=False) as lines, open(1, "w", encoding="utf-8", closefd=False) as out:
            return stream(model, lines, out)
    except BrokenPipeError:  # whoever read the answers has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
