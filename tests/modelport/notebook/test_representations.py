"""Representations: well-formed, escaped, small enough for a cell, with text beside every colour."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from modelport.bundle.building import Bundle
from modelport.bundle.manifest import Entry, Golden, Manifest
from modelport.ci.result import Part, ProjectReport, Result
from modelport.conversion import Converter
from modelport.errors import DataError
from modelport.graph import Route
from modelport.notebook import blocks
from modelport.reach import Preflight, Reach, Step
from modelport.signature import Column, Signature, Task, classifier_outputs, matrix_inputs

EVIL = "<script>alert('x')</script>&\""


class FakeModel:
    """What the representation asks of a model."""

    def __init__(self, signature: Signature | None) -> None:
        self._signature = signature
        self.runtime = type("Runtime", (), {"title": EVIL})()
        kind = type("Format", (), {"title": "ONNX"})()
        self.artifact = type("Artifact", (), {"name": EVIL, "format": kind})()

    @property
    def signature(self) -> Signature:
        if self._signature is None:
            raise DataError(EVIL, hint=EVIL)
        return self._signature


def model(width: int = 3) -> str:
    from modelport.notebook.model import html

    categories = Column(EVIL, pa.string(), True, tuple(EVIL + str(i) for i in range(9)))
    inputs = (categories, *matrix_inputs(width))
    outputs = classifier_outputs([EVIL, *map(str, range(20))])
    return html(FakeModel(Signature(inputs, outputs, Task.CLASSIFICATION)))  # type: ignore[arg-type]  # as good as one


def unknown_model() -> str:
    from modelport.notebook.model import html

    return html(FakeModel(None))  # type: ignore[arg-type]  # as good as one


def bundle() -> str:
    member = "models/a.onnx"
    manifest = Manifest(
        name=EVIL,
        reference=member,
        models=(Entry(member, EVIL, "onnx"),),
        golden=(Golden(member, EVIL, "1", "golden/expected/0.arrow"),),
        rows=7,
        parity=EVIL,
        made_with={},
        files={member: {"size": 1234567, "sha256": "a" * 64}},
    )
    return Bundle(Path(EVIL.replace("/", "")), manifest, Signature(matrix_inputs(2)))._repr_html_()


def route() -> str:
    steps = (
        Converter(EVIL, "onnx", "modelport", 1, lambda model, context: model),
        Converter("onnx", "pmml", EVIL, 10, lambda m, c: m, ("no_such_module",), "jpmml", "AGPL-3.0"),
    )
    return Route(steps)._repr_html_()


def preflight(steps: int = 3) -> str:
    found = [Step((EVIL, str(i)), "a.b.Scaler", {"onnx": Reach.EXACT}) for i in range(steps)]
    found.append(Step(("last",), "a.b.Hasher", {"onnx": Reach.REFUSED, "pmml": Reach.UNKNOWN}, EVIL, "another"))
    return Preflight(EVIL, tuple(found))._repr_html_()


def project() -> str:
    error = {"code": "no-route", "what": EVIL, "where": EVIL, "hint": None}
    return ProjectReport((Result(EVIL, EVIL, (Part("convert", EVIL, 4, error),)),))._repr_html_()


MAKERS: dict[str, Callable[[], str]] = {
    "a model": model,
    "a model without columns": unknown_model,
    "a wide model": lambda: model(500),
    "a bundle": bundle,
    "a route": route,
    "no route": lambda: Route(())._repr_html_(),
    "a pre-flight": preflight,
    "a long pre-flight": lambda: preflight(80),
    "a project": project,
}


def tree(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html.replace("&nbsp;", " "))


@pytest.mark.parametrize("name", MAKERS)
def test_it_is_well_formed_escaped_and_fits_a_cell(name: str) -> None:
    html = MAKERS[name]()
    root = tree(html)
    assert "<script" not in html
    assert len(html) < 20_000
    assert len(list(root.iter("tr"))) <= blocks.MOST + 1
    assert {element.tag for element in root.iter()} <= {
        *("div", "span", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary")
    }


@pytest.mark.parametrize("name", MAKERS)
def test_text_takes_the_colour_of_the_theme(name: str) -> None:
    for element in tree(MAKERS[name]()).iter():
        style = element.get("style", "")
        assert "background:#" not in style
        if re.search(r"(^|;)color:#", style):
            assert element.text == "●", "only marks are coloured"
            assert (element.tail or "").strip(), "a word says the same"


def test_what_is_left_out_is_said() -> None:
    text = "".join(tree(model(500)).itertext())
    assert "… 489 more" in text
    assert "… 14 more" in text
    assert "… 3 more" in text


def test_refused_steps_of_long_models_are_seen() -> None:
    assert "Hasher" in "".join(tree(preflight(80)).itertext())


def test_a_model_whose_columns_are_not_known_says_why() -> None:
    assert "alert" in "".join(tree(unknown_model()).itertext())


def test_text_elsewhere() -> None:
    found: list[Any] = [Route(()), Preflight("a", ()), ProjectReport(())]
    for item in found:
        assert "<div" not in repr(item)
        assert repr(item)
