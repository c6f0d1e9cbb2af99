"""Writes the allow-list from the installed libraries: `python generate.py [LIST…] > allowed.txt`.

Lists given as arguments are merged, so that one list may cover several versions; that of scikit-learn 1.9 holds all
that models of 1.6 to 1.8 name. The script stands alone and needs nothing but scikit-learn, so that it also runs beside
an old one. What it writes is reviewed line by line before it
replaces `allowed.txt`; a rule admits only what is inert by construction:

- `new`: classes of the families below whose instances are made by `object.__new__` and filled by a reviewed
  `__setstate__` or none. A class that brings hooks of its own is left out and reported, unless it stands in REVIEWED.
- `call`: functions that only rebuild a value; most are replaced by stricter ones (`reconstruct.py`).
- `value`: functions without side effects that an attribute may refer to, never to be called while loading.

Left out on purpose: `scipy.stats` distributions (their `__setstate__` runs source code), `numpy.load` and its kin,
`numpy.vectorize` and all that calls what it is given, `PyFuncDistance`, `operator`, `functools`, test helpers,
dataset loaders, joblib's memory.
"""

import importlib
import inspect
import pkgutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = tuple[str, ...]
"""Grant, module, name."""

HOOKS = ("__setstate__", "__reduce__", "__reduce_ex__", "__new__", "__setattr__", "__del__")
SKIPPED: tuple[str, ...] = ("sklearn.datasets", "sklearn.externals", "sklearn._build_utils", "sklearn.utils._mocking")
SKIPPED += ("sklearn.utils._testing", "sklearn.utils.estimator_checks", "sklearn._min_dependencies")
PLAIN_HOOKS = ("BaseEstimator", "Generic", "Protocol", "ABC", "_MetadataRequester", "object")

FAMILIES = (
    ("sklearn.base", "BaseEstimator"),
    ("sklearn.gaussian_process.kernels", "Kernel"),
    ("sklearn.model_selection._split", "BaseCrossValidator"),
    ("sklearn.model_selection._split", "BaseShuffleSplit"),
    ("sklearn._loss.loss", "BaseLoss"),
    ("sklearn._loss.link", "BaseLink"),
    ("sklearn.neural_network._stochastic_optimizers", "BaseOptimizer"),
    ("sklearn.metrics._scorer", "_BaseScorer"),
    ("sklearn.ensemble._gb_losses", "LossFunction"),
    ("sklearn.ensemble._hist_gradient_boosting.loss", "BaseLoss"),
    ("sklearn.metrics._dist_metrics", "DistanceMetric"),
    ("sklearn.metrics._dist_metrics", "DistanceMetric32"),
    ("sklearn.metrics._dist_metrics", "DistanceMetric64"),
    ("sklearn.neighbors._dist_metrics", "DistanceMetric"),
)
"""Base classes whose subclasses hold data and compute; none opens a file or runs what it holds while being loaded."""

COMPILED = (
    ("sklearn._loss._loss", "Cy"),
    ("sklearn._loss._loss", "__pyx_unpickle_Cy"),
    ("sklearn.linear_model._sgd_fast", ""),
)
"""Compiled classes that are rebuilt by calling them with numbers, or Cython's function for it with the class."""

FUNCTIONS = ("sklearn.metrics", "sklearn.metrics.pairwise", "sklearn.feature_selection", "sklearn.cluster._kmeans")
"""Modules whose functions compute from arrays alone."""

NUMPY_FUNCTIONS = "mean median sum prod min max std var clip round nan_to_num cumsum diff ravel squeeze asarray array"
NUMPY_NAMES: tuple[str, ...] = ("numpy", "numpy.core._multiarray_umath", "numpy._core._multiarray_umath")
NUMPY_NAMES += ("numpy.core.umath", "numpy._core.umath")

