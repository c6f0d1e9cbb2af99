"""ONNX → pickle: a native scikit-learn estimator where the graph is one, else one that carries the graph."""
