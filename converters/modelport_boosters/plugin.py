"""What this room offers the core: a literal table."""

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import lazy
from modelport.runtimes import Runtime
from modelport_boosters.sniff import (
    is_catboost,
    is_lightgbm,
    is_xgboost,
    owns_catboost,
    owns_lightgbm,
    owns_xgboost,
)

_ROOM = "modelport_boosters"

XGBOOST = Format(
    name="xgboost",
    title="XGBoost",
    suffixes=(".json", ".ubj"),
    sniff=is_xgboost,
    read=lazy(f"{_ROOM}.xgb.file:read"),
    write=lazy(f"{_ROOM}.xgb.file:write"),
    inspect=lazy(f"{_ROOM}.xgb.file:inspect"),
    owns=owns_xgboost,
    signature=lazy(f"{_ROOM}.xgb.file:signature"),
)

LIGHTGBM = Format(
    name="lightgbm",
    title="LightGBM",
    suffixes=(".txt",),
    sniff=is_lightgbm,
    read=lazy(f"{_ROOM}.lgbm.file:read"),
    write=lazy(f"{_ROOM}.lgbm.file:write"),
    inspect=lazy(f"{_ROOM}.lgbm.file:inspect"),
    owns=owns_lightgbm,
    signature=lazy(f"{_ROOM}.lgbm.file:signature"),
)

CATBOOST = Format(
    name="catboost",
    title="CatBoost",
    suffixes=(".cbm",),
    sniff=is_catboost,
    read=lazy(f"{_ROOM}.cat.file:read"),
    write=lazy(f"{_ROOM}.cat.file:write"),
    inspect=lazy(f"{_ROOM}.cat.file:inspect"),
    owns=owns_catboost,
    signature=lazy(f"{_ROOM}.cat.file:signature"),
)

PLUGIN = Plugin(
    "boosters",
    formats=(XGBOOST, LIGHTGBM, CATBOOST),
    converters=(
        Converter("xgboost", "onnx", "modelport", 1, lazy(f"{_ROOM}.convert:to_onnx")),
        Converter("lightgbm", "onnx", "modelport", 1, lazy(f"{_ROOM}.convert:to_onnx")),
        Converter("catboost", "onnx", "modelport", 1, lazy(f"{_ROOM}.convert:to_onnx"), ("catboost",), "boosters"),
    ),
    runtimes=(
        Runtime(
            "xgboost", "XGBoost", ("xgboost",), lazy(f"{_ROOM}.xgb.session:open_session"), ("xgboost",), "boosters"
        ),
        Runtime(
            "lightgbm", "LightGBM", ("lightgbm",), lazy(f"{_ROOM}.lgbm.session:open_session"), ("lightgbm",), "boosters"
        ),
        Runtime(
            "catboost", "CatBoost", ("catboost",), lazy(f"{_ROOM}.cat.session:open_session"), ("catboost",), "boosters"
        ),
    ),
)
