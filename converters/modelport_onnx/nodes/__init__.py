"""Nodes made quickly: spox's own nodes and names, without running ONNX's inference on a model of one node for each."""