REVIEWED = """
call _codecs encode
value builtins Ellipsis
value builtins bool
call builtins bytearray
call builtins bytes
call builtins complex
value builtins dict
value builtins float
call builtins frozenset
call builtins getattr
value builtins int
value builtins list
value builtins object
call builtins range
call builtins set
call builtins slice
value builtins str
value builtins tuple
call builtins type
call collections OrderedDict
call collections defaultdict
call copyreg __newobj__
call copyreg _reconstructor
call functools partial
new joblib.numpy_pickle NumpyArrayWrapper
call numpy dtype
value numpy ndarray
value numpy matrix
value numpy.ma MaskedArray
value numpy.ma.core MaskedArray
call numpy.ma.core _mareconstruct
call numpy.core.multiarray _reconstruct
call numpy.core.multiarray scalar
call numpy.core.numeric _frombuffer
call numpy._core.multiarray _reconstruct
call numpy._core.multiarray scalar
call numpy._core.numeric _frombuffer
call numpy.core _ufunc_reconstruct
call numpy._core _ufunc_reconstruct
call numpy.random._pickle __bit_generator_ctor
call numpy.random._pickle __generator_ctor
call numpy.random._pickle __randomstate_ctor
value numpy.random._mt19937 MT19937
value numpy.random._pcg64 PCG64
value numpy.random._pcg64 PCG64DXSM
value numpy.random._philox Philox
value numpy.random._sfc64 SFC64
value numpy.random.bit_generator SeedSequence
call numpy.random.bit_generator __pyx_unpickle_SeedSequence
value numpy.random.mtrand RandomState
value pandas Index
value pandas.core.indexes.base Index
call pandas.core.indexes.base _new_Index
call pandas StringDtype
call pandas.core.arrays.string_ StringDtype
new pandas.arrays ArrowStringArray
new pandas.core.arrays.string_arrow ArrowStringArray
new pandas.core.arrays.string_arrow ArrowStringArrayNumpySemantics
call pyarrow.lib _restore_array
call pyarrow.lib py_buffer
call pyarrow.lib type_for_alias
new scipy.interpolate._bsplines BSpline
new scipy.interpolate.interpolate interp1d
new scipy.interpolate._interpolate interp1d
value scipy.interpolate.interpolate interp1d._call_linear
value scipy.interpolate._interpolate interp1d._call_linear
value scipy.interpolate.interpolate interp1d._call_linear_np
value scipy.interpolate._interpolate interp1d._call_linear_np
value scipy._lib.array_api_compat.numpy._aliases asarray
new scipy.sparse._coo coo_array
new scipy.sparse._coo coo_matrix
new scipy.sparse._csc csc_array
new scipy.sparse._csc csc_matrix
new scipy.sparse._csr csr_array
new scipy.sparse._csr csr_matrix
new scipy.sparse.csc csc_matrix
new scipy.sparse.csr csr_matrix
new sklearn._loss.link Interval
new sklearn.calibration _CalibratedClassifier
new sklearn.cluster._birch _CFNode
new sklearn.cluster._birch _CFSubcluster
new sklearn.cluster._bisect_k_means _BisectingTree
new sklearn.compose._column_transformer make_column_selector
new sklearn.ensemble._hist_gradient_boosting.binning _BinMapper
new sklearn.ensemble._hist_gradient_boosting.predictor TreePredictor
new sklearn.feature_extraction._hash FeatureHasher
new sklearn.frozen._frozen FrozenEstimator
new sklearn.isotonic IsotonicRegression
new sklearn.linear_model._passive_aggressive PassiveAggressiveClassifier
new sklearn.linear_model._passive_aggressive PassiveAggressiveRegressor
call sklearn.metrics._dist_metrics newObj
call sklearn.neighbors._dist_metrics newObj
new sklearn.metrics._scorer _PassthroughScorer
new sklearn.neighbors._ball_tree BallTree
new sklearn.neighbors._ball_tree BallTree32
new sklearn.neighbors._ball_tree BallTree64
call sklearn.neighbors._ball_tree newObj
new sklearn.neighbors._kd_tree KDTree
new sklearn.neighbors._kd_tree KDTree32
new sklearn.neighbors._kd_tree KDTree64
call sklearn.neighbors._kd_tree newObj
call sklearn.tree._tree Tree
new sklearn.utils Bunch
new sklearn.utils._bunch Bunch
new sklearn.utils._metadata_requests MetadataRequest
new sklearn.utils._metadata_requests MethodMetadataRequest
value sklearn.utils.validation check_array
new xgboost.core Booster
new lightgbm.basic Booster
new modelport_sklearn.from_onnx.carrier OnnxClassifier
new modelport_sklearn.from_onnx.carrier OnnxClusterer
new modelport_sklearn.from_onnx.carrier OnnxOutlierDetector
new modelport_sklearn.from_onnx.carrier OnnxRegressor
new modelport_sklearn.from_onnx.carrier OnnxTransformer
"""
"""Read one by one, with what their constructors and `__setstate__` do."""

BOOSTERS = (
    ("xgboost.sklearn", "xgboost.sklearn", "XGBModel"),
    ("lightgbm.sklearn", "lightgbm.sklearn", "LGBMModel"),
    ("catboost.core", "catboost.core", "CatBoost"),
)
"""Module, and the base class of the estimators in it; their `__setstate__` reads a buffer of numbers."""


