"""PMML written from columnar expressions: ONNX → PMML without Java. One file a kind of element."""
