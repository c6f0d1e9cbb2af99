"""Every scikit-learn class that predicts or transforms new data; the literal part says only what defaults do not."""

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from tests.conformance.catalogue import data
from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.data import Sample

NEVER = frozenset(
    [
        "AgglomerativeClustering",
        "ClassicalMDS",
        "DBSCAN",
        "EmpiricalCovariance",
        "GraphicalLasso",
        "GraphicalLassoCV",
        "HDBSCAN",
        "KernelDensity",
        "LedoitWolf",
        "MDS",
        "MinCovDet",
        "NearestNeighbors",
        "OAS",
        "OPTICS",
        "ShrunkCovariance",
        "SpectralBiclustering",
        "SpectralClustering",
        "SpectralCoclustering",
        "SpectralEmbedding",
        "TSNE",
    ]
)
"""Classes that neither predict nor transform rows they were not fitted on."""

EXPERIMENTAL = ("HalvingGridSearchCV", "HalvingRandomSearchCV", "IterativeImputer")


def _of(path: str, **options: Any) -> Callable[[], Any]:
    module, _, name = path.rpartition(".")
    return lambda: getattr(import_module(f"sklearn.{module}"), name)(**options)


LOGISTIC = _of("linear_model.LogisticRegression", max_iter=500)
RIDGE = _of("linear_model.Ridge")
TREE = _of("tree.DecisionTreeClassifier", max_depth=4, random_state=0)
BASES = (LOGISTIC, RIDGE, TREE)


def _made(value: Any) -> Any:
    """Base estimators are made afresh for each case; other options are taken as they are."""
    return value() if any(value is base for base in BASES) else value


FOREST: dict[str, Any] = {"n_estimators": 12, "max_depth": 6, "random_state": 0}
SEARCH: dict[str, Any] = {"param_grid": {"C": [0.1, 1.0]}, "cv": 3}

