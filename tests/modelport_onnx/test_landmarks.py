"""Landmarks of ONNX graphs: splits behind preprocessing come back to the inputs, exactly."""

from typing import Any

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper

from modelport.parity.inverse import input_landmarks
from modelport.parity.paths import Maker, made, probe
from modelport.parity.settings import Settings
from modelport.parity.sources import Sources
from modelport.signature import Signature, Task, matrix_inputs, regression_outputs
from modelport_onnx.landmarks import inner, landmarks
from modelport_onnx.ort import OrtSession

SIGNATURE = Signature(matrix_inputs(2, nullable=True), regression_outputs(), Task.REGRESSION)


def stump(modes: list[int], splits: list[float], kind: int = TensorProto.DOUBLE) -> Any:
    """A tree ensemble of one-split trees on column 0, of version 5."""
    count = len(splits)
    dtype = helper.tensor_dtype_to_np_dtype(kind)

    def tensor(name: str, values: Any, data: int) -> Any:
        return helper.make_tensor(name, data, [len(values)], values)

    return helper.make_node(
        "TreeEnsemble",
        ["z"],
        ["y"],
        domain="ai.onnx.ml",
        n_targets=1,
        tree_roots=list(range(count)),
        nodes_featureids=[0] * count,
        nodes_splits=tensor("s", np.array(splits, dtype), kind),
        nodes_modes=tensor("m", np.array(modes, np.uint8), TensorProto.UINT8),
        nodes_truenodeids=list(range(0, 2 * count, 2)),
        nodes_falsenodeids=list(range(1, 2 * count, 2)),
        nodes_trueleafs=[1] * count,
        nodes_falseleafs=[1] * count,
        leaf_targetids=[0] * 2 * count,
        leaf_weights=tensor("w", np.arange(2 * count).astype(dtype), kind),
    )


def model(nodes: list[Any], kind: int = TensorProto.DOUBLE) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", 2])],
        [helper.make_tensor_value_info("y", kind, ["N", 1])],
        [
            helper.make_tensor("shift", TensorProto.DOUBLE, [2], [3.0, 0.0]),
            helper.make_tensor("scale", TensorProto.DOUBLE, [2], [-0.1, 1.0]),
            helper.make_tensor("mix", TensorProto.DOUBLE, [2, 2], [1.0, 1.0, 1.0, -1.0]),
        ],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    made.metadata_props.add(key="modelport.signature", value=SIGNATURE.dumps())
    return made


SCALED = [helper.make_node("Sub", ["X", "shift"], ["c"]), helper.make_node("Mul", ["c", "scale"], ["z"])]
NARROW = helper.make_node("Cast", ["X"], ["z"], to=TensorProto.FLOAT)


def base() -> pa.RecordBatch:
    rng = np.random.default_rng(0)
    return pa.RecordBatch.from_pydict({"x0": rng.normal(size=64), "x1": rng.normal(size=64)})


def test_a_split_is_its_own_landmark() -> None:
    plain = model([helper.make_node("Identity", ["X"], ["z"]), stump([0], [0.3])])
    assert landmarks(plain, SIGNATURE) == {"x0": [0.3]}


def test_a_strict_split_is_told_by_the_place_of_its_jump() -> None:
    plain = model([helper.make_node("Identity", ["X"], ["z"]), stump([1], [0.3])])
    assert probe(inner(plain, SIGNATURE)[0], Sources(SIGNATURE, Settings()), 100).probed == 1


@pytest.mark.parametrize("threshold", [0.25, -0.3, 0.1])
def test_a_split_behind_a_falling_scaler_comes_back_to_the_last_bit(threshold: float) -> None:
    scaled = model([*SCALED, stump([0], [threshold])])
    (found,) = landmarks(scaled, SIGNATURE)["x0"]
    z = [(np.float64(x) - 3.0) * -0.1 for x in (found, np.nextafter(found, np.inf))]
    assert z[0] > threshold >= z[1]


def test_a_split_behind_a_cast_is_where_float32_rounds_across_it() -> None:
    narrow = model([NARROW, stump([0], [float(np.float32(0.3))], TensorProto.FLOAT)], TensorProto.FLOAT)
    (found,) = landmarks(narrow, SIGNATURE)["x0"]
    assert np.float32(found) == np.float32(0.3)
    assert np.float32(np.nextafter(found, 1)) > np.float32(0.3)


def test_comparisons_with_constants_are_landmarks() -> None:
    nodes = [
        helper.make_node("Clip", ["X", "low", "high"], ["z"]),
        helper.make_node("ReduceSum", ["z", "axes"], ["y"], keepdims=1),
    ]
    clipped = model(nodes)
    clipped.graph.initializer.extend(
        [
            helper.make_tensor("low", TensorProto.DOUBLE, [], [-1.5]),
            helper.make_tensor("high", TensorProto.DOUBLE, [], [2.5]),
            helper.make_tensor("axes", TensorProto.INT64, [1], [1]),
        ]
    )
    assert landmarks(clipped, SIGNATURE) == {"x0": [-1.5, 2.5], "x1": [-1.5, 2.5]}


