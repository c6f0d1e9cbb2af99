"""Columnar: an ONNX graph as immutable scalar expressions, column by column."""
