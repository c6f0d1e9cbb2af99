"""scikit-learn transformers lowered to ONNX, one file a family; `table.py` lists them."""
