"""From a drawing to an SVG element that can stand in a page beside others."""

import io
import re
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from lxml import etree

from modelport.reports.html.figures.theme import STYLE, VARIABLES
from modelport.reports.html.markup import Html, clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Draw = Callable[["Axes"], None]

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LONG = re.compile(r"-?\d+\.\d{2,}")
_URL = re.compile(r"url\(#([^)]+)\)")
_SIZES = ("d", "transform", "x", "y", "points", "width", "height", "r")


def svg(draw: Draw, *, width: int, height: int, title: str, number: int) -> Html:
    """An SVG element of one plot.

    Args:
        draw: draws into the axes it is given.
        width, height: in CSS pixels, where the page has the room; it scales down.
        title: what a screen reader says.
        number: of the plot in its page; it keeps the names inside apart from other plots'.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    target = io.BytesIO()
    with matplotlib.rc_context(dict(STYLE)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that the measuring font lacks; the page's own has them
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        draw(axes)
        figure.subplots_adjust(**_margins(axes, width, height))
        figure.savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    return _cleaned(target.getvalue(), title, number)


def _margins(axes: "Axes", width: int, height: int) -> dict[str, float]:
    """Room for what stands around the axes; told from the letters, since measuring them takes as long as drawing."""
    ticks = axes.yaxis.get_major_formatter().format_ticks(list(axes.get_yticks()))
    left = 12 + 6.6 * max(map(len, ticks), default=0) + (17 if axes.get_ylabel() else 0)
    bottom = 21 + (17 if axes.get_xlabel() else 0)
    top = 26 if axes.get_legend() else 10
    return {"left": left / width, "right": 1 - 16 / width, "bottom": bottom / height, "top": 1 - top / height}


def _cleaned(raw: bytes, title: str, number: int) -> Html:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(raw, parser)
    for gone in [*root.iter(f"{_SVG}metadata"), *root.iter(f"{_SVG}style")]:
        _remove(gone)
    _rename(root, f"p{number}-")
    for element in root.iter():
        for key in _SIZES:
            if key in element.attrib:
                element.set(key, _LONG.sub(_rounded, str(element.get(key))))
    return Html(_themed(_headed(root, title, number)))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None, "the root is kept"
    parent.remove(element)


def _rename(root: etree._Element, prefix: str) -> None:
    """Names that are used get a prefix of the plot's own; all others go."""
    texts = [(element, key, str(value)) for element in root.iter() for key, value in element.attrib.items()]
    used = {text[1:] for _, key, text in texts if key == _HREF} | {
        name for _, _, text in texts for name in _URL.findall(text)
    }
    for element, key, text in texts:
        if key == "id" and text not in used:
            del element.attrib["id"]
        elif key == "id":
            element.set(key, prefix + text)
        elif key == _HREF:
            element.set(key, f"#{prefix}{text[1:]}")
        elif "url(#" in text:
            element.set(key, _URL.sub(rf"url(#{prefix}\1)", text))


def _headed(root: etree._Element, title: str, number: int) -> str:
    *_, width, height = str(root.get("viewBox", "0 0 1 1")).split()
    root.attrib.pop("version", "")
    root.set("width", f"{float(width):g}")
    root.set("height", f"{float(height):g}")
    root.set("class", "plot")
    root.set("role", "img")
    root.set("aria-labelledby", f"p{number}-title")
    told = etree.Element(f"{_SVG}title", id=f"p{number}-title")
    told.text = clean(title)
    root.insert(0, told)
    return str(etree.tostring(root, encoding="unicode"))


def _themed(text: str) -> str:
    for stand_in, variable in VARIABLES.items():
        text = text.replace(stand_in, variable)
    return text


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")
