"""Estimators with scikit-learn's interface that carry an ONNX graph and score it with onnxruntime.

They are fitted already: `fit` gives the estimator back unchanged, as `sklearn.frozen.FrozenEstimator` does. The graph
is their one parameter, so that they can be cloned, pickled and put into pipelines. Loading one needs modelport.
"""

from functools import lru_cache
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, ClusterMixin, OutlierMixin, RegressorMixin, TransformerMixin
from sklearn.utils.metaestimators import available_if

from modelport.signature import Signature


@lru_cache(maxsize=8)
def _session(model: bytes) -> Any:
    """An open session for a graph; kept outside of the estimators, so that pickles hold the graph alone."""
    import onnx

    from modelport_onnx.ort import OrtSession

    return OrtSession(onnx.load_from_string(model))


def _has(prefix: str) -> Any:
    def check(self: "OnnxEstimator") -> bool:
        return any(column.name.startswith(prefix) for column in self.signature_.outputs)

    return check


class OnnxEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """What all of them share.

    Args:
        model: the bytes of an ONNX file with a signature that modelport reads.
    """

    def __init__(self, model: bytes = b"") -> None:
        self.model = model

    @property
    def signature_(self) -> Signature:
        """Names and types of inputs and outputs."""
        found: Signature = _session(self.model).signature
        return found

    @property
    def n_features_in_(self) -> int:
        return len(self.signature_.inputs)

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:
        """Names of the columns; absent for a bare matrix, as in scikit-learn."""
        from modelport_onnx.assemble import is_matrix

        if is_matrix(self.signature_):
            raise AttributeError("fitted on a matrix without names")
        return np.array([column.name for column in self.signature_.inputs], object)

    def __sklearn_is_fitted__(self) -> bool:
        return bool(self.model)

    def fit(self, X: Any = None, y: Any = None, **_: Any) -> Self:
        """Gives the estimator back: the graph is fixed."""
        return self

    def _scored(self, X: Any) -> pa.Table:
        """Outputs for rows [N, C]: a DataFrame with the columns, or a matrix in their order."""
        from modelport.data import fitted

        rows = X
        if not hasattr(X, "columns") and not isinstance(X, pa.RecordBatch | pa.Table):
            matrix = np.asarray(X)
            if matrix.ndim != 2 or matrix.shape[1] != self.n_features_in_:
                raise ValueError(f"X has shape {matrix.shape}; {self.n_features_in_} columns are expected")
            rows = pa.table({c.name: np.ascontiguousarray(matrix[:, i]) for i, c in enumerate(self.signature_.inputs)})
        session = _session(self.model)
        parts = [session.score(batch) for batch in fitted(rows, self.signature_)]
        return pa.Table.from_batches(parts, self.signature_.output_schema)

    def _columns(self, X: Any, prefix: str) -> NDArray[Any]:
        table = self._scored(X)
        names = [name for name in table.schema.names if name.startswith(prefix)]
        columns = [table.column(name).to_numpy() for name in names]
        return columns[0] if len(columns) == 1 else np.column_stack(columns)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = any(column.nullable for column in self.signature_.inputs) if self.model else False
        tags.input_tags.string = (
            any(pa.types.is_string(c.type) for c in self.signature_.inputs) if self.model else False
        )
        return tags


class OnnxClassifier(ClassifierMixin, OnnxEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A classifier in a graph."""

    @property
    def classes_(self) -> NDArray[Any]:
        return np.array(self.signature_.classes)

    def predict(self, X: Any) -> NDArray[Any]:
        """Labels [N]."""
        return self._columns(X, "label").astype(self.classes_.dtype)

    @available_if(_has("probability("))  # type: ignore[untyped-decorator]  # scikit-learn ships no types
    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Probabilities [N, K], in the order of `classes_`."""
        return self._columns(X, "probability(")

    @available_if(_has("decision("))  # type: ignore[untyped-decorator]  # scikit-learn ships no types
    def decision_function(self, X: Any) -> NDArray[Any]:
        """Decisions [N, K], or [N] for two classes."""
        return self._columns(X, "decision(")


class OnnxRegressor(RegressorMixin, OnnxEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A regressor in a graph."""

    def predict(self, X: Any) -> NDArray[Any]:
        """Predictions [N], or [N, T] for several targets."""
        return self._columns(X, "prediction")


class OnnxClusterer(ClusterMixin, OnnxEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A clustering in a graph."""

    def predict(self, X: Any) -> NDArray[Any]:
        """Indices of clusters [N]."""
        return self._columns(X, "cluster")


class OnnxOutlierDetector(OutlierMixin, OnnxEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """An outlier detector in a graph."""

    def predict(self, X: Any) -> NDArray[Any]:
        """1 for inliers, -1 for outliers [N]."""
        return self._columns(X, "label")

    @available_if(_has("score"))  # type: ignore[untyped-decorator]  # scikit-learn ships no types
    def decision_function(self, X: Any) -> NDArray[Any]:
        """Scores [N], below 0 for outliers."""
        return self._columns(X, "score")


class OnnxTransformer(TransformerMixin, OnnxEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A transformer in a graph."""

    def transform(self, X: Any) -> NDArray[Any]:
        """Columns [N, D]."""
        found = self._columns(X, "out(")
        return found.reshape(-1, 1) if found.ndim == 1 else found

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns that come out."""
        return np.array([column.name[4:-1] for column in self.signature_.outputs], object)
