"""PMML compiled to ONNX, one file a model element or transformation; `table.py` lists them.

The semantics are those of the PMML 4.4.1 specification, and of JPMML-Evaluator (1.7) where the specification leaves
a choice: https://dmg.org/pmml/v4-4-1/GeneralStructure.html
"""
