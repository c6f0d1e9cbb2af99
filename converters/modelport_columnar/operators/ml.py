"""Operators of `ai.onnx.ml`: trees, linear models, and the small transformations of tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport_columnar import trees
from modelport_columnar.encoding import Encoding
from modelport_columnar.expression import Expr, Kind
from modelport_columnar.operators.elementwise import mapped
from modelport_columnar.operators.labels import classified, classified_by_one, encoding_of
from modelport_columnar.operators.matrix import linear
from modelport_columnar.operators.reduction import combine
from modelport_columnar.operators.selection import lookup
from modelport_columnar.operators.shape import rows_first
from modelport_columnar.values import Array, Fixed, Stacked, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def _as_kind(step: "Step", value: Value, kind: Kind) -> Symbolic:
    return rows_first(step, mapped(step, lambda a: _cast(step, a, kind), value)[0])


def _cast(step: "Step", a: Expr, kind: Kind) -> Expr:
    return a if a.kind is kind else step.pool.make("cast", (a,), kind)


def tree_ensemble(step: "Step", value: Value) -> list[Value]:
    """`TreeEnsemble` (version 5)."""
    _no_post_transform(step, step.attributes.get("post_transform", 0) == 0)
    return [_tree_results(step, value, trees.from_version_5(step.attributes))]


def tree_ensemble_regressor(step: "Step", value: Value) -> list[Value]:
    """`TreeEnsembleRegressor` (versions 1 and 3): results and base values are float32."""
    _no_post_transform(step, step.attributes.get("post_transform", b"NONE") == b"NONE")
    results = _tree_results(step, value, trees.from_older(step.attributes, "target"))
    return [_with_base(step, results)]


def tree_ensemble_classifier(step: "Step", value: Value) -> list[Value]:
    """`TreeEnsembleClassifier` (versions 1 and 3): a label and a score a class."""
    ensemble = trees.from_older(step.attributes, "class")
    results = _tree_results(step, value, ensemble)
    base = _numbers(step.attributes.get("base_values_as_tensor"), step.attributes.get("base_values"))
    if results.cells.size == 1 and (base is None or base.size == 1):
        score = _with_base(step, results).cells.ravel()[0]
        return classified_by_one(step, score, positive=bool((ensemble.leaf_weight >= 0).all()))
    return classified(step, _with_base(step, results))


def _no_post_transform(step: "Step", plain: bool) -> None:
    if not plain:
        raise step.refuse("its post_transform is not known")


def _tree_results(step: "Step", value: Value, ensemble: trees.TreeEnsemble) -> Symbolic:
    cells = rows_first(step, value).cells.tolist()
    whole = step.pool.make("trees", cells, Kind.MANY, ensemble)
    kind = Kind(ensemble.kind)
    return symbolic([step.pool.make("pick", (whole,), kind, i) for i in range(ensemble.targets)])


def _with_base(step: "Step", results: Symbolic) -> Symbolic:
    tensor = step.attributes.get("base_values_as_tensor")
    base = _numbers(tensor, step.attributes.get("base_values"))
    narrow = _as_kind(step, results, Kind.FLOAT32)
    if base is None:
        return narrow
    return _plus(step, narrow, base.astype(np.float32))


def _numbers(tensor: Any, numbers: Sequence[float] | None) -> Array | None:
    from onnx import numpy_helper

    if tensor is not None:
        return numpy_helper.to_array(tensor)
    return np.asarray(numbers, np.float32) if numbers else None


def _plus(step: "Step", value: Symbolic, offsets: Array) -> Symbolic:
    spread = np.broadcast_to(offsets, value.cells.shape)
    cells = [
        step.pool.make("add", (a, step.pool.constant(b)), a.kind)
        for a, b in zip(value.cells.ravel(), spread.ravel(), strict=True)
    ]
    return symbolic(cells, value.cells.shape)


def linear_regressor(step: "Step", value: Value) -> list[Value]:
    """`LinearRegressor`: computes in float32."""
    _no_post_transform(step, step.attributes.get("post_transform", b"NONE") == b"NONE")
    targets = int(step.attributes.get("targets", 1))
    return [_linear(step, value, targets, step.attributes.get("intercepts"))]


def linear_classifier(step: "Step", value: Value) -> list[Value]:
    """`LinearClassifier`: computes in float32; a label and a score a class."""
    width = rows_first(step, value).cells.size
    rows = len(step.attributes["coefficients"]) // width
    return classified(step, _linear(step, value, rows, step.attributes.get("intercepts")))


def _linear(step: "Step", value: Value, rows: int, intercepts: Sequence[float] | None) -> Symbolic:
    narrow = _as_kind(step, value, Kind.FLOAT32)
    matrix = np.asarray(step.attributes["coefficients"], np.float32).reshape(rows, -1)
    product = symbolic([linear(step, narrow.cells, row) for row in matrix])
    return _plus(step, product, np.asarray(intercepts, np.float32)) if intercepts else product


def scaler(step: "Step", value: Value) -> list[Value]:
    """`Scaler`: (a - offset) * scale, in float32."""
    narrow = _as_kind(step, value, Kind.FLOAT32)
    offset = np.asarray(step.attributes.get("offset") or [0.0], np.float32)
    scale = np.asarray(step.attributes.get("scale") or [1.0], np.float32)
    rows = (1, narrow.cells.size)

    def make(a: Expr, shift: Expr, factor: Expr) -> Expr:
        moved = step.pool.make("sub", (a, shift), a.kind)
        return step.pool.make("mul", (moved, factor), a.kind)

    return mapped(
        step, make, narrow, Fixed(np.broadcast_to(offset, rows).copy()), Fixed(np.broadcast_to(scale, rows).copy())
    )


def normalizer(step: "Step", value: Value) -> list[Value]:
    """`Normalizer`: each row divided by its norm, in float32; a row of zeros stays.

    Raises:
        CannotConvert: an unknown norm.
    """
    narrow = _as_kind(step, value, Kind.FLOAT32)
    name = step.attributes.get("norm", b"MAX").decode()
    if name not in ("L1", "L2", "MAX"):
        raise step.refuse(f"its norm {name!r} is not known")
    norm = combine(step, {"L1": "l1", "L2": "l2", "MAX": "maximum"}[name], narrow.cells)
    zero = step.pool.constant(np.float32(0))
    empty = step.pool.make("equal", (norm, zero), Kind.BOOL)

    def make(a: Expr) -> Expr:
        divided = step.pool.make("div", (a, norm), a.kind)
        return step.pool.make("where", (empty, a, divided), a.kind)

    return mapped(step, make, narrow)


def imputer(step: "Step", value: Value) -> list[Value]:
    """`Imputer`: a value in place of NaN or of another mark."""
    tensor = rows_first(step, value)
    floats = tensor.kind.is_float
    name = "imputed_value_floats" if floats else "imputed_value_int64s"
    mark = step.attributes.get("replaced_value_float" if floats else "replaced_value_int64", 0)
    dtype = tensor.kind.value
    given = np.broadcast_to(np.asarray(step.attributes[name], dtype), (1, tensor.cells.size)).copy()

    def make(a: Expr, filler: Expr) -> Expr:
        if mark != mark:
            gone = step.pool.make("isnan", (a,), Kind.BOOL)
        else:
            gone = step.pool.make("equal", (a, step.pool.constant(np.asarray(mark, dtype)[()])), Kind.BOOL)
        return step.pool.make("where", (gone, filler, a), a.kind)

    return mapped(step, make, tensor, Fixed(given))


def binarizer(step: "Step", value: Value) -> list[Value]:
    """`Binarizer`: 1 above the threshold, else 0."""
    tensor = rows_first(step, value)
    dtype = tensor.kind.value
    limit, one, zero = (
        step.pool.constant(np.asarray(item, dtype)[()]) for item in (step.attributes.get("threshold", 0.0), 1, 0)
    )

    def make(a: Expr) -> Expr:
        above = step.pool.make("greater", (a, limit), Kind.BOOL)
        return step.pool.make("where", (above, one, zero), a.kind)

    return mapped(step, make, tensor)


def one_hot_encoder(step: "Step", value: Value) -> list[Value]:
    """`OneHotEncoder`: one float32 column a category for each column; an unknown category gives zeros.

    Raises:
        CannotConvert: it fails on unknown categories, which a column cannot do.
    """
    if not step.attributes.get("zeros", 1):
        raise step.refuse("it fails on a category it does not know")
    tensor = rows_first(step, value)
    texts = step.attributes.get("cats_strings")
    known: list[Any] = [text.decode() for text in texts] if texts else list(step.attributes.get("cats_int64s", []))
    kind = Kind.TEXT if texts else tensor.kind
    if texts and tensor.kind is not Kind.TEXT:
        raise step.refuse("numbers are compared with text")
    one, zero = step.pool.constant(np.float32(1)), step.pool.constant(np.float32(0))
    options = [step.pool.constant(np.str_(item) if texts else np.asarray(item, kind.value)[()]) for item in known]
    cells = [
        step.pool.make("where", (step.pool.make("equal", (a, option), Kind.BOOL), one, zero), Kind.FLOAT32)
        for a in tensor.cells.ravel()
        for option in options
    ]
    return [symbolic(cells, (*tensor.cells.shape, len(options)))]


def label_encoder(step: "Step", value: Value) -> list[Value]:
    """`LabelEncoder`, in all its spellings."""
    encoding, kind = encoding_of(step)
    return mapped(step, lambda a: step.pool.make("encode", (a,), kind, encoding), value)


def category_mapper(step: "Step", value: Value) -> list[Value]:
    """`CategoryMapper`: text to numbers or numbers to text, by one list of pairs."""
    texts = tuple(text.decode() for text in step.attributes["cats_strings"])
    numbers = tuple(int(item) for item in step.attributes["cats_int64s"])
    if rows_first(step, value).kind is Kind.TEXT:
        found = Encoding(texts, numbers, int(step.attributes.get("default_int64", -1)))
        return mapped(step, lambda a: step.pool.make("encode", (a,), Kind.INT64, found), value)
    back = Encoding(numbers, texts, step.attributes.get("default_string", b"_Unused").decode())
    return mapped(step, lambda a: step.pool.make("encode", (a,), Kind.TEXT, back), value)


def array_feature_extractor(step: "Step", value: Value, positions: Value) -> list[Value]:
    """`ArrayFeatureExtractor`: columns at constant positions; a constant table at a computed one."""
    if isinstance(value, Symbolic) and isinstance(positions, Fixed):
        return [Symbolic(np.take(value.cells, positions.array.ravel(), axis=-1), value.kind)]
    if isinstance(value, Fixed) and isinstance(positions, Symbolic):
        table = value.array.ravel()
        if positions.cells.size == 1 and table.size == value.array.shape[-1]:
            return [Stacked((_looked_up(step, table, positions),))]
    raise step.refuse("the positions depend on the rows")


def _looked_up(step: "Step", table: Array, positions: Symbolic) -> Symbolic:
    """Entries of a list at one computed position in each row, [N]; the operator gives them as [1, N]."""
    index = positions.cells.ravel()[0]
    if index.kind is not Kind.INT64:
        raise step.refuse("the positions are no whole numbers")
    return symbolic([lookup(step, table, index)], ())


def feature_vectorizer(step: "Step", *values: Value) -> list[Value]:
    """`FeatureVectorizer`: columns side by side, in float32."""
    parts = [_as_kind(step, value, Kind.FLOAT32).cells for value in values]
    cells = np.concatenate([part.reshape(-1) for part in parts])
    return [symbolic(cells, cells.shape)]
