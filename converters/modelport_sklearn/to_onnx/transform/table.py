"""Every scikit-learn transformer that is lowered exactly, by its public path. One row a class, one file a family."""

from collections.abc import Callable, Mapping
from typing import Any

from modelport.plugins import lazy
from modelport_onnx.lowering import Lowering


def _row(transform: str | None = None, predict: str | None = None, check: str | None = None) -> Lowering:
    """A row from `module:function` names within this folder."""

    def found(name: str | None) -> Callable[..., Any] | None:
        return lazy(f"{__package__}.{name}") if name else None

    return Lowering(found(predict), found(transform), found(check))


_REFUSED = _row("refused:transform", check="refused:check")

TRANSFORMERS: Mapping[str, Lowering] = {
    # Composition
    "sklearn.pipeline.Pipeline": _row("compose:pipeline_transform", "compose:pipeline_predict"),
    "sklearn.pipeline.FeatureUnion": _row("compose:feature_union"),
    "sklearn.compose.ColumnTransformer": _row("compose:column_transformer"),
    "sklearn.preprocessing.FunctionTransformer": _row("function:function_transformer", check="function:check"),
    # Scalers
    "sklearn.preprocessing.Binarizer": _row("scale:binarizer"),
    "sklearn.preprocessing.KernelCenterer": _row("scale:kernel_centerer"),
    "sklearn.preprocessing.MaxAbsScaler": _row("scale:max_abs"),
    "sklearn.preprocessing.MinMaxScaler": _row("scale:min_max"),
    "sklearn.preprocessing.Normalizer": _row("scale:normalizer"),
    "sklearn.preprocessing.RobustScaler": _row("scale:robust"),
    "sklearn.preprocessing.StandardScaler": _row("scale:standard"),
    # Categories
    "sklearn.preprocessing.OneHotEncoder": _row("one_hot:one_hot"),
    "sklearn.preprocessing.OrdinalEncoder": _row("ordinal:ordinal"),
    # Decomposition and projection
    "sklearn.decomposition.DictionaryLearning": _row("sparse_code:dictionary_learning", check="sparse_code:check"),
    "sklearn.decomposition.FactorAnalysis": _row("components:factor_analysis"),
    "sklearn.decomposition.FastICA": _row("components:fast_ica"),
    "sklearn.decomposition.IncrementalPCA": _row("components:pca"),
    "sklearn.decomposition.KernelPCA": _row("kernel_features:kernel_pca"),
    "sklearn.decomposition.LatentDirichletAllocation": _row("topics:topics"),
    "sklearn.decomposition.MiniBatchDictionaryLearning": _row(
        "sparse_code:dictionary_learning", check="sparse_code:check"
    ),
    "sklearn.decomposition.MiniBatchNMF": _row("nmf:mini_batch_nmf"),
    "sklearn.decomposition.MiniBatchSparsePCA": _row("components:sparse_pca"),
    "sklearn.decomposition.NMF": _row("nmf:nmf", check="nmf:check"),
    "sklearn.decomposition.PCA": _row("components:pca"),
    "sklearn.decomposition.SparseCoder": _row("sparse_code:sparse_coder", check="sparse_code:check"),
    "sklearn.decomposition.SparsePCA": _row("components:sparse_pca"),
    "sklearn.decomposition.TruncatedSVD": _row("components:projection"),
    "sklearn.neural_network.BernoulliRBM": _row("components:bernoulli_rbm"),
    "sklearn.random_projection.GaussianRandomProjection": _row("components:projection"),
    "sklearn.random_projection.SparseRandomProjection": _row("components:projection"),
    "sklearn.manifold.Isomap": _row("manifold:isomap"),
    "sklearn.manifold.LocallyLinearEmbedding": _row("manifold:locally_linear"),
    # Kernel approximation
    "sklearn.kernel_approximation.AdditiveChi2Sampler": _row("random_features:additive_chi2"),
    "sklearn.kernel_approximation.Nystroem": _row("kernel_features:nystroem"),
    "sklearn.kernel_approximation.PolynomialCountSketch": _row("random_features:count_sketch"),
    "sklearn.kernel_approximation.RBFSampler": _row("random_features:rbf_sampler"),
    "sklearn.kernel_approximation.SkewedChi2Sampler": _row("random_features:skewed_chi2"),
    # Text
    "sklearn.feature_extraction.text.CountVectorizer": _row("text_count:count_vectorizer", check="text_count:check"),
    "sklearn.feature_extraction.text.TfidfTransformer": _row("tfidf:tfidf_transformer"),
    "sklearn.feature_extraction.text.TfidfVectorizer": _row("tfidf:tfidf_vectorizer", check="text_count:check"),
    "sklearn.preprocessing.LabelBinarizer": _row("labels:label_binarizer"),
    "sklearn.preprocessing.LabelEncoder": _row("labels:label_encoder"),
    "sklearn.preprocessing.TargetEncoder": _row("target:target_encoder"),
    # Numbers to more numbers
    "sklearn.preprocessing.KBinsDiscretizer": _row("bins:bins"),
    "sklearn.preprocessing.PolynomialFeatures": _row("polynomial:polynomial"),
    "sklearn.preprocessing.PowerTransformer": _row("power:power_transformer"),
    "sklearn.preprocessing.QuantileTransformer": _row("quantile:quantile_transformer"),
    "sklearn.preprocessing.SplineTransformer": _row("spline:spline"),
    # Groups of columns
    "sklearn.cluster.FeatureAgglomeration": _row("agglomeration:agglomeration"),
    # Feature selection
    "sklearn.feature_selection.GenericUnivariateSelect": _row("select:selector"),
    "sklearn.feature_selection.RFE": _row("select:selector", "select:eliminated_predict"),
    "sklearn.feature_selection.RFECV": _row("select:selector", "select:eliminated_predict"),
    "sklearn.feature_selection.SelectFdr": _row("select:selector"),
    "sklearn.feature_selection.SelectFpr": _row("select:selector"),
    "sklearn.feature_selection.SelectFromModel": _row("select:selector"),
    "sklearn.feature_selection.SelectFwe": _row("select:selector"),
    "sklearn.feature_selection.SelectKBest": _row("select:selector"),
    "sklearn.feature_selection.SelectPercentile": _row("select:selector"),
    "sklearn.feature_selection.SequentialFeatureSelector": _row("select:selector"),
    "sklearn.feature_selection.VarianceThreshold": _row("select:selector"),
    # Refused by name
    "sklearn.feature_extraction.DictVectorizer": _REFUSED,
    "sklearn.feature_extraction.FeatureHasher": _REFUSED,
    "sklearn.feature_extraction.image.PatchExtractor": _REFUSED,
    "sklearn.feature_extraction.text.HashingVectorizer": _REFUSED,
    "sklearn.preprocessing.MultiLabelBinarizer": _REFUSED,
    # Missing values
    "sklearn.impute.IterativeImputer": _row("impute_iterative:iterative_imputer", check="impute_iterative:check"),
    "sklearn.impute.KNNImputer": _row("impute_knn:knn_imputer", check="impute_knn:check"),
    "sklearn.impute.MissingIndicator": _row("impute_simple:missing_indicator"),
    "sklearn.impute.SimpleImputer": _row("impute_simple:simple_imputer"),
}
