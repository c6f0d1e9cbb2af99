"""Feature selection: the columns that were chosen when the selector was fitted.

Source: `sklearn.feature_selection.SelectorMixin.transform` and, for RFE and RFECV, `predict` (1.9).
"""

from typing import Any

import numpy as np

from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.outcome import Outcome
from modelport_sklearn.to_onnx.transform.values import fitted_names


def selector(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    chosen = selected(estimator, frame, scope)
    return chosen.renamed(fitted_names(estimator, chosen.width))


def selected(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`X[:, get_support()]`, each column in its own type."""
    mask = np.asarray(estimator.get_support(), np.bool_)
    if not mask.any():
        raise scope.refuse("no column was selected when this was fitted", "lower the threshold, or leave this step out")
    return frame.select([int(i) for i in np.flatnonzero(mask)])


def eliminated_predict(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """RFE and RFECV predict with the estimator that was fitted on the columns left."""
    return lower_predict(estimator.estimator_, selected(estimator, frame, scope), scope)
