"""Formula files for modelport: `{"intercept": 1.0, "weights": {"age": 0.5}}`."""
