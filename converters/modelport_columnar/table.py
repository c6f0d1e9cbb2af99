"""Every operator that has a columnar form: (domain, operator) → its lowering. One row an operator.

A lowering takes the `Step` and the node's inputs (`Symbolic`, `Fixed`, `Extent`, or None where left out) and gives
the node's outputs. What is not in this table is refused by name: convolutions, recurrences, loops over rows.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from modelport_columnar.operators import control, elementwise, kernels, logic, matrix, ml, reduction, selection, shape

Lowering = Callable[..., list[Any]]

_UNARY = {
    "Abs": "abs", "Acos": "acos", "Acosh": "acosh", "Asin": "asin", "Asinh": "asinh", "Atan": "atan", "Atanh": "atanh",
    "Ceil": "ceil", "Cos": "cos", "Cosh": "cosh", "Erf": "erf", "Exp": "exp", "Floor": "floor", "Log": "log",
    "Neg": "neg", "Reciprocal": "reciprocal", "Round": "round", "Sigmoid": "sigmoid", "Sign": "sign", "Sin": "sin",
    "Sinh": "sinh", "Sqrt": "sqrt", "Tan": "tan", "Tanh": "tanh",
}  # fmt: skip

_BINARY = {"Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "Pow": "pow"}

_COMPARE = {
    "Equal": "equal",
    "Less": "less",
    "LessOrEqual": "less_equal",
    "Greater": "greater",
    "GreaterOrEqual": "greater_equal",
}

OPERATORS: Mapping[tuple[str, str], Lowering] = {
    **{("", name): partial(elementwise.unary, op) for name, op in _UNARY.items()},
    **{("", name): partial(elementwise.binary, op) for name, op in _BINARY.items()},
    **{("", name): partial(logic.compare, op) for name, op in _COMPARE.items()},
    ("", "And"): partial(logic.compare, "and"),
    ("", "Or"): partial(logic.compare, "or"),
    ("", "Xor"): partial(logic.compare, "xor"),
    ("", "Not"): logic.invert,
    ("", "IsNaN"): logic.isnan,
    ("", "IsInf"): logic.isinf,
    ("", "Where"): logic.where,
    ("", "Mod"): elementwise.mod,
    ("", "Min"): partial(elementwise.many, "minimum"),
    ("", "Max"): partial(elementwise.many, "maximum"),
    ("", "Sum"): partial(elementwise.many, "sum"),
    ("", "Clip"): elementwise.clip,
    ("", "Relu"): elementwise.relu,
    ("", "LeakyRelu"): elementwise.leaky_relu,
    ("", "Elu"): elementwise.elu,
    ("", "Softplus"): elementwise.softplus,
    ("", "Cast"): elementwise.cast,
    ("", "Identity"): shape.identity,
    ("", "Dropout"): shape.identity,
    ("", "Reshape"): shape.reshape,
    ("", "Flatten"): shape.flatten,
    ("", "Unsqueeze"): shape.unsqueeze,
    ("", "Squeeze"): shape.squeeze,
    ("", "Transpose"): shape.transpose,
    ("", "Concat"): shape.concat,
    ("", "Split"): shape.split,
    ("", "Slice"): shape.slice_,
    ("", "Shape"): shape.shape_of,
    ("", "Expand"): shape.expand,
    ("", "Tile"): shape.tile,
    ("", "ConstantOfShape"): shape.constant_of_shape,
    ("", "MatMul"): matrix.matmul,
    ("", "Gemm"): matrix.gemm,
    ("", "ReduceSum"): partial(reduction.reduce, "sum"),
    ("", "ReduceMean"): partial(reduction.reduce, "mean"),
    ("", "ReduceMax"): partial(reduction.reduce, "maximum"),
    ("", "ReduceMin"): partial(reduction.reduce, "minimum"),
    ("", "ReduceProd"): partial(reduction.reduce, "product"),
    ("", "ReduceL1"): partial(reduction.reduce, "l1"),
    ("", "ReduceL2"): partial(reduction.reduce, "l2"),
    ("", "ReduceSumSquare"): partial(reduction.reduce, "sum_square"),
    ("", "ReduceLogSumExp"): partial(reduction.reduce, "log_sum_exp"),
    ("", "CumSum"): reduction.cumsum,
    ("", "LpNormalization"): reduction.lp_normalization,
    ("", "Softmax"): partial(reduction.softmax, "softmax"),
    ("", "LogSoftmax"): partial(reduction.softmax, "log_softmax"),
    ("", "ArgMax"): partial(selection.extreme, "argmax"),
    ("", "ArgMin"): partial(selection.extreme, "argmin"),
    ("", "Gather"): selection.gather,
    ("", "GatherElements"): selection.gather_elements,
    ("", "TopK"): selection.top_k,
    ("", "OneHot"): selection.one_hot,
    ("", "Hardmax"): selection.hardmax,
    ("ml", "TreeEnsemble"): ml.tree_ensemble,
    ("ml", "TreeEnsembleRegressor"): ml.tree_ensemble_regressor,
    ("ml", "TreeEnsembleClassifier"): ml.tree_ensemble_classifier,
    ("ml", "LinearRegressor"): ml.linear_regressor,
    ("ml", "LinearClassifier"): ml.linear_classifier,
    ("ml", "Scaler"): ml.scaler,
    ("ml", "Normalizer"): ml.normalizer,
    ("ml", "Imputer"): ml.imputer,
    ("ml", "Binarizer"): ml.binarizer,
    ("ml", "OneHotEncoder"): ml.one_hot_encoder,
    ("ml", "LabelEncoder"): ml.label_encoder,
    ("ml", "CategoryMapper"): ml.category_mapper,
    ("ml", "SVMRegressor"): kernels.svm_regressor,
    ("ml", "ArrayFeatureExtractor"): ml.array_feature_extractor,
    ("ml", "FeatureVectorizer"): ml.feature_vectorizer,
    ("ml", "Cast"): elementwise.cast,
}

CONTROL: Mapping[str, Lowering] = {"If": control.if_, "Scan": control.scan}
"""Operators that hold graphs of their own."""
