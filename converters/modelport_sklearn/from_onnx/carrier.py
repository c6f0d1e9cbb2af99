"""Estimators with scikit-learn's interface that carry an ONNX graph and score it with onnxruntime.

They are fitted already: `fit` gives the estimator back unchanged, as `sklearn.frozen.FrozenEstimator` does. The graph
is their one parameter, so that they can be cloned, pickled and put into pipelines. Loading one needs modelport.

scikit-learn's own checks of estimators pass but for those that fit data of their own, which a fixed graph does not;
the tests list them by name.
"""

from functools import lru_cache
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, ClusterMixin, OutlierMixin, RegressorMixin, TransformerMixin
from sklearn.utils.metaestimators import available_if

from modelport.signature import Column, Signature


@lru_cache(maxsize=8)
def session(model: bytes) -> Any:
    """An open session for a graph; kept outside of the estimators, so that pickles hold the graph alone."""
    import onnx

    from modelport_onnx.ort import OrtSession

    return OrtSession(onnx.load_from_string(model))


def _has(prefix: str) -> Any:
    def check(self: "OnnxEstimator") -> bool:
        return bool(self.model) and any(column.name.startswith(prefix) for column in self.signature_.outputs)

    return check


class OnnxEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """What all of them share.

    Args:
        model: the bytes of an ONNX file with a signature that modelport reads.
    """

    def __init__(self, model: bytes | None = None) -> None:
        self.model = model

    @property
    def signature_(self) -> Signature:
        """Names and types of inputs and outputs."""
        if not self.model:
            raise AttributeError(f"this {type(self).__name__} holds no graph")
        found: Signature = session(self.model).signature
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
        """Outputs for rows [N, C]: a DataFrame with the columns, or a matrix in their order.

        Raises:
            NotFittedError: there is no graph.
            ValueError: rows of another width, sparse, complex, or none at all.
        """
        from sklearn.utils.validation import check_is_fitted

        from modelport.data import fitted

        check_is_fitted(self)
        named = hasattr(X, "columns") or isinstance(X, pa.RecordBatch | pa.Table)
        rows = X if named else self._table(X)
        opened = session(self.model)
        parts = [opened.score(batch) for batch in fitted(rows, self.signature_)]
        return pa.Table.from_batches(parts, self.signature_.output_schema)

    def _table(self, X: Any) -> pa.Table:
        """A matrix as a table under the names of the inputs."""
        from sklearn.utils import check_array

        matrix = check_array(X, dtype=None, ensure_all_finite=False, estimator=self)
        if matrix.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {matrix.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} "
                "features as input"
            )
        names = (column.name for column in self.signature_.inputs)
        return pa.table({name: np.ascontiguousarray(matrix[:, i]) for i, name in enumerate(names)})

    def answers(self, X: Any) -> list[NDArray[Any]]:
        """Every output of the graph [N], in the order of `signature_`, those too that no method of its own gives."""
        table = self._scored(X)
        return [table.column(column.name).to_numpy() for column in self.signature_.outputs]

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
    def classes_(self) -> Any:
        """Class labels [K]; a list of them for several targets."""
        if self._targets:
            return [np.array(column.categories or ()) for column in self._targets]
        return np.array(self.signature_.classes)

    @property
    def _targets(self) -> list[Column]:
        """The columns of labels, where there are several targets."""
        return [column for column in self.signature_.outputs if column.name.startswith("label(")]

    def predict(self, X: Any) -> NDArray[Any]:
        """Labels [N], or [N, T] for several targets."""
        found = self._columns(X, "label")
        return found if self._targets else found.astype(self.classes_.dtype)

    @available_if(_has("probability("))  # type: ignore[untyped-decorator]  # scikit-learn ships no types
    def predict_proba(self, X: Any) -> Any:
        """Probabilities [N, K], in the order of `classes_`; a list of them for several targets."""
        if not self._targets:
            return self._columns(X, "probability(")
        names = [column.name[len("label(") : -1] for column in self._targets]
        return [self._columns(X, f"probability({name}=") for name in names]

    @available_if(_has("probability("))  # type: ignore[untyped-decorator]  # scikit-learn ships no types
    def predict_log_proba(self, X: Any) -> Any:
        """Logarithms of the probabilities."""
        found = self.predict_proba(X)
        with np.errstate(divide="ignore"):
            return [np.log(item) for item in found] if isinstance(found, list) else np.log(found)

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
