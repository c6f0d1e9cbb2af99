"""Axes in powers of ten, without mathematical typesetting."""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axis import Axis

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = range(-2, 4)
"""Powers of ten that are written out."""


def power_of_ten(power: int) -> str:
    """`10⁻⁹`; `0.1`, `1` and `100` as they are."""
    return f"{10.0**power:g}" if power in _PLAIN else f"10{str(power).translate(_RAISED)}"


def powers_of_ten(axis: "Axis", low: float, high: float, most: int = 5) -> None:
    """Ticks at whole powers of ten of an axis that shows logarithms to the base of ten."""
    first, last = math.ceil(low), math.floor(high)
    step = max(1, math.ceil((last - first + 1) / most))
    ticks = list(range(first, last + 1, step)) or [first]
    axis.set_ticks([float(tick) for tick in ticks], [power_of_ten(tick) for tick in ticks])


def plain_ticks(axis: "Axis", most: int = 5) -> None:
    """A few round ticks."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    def told(value: float, _: Any) -> str:
        return f"{value:,.6g}".replace("-", "−")

    axis.set_major_locator(MaxNLocator(most))
    axis.set_major_formatter(FuncFormatter(told))
