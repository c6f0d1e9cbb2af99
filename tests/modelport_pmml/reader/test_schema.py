"""The typed elements against the schema of PMML 4.4 that JPMML ships: no attribute is misspelt, none is overlooked."""

import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

from modelport_pmml.reader import catalogue
from modelport_pmml.reader.bind import plan
from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.refused import AssociationModel, SequenceModel, TextModel, TimeSeriesModel

pytestmark = pytest.mark.java
XSD = "{http://www.w3.org/2001/XMLSchema}"
ALIKE = {"LinearKernelType", "RadialBasisKernelType", "SigmoidKernelType", "RadialBasisKernel",
         "ARDSquaredExponentialKernel", "AbsoluteExponentialKernel", "OutputField", "Array"}  # fmt: skip
"""Elements whose class has attributes that the schema gives to another of their kind."""

NO_MATTER = {
    "PMML": {"x-baseVersion"},
    "TextIndexNormalization": {"x-wordRE"},
    "OutputField": {"x-reportField"},
    "BayesianNetworkModel": {"modelType"},
}
"""Attributes that change no answer, or belong to what is refused."""

REFUSED = {
    "PCovMatrix",
    "PCovCell",
    *(kind.tag() for kind in (AssociationModel, SequenceModel, TextModel, TimeSeriesModel)),
}


@pytest.fixture(scope="module")
def schema() -> dict[str, set[str]]:
    """Element → the attributes it may have."""
    spec = find_spec("sklearn2pmml")
    assert spec is not None, "the extra jpmml brings the schema"
    assert spec.origin is not None
    root = etree.fromstring(
        next(text for jar in Path(spec.origin).parent.rglob("pmml-model-*.jar") for text in _xsd(jar))
    )
    return {str(item.get("name")): _attributes(item) for item in root.iter(f"{XSD}element") if item.get("name")}


def _xsd(jar: Path) -> list[bytes]:
    with zipfile.ZipFile(jar) as held:
        return [held.read(name) for name in held.namelist() if name.endswith("pmml.xsd")]


def _attributes(element: etree._Element) -> set[str]:
    own = (item for item in element.iter(f"{XSD}attribute") if next(item.iterancestors(f"{XSD}element")) is element)
    return {str(item.get("name")) for item in own}


def _reachable(kind: type[Element], seen: set[type[Element]]) -> set[type[Element]]:
    if kind not in seen:
        seen.add(kind)
        for _, child in plan(kind).tags.values():
            _reachable(child, seen)
    return seen


def test_every_attribute_is_in_the_schema_and_none_of_the_schema_is_overlooked(schema: dict[str, set[str]]) -> None:
    assert catalogue.MODELS
    wrong = {}
    for kind in _reachable(Pmml, set()):
        tag, known = kind.tag(), set(plan(kind).attributes)
        extra = set() if tag in ALIKE else known - schema[tag]
        overlooked = set() if tag in REFUSED else schema[tag] - known - NO_MATTER.get(tag, set())
        if extra or overlooked:
            wrong[tag] = (extra, overlooked)
    assert wrong == {}
