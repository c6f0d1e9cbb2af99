"""Every route through random trees, against a walk written in plain Python, in every operator version."""

from dataclasses import replace

import numpy as np
import onnxruntime as ort
import pytest
import spox
from spox import Tensor, argument

from modelport.conversion import Context, Options, Precision
from modelport.errors import CannotConvert, InputError
from modelport.signature import Signature
from modelport_onnx.blocks import tree_ensemble
from modelport_onnx.blocks.trees import LEQ, LT, MEMBER, binary_tree, join
from modelport_onnx.lowering import Scope

COLUMNS = 4


def random_tree(rng, depth, width, members):
    """A tree whose column 0 splits by membership if `members`, its nodes numbered as they are met."""
    nodes = []

    def grow(left):
        at = len(nodes)
        leaf = left == 0 or rng.random() < 0.1
        node = {"feature": int(rng.integers(COLUMNS)), "threshold": rng.normal(), "value": rng.normal(size=width)}
        node |= {
            "true": -1,
            "false": -1,
            "mode": LT if rng.random() < 0.3 else LEQ,
            "missing": rng.random() < 0.5,
            "members": None,
        }
        nodes.append(node)
        if not leaf:
            if members and node["feature"] == 0:
                node |= {"mode": MEMBER, "members": np.unique(rng.integers(0, 50, rng.integers(1, 40)))}
            node["true"] = grow(left - 1)
            node["false"] = grow(left - 1)
        return at

    grow(depth)
    columns = {key: [node[key] for node in nodes] for key in nodes[0]}
    sets = [node["members"] for node in nodes if node["members"] is not None]
    return binary_tree(
        columns["feature"],
        columns["threshold"],
        columns["true"],
        columns["false"],
        columns["value"],
        missing_true=columns["missing"],
        mode=columns["mode"],
        members=sets,
    )


def walk(trees, row):
    """The node each tree ends in."""
    place = np.cumsum(trees.mode == MEMBER) - 1
    ends = []
    for node in trees.roots.tolist():
        while trees.true[node] >= 0:
            value = row[trees.feature[node]]
            if np.isnan(value):
                yes = trees.missing_true[node]
            elif trees.mode[node] == MEMBER:
                yes = value in trees.members[place[node]]
            elif trees.mode[node] == LT:
                yes = value < trees.threshold[node]
            else:
                yes = value <= trees.threshold[node]
            node = int(trees.true[node] if yes else trees.false[node])
        ends.append(node)
    return ends


def rows_for(trees, probes, members, dtype, rng):
    rows = rng.normal(size=(30, COLUMNS))
    if members:
        rows[:, 0] = rng.integers(-2, 52, len(rows))
    landmarks = {column: values for column, values in trees.landmarks().items() if column or not members}
    found = probes.boundary_rows(rows, landmarks, most=120, missing=True)
    return found.astype(dtype)


def scope(ml_opset=None, precision=Precision.EXACT):
    return Scope(Context(Signature(()), Options(ml_opset=ml_opset, precision=precision)))


def run(outputs, x, rows):
    proto = spox.build({"X": x}, outputs)
    proto.ir_version = 10
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = ort.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(outputs, session.run(None, {"X": rows}), strict=True))


@pytest.mark.parametrize("members", [False, True], ids=["numeric", "categories"])
@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize(("dtype", "ml_opset"), [("f4", 5), ("f8", 5), ("f4", 3), ("f8", 3), ("f4", 1)])
def test_every_row_takes_the_branches_of_the_walk(members, width, dtype, ml_opset, probes):
    rng = np.random.default_rng(width + ml_opset)
    # 70 trees are two nodes of 64; the third is a leaf and nothing else
    trees = join([random_tree(rng, 0 if i == 2 else 5, width, members) for i in range(70)])
    rows = rows_for(trees, probes, members, dtype, rng)
    x = argument(Tensor(np.dtype(dtype), ("N", COLUMNS)))
    outputs = {"total": tree_ensemble.total(x, trees, scope(ml_opset))}
    outputs["reached"] = tree_ensemble.reached(x, trees, scope(ml_opset))
    if width == 1:
        for kind in (np.float32, np.float64):
            outputs[np.dtype(kind).name] = tree_ensemble.each(x, trees, kind, scope(ml_opset))
    got = run(outputs, x, rows)
    ends = np.array([walk(trees, row) for row in rows])
    leaves = np.cumsum(trees.is_leaf) - 1
    assert np.array_equal(got["reached"], leaves[ends])
    assert np.allclose(got["total"], trees.value[ends].sum(axis=1), rtol=1e-13, atol=1e-13)
    if width == 1:
        for kind in ("float32", "float64"):
            assert np.array_equal(got[kind], trees.value[ends][:, :, 0].astype(kind))


