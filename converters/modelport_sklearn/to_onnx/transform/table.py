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


TRANSFORMERS: Mapping[str, Lowering] = {
    # Composition
    "sklearn.pipeline.Pipeline": _row("compose:pipeline_transform", "compose:pipeline_predict"),
    "sklearn.pipeline.FeatureUnion": _row("compose:feature_union"),
    "sklearn.compose.ColumnTransformer": _row("compose:column_transformer"),
    "sklearn.preprocessing.FunctionTransformer": _row("function:function_transformer"),
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
    # Text
    "sklearn.feature_extraction.text.CountVectorizer": _row("text_count:count_vectorizer"),
    "sklearn.feature_extraction.text.TfidfTransformer": _row("tfidf:tfidf_transformer"),
    "sklearn.feature_extraction.text.TfidfVectorizer": _row("tfidf:tfidf_vectorizer"),
    # Missing values
    "sklearn.impute.MissingIndicator": _row("impute_simple:missing_indicator"),
    "sklearn.impute.SimpleImputer": _row("impute_simple:simple_imputer"),
}
