"""ONNX files: reading, inspecting, converting, and scoring in a process that can be killed."""

from collections.abc import Sequence
from pathlib import Path

import onnx

from modelport.conversion import Context
from modelport.formats import Policy
from tests.fuzz import mutate
from tests.fuzz.harness import OPENS, Harness
from tests.fuzz.models import ROWS, graphs, models

WORDS = (
    *(b"../x", b"/etc/passwd", b"weights.bin", b"location", b"offset", b"length", b"modelport.signature"),
    *(b"Loop", b"Scan", b"If", b"TreeEnsemble", b"TreeEnsembleClassifier", b"Reshape", b"Gather", b"ConstantOfShape"),
    *(b"Add", b"Cast", b"Expand", b"Tile", b"Range", b"ArrayFeatureExtractor", b"LinearClassifier", b"Normalizer"),
    *(b"ai.onnx.ml", b"nodes_treeids", b"nodes_featureids", b"leaf_targetids", b"classlabels_int64s", b"float64"),
    *(b"\xff\xff\xff\xff\x0f", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x80\x80\x80\x80\x08", b'"inputs"'),
)  # fmt: skip


def read(path: Path) -> None:
    """The file alone: what a look and a load do."""
    from modelport_onnx.file import read as load
    from modelport_onnx.file import signature
    from modelport_onnx.inspect import inspect

    inspect(path)
    signature(load(path, Policy()))


def convert(path: Path) -> None:
    """To columns and back to PMML and scikit-learn, without comparing."""
    from modelport.errors import CannotConvert
    from modelport_onnx.file import read as load
    from modelport_onnx.file import signature
    from modelport_pmml.from_columnar.convert import convert as to_pmml
    from modelport_sklearn.from_onnx.convert import convert as to_pickle

    model = load(path, Policy())
    context = Context(signature(model))
    try:
        to_pmml(model, context)
    except CannotConvert:
        to_pickle(model, context)


def score(path: Path) -> None:
    """As `modelport.load(path).predict(rows)` does."""
    from modelport import api
    from modelport_onnx.file import read as load

    load(path, Policy())
    model = api.load(path)
    try:
        columns = model.signature.inputs
        model.score({c.name: [None, *ROWS[:4, i % 3]] for i, c in enumerate(columns)})
    finally:
        model.close()


def seeds() -> Sequence[bytes]:
    """Ours, one of skl2onnx with a ZipMap, and one whose weights lie in another file."""
    import skl2onnx

    zipmap = skl2onnx.to_onnx(models()["pipeline"], ROWS[:1].astype("float32"))
    ours = list(graphs().values())
    return [model.SerializeToString() for model in (*ours, zipmap, _external(ours[0]))]


def _external(model: onnx.ModelProto) -> onnx.ModelProto:
    outside = onnx.ModelProto()
    outside.CopyFrom(model)
    for tensor in outside.graph.initializer[:1]:
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", "weights.bin"), ("offset", "0"), ("length", "8")):
            tensor.external_data.add(key=key, value=value)
    return outside


FILE = Harness(seeds, read, ".onnx", mutate.of_bytes(WORDS), OPENS)
CONVERT = Harness(seeds, convert, ".onnx", mutate.of_bytes(WORDS), OPENS)
SCORE = Harness(seeds, score, ".onnx", mutate.of_bytes(WORDS), covered=False)
