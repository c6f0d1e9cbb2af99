"""Parity: do models in several formats and runtimes give the same answers, where do they not, and what is proved.

Names are loaded when they are first used: settings are read long before there is anything to compare.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelport.parity.engine import compare as compare
    from modelport.parity.report import ParityReport as ParityReport
    from modelport.parity.settings import Settings as Settings

_HOMES = {
    "ParityReport": "modelport.parity.report",
    "Settings": "modelport.parity.settings",
    "compare": "modelport.parity.engine",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'modelport.parity' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
