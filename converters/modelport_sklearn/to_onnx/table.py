"""Every scikit-learn class that is lowered exactly, by its public path. One row a class, one file a family."""

from collections.abc import Callable, Mapping
from typing import Any

from modelport.plugins import lazy
from modelport_onnx.lowering import Lowering
from modelport_sklearn.to_onnx.transform.table import TRANSFORMERS

_ROOM = "modelport_sklearn.to_onnx"


def _row(predict: str | None = None, transform: str | None = None, check: str | None = None) -> Lowering:
    """A row from `module:function` names within this folder."""

    def found(name: str | None) -> Callable[..., Any] | None:
        return lazy(f"{_ROOM}.{name}") if name else None

    return Lowering(found(predict), found(transform), found(check))


TABLE: Mapping[str, Lowering] = {
    **TRANSFORMERS,
    # Linear regressors
    "sklearn.linear_model.ARDRegression": _row(predict="linear:regressor"),
    "sklearn.linear_model.BayesianRidge": _row(predict="linear:regressor"),
    "sklearn.linear_model.ElasticNet": _row(predict="linear:regressor"),
    "sklearn.linear_model.ElasticNetCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.HuberRegressor": _row(predict="linear:regressor"),
    "sklearn.linear_model.Lars": _row(predict="linear:regressor"),
    "sklearn.linear_model.LarsCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.Lasso": _row(predict="linear:regressor"),
    "sklearn.linear_model.LassoCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.LassoLars": _row(predict="linear:regressor"),
    "sklearn.linear_model.LassoLarsCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.LassoLarsIC": _row(predict="linear:regressor"),
    "sklearn.linear_model.LinearRegression": _row(predict="linear:regressor"),
    "sklearn.linear_model.MultiTaskElasticNet": _row(predict="linear:regressor"),
    "sklearn.linear_model.MultiTaskElasticNetCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.MultiTaskLasso": _row(predict="linear:regressor"),
    "sklearn.linear_model.MultiTaskLassoCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.OrthogonalMatchingPursuit": _row(predict="linear:regressor"),
    "sklearn.linear_model.OrthogonalMatchingPursuitCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.PassiveAggressiveRegressor": _row(predict="linear:regressor"),
    "sklearn.linear_model.QuantileRegressor": _row(predict="linear:regressor"),
    "sklearn.linear_model.Ridge": _row(predict="linear:regressor"),
    "sklearn.linear_model.RidgeCV": _row(predict="linear:regressor"),
    "sklearn.linear_model.SGDRegressor": _row(predict="linear:regressor"),
    "sklearn.linear_model.TheilSenRegressor": _row(predict="linear:regressor"),
    "sklearn.svm.LinearSVR": _row(predict="linear:regressor"),
    "sklearn.linear_model.glm.GammaRegressor": _row(predict="linear:generalised"),
    "sklearn.linear_model.glm.PoissonRegressor": _row(predict="linear:generalised"),
    "sklearn.linear_model.glm.TweedieRegressor": _row(predict="linear:generalised"),
    "sklearn.linear_model.RANSACRegressor": _row(predict="linear:consensus"),
    # Linear classifiers
    "sklearn.linear_model.LogisticRegression": _row(predict="linear_classifier:logistic"),
    "sklearn.linear_model.LogisticRegressionCV": _row(predict="linear_classifier:logistic"),
    "sklearn.linear_model.SGDClassifier": _row(predict="linear_classifier:stochastic"),
    "sklearn.linear_model.PassiveAggressiveClassifier": _row(predict="linear_classifier:plain"),
    "sklearn.linear_model.Perceptron": _row(predict="linear_classifier:plain"),
    "sklearn.svm.LinearSVC": _row(predict="linear_classifier:plain"),
    "sklearn.linear_model.RidgeClassifier": _row(predict="linear_classifier:ridge"),
    "sklearn.linear_model.RidgeClassifierCV": _row(predict="linear_classifier:ridge"),
    # Naive Bayes and discriminant analysis
    "sklearn.naive_bayes.BernoulliNB": _row(predict="naive_bayes:bernoulli"),
    "sklearn.naive_bayes.CategoricalNB": _row(predict="naive_bayes:categorical"),
    "sklearn.naive_bayes.ComplementNB": _row(predict="naive_bayes:complement"),
    "sklearn.naive_bayes.GaussianNB": _row(predict="gaussian_bayes:gaussian"),
    "sklearn.naive_bayes.MultinomialNB": _row(predict="naive_bayes:multinomial"),
    "sklearn.discriminant_analysis.LinearDiscriminantAnalysis": _row(
        predict="discriminant:linear", transform="discriminant:project"
    ),
    "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis": _row(predict="discriminant:quadratic"),
    # Trees and forests
    "sklearn.tree.DecisionTreeClassifier": _row(predict="tree:classifier"),
    "sklearn.tree.DecisionTreeRegressor": _row(predict="tree:regressor"),
    "sklearn.tree.ExtraTreeClassifier": _row(predict="tree:classifier"),
    "sklearn.tree.ExtraTreeRegressor": _row(predict="tree:regressor"),
    "sklearn.ensemble.ExtraTreesClassifier": _row(predict="forest:classifier"),
    "sklearn.ensemble.ExtraTreesRegressor": _row(predict="forest:regressor"),
    "sklearn.ensemble.RandomForestClassifier": _row(predict="forest:classifier"),
    "sklearn.ensemble.RandomForestRegressor": _row(predict="forest:regressor"),
    "sklearn.ensemble.RandomTreesEmbedding": _row(transform="forest:embedding"),
    "sklearn.ensemble.GradientBoostingClassifier": _row(
        predict="gradient_boosting:classifier", check="gradient_boosting:check"
    ),
    "sklearn.ensemble.GradientBoostingRegressor": _row(
        predict="gradient_boosting:regressor", check="gradient_boosting:check"
    ),
    "sklearn.ensemble.gradient_boosting.HistGradientBoostingClassifier": _row(
        predict="hist_gradient_boosting:classifier"
    ),
    "sklearn.ensemble.gradient_boosting.HistGradientBoostingRegressor": _row(
        predict="hist_gradient_boosting:regressor"
    ),
    "sklearn.ensemble.AdaBoostClassifier": _row(predict="adaboost:classifier"),
    "sklearn.ensemble.AdaBoostRegressor": _row(predict="adaboost:regressor"),
    "sklearn.ensemble.BaggingClassifier": _row(predict="bagging:classifier"),
    "sklearn.ensemble.BaggingRegressor": _row(predict="bagging:regressor"),
    # Outlier detectors
    "sklearn.ensemble.IsolationForest": _row(predict="isolation_forest:isolation_forest"),
    "sklearn.linear_model.SGDOneClassSVM": _row(predict="outliers:linear"),
    "sklearn.covariance.EllipticEnvelope": _row(predict="outliers:elliptic"),
    # Support vector machines
    "sklearn.svm.NuSVC": _row(predict="svm:classifier"),
    "sklearn.svm.NuSVR": _row(predict="svm:regressor"),
    "sklearn.svm.OneClassSVM": _row(predict="svm:one_class"),
    "sklearn.svm.SVC": _row(predict="svm:classifier"),
    "sklearn.svm.SVR": _row(predict="svm:regressor"),
    # Kernel ridge, Gaussian processes, perceptrons, dummies
    "sklearn.dummy.DummyClassifier": _row(predict="dummy:classifier", check="dummy:check"),
    "sklearn.dummy.DummyRegressor": _row(predict="dummy:regressor"),
    "sklearn.gaussian_process.GaussianProcessClassifier": _row(predict="gaussian_process:classifier"),
    "sklearn.gaussian_process.GaussianProcessRegressor": _row(predict="gaussian_process:regressor"),
    "sklearn.gaussian_process._BinaryGaussianProcessClassifierLaplace": _row(predict="gaussian_process:binary"),
    "sklearn.kernel_ridge.KernelRidge": _row(predict="kernel_ridge:regressor", check="kernel_ridge:check"),
    "sklearn.neural_network.MLPClassifier": _row(predict="neural:classifier"),
    "sklearn.neural_network.MLPRegressor": _row(predict="neural:regressor"),
    # Meta-estimators over classes
    "sklearn.multiclass.OneVsOneClassifier": _row(predict="multiclass:one_against_one"),
    "sklearn.multiclass.OneVsRestClassifier": _row(predict="multiclass:one_against_the_rest"),
    "sklearn.multiclass.OutputCodeClassifier": _row(predict="multiclass:output_code"),
    "sklearn.multiclass._ConstantPredictor": _row(predict="multiclass:constant"),
    # Neighbours
    "sklearn.neighbors.KNeighborsClassifier": _row(predict="neighbours:classifier", check="neighbour_search:check"),
    "sklearn.neighbors.KNeighborsRegressor": _row(predict="neighbours:regressor", check="neighbour_search:check"),
    "sklearn.neighbors.KNeighborsTransformer": _row(
        transform="neighbour_graph:nearest_graph", check="neighbour_search:check"
    ),
    "sklearn.neighbors.LocalOutlierFactor": _row(predict="local_outliers:outlier_factor", check="local_outliers:check"),
    "sklearn.neighbors.NearestCentroid": _row(predict="nearest_centroid:classifier", check="nearest_centroid:check"),
    "sklearn.neighbors.NeighborhoodComponentsAnalysis": _row(transform="neighbour_graph:components"),
    "sklearn.neighbors.RadiusNeighborsClassifier": _row(
        predict="radius_neighbours:classifier", check="neighbour_search:check"
    ),
    "sklearn.neighbors.RadiusNeighborsRegressor": _row(
        predict="radius_neighbours:regressor", check="neighbour_search:check"
    ),
    "sklearn.neighbors.RadiusNeighborsTransformer": _row(
        transform="neighbour_graph:radius_graph", check="neighbour_search:check"
    ),
    # Clusterings, mixtures, label propagation, partial least squares, isotonic regression
    "sklearn.cluster.AffinityPropagation": _row(predict="clusters:nearest"),
    "sklearn.cluster.Birch": _row(predict="clusters:birch", transform="clusters:to_centres"),
    "sklearn.cluster.BisectingKMeans": _row(predict="clusters:bisecting", transform="clusters:to_centres"),
    "sklearn.cluster.KMeans": _row(predict="clusters:k_means", transform="clusters:to_centres"),
    "sklearn.cluster.MeanShift": _row(predict="clusters:nearest"),
    "sklearn.cluster.MiniBatchKMeans": _row(predict="clusters:k_means", transform="clusters:to_centres"),
    "sklearn.cross_decomposition.CCA": _row(predict="latent:regressor", transform="latent:project"),
    "sklearn.cross_decomposition.PLSCanonical": _row(predict="latent:regressor", transform="latent:project"),
    "sklearn.cross_decomposition.PLSRegression": _row(predict="latent:regressor", transform="latent:project"),
    "sklearn.cross_decomposition.PLSSVD": _row(transform="latent:project"),
    "sklearn.isotonic.IsotonicRegression": _row(
        predict="isotonic:regressor", transform="isotonic:transform", check="isotonic:check"
    ),
    "sklearn.mixture.BayesianGaussianMixture": _row(predict="mixtures:gaussian"),
    "sklearn.mixture.GaussianMixture": _row(predict="mixtures:gaussian"),
    "sklearn.semi_supervised.LabelPropagation": _row(
        predict="label_propagation:classifier", check="label_propagation:check"
    ),
    "sklearn.semi_supervised.LabelSpreading": _row(
        predict="label_propagation:classifier", check="label_propagation:check"
    ),
    # Meta-estimators
    "sklearn.calibration.CalibratedClassifierCV": _row(predict="meta_calibrate:classifier"),
    "sklearn.compose.TransformedTargetRegressor": _row(predict="meta_target:regressor"),
    "sklearn.ensemble.StackingClassifier": _row(predict="meta_stack:classifier", transform="meta_stack:transform"),
    "sklearn.ensemble.StackingRegressor": _row(predict="meta_stack:regressor", transform="meta_stack:transform"),
    "sklearn.ensemble.VotingClassifier": _row(
        predict="meta_vote:classifier", transform="meta_vote:transform_classifier"
    ),
    "sklearn.ensemble.VotingRegressor": _row(predict="meta_vote:regressor", transform="meta_vote:transform_regressor"),
    "sklearn.frozen.FrozenEstimator": _row(
        predict="meta_delegate:frozen_predict", transform="meta_delegate:frozen_transform"
    ),
    "sklearn.model_selection.FixedThresholdClassifier": _row(predict="meta_threshold:fixed"),
    "sklearn.model_selection.GridSearchCV": _row(
        predict="meta_delegate:search_predict", transform="meta_delegate:search_transform"
    ),
    "sklearn.model_selection.HalvingGridSearchCV": _row(
        predict="meta_delegate:search_predict", transform="meta_delegate:search_transform"
    ),
    "sklearn.model_selection.HalvingRandomSearchCV": _row(
        predict="meta_delegate:search_predict", transform="meta_delegate:search_transform"
    ),
    "sklearn.model_selection.RandomizedSearchCV": _row(
        predict="meta_delegate:search_predict", transform="meta_delegate:search_transform"
    ),
    "sklearn.model_selection.TunedThresholdClassifierCV": _row(predict="meta_threshold:tuned"),
    "sklearn.multioutput.ClassifierChain": _row(predict="meta_outputs:classifier_chain"),
    "sklearn.multioutput.MultiOutputClassifier": _row(predict="meta_outputs:classifiers"),
    "sklearn.multioutput.MultiOutputRegressor": _row(predict="meta_outputs:regressors"),
    "sklearn.multioutput.RegressorChain": _row(predict="meta_outputs:regressor_chain"),
    "sklearn.semi_supervised.SelfTrainingClassifier": _row(predict="meta_delegate:self_training"),
}
