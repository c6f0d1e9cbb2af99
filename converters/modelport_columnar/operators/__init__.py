"""One columnar lowering per ONNX operator, gathered by what they have in common."""
