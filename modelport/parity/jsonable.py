"""Values that JSON cannot hold, and back: NaN, the infinities, bytes."""

import math
from typing import Any

_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode(value: Any) -> Any:
    """A cell or figure as strict JSON holds it; finite numbers keep every bit."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def decode(value: Any) -> Any:
    """What `encode` was given."""
    return _SPECIAL[value["float"]] if isinstance(value, dict) else value