OPTIONS: dict[str, dict[str, Any]] = {
    "AdaBoostClassifier": {"n_estimators": 8, "random_state": 0},
    "AdaBoostRegressor": {"n_estimators": 8, "random_state": 0},
    "BaggingClassifier": {"n_estimators": 6, "random_state": 0},
    "BaggingRegressor": {"n_estimators": 6, "random_state": 0},
    "BayesianGaussianMixture": {"n_components": 3, "random_state": 0},
    "BernoulliRBM": {"n_components": 4, "n_iter": 3, "random_state": 0},
    "CalibratedClassifierCV": {"estimator": LOGISTIC, "cv": 3},
    "CCA": {"n_components": 2},
    "ClassifierChain": {"estimator": LOGISTIC},
    "DictionaryLearning": {"n_components": 4, "max_iter": 5, "random_state": 0},
    "ExtraTreesClassifier": FOREST,
    "ExtraTreesRegressor": FOREST,
    "FactorAnalysis": {"n_components": 3},
    "FastICA": {"n_components": 3, "random_state": 0},
    "FeatureHasher": {"n_features": 16},
    "FixedThresholdClassifier": {"estimator": LOGISTIC, "threshold": 0.4},
    "FrozenEstimator": {"estimator": LOGISTIC},
    "FunctionTransformer": {"func": np.log1p},
    "GaussianMixture": {"n_components": 3, "random_state": 0},
    "GaussianRandomProjection": {"n_components": 3, "random_state": 0},
    "GradientBoostingClassifier": {"n_estimators": 10, "random_state": 0},
    "GradientBoostingRegressor": {"n_estimators": 10, "random_state": 0},
    "GridSearchCV": {"estimator": LOGISTIC, **SEARCH},
    "HalvingGridSearchCV": {"estimator": LOGISTIC, "random_state": 0, **SEARCH},
    "HalvingRandomSearchCV": {
        "estimator": LOGISTIC,
        "param_distributions": {"C": [0.1, 1.0]},
        "cv": 3,
        "random_state": 0,
    },
    "HashingVectorizer": {"n_features": 64},
    "HistGradientBoostingClassifier": {"max_iter": 10, "random_state": 0},
    "HistGradientBoostingRegressor": {"max_iter": 10, "random_state": 0},
    "IsolationForest": {"n_estimators": 12, "random_state": 0},
    "KMeans": {"n_clusters": 4, "random_state": 0},
    "BisectingKMeans": {"n_clusters": 4, "random_state": 0},
    "MiniBatchKMeans": {"n_clusters": 4, "random_state": 0},
    "LatentDirichletAllocation": {"n_components": 3, "max_iter": 3, "random_state": 0},
    "LocalOutlierFactor": {"novelty": True},
    "LogisticRegression": {"max_iter": 500},
    "LogisticRegressionCV": {"Cs": 3, "cv": 3, "max_iter": 500},
    "MLPClassifier": {"hidden_layer_sizes": (8, 5), "max_iter": 60, "random_state": 0},
    "MLPRegressor": {"hidden_layer_sizes": (8, 5), "max_iter": 60, "random_state": 0},
    "MiniBatchDictionaryLearning": {"n_components": 4, "max_iter": 5, "random_state": 0},
    "MiniBatchNMF": {"n_components": 3, "max_iter": 20, "random_state": 0},
    "MiniBatchSparsePCA": {"n_components": 3, "max_iter": 20, "random_state": 0},
    "MultiOutputClassifier": {"estimator": LOGISTIC},
    "MultiOutputRegressor": {"estimator": RIDGE},
    "NMF": {"n_components": 3, "max_iter": 100, "random_state": 0},
    "NeighborhoodComponentsAnalysis": {"n_components": 3, "max_iter": 10, "random_state": 0},
    "Nystroem": {"n_components": 12, "random_state": 0},
    "OneVsOneClassifier": {"estimator": LOGISTIC},
    "OneVsRestClassifier": {"estimator": LOGISTIC},
    "OutputCodeClassifier": {"estimator": LOGISTIC, "random_state": 0},
    "PCA": {"n_components": 3},
    "IncrementalPCA": {"n_components": 3},
    "KernelPCA": {"n_components": 3, "kernel": "rbf", "gamma": 0.01},
    "PLSCanonical": {"n_components": 2},
    "PLSSVD": {"n_components": 2},
    "RBFSampler": {"n_components": 12, "random_state": 0},
    "RFE": {"estimator": LOGISTIC, "n_features_to_select": 3},
    "RFECV": {"estimator": LOGISTIC, "cv": 3},
    "RadiusNeighborsClassifier": {"radius": 60.0, "outlier_label": "most_frequent"},
    "RadiusNeighborsRegressor": {"radius": 60.0},
    "RadiusNeighborsTransformer": {"radius": 20.0},
    "RandomForestClassifier": FOREST,
    "RandomForestRegressor": FOREST,
    "RandomTreesEmbedding": {"n_estimators": 5, "max_depth": 3, "random_state": 0},
    "RandomizedSearchCV": {
        "estimator": LOGISTIC,
        "param_distributions": {"C": [0.1, 1.0]},
        "n_iter": 2,
        "cv": 3,
        "random_state": 0,
    },
    "RANSACRegressor": {"random_state": 0},
    "RegressorChain": {"estimator": RIDGE},
    "SelectFromModel": {"estimator": LOGISTIC},
    "SelfTrainingClassifier": {"estimator": LOGISTIC},
    "SequentialFeatureSelector": {"estimator": RIDGE, "n_features_to_select": 3, "cv": 3},
    "SkewedChi2Sampler": {"n_components": 8, "random_state": 0},
    "SparseCoder": {"dictionary": np.eye(6)[:4] + 0.1},
    "SparsePCA": {"n_components": 3, "max_iter": 20, "random_state": 0},
    "SparseRandomProjection": {"n_components": 3, "random_state": 0},
    "PolynomialCountSketch": {"n_components": 8, "random_state": 0},
    "SelectKBest": {"k": 3},
    "QuantileTransformer": {"n_quantiles": 50},
    "TransformedTargetRegressor": {"regressor": RIDGE, "func": np.log, "inverse_func": np.exp},
    "TruncatedSVD": {"n_components": 3, "random_state": 0},
    "TunedThresholdClassifierCV": {"estimator": LOGISTIC, "cv": 3},
    "VarianceThreshold": {"threshold": 0.01},
    "Isomap": {"n_components": 2},
    "LocallyLinearEmbedding": {"n_components": 2, "random_state": 0},
    "Perceptron": {"random_state": 0},
    "PassiveAggressiveClassifier": {"random_state": 0},
    "PassiveAggressiveRegressor": {"random_state": 0},
    "SGDClassifier": {"random_state": 0},
    "SGDRegressor": {"random_state": 0},
    "SGDOneClassSVM": {"random_state": 0},
    "SVC": {"C": 2.0},
    "GammaRegressor": {"max_iter": 500},
    "QuadraticDiscriminantAnalysis": {"reg_param": 0.05},
    "PatchExtractor": {"patch_size": (2, 2), "random_state": 0},
}