def test_a_mixed_column_is_not_brought_back() -> None:
    mixed = model([helper.make_node("MatMul", ["X", "mix"], ["z"]), stump([0], [0.3])])
    rows = base()
    assert input_landmarks(inner(mixed, SIGNATURE), SIGNATURE, rows) == {}


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_probe_rows_stand_on_either_side_of_every_split(mode: int) -> None:
    scaled = model([*SCALED, stump([mode] * 3, [0.25, -0.3, 0.1])])
    (part,) = inner(scaled, SIGNATURE)
    probes = probe(part, Sources(SIGNATURE, Settings()), 1000)
    assert (probes.known, probes.probed, probes.dead) == (3, 3, 0)
    _packs, batch, *_ = probes.batches
    session = OrtSession(scaled)
    yes, no = (session.score(batch.slice(start, 3)).column(0).to_numpy() for start in (0, 3))
    assert np.all(yes != no)
    x = [batch.slice(start, 3).column(0).to_numpy() for start in (0, 3)]
    steps = np.minimum(*x), np.maximum(*x)
    assert np.array_equal(np.nextafter(steps[0], np.inf), steps[1])
    assert batch.column(0).slice(6).null_count == 3


def test_every_split_of_a_deep_forest_behind_a_scaler_is_reached() -> None:
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from modelport.conversion import Context
    from modelport_onnx.build import to_onnx

    x, y = make_classification(300, 6, n_informative=4, random_state=0)
    fitted = make_pipeline(StandardScaler(), RandomForestClassifier(10, random_state=0)).fit(x, y)
    proto = to_onnx(fitted, Context(Signature(matrix_inputs(6))))
    session = OrtSession(proto)
    (part,) = [p for p in session.inner() if p.forest is not None]
    probes = probe(part, Sources(session.signature, Settings()), 10_000)
    splits = sum(int((tree.tree_.children_left != -1).sum()) for tree in fitted[-1].estimators_)
    assert probes.known == splits
    assert probes.probed == splits


def test_one_pair_of_rows_probes_splits_of_several_columns() -> None:
    """Splits that stand in each other's way are probed by rows of their own: no column has two values."""
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier

    from modelport.conversion import Context
    from modelport_onnx.build import to_onnx

    x, y = make_classification(300, 12, n_informative=8, random_state=0)
    fitted = RandomForestClassifier(30, random_state=0).fit(x, y)
    session = OrtSession(to_onnx(fitted, Context(Signature(matrix_inputs(12)))))
    (part,) = [p for p in session.inner() if p.forest is not None]
    maker = Maker(part, Sources(session.signature, Settings()))
    assert maker.need < maker.known, "fewer rows than splits, though each split takes two"
    probes = made(maker, maker.need)
    assert probes.probed == probes.known
    assert sum(batch.num_rows for batch in probes.batches) <= maker.need


FLAGS = {
    "no input changes it": ("IsNaN", (1, 0, 1)),
    "an infinity changes it": ("IsInf", (1, 0, 0)),
}


@pytest.mark.parametrize("name", FLAGS)
def test_a_split_of_what_nothing_changes_is_no_place_to_probe(name: str) -> None:
    """Whether a number is missing that was filled before; special rows keep the rare from being taken for the never."""
    kind, wanted = FLAGS[name]
    nodes = [
        helper.make_node("IsNaN", ["X"], ["gone"]),
        helper.make_node("Where", ["gone", "shift", "X"], ["filled"]),
        helper.make_node(kind, ["filled"], ["flag"]),
        helper.make_node("Cast", ["flag"], ["z"], to=TensorProto.DOUBLE),
        stump([0], [0.5]),
    ]
    (part,) = inner(model(nodes), SIGNATURE)
    probes = probe(part, Sources(SIGNATURE, Settings()), 100)
    assert (probes.known, probes.probed, probes.dead) == wanted


def test_a_forest_of_texts_alone_has_nothing_to_pack() -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    from modelport.conversion import Context
    from modelport.signature import Column
    from modelport_onnx.build import to_onnx

    rng = np.random.default_rng(0)
    words = rng.choice(["a", "b", "c", "d"], (200, 2)).astype(object)
    fitted = make_pipeline(OneHotEncoder(handle_unknown="ignore"), RandomForestClassifier(5, random_state=0))
    fitted.fit(words, (words[:, 0] == "a").astype(int) + (words[:, 1] == "b"))
    inputs = tuple(Column(name, pa.string(), False, ("a", "b", "c", "d")) for name in ("x0", "x1"))
    session = OrtSession(to_onnx(fitted, Context(Signature(inputs))))
    (part,) = [p for p in session.inner() if p.forest is not None]
    maker = Maker(part, Sources(session.signature, Settings()))
    probes = made(maker, 1000)
    assert maker.need == 2 * maker.known
    assert probes.known > 0
    assert probes.probed + probes.dead == probes.known


def test_equality_tests_of_numbers_alone_cross_nothing() -> None:
    plain = model([helper.make_node("Identity", ["X"], ["z"]), stump([4, 4], [1.0, 2.0])])
    probes = probe(inner(plain, SIGNATURE)[0], Sources(SIGNATURE, Settings()), 100)
    assert (probes.known, probes.probed) == (2, 0)
