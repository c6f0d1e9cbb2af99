"""scikit-learn estimators lowered to ONNX, one file a family; `table.py` lists them."""
