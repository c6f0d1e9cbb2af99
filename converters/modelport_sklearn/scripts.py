"""How to ask scikit-learn about one row with nothing but itself, for reproductions. `ANSWER` is the name."""

SCIKIT_LEARN = """
def ANSWER(path, row):
    import joblib
    import numpy as np
    import pandas as pd

    model = joblib.load(path)
    named = hasattr(model, "feature_names_in_")
    rows = pd.DataFrame({name: [value] for name, value in row.items()}) if named else np.array([list(row.values())])
    asked = [name for name in ("predict", "predict_proba", "decision_function") if hasattr(model, name)]
    return [getattr(model, name)(rows) for name in asked or ["transform"]]
"""
