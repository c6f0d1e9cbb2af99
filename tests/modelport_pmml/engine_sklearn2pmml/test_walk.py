from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from modelport_pmml.engine_sklearn2pmml.walk import estimators


def test_what_is_inside_is_found_by_its_step() -> None:
    inner = ColumnTransformer([("spread", QuantileTransformer(), ["a"])])
    found = {
        type(item).__name__: path
        for path, item in estimators(GridSearchCV(make_pipeline(inner, LinearRegression()), {}))
    }
    assert {"GridSearchCV", "Pipeline", "ColumnTransformer", "QuantileTransformer", "LinearRegression"} <= set(found)
    assert found["QuantileTransformer"].endswith("columntransformer › transformers › spread")
