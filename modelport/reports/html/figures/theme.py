"""How plots look: colours that the page's style decides, letters that are text, the same bytes every time."""

from collections.abc import Mapping
from typing import Any

INK, SOFT, LINE, ACCENT, OTHER, BAD, BAND = (
    "#010101",
    "#020202",
    "#030303",
    "#040404",
    "#050505",
    "#060606",
    "#070707",
)
"""Stand-ins: matplotlib wants colours, the page has variables."""

VARIABLES: Mapping[str, str] = {
    INK: "var(--ink)",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    OTHER: "var(--other)",
    BAD: "var(--bad)",
    BAND: "var(--bad-back)",
}

STYLE: Mapping[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": SOFT,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 11,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "figure.facecolor": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
    "legend.fontsize": 10.5,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "modelport",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": SOFT,
    "xtick.labelcolor": SOFT,
    "xtick.labelsize": 10.5,
    "xtick.major.size": 3,
    "xtick.minor.size": 0,
    "ytick.color": SOFT,
    "ytick.labelcolor": SOFT,
    "ytick.labelsize": 10.5,
    "ytick.major.size": 3,
    "ytick.minor.size": 0,
}
