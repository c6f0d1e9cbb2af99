"""A small model with every kind of column, its bundle, and exports of it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport import api
from modelport.bundle import Bundle
from modelport.exports import Exported
from modelport.parity.settings import Settings
from modelport.signature import Column, Signature, Task, classifier_outputs
from modelport_onnx.assemble import stamp

COLUMNS = (
    Column('age of "it"', pa.float64(), nullable=True),
    Column("städte", pa.string(), nullable=True),
    Column("member", pa.bool_()),
    Column("visits", pa.int64()),
    Column("children", pa.int64(), nullable=True),
)
KINDS = (TensorProto.DOUBLE, TensorProto.STRING, TensorProto.BOOL, TensorProto.INT64, TensorProto.DOUBLE)


def make_mixed() -> onnx.ModelProto:
    """p = sigmoid(age / 10 + [städte = Oslo] + member + visits / 100 - children), which is 0.25 where it is missing."""
    names = [column.name for column in COLUMNS]
    made = helper.make_node
    nodes = [
        made("Equal", [names[1], "oslo"], ["is_oslo"]),
        made("Cast", ["is_oslo"], ["city"], to=TensorProto.DOUBLE),
        made("Cast", [names[2]], ["here"], to=TensorProto.DOUBLE),
        made("Cast", [names[3]], ["visits_"], to=TensorProto.DOUBLE),
        made("Div", [names[0], "ten"], ["a"]),
        made("Div", ["visits_", "hundred"], ["v"]),
        made("Add", ["a", "city"], ["s0"]),
        made("Add", ["s0", "here"], ["s1"]),
        made("Add", ["s1", "v"], ["s2"]),
        made("Sub", ["s2", names[4]], ["s3"]),
        made("IsNaN", ["s3"], ["gone"]),
        made("Sigmoid", ["s3"], ["s4"]),
        made("Where", ["gone", "quarter", "s4"], ["p"]),
        made("Sub", ["one", "p"], ["q"]),
        made("Concat", ["q", "p"], ["probability"], axis=1),
        made("Greater", ["p", "half"], ["over"]),
        made("Where", ["over", "yes", "no"], ["labels"]),
        made("Squeeze", ["labels", "axis"], ["label"]),
    ]
    numbers = {"ten": 10.0, "hundred": 100.0, "quarter": 0.25, "one": 1.0, "half": 0.5}
    constants = [numpy_helper.from_array(np.array([value]), name) for name, value in numbers.items()]
    texts = {"oslo": "Oslo", "yes": "yes", "no": "no"}
    constants += [helper.make_tensor(name, TensorProto.STRING, [1], [text.encode()]) for name, text in texts.items()]
    constants.append(numpy_helper.from_array(np.array([1]), "axis"))
    inputs = [helper.make_tensor_value_info(n, kind, ["N", 1]) for n, kind in zip(names, KINDS, strict=True)]
    outputs = [
        helper.make_tensor_value_info("label", TensorProto.STRING, ["N"]),
        helper.make_tensor_value_info("probability", TensorProto.DOUBLE, ["N", 2]),
    ]
    graph = helper.make_graph(nodes, "mixed", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    stamp(model, Signature(COLUMNS, classifier_outputs(("no", "yes")), Task.CLASSIFICATION, ("no", "yes")))
    return model


def make_rows() -> pa.Table:
    rng = np.random.default_rng(3)
    age = rng.uniform(-40, 40, 60)
    values = [
        pa.array([None if i % 7 == 0 else x for i, x in enumerate(age)], pa.float64()),
        pa.array([None if i % 11 == 0 else ("Oslo", "Köln", "日本")[i % 3] for i in range(60)]),
        pa.array([i % 2 == 0 for i in range(60)]),
        pa.array(rng.integers(-300, 300, 60)),
        pa.array([None if i % 13 == 0 else i % 4 for i in range(60)], pa.int64()),
    ]
    return pa.table(values, names=[column.name for column in COLUMNS])


@contextmanager
def in_this_process() -> Iterator[None]:
    """Models are scored here, not in a process each: that is tested elsewhere, and takes a second every time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("modelport.isolation.separate", lambda *_: False)
        yield


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with in_this_process():
        yield


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("built")
    onnx.save(make_mixed(), folder / "Mixed Model.onnx")
    settings = Settings(rows=300, runtimes=("onnxruntime", "onnx.reference"))
    return api.package(
        folder / "Mixed Model.onnx", output=folder / "Mixed Model.mport", data=make_rows(), settings=settings
    )


@pytest.fixture
def bundle(built: Bundle, tmp_path: Path) -> Path:
    """A copy of the bundle, which a test may change."""
    return Path(shutil.copy(built.path, tmp_path))


@pytest.fixture(scope="session")
def exported(built: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Exported]:
    """Target → an export that no test changes, made once."""
    folder, made = tmp_path_factory.mktemp("exported"), {}

    def export(target: str) -> Exported:
        if target not in made:
            with in_this_process():
                made[target] = api.export(built.path, folder / target, to=target)
        return made[target]

    return export


@pytest.fixture(scope="session")
def golden(built: Bundle) -> tuple[pa.Table, pa.Table]:
    """The golden rows and what ONNX Runtime answered, read by Arrow alone."""
    import zipfile

    run = next(run for run in built.manifest.golden if run.runtime == "onnxruntime")
    with zipfile.ZipFile(built.path) as archive:
        parts = [archive.read(name) for name in ("golden/inputs.arrow", run.member)]
    rows, answers = (pa.ipc.open_file(part).read_all() for part in parts)
    return rows, answers
