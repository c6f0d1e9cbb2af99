"""Every harness by name: one for each parser."""

from collections.abc import Mapping

from tests.fuzz import booster_files, bundles, data_files, onnx_files, pickles, pmml_files
from tests.fuzz.harness import Harness

HARNESSES: Mapping[str, Harness] = {
    "pickle": pickles.PICKLE,
    "joblib": pickles.JOBLIB,
    "skops": pickles.SKOPS,
    "onnx": onnx_files.FILE,
    "onnx-convert": onnx_files.CONVERT,
    "onnx-score": onnx_files.SCORE,
    "pmml": pmml_files.PMML,
    "xgboost": booster_files.XGBOOST,
    "lightgbm": booster_files.LIGHTGBM,
    "catboost": booster_files.CATBOOST,
    "bundle": bundles.BUNDLE,
    "parquet": data_files.PARQUET,
    "csv": data_files.CSV,
    "feather": data_files.FEATHER,
    "json-lines": data_files.JSON_LINES,
}
