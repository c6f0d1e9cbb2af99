"""Checks of what compiled code trusts: a tree whose nodes point outside it would make `predict` read foreign memory.

scikit-learn checks the types and shapes of a pickled tree, not where its nodes point (`Tree.__setstate__`, 1.9;
`TreePredictor` checks nothing). Neither do the neighbour trees.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from modelport.errors import Unsafe

LEAF = -1


def check_seal(instance: Any) -> None:
    """Refuses an object whose insides would lead compiled code astray.

    Raises:
        Unsafe: names its class.
    """
    kind = type(instance)
    check = _CHECKS.get(f"{kind.__module__}.{kind.__qualname__}")
    if check is not None and not check(instance):
        raise Unsafe(f"a {kind.__name__} in this pickle points outside itself", where=kind.__qualname__)


def check_all(root: Any) -> None:
    """Checks every tree in a loaded model, and that no tree asks for a column its estimator does not take.

    Raises:
        Unsafe: names the class.
    """
    seen: dict[int, Any] = {}
    waiting: list[tuple[Any, int | None]] = [(root, None)]
    while waiting:
        item, width = waiting.pop()
        if item is None or isinstance(item, str | bytes | int | float | type) or id(item) in seen:
            continue
        seen[id(item)] = item
        check_seal(item)
        if width is not None and not _narrow(item, width):
            raise Unsafe(f"a {type(item).__name__} in this pickle asks for columns that there are not")
        waiting += [(part, _width(item, width)) for part in parts(item)]


def parts(item: Any) -> list[Any]:
    """What an object holds: elements of a container, attributes of an instance."""
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    if isinstance(item, list | tuple | set | frozenset):
        return list(item)
    if isinstance(item, np.ndarray):
        return list(item.ravel()) if item.dtype.hasobject and item.dtype.names is None else []
    return list(getattr(item, "__dict__", {}).values())


def _width(item: Any, width: int | None) -> int | None:
    """How many columns the parts of an estimator see; an ensemble that gives its members a choice passes its own."""
    if isinstance(item, dict | list | tuple | set | frozenset | np.ndarray):
        return width
    if hasattr(item, "estimators_features_") or not _is_tree_estimator(item):
        return None
    count = getattr(item, "n_features_in_", None)
    return int(count) if isinstance(count, int | np.integer) else None


def _is_tree_estimator(item: Any) -> bool:
    return type(item).__module__.startswith(("sklearn.tree.", "sklearn.ensemble._forest", "sklearn.ensemble._gb",
                                             "sklearn.ensemble._hist"))  # fmt: skip


def _narrow(item: Any, width: int) -> bool:
    """Whether a tree, or an estimator that is one, asks for no more than `width` columns."""
    name = type(item).__name__
    if name == "TreePredictor":
        inner = item.nodes["is_leaf"] == 0
        return bool((item.nodes["feature_idx"][inner] < width).all())
    if name == "Tree":
        return bool(item.n_features <= width)
    count = getattr(item, "n_features_in_", None)
    return not _is_tree_estimator(item) or count is None or int(count) <= width


def check_before(instance: Any, state: Any) -> None:
    """Refuses a state that compiled code would take as it comes.

    Raises:
        Unsafe: names the class.
    """
    kind = type(instance)
    check = _BEFORE.get(f"{kind.__module__}.{kind.__qualname__}")
    if check is not None and not check(instance, state):
        raise Unsafe(
            f"the state of a {kind.__name__} in this pickle is not one that it would write", where=kind.__qualname__
        )


def _partial(instance: Any, state: Any) -> bool:
    """The function stays the one it was made with, and nothing but plain keywords is tied to it."""
    if type(state) is not tuple or len(state) != 4 or type(state[2]) is not dict:
        return False
    function, arguments, keywords, attributes = state
    return bool(
        function is instance.func and arguments == () and not attributes and all(_plain(v) for v in keywords.values())
    )


def _plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, str | bool | int | float | type)


def _neighbour_tree(instance: Any, state: Any) -> bool:
    """`BinaryTree.__getstate__`: data, index, nodes, bounds, leaf size, levels, nodes …; each index lies inside."""
    if type(state) is not tuple or len(state) < 7:
        return False
    data, index, nodes, bounds, leaf, levels, count = state[:7]
    if not all(isinstance(array, np.ndarray) for array in (data, index, nodes, bounds)) or data.ndim != 2:
        return False
    if not all(type(number) is int for number in (leaf, levels, count)) or not 0 < levels < 60:
        return False
    rows, width = data.shape
    sizes = count == 2**levels - 1 == len(nodes) and index.shape == (rows,)
    sides = 2 if type(instance).__name__.startswith("KDTree") else 1
    return bool(sizes and leaf > 0 and bounds.shape == (sides, count, width)) and _ranges(index, nodes, rows)


def _ranges(index: Any, nodes: Any, rows: int) -> bool:
    """Points exist; nodes cover ranges of them; the last level is leaves."""
    start, end = nodes["idx_start"], nodes["idx_end"]
    return bool(
        ((index >= 0) & (index < rows)).all()
        and ((start >= 0) & (start <= end) & (end <= rows)).all()
        and (nodes["is_leaf"][len(nodes) // 2 :] != 0).all()
    )


def _tree(tree: Any) -> bool:
    """Children come after their parent, inside the tree; leaves have neither; features exist."""
    left, right = np.asarray(tree.children_left), np.asarray(tree.children_right)
    inner = left != LEAF
    if not np.array_equal(inner, right != LEAF):
        return False
    own = np.flatnonzero(inner)
    feature = np.asarray(tree.feature)[inner]
    return bool(
        _inside(left[inner], own, len(left))
        and _inside(right[inner], own, len(left))
        and ((feature >= 0) & (feature < tree.n_features)).all()
    )


def _predictor(predictor: Any) -> bool:
    """`TreePredictor`: the same for the record array of histogram gradient boosting; features are checked by use."""
    nodes = getattr(predictor, "nodes", None)
    if not isinstance(nodes, np.ndarray) or nodes.dtype.names is None or "left" not in nodes.dtype.names:
        return False
    inner = nodes["is_leaf"] == 0
    own = np.flatnonzero(inner)
    categorical = nodes["bitset_idx"][inner & (nodes["is_categorical"] == 1)]
    bitsets = len(getattr(predictor, "raw_left_cat_bitsets", ()))
    return bool(
        len(nodes)
        and _inside(nodes["left"][inner].astype(np.int64), own, len(nodes))
        and _inside(nodes["right"][inner].astype(np.int64), own, len(nodes))
        and (nodes["feature_idx"][inner] >= 0).all()
        and (categorical < bitsets).all()
    )


def _inside(children: Any, parents: Any, count: int) -> bool:
    """Each child lies after its parent and before the end, so that every walk ends at a leaf."""
    return bool(((children > parents) & (children < count)).all())


_BEFORE: dict[str, Callable[[Any, Any], bool]] = {
    "functools.partial": _partial,
    **{
        f"sklearn.neighbors.{module}.{name}{bits}": _neighbour_tree
        for module, name in (("_kd_tree", "KDTree"), ("_ball_tree", "BallTree"))
        for bits in ("", "32", "64")
    },
}
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "sklearn.tree._tree.Tree": _tree,
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor": _predictor,
}
