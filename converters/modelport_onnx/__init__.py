"""The hub room: ONNX files, the runtimes that score them, and the blocks exact conversions are built from."""
