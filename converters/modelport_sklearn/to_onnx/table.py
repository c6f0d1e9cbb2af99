"""Every scikit-learn class that is lowered exactly, by its public path. One row a class, one file a family."""

from collections.abc import Mapping

from modelport.plugins import lazy
from modelport_onnx.lowering import Lowering

TABLE: Mapping[str, Lowering] = {
    "sklearn.linear_model.LinearRegression": Lowering(predict=lazy("modelport_sklearn.to_onnx.linear:regressor")),
}