SAMPLES: dict[str, Callable[[], Sample]] = {
    **dict.fromkeys(("GammaRegressor", "PoissonRegressor", "TransformedTargetRegressor"), data.positive_regression),
    **dict.fromkeys(
        (
            "MultiTaskElasticNet",
            "MultiTaskElasticNetCV",
            "MultiTaskLasso",
            "MultiTaskLassoCV",
            "MultiOutputRegressor",
            "RegressorChain",
            "CCA",
            "PLSCanonical",
            "PLSRegression",
            "PLSSVD",
        ),
        data.multi_regression,
    ),
    **dict.fromkeys(("AdditiveChi2Sampler", "NMF", "MiniBatchNMF", "SkewedChi2Sampler"), data.positive),
    **dict.fromkeys(("FunctionTransformer", "ComplementNB", "MultinomialNB"), data.positive),
    "LatentDirichletAllocation": data.counts,
    "TfidfTransformer": data.counts,
    "CategoricalNB": data.categories,
    "ClassifierChain": data.indicator,
    "MultiOutputClassifier": data.multilabel,
    "IsotonicRegression": data.one_column,
    "KernelCenterer": data.similarity,
    **dict.fromkeys(("CountVectorizer", "HashingVectorizer", "TfidfVectorizer"), data.text),
    **dict.fromkeys(("FixedThresholdClassifier", "TunedThresholdClassifierCV"), data.binary),
    **dict.fromkeys(("KNNImputer", "SimpleImputer", "MissingIndicator", "IterativeImputer"), data.nan_regression),
    "TargetEncoder": data.strings,
    "DictVectorizer": data.dictionaries,
    "FeatureHasher": data.dictionaries,
    "LabelBinarizer": data.labels,
    "LabelEncoder": data.labels,
    "MultiLabelBinarizer": data.label_sets,
    "PatchExtractor": data.images,
    "OneHotEncoder": data.strings,
    "OrdinalEncoder": data.strings,
    "BernoulliRBM": lambda: _unit(data.binary()),
}


def _unit(sample: Sample) -> Sample:
    """Columns scaled into [0, 1], as a Bernoulli machine expects them."""
    low, high = sample.train.min(axis=0), sample.train.max(axis=0)
    squeeze = lambda rows: np.clip((rows - low) / (high - low), 0, 1)  # noqa: E731
    return Sample(squeeze(sample.train), sample.target, squeeze(sample.holdout))


COMPOSED: dict[str, Callable[[], Any]] = {
    "ColumnTransformer": lambda: _class("ColumnTransformer")(
        [("scale", _class("StandardScaler")(), [0, 1]), ("bins", _class("KBinsDiscretizer")(), [2])],
        remainder="passthrough",
    ),
    "FeatureUnion": lambda: _class("FeatureUnion")([("pca", _class("PCA")(2)), ("scale", _class("StandardScaler")())]),
    "Pipeline": lambda: _class("Pipeline")([("scale", _class("StandardScaler")()), ("model", LOGISTIC())]),
    "StackingClassifier": lambda: _class("StackingClassifier")([("lr", LOGISTIC()), ("tree", TREE())], cv=3),
    "StackingRegressor": lambda: _class("StackingRegressor")(
        [("ridge", RIDGE()), ("tree", _class("DecisionTreeRegressor")(max_depth=4, random_state=0))], cv=3
    ),
    "VotingClassifier": lambda: _class("VotingClassifier")([("lr", LOGISTIC()), ("tree", TREE())], voting="soft"),
    "VotingRegressor": lambda: _class("VotingRegressor")(
        [("ridge", RIDGE()), ("tree", _class("DecisionTreeRegressor")(max_depth=4, random_state=0))]
    ),
}


