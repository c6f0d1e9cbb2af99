"""modelport: pandoc for trained models, with evidence attached.

    import modelport as mp

    model = mp.load("model.pkl")
    model.predict(df)
    mp.convert("model.pkl", "model.onnx", data=df)
    mp.verify("model.pkl", "model.onnx", data=df)

Names are loaded when they are first used, so that importing modelport stays quick. A public name never has a
submodule's name: importing the submodule would hide it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from modelport._version import __version__

if TYPE_CHECKING:
    from modelport.api import check as check
    from modelport.api import convert as convert
    from modelport.api import doctor as doctor
    from modelport.api import export as export
    from modelport.api import inspect as inspect
    from modelport.api import load as load
    from modelport.api import package as package
    from modelport.api import preflight as preflight
    from modelport.api import routes as routes
    from modelport.api import sign as sign
    from modelport.api import verify as verify
    from modelport.converting import Conversion as Conversion
    from modelport.errors import ModelportError as ModelportError
    from modelport.model import Model as Model
    from modelport.signature import Column as Column
    from modelport.signature import Signature as Signature

_API = "check convert doctor export inspect load package preflight routes sign verify"

_HOMES = {
    **dict.fromkeys(_API.split(), "modelport.api"),
    "Conversion": "modelport.converting",
    "Model": "modelport.model",
    "ModelportError": "modelport.errors",
    "Column": "modelport.signature",
    "Signature": "modelport.signature",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'modelport' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