@pytest.mark.parametrize("ml_opset", [5, 3])
def test_trees_add_to_their_target(ml_opset):
    rng = np.random.default_rng(0)
    trees = join([random_tree(rng, 3, 1, False) for _ in range(6)])
    targets = np.array([0, 1, 2, 0, 1, 2])
    trees = replace(trees, target=targets)
    x = argument(Tensor(np.float64, ("N", COLUMNS)))
    rows = rng.normal(size=(20, COLUMNS))
    got = run({"total": tree_ensemble.total(x, trees, scope(ml_opset))}, x, rows)["total"]
    values = np.array([trees.value[walk(trees, row), 0] for row in rows])
    want = np.stack([values[:, targets == target].sum(axis=1) for target in range(3)], axis=1)
    assert np.allclose(got, want, rtol=1e-14, atol=1e-14)


def test_float64_splits_without_version_3_are_refused():
    trees = random_tree(np.random.default_rng(0), 2, 1, False)
    x = argument(Tensor(np.float64, ("N", COLUMNS)))
    with pytest.raises(CannotConvert, match=r"ai\.onnx\.ml 3"):
        tree_ensemble.total(x, trees, scope(1))


def test_portable_graphs_use_the_older_operator_and_keep_float32_rows_on_their_side(probes):
    rng = np.random.default_rng(7)
    trees = join([random_tree(rng, 5, 2, True) for _ in range(5)])
    rows = rows_for(trees, probes, True, np.float32, rng)
    x = argument(Tensor(np.float32, ("N", COLUMNS)))
    total = tree_ensemble.total(x, trees, scope(precision=Precision.PORTABLE))
    proto = spox.build({"X": x}, {"total": total})
    assert {(item.domain, item.version) for item in proto.opset_import if item.domain} == {("ai.onnx.ml", 3)}
    want = np.array([trees.value[walk(trees, row)].sum(axis=0) for row in rows])
    assert np.allclose(run({"total": total}, x, rows)["total"], want, rtol=1e-14, atol=1e-14)


def test_a_chain_a_thousand_deep():
    depth = 1000
    true = [-1 if i % 2 else i + 1 for i in range(2 * depth)] + [-1]
    false = [-1 if i % 2 else i + 2 for i in range(2 * depth)] + [-1]
    size = 2 * depth + 1
    tree = binary_tree(np.zeros(size), np.arange(size) / 2, true, false, np.arange(size, dtype=float))
    x = argument(Tensor(np.float64, ("N", 1)))
    rows = np.array([[-1.0], [0.0], [1.0], [998.5], [999.0], [999.5], [1e9]])
    got = run({"total": tree_ensemble.total(x, tree, scope())}, x, rows)["total"].ravel()
    want = [walk(tree, row)[0] for row in rows]
    assert got.tolist() == want


def test_trees_of_pure_leaves_and_others_add_up(probes):
    rng = np.random.default_rng(11)
    parts = []
    for i in range(9):
        tree = random_tree(rng, 4, 3, False)
        if i % 3:
            only = np.eye(3)[rng.integers(0, 3, len(tree.feature))]
            tree = replace(tree, value=np.where(tree.is_leaf[:, None], tree.value * only, 0.0))
        parts.append(tree)
    trees = join(parts)
    assert set(trees.pure().tolist()) == {True, False}
    rows = rows_for(trees, probes, False, np.float64, rng)
    x = argument(Tensor(np.float64, ("N", COLUMNS)))
    got = run({"total": tree_ensemble.total(x, trees, scope())}, x, rows)["total"]
    want = np.array([trees.value[walk(trees, row)].sum(axis=0) for row in rows])
    assert np.allclose(got, want, rtol=1e-14, atol=1e-14)


def test_more_nodes_than_a_file_holds_are_refused(monkeypatch):
    monkeypatch.setattr(tree_ensemble, "_LARGEST", 1000)
    trees = join([random_tree(np.random.default_rng(0), 6, 1, False) for _ in range(3)])
    x = argument(Tensor(np.float64, ("N", COLUMNS)))
    with pytest.raises(CannotConvert, match="2 GB"):
        tree_ensemble.total(x, trees, scope())


def test_a_column_past_the_end_of_a_row_is_refused():
    trees = random_tree(np.random.default_rng(0), 3, 1, False)
    x = argument(Tensor(np.float64, ("N", int(trees.feature.max()))))
    with pytest.raises(InputError, match="looks at column"):
        tree_ensemble.total(x, trees, scope())