def classes() -> dict[str, type]:
    """Every class of the catalogue by its name."""
    from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401
    from sklearn.utils import all_estimators

    found = dict(all_estimators())
    model_selection, impute = import_module("sklearn.model_selection"), import_module("sklearn.impute")
    found |= {name: getattr(model_selection, name, None) or getattr(impute, name) for name in EXPERIMENTAL}
    return {name: kind for name, kind in sorted(found.items()) if name not in NEVER}


def _class(name: str) -> Any:
    return classes()[name]


def _make(name: str) -> Any:
    if name in COMPOSED:
        return COMPOSED[name]()
    if name == "FrozenEstimator":
        sample = data.multi()
        return _class(name)(LOGISTIC().fit(sample.train, sample.target))
    options = {key: _made(value) for key, value in OPTIONS.get(name, {}).items()}
    return _class(name)(**options)


def family(name: str, kind: type) -> str:
    """The role a class is judged in."""
    from sklearn import base

    for role, mixin in (
        ("classifier", base.ClassifierMixin),
        ("regressor", base.RegressorMixin),
        ("outlier", base.OutlierMixin),
        ("cluster", base.ClusterMixin),
    ):
        if issubclass(kind, mixin):
            return role
    if name.endswith("GaussianMixture"):
        return "mixture"
    if name.endswith("SearchCV") or name in ("Pipeline", "FrozenEstimator"):
        return "classifier"
    return "transformer"


DEFAULTS = {
    "classifier": data.multi,
    "regressor": data.regression,
    "outlier": data.regression,
    "cluster": data.regression,
}


def core_cases() -> Iterator[Case]:
    """One case a class."""
    for name, kind in classes().items():
        role = family(name, kind)
        sample = SAMPLES.get(name) or DEFAULTS.get(role) or data.multi
        yield Case(name, partial(_make, name), sample, role, core=name != "IterativeImputer")


BINARY_TOO = "binary", lambda: data.binary()
STRINGS_TOO = "strings", lambda: data.multi(("no way", "ja & nein", "東京"))
BOOLS_TOO = "bools", lambda: data.binary((False, True))


def variants() -> Iterator[Case]:
    """Classifiers with two classes, with text labels and with booleans; trees fitted with missing values."""
    for case in core_cases():
        if case.family == "classifier" and case.kind not in {"ClassifierChain", "MultiOutputClassifier"}:
            for suffix, sample in (BINARY_TOO, STRINGS_TOO, BOOLS_TOO):
                if case.kind == "FrozenEstimator":
                    continue
                binary_only = case.kind in {"FixedThresholdClassifier", "TunedThresholdClassifierCV"}
                needs_own_data = case.kind in SAMPLES and not binary_only
                needs_own_data |= case.kind == "SelfTrainingClassifier" and suffix == "strings"
                if not (needs_own_data or (binary_only and suffix == "strings")):
                    yield Case(f"{case.kind}.{suffix}", case.make, sample, case.family)
    for name in ("DecisionTree", "ExtraTree", "RandomForest", "ExtraTrees", "HistGradientBoosting"):
        yield Case(f"{name}Classifier.nan", partial(_make, f"{name}Classifier"), data.nan_binary, "classifier")
        yield Case(f"{name}Regressor.nan", partial(_make, f"{name}Regressor"), data.nan_regression, "regressor")


