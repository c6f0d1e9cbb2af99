"""Rows made on the fly for benchmarks: a folder of Parquet files of normal numbers, and models that take them."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FILE = 5_000_000
"""Rows of one file."""

GROUP = 250_000
"""Rows of one row group."""


def names(width: int) -> list[str]:
    return [f"x{i}" for i in range(width)]


def write(folder: Path, count: int, width: int) -> Path:
    """`count` rows of `width` normal columns; every row group has numbers of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([(name, pa.float64()) for name in names(width)])
    for start in range(0, count, FILE):
        path = folder / f"part-{start // FILE:05}.parquet"
        with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as file:
            for group in range(start, min(count, start + FILE), GROUP):
                rows = min(GROUP, min(count, start + FILE) - group)
                values = np.random.default_rng(group).normal(size=(width, rows))
                file.write_table(pa.Table.from_arrays([pa.array(column) for column in values], schema=schema))
    return folder


def training(width: int, rows: int = 2000) -> tuple[Any, Any]:
    """A small frame and a target of two classes."""
    import pandas as pd

    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(rows, width)), columns=names(width))
    return frame, (frame["x0"] + frame["x1"] * frame["x2"] > 0).astype(int)


def files(model: Any, frame: Any, folder: Path) -> tuple[Path, Path]:
    """A fitted model as a pickle and as ONNX."""
    import modelport as mp

    folder.mkdir(parents=True, exist_ok=True)
    pickled, converted = folder / "model.pkl", folder / "model.onnx"
    pickled.write_bytes(pickle.dumps(model))
    mp.convert(model, converted, data=frame, verify=False)
    return pickled, converted
