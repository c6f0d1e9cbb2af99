"""The pickle room: the gate, the runtime, and scikit-learn lowered to ONNX, one file an estimator family."""