MORE: dict[str, tuple[str, dict[str, Any], Callable[[], Sample]]] = {
    "SVC.probability": ("SVC", {"probability": True, "random_state": 0}, data.multi),
    "SVC.linear": ("SVC", {"kernel": "linear"}, data.binary),
    "SVC.poly": ("SVC", {"kernel": "poly", "degree": 2, "gamma": 1e-3}, data.multi),
    "SVC.ovo": ("SVC", {"decision_function_shape": "ovo"}, data.multi),
    "CalibratedClassifierCV.isotonic": (
        "CalibratedClassifierCV",
        {"estimator": LOGISTIC, "method": "isotonic"},
        data.multi,
    ),
    "CalibratedClassifierCV.temperature": (
        "CalibratedClassifierCV",
        {"estimator": LOGISTIC, "method": "temperature"},
        data.multi,
    ),
    "OneHotEncoder.min_frequency": (
        "OneHotEncoder",
        {"min_frequency": 35, "handle_unknown": "infrequent_if_exist"},
        data.strings,
    ),
    "OneHotEncoder.drop": ("OneHotEncoder", {"drop": "first", "sparse_output": False}, data.strings),
    "KBinsDiscretizer.ordinal": ("KBinsDiscretizer", {"encode": "ordinal"}, data.regression),
    "KBinsDiscretizer.uniform": (
        "KBinsDiscretizer",
        {"strategy": "uniform", "encode": "onehot-dense"},
        data.regression,
    ),
    "QuantileTransformer.normal": (
        "QuantileTransformer",
        {"n_quantiles": 50, "output_distribution": "normal"},
        data.regression,
    ),
    "SplineTransformer.linear": ("SplineTransformer", {"extrapolation": "linear"}, data.regression),
    "SplineTransformer.periodic": ("SplineTransformer", {"extrapolation": "periodic"}, data.regression),
    "PowerTransformer.box-cox": ("PowerTransformer", {"method": "box-cox"}, data.strictly_positive),
    "SimpleImputer.indicator": ("SimpleImputer", {"add_indicator": True, "strategy": "median"}, data.nan_regression),
    "KNeighborsClassifier.distance": ("KNeighborsClassifier", {"weights": "distance"}, data.multi),
    "KNeighborsRegressor.manhattan": ("KNeighborsRegressor", {"metric": "manhattan"}, data.regression),
    "GradientBoostingClassifier.binary-exp": (
        "GradientBoostingClassifier",
        {"n_estimators": 10, "loss": "exponential", "random_state": 0},
        data.binary,
    ),
    "HistGradientBoostingRegressor.poisson": (
        "HistGradientBoostingRegressor",
        {"max_iter": 10, "loss": "poisson", "random_state": 0},
        data.positive_regression,
    ),
    "RandomForestRegressor.multi-output": ("RandomForestRegressor", FOREST, data.multi_regression),
    "RandomForestClassifier.multi-output": ("RandomForestClassifier", FOREST, data.multilabel),
    "MLPRegressor.multi-output": (
        "MLPRegressor",
        {"hidden_layer_sizes": (7,), "activation": "tanh", "max_iter": 50, "random_state": 0},
        data.multi_regression,
    ),
    "VotingClassifier.hard": ("VotingClassifier", {}, data.multi),
    "TfidfVectorizer.char": ("TfidfVectorizer", {"analyzer": "char_wb", "ngram_range": (2, 3)}, data.text),
    "TfidfVectorizer.bigrams": ("TfidfVectorizer", {"ngram_range": (1, 2), "sublinear_tf": True}, data.text),
    "LinearDiscriminantAnalysis.lsqr": (
        "LinearDiscriminantAnalysis",
        {"solver": "lsqr", "shrinkage": "auto"},
        data.binary,
    ),
    "TweedieRegressor.log": ("TweedieRegressor", {"power": 1.5, "link": "log"}, data.positive_regression),
}


def extra_cases() -> Iterator[Case]:
    """Variants by parameters."""
    roles = {name: family(name, kind) for name, kind in classes().items()}
    for name, (kind, options, sample) in MORE.items():
        yield Case(name, partial(_make_with, kind, options), sample, roles[kind])


def _make_with(kind: str, options: dict[str, Any]) -> Any:
    if kind in COMPOSED:
        return COMPOSED[kind]().set_params(**({"voting": "hard"} if kind == "VotingClassifier" else options))
    made = {key: _made(value) for key, value in options.items()}
    return _class(kind)(**made)


def cases() -> list[Case]:
    """All of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*core_cases(), *variants(), *extra_cases()]
