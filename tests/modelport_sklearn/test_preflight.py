"""Pre-flight: what it says of an unfitted pipeline is what conversion does with the fitted one."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelport.reach import Reach
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope, register
from modelport_sklearn.preflight import preflight


class Doubled(TransformerMixin, BaseEstimator):
    """One's own step, unknown to every table."""

    def fit(self, x: np.ndarray, y: object = None) -> "Doubled":
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        return x * 2


class Tripled(Doubled):
    """A registered step."""

    def transform(self, x: np.ndarray) -> np.ndarray:
        return x * 3


def test_an_unfitted_pipeline_of_known_steps_reaches_onnx_exactly() -> None:
    found = preflight(make_pipeline(StandardScaler(), LogisticRegression()))
    assert [step.kind.rpartition(".")[2] for step in found.steps] == [
        "Pipeline",
        "StandardScaler",
        "LogisticRegression",
    ]
    assert found.reach("onnx") is Reach.EXACT
    assert found.blockers == ()


def test_an_unknown_step_is_named_with_the_way_out() -> None:
    found = preflight(make_pipeline(StandardScaler(), Doubled(), LogisticRegression()))
    assert found.reach("onnx") is Reach.REFUSED
    (blocker,) = found.blockers
    assert blocker.where == "Pipeline › doubled › Doubled" or blocker.path[-1] == "Doubled"
    assert "register" in blocker.reason
    assert "Doubled" in repr(found)


def test_a_registered_step_is_exact() -> None:
    @register(Tripled)
    def tripled(estimator: Tripled, frame: Frame, scope: Scope) -> Frame:
        import spox.opset.ai.onnx.v21 as op

        return frame_of(op.mul(frame.matrix(), op.const(np.float64(3))), frame.names)

    assert preflight(make_pipeline(Tripled(), LogisticRegression())).reach("onnx") is Reach.EXACT
