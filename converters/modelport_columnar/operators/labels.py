"""Labels: what `LabelEncoder` maps, and how the classifiers of `ai.onnx.ml` choose a class from scores."""

from typing import TYPE_CHECKING, Any

import numpy as np

from modelport_columnar.encoding import Encoding
from modelport_columnar.expression import Expr, Kind
from modelport_columnar.values import Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step

_SUFFIXES = {"strings": Kind.TEXT, "int64s": Kind.INT64, "floats": Kind.FLOAT32, "tensor": None}
_DEFAULTS: dict[str, tuple[str, Any]] = {
    "strings": ("default_string", b"_Unused"),
    "int64s": ("default_int64", -1),
    "floats": ("default_float", -0.0),
}


def encoding_of(step: "Step") -> tuple[Encoding, Kind]:
    """The map of a `LabelEncoder`, and the kind of its values.

    Raises:
        CannotConvert: keys and values that the specification does not allow.
    """
    keys, _ = _side(step, "keys")
    values, suffix = _side(step, "values")
    kind = Kind.TEXT if isinstance(values[0], str) else _SUFFIXES[suffix] or _kind_of_tensor(step)
    return Encoding(tuple(keys), tuple(values), _default(step, suffix)), kind


def _side(step: "Step", name: str) -> tuple[list[Any], str]:
    from onnx import numpy_helper

    for suffix in _SUFFIXES:
        given = step.attributes.get(f"{name}_{suffix}")
        if given is None:
            continue
        if suffix == "tensor":
            array = numpy_helper.to_array(given)
            return [str(item) if array.dtype.kind in "UOS" else item for item in array.ravel().tolist()], suffix
        return [item.decode() if isinstance(item, bytes) else item for item in given], suffix
    raise step.refuse(f"it has no {name}")


def _kind_of_tensor(step: "Step") -> Kind:
    from onnx import numpy_helper

    from modelport_columnar.expression import kind_of

    return kind_of(numpy_helper.to_array(step.attributes["values_tensor"]).dtype)


def _default(step: "Step", suffix: str) -> Any:
    from onnx import numpy_helper

    tensor = step.attributes.get("default_tensor")
    if tensor is not None:
        item = numpy_helper.to_array(tensor).ravel()[0]
        return item.decode() if isinstance(item, bytes) else item.item() if hasattr(item, "item") else str(item)
    if suffix == "tensor":
        raise step.refuse("it has no default")
    name, fallback = _DEFAULTS[suffix]
    found = step.attributes.get(name, fallback)
    return found.decode() if isinstance(found, bytes) else found


def classified(step: "Step", scores: Symbolic) -> list[Value]:
    """Label and scores [N, K] of a classifier node, with its `post_transform`.

    Raises:
        CannotConvert: a binary classifier written with one score, or an unknown transform.
    """
    labels = _labels(step)
    if scores.cells.size != len(labels):
        raise step.refuse("it has one score for two classes; runtimes disagree about what that means")
    best = step.pool.make("argmax", scores.cells.tolist(), Kind.INT64, "first")
    label = step.pool.make("lookup", (best,), step.pool.constant(labels[0]).kind, labels)
    return [symbolic([label], ()), _transformed(step, scores)]


def classified_by_one(step: "Step", score: Expr, positive: bool) -> list[Value]:
    """Label and scores [N, 2] of trees with one score for two classes, as onnxruntime (1.32) reads them.

    The specification leaves it open. Where no weight is negative, the score is the share of the second class and the
    first has the rest to 1; else it is a margin, of which the first class has the opposite.

    Raises:
        CannotConvert: the node has other than two classes, or another transform than NONE and LOGISTIC.
    """
    labels, make = _labels(step), step.pool.make
    name = step.attributes.get("post_transform", b"NONE").decode()
    if len(labels) != 2 or name not in ("NONE", "LOGISTIC"):
        raise step.refuse(f"one score for {len(labels)} classes with the transform {name} has no meaning known here")
    one, zero, half = (step.pool.constant(np.float32(value)) for value in (1, 0, 0.5))
    above = make("greater", (score, half if positive else zero), Kind.BOOL)
    place = make("cast", (above,), Kind.INT64)
    label = make("lookup", (place,), step.pool.constant(labels[0]).kind, labels)
    if name == "LOGISTIC":
        shares = [make("sigmoid", (side,), score.kind) for side in (make("neg", (score,), score.kind), score)]
    else:
        shares = [make("sub", (one, score), score.kind) if positive else make("neg", (score,), score.kind), score]
    return [symbolic([label], ()), symbolic(shares, (2,))]


def _labels(step: "Step") -> "np.ndarray[Any, np.dtype[Any]]":
    texts = step.attributes.get("classlabels_strings")
    if texts:
        return np.array([text.decode() for text in texts])
    return np.asarray(step.attributes.get("classlabels_int64s") or step.attributes.get("classlabels_ints"), np.int64)


def _transformed(step: "Step", scores: Symbolic) -> Symbolic:
    name = step.attributes.get("post_transform", b"NONE").decode()
    make = step.pool.make
    if name == "NONE":
        return scores
    if name == "LOGISTIC":
        return symbolic([make("sigmoid", (a,), a.kind) for a in scores.cells.tolist()], scores.cells.shape)
    if name == "SOFTMAX":
        whole: Expr = make("softmax", scores.cells.tolist(), Kind.MANY)
        return symbolic([make("pick", (whole,), scores.kind, i) for i in range(scores.cells.size)])
    raise step.refuse(f"its post_transform {name} is not known")
