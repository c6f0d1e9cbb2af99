"""Booster estimators lowered to ONNX; `table.py` lists them."""
