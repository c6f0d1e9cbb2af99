"""Pickles, joblib files and skops archives: the gate."""

import io
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import joblib

from modelport.formats import Policy
from tests.fuzz import mutate
from tests.fuzz.harness import OPENS, REACHES, UNPICKLES, Harness
from tests.fuzz.models import models

WORDS = (
    *(b"cos\nsystem\n", b"cbuiltins\neval\n", b"cbuiltins\ngetattr\n", b"cnumpy\ndtype\n", b"cnumpy\nndarray\n"),
    *(b"\x8c\x02os\x8c\x06system\x93", b"csklearn.pipeline\nPipeline\n", b"cfunctools\npartial\n"),
    *(b"ccopyreg\n_reconstructor\n", b"R", b"b", b"\x81", b"\x92", b"(", b"t"),
    *(b"\x85", b"\x86", b"\x87", b"0", b"1", b"2", b"h\x00", b"q\x00", b"\x94"),
    *(b"cnumpy._core.multiarray\n_reconstruct\n", b"cnumpy._core.multiarray\nscalar\n", b"}", b"]", b")", b"N", b"."),
    *(b"\x80\x02", b"\x80\x04\x95", b"O8", b"V8", b"__class__", b"__setstate__", b"__reduce__", b"_sklearn_version"),
    *(b"ObjectNode", b"FunctionNode", b"MethodNode", b"PartialNode", b"OperatorFuncNode", b"DictNode", b"ReduceNode"),
)  # fmt: skip


def read(path: Path) -> None:
    """What `inspect` tells, then the load; a load asks for more than a look."""
    from modelport_sklearn.files import read as load
    from modelport_sklearn.inspect import inspect

    inspect(path)
    load(path, Policy())


def every_protocol() -> Sequence[bytes]:
    return [pickle.dumps(model, protocol) for model in models().values() for protocol in range(6)]


def every_compression() -> Sequence[bytes]:
    ways: tuple[Any, ...] = (0, ("zlib", 1), ("gzip", 1), ("bz2", 1), ("lzma", 0), ("xz", 0))
    return [_dumped(model, way) for model in models().values() for way in ways]


def _dumped(model: Any, way: Any) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=way)
    return buffer.getvalue()


def archives() -> Sequence[bytes]:
    from modelport_sklearn.archive import written

    return [written(models()[name]) for name in ("pipeline", "tree", "histogram", "neighbours")]


NEVER = OPENS | REACHES | UNPICKLES
_bytes: Callable[..., Any] = mutate.of_bytes
PICKLE = Harness(every_protocol, read, ".pkl", _bytes(WORDS), NEVER)
JOBLIB = Harness(every_compression, read, ".joblib", mutate.inside(_bytes(WORDS)), NEVER)
SKOPS = Harness(archives, read, ".skops", mutate.members(_bytes(WORDS)), NEVER)