def modules() -> Iterator[Any]:
    """Every module of scikit-learn that may hold what a fitted model consists of."""
    import sklearn

    for info in pkgutil.walk_packages(sklearn.__path__, "sklearn."):
        name = info.name
        if ".tests" in name or name.endswith("conftest") or name.startswith(SKIPPED):
            continue
        try:
            yield importlib.import_module(name)
        except Exception as error:
            print(f"not imported: {name}: {error}", file=sys.stderr)


def attribute(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def own_hooks(kind: type) -> list[str]:
    """Hooks that a class or its bases bring, besides those that are known to be plain."""
    return [
        f"{base.__name__}.{hook}"
        for base in kind.__mro__
        if base.__name__ not in PLAIN_HOOKS
        for hook in HOOKS
        if hook in vars(base) and (base.__flags__ & 0x200 or hook in ("__del__", "__setattr__"))
    ]


def families(found: set[type], reviewed: set[tuple[str, ...]]) -> Iterator[Line]:
    bases = tuple(base for base in (attribute(*path) for path in FAMILIES) if base is not None)
    for kind in sorted(found, key=lambda item: (item.__module__, item.__qualname__)):
        key = kind.__module__, kind.__qualname__
        if not issubclass(kind, bases) or key in reviewed or "PyFunc" in kind.__name__:
            continue
        hooks = [hook for hook in own_hooks(kind) if not hook.startswith(("DistanceMetric", "_Distance"))]
        if hooks and not kind.__module__.endswith("_dist_metrics"):
            print(f"left out: {'.'.join(key)} has {', '.join(hooks)}", file=sys.stderr)
            continue
        yield "new", kind.__module__, kind.__qualname__


def compiled() -> Iterator[Line]:
    for module, beginning in COMPILED:
        found = attribute(module, "__dict__") or {}
        for name, kind in sorted(found.items()):
            own = inspect.isclass(kind) and kind.__module__ == module
            if name.startswith(beginning) and (own or (callable(kind) and name.startswith("__pyx_unpickle"))):
                yield "call", module, name


def functions() -> Iterator[Line]:
    for module in FUNCTIONS:
        found = attribute(module, "__dict__") or {}
        for _, function in sorted(found.items()):
            own = getattr(function, "__module__", "") or ""
            if inspect.isfunction(function) and own.startswith(("sklearn.metrics", "sklearn.feature_sel", module)):
                yield "value", own, function.__qualname__


def numbers() -> Iterator[Line]:
    """NumPy's scalar types, ufuncs and plain functions, and SciPy's special functions."""
    import numpy
    import scipy.special

    for kind in sorted({kind.__name__ for kind in numpy.sctypeDict.values()} | {"generic", "number"}):
        if hasattr(numpy, kind):
            yield "value", "numpy", kind
    for name in dir(numpy):
        if isinstance(getattr(numpy, name, None), numpy.ufunc):
            for module in NUMPY_NAMES:
                yield "value", module, name
    for name in NUMPY_FUNCTIONS.split():
        yield "value", "numpy", name
    for name in dir(scipy.special):
        if isinstance(getattr(scipy.special, name), numpy.ufunc):
            yield "value", "scipy.special", name
            yield "value", "scipy.special._ufuncs", name


def boosters() -> Iterator[Line]:
    for module, home, base in BOOSTERS:
        parent = attribute(home, base)
        for name, kind in sorted((attribute(module, "__dict__") or {}).items() if parent else ()):
            if inspect.isclass(kind) and issubclass(kind, parent) and kind.__module__ == module:
                yield "new", module, name


def lines(merged: list[Line]) -> list[str]:
    """The list as text, sorted by module and name; a global that is granted twice keeps the wider grant."""
    order = ("value", "new", "call")
    best: dict[tuple[str, str], str] = {}
    for grant, module, name in merged:
        known = best.get((module, name), "value")
        best[module, name] = max(known, grant, key=order.index)
    return [f"{grant} {module} {name}" for (module, name), grant in sorted(best.items())]


def main(earlier: list[str]) -> None:
    warnings.simplefilter("ignore")
    reviewed = [tuple(line.split()) for line in REVIEWED.strip().splitlines()]
    merged: list[Line] = list(reviewed)
    for path in earlier:
        with Path(path).open(encoding="utf-8") as file:
            merged += [tuple(line.split()) for line in file if line.strip() and not line.startswith("#")]
    found = {
        kind
        for module in modules()
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__
    }
    for source in (families(found, {item[1:] for item in reviewed}), compiled(), functions(), numbers(), boosters()):
        merged += list(source)
    print("# Globals that a pickle may name: grant, module, name. Written by generate.py, reviewed by people.")
    print("\n".join(lines(merged)))


if __name__ == "__main__":
    main(sys.argv[1:])
