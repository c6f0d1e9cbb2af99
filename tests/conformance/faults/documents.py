"""Seeded faults of PMML: a document is changed in one place; the document as it was is the reference.

Documents are written from the models of this folder. Each fault names the step of the document that it sits in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from lxml import etree
from models import fitted

Change = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """A change to the elements of a document, in place.

    Attributes:
        name: what was done.
        model: of `models.MODELS`.
        step: how the step at fault is called.
        change: does it, given the root element.
    """

    name: str
    model: str
    step: str
    change: Change


@cache
def written(model: str) -> Any:
    """A model of this folder as a PMML document."""
    import tempfile
    from pathlib import Path

    import modelport as mp
    from modelport.artifacts import artifact
    from modelport_pmml.document import document

    if model == "by hand":
        return document(BY_HAND.encode())
    original, features = fitted(model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.pmml"
        mp.convert(original, path, data=features, verify=False)
        return changed(artifact(path).model, without_verification)


def changed(original: Any, change: Change) -> Any:
    """A document with a fault."""
    from modelport_pmml.document import document

    root = etree.fromstring(original.data)
    change(root)
    return document(etree.tostring(root))


def without_verification(root: Any) -> None:
    """Its own rows would give most faults away before anything is compared."""
    for item in every(root, "ModelVerification"):
        item.getparent().remove(item)


def every(root: Any, tag: str) -> list[Any]:
    return list(root.iter(f"{{*}}{tag}"))


def derived(root: Any, name: str) -> Any:
    return next(item for item in every(root, "DerivedField") if item.get("name") == name)


def segment(root: Any, number: int) -> Any:
    return every(root, "Segment")[number - 1]


def up(text: str) -> str:
    return repr(float(np.nextafter(float(text), np.inf)))


def down(text: str) -> str:
    return repr(float(np.nextafter(float(text), -np.inf)))


def single(steps: int, text: str) -> str:
    """Some float32 further. Behind a division, a threshold one float64 away may be crossed by the same inputs."""
    value = np.float32(text)
    for _ in range(abs(steps)):
        value = np.nextafter(value, np.float32(np.inf if steps > 0 else -np.inf))
    return repr(float(value))


def more(amount: float, text: str) -> str:
    return repr(float(text) + amount)


def constant(field: str, number: int, change: Callable[[str], str], root: Any) -> None:
    """Changes a constant of a derived field."""
    found = every(derived(root, field), "Constant")[number]
    found.text = change(found.text)


def split(number: int, rank: int, change: Callable[[str], str], root: Any) -> None:
    """Moves a threshold of a segment's tree; 0 stands for the only tree. Encoded categories have no floats between."""
    tree = segment(root, number) if number else root
    found = [item for item in every(tree, "SimplePredicate") if _number(item.get("value"))]
    found = [item for item in found if not item.get("field").startswith("where(")]
    found[rank].set("value", change(found[rank].get("value")))


def _number(text: str | None) -> bool:
    try:
        return text is not None and np.isfinite(float(text))
    except ValueError:
        return False


def attribute(tag: str, number: int, name: str, change: Callable[[str], str], root: Any) -> None:
    found = every(root, tag)[number]
    found.set(name, change(found.get(name)))


def inside(number: int, change: Change, root: Any) -> None:
    """A change to one segment."""
    change(segment(root, number))


def lost(number: int, root: Any) -> None:
    found = segment(root, number)
    found.getparent().remove(found)


def coefficients_swapped(root: Any) -> None:
    first, second = every(root, "NumericPredictor")[:2]
    a, b = first.get("coefficient"), second.get("coefficient")
    first.set("coefficient", b)
    second.set("coefficient", a)


def coefficient_lost(root: Any) -> None:
    found = every(root, "NumericPredictor")[3]
    found.getparent().remove(found)


def word(text: str) -> Callable[[str], str]:
    return lambda _: text


def missing_side(root: Any) -> None:
    """Sends missing values to the other side of the first split that says where they go."""
    found = next(item for item in every(root, "Node") if item.get("defaultChild"))
    others = [child.get("id") for child in found.iterchildren("{*}Node")]
    found.set("defaultChild", next(item for item in others if item != found.get("defaultChild")))


BY_HAND = """<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
<DataDictionary><DataField name="bill_length_mm" optype="continuous" dataType="double"/>
<DataField name="body_mass_g" optype="continuous" dataType="double"/>
<DataField name="island" optype="categorical" dataType="string"><Value value="Biscoe"/><Value value="Dream"/>
<Value value="Torgersen"/></DataField>
<DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
<TransformationDictionary><DerivedField name="kilograms" optype="continuous" dataType="double">
<NormContinuous field="body_mass_g"><LinearNorm orig="0" norm="0"/><LinearNorm orig="1000" norm="1"/>
</NormContinuous></DerivedField>
<DerivedField name="place" optype="continuous" dataType="double"><MapValues outputColumn="out" dataType="double"
 defaultValue="7"><FieldColumnPair field="island" column="in"/><InlineTable><row><in>Biscoe</in><out>1</out></row>
<row><in>Dream</in><out>2</out></row><row><in>Torgersen</in><out>3</out></row></InlineTable></MapValues></DerivedField>
<DerivedField name="size" optype="categorical" dataType="string"><Discretize field="body_mass_g"><DiscretizeBin
 binValue="small"><Interval closure="openClosed" rightMargin="4000"/></DiscretizeBin><DiscretizeBin binValue="large">
<Interval closure="openOpen" leftMargin="4000"/></DiscretizeBin></Discretize></DerivedField></TransformationDictionary>
<TreeModel functionName="regression" missingValueStrategy="defaultChild" splitCharacteristic="binarySplit">
<MiningSchema><MiningField name="bill_length_mm"/><MiningField name="body_mass_g"/><MiningField name="island"
 invalidValueTreatment="asIs"/>
<MiningField name="y" usageType="target"/></MiningSchema>
<Node id="0" defaultChild="2"><True/>
<Node id="1" score="1"><SimplePredicate field="kilograms" operator="lessThan" value="3.5"/></Node>
<Node id="2" defaultChild="3"><SimplePredicate field="kilograms" operator="greaterOrEqual" value="3.5"/>
<Node id="3" defaultChild="9"><SimplePredicate field="bill_length_mm" operator="lessOrEqual" value="44.5"/>
<Node id="9" score="2"><SimplePredicate field="place" operator="lessThan" value="5"/></Node>
<Node id="10" score="6"><SimplePredicate field="place" operator="greaterOrEqual" value="5"/></Node></Node>
<Node id="4" defaultChild="6"><SimplePredicate field="bill_length_mm" operator="greaterThan" value="44.5"/>
<Node id="5" score="3"><SimplePredicate field="place" operator="lessThan" value="1.5"/></Node>
<Node id="6" defaultChild="8"><SimplePredicate field="place" operator="greaterOrEqual" value="1.5"/>
<Node id="7" score="4"><SimplePredicate field="size" operator="equal" value="small"/></Node>
<Node id="8" score="5"><SimplePredicate field="size" operator="notEqual" value="small"/></Node>
</Node></Node></Node></Node></TreeModel></PMML>"""
"""A document of what our writer does not write: default children, mapped values, bins, interpolation."""


def cell(place: int, tag: str, text: str, root: Any) -> None:
    """Changes a cell of the table that maps values."""
    every(every(root, "row")[place], tag)[0].text = text


def mapped_to_other(root: Any) -> None:
    cell(0, "out", "2", root)
    cell(1, "out", "1", root)


MASS, LENGTH = "div(body_mass_g)", "div(bill_length_mm)"
DOCUMENT_FAULTS: tuple[DocumentFault, ...] = (
    DocumentFault("mean up one float", "penguin forest", f"DerivedField {LENGTH}", partial(constant, LENGTH, 1, up)),
    DocumentFault(
        "deviation a little off",
        "penguin forest",
        f"DerivedField {MASS}",
        partial(constant, MASS, 2, partial(more, 1e-8)),
    ),
    DocumentFault(
        "median of missing ones off",
        "penguin forest",
        f"DerivedField {MASS}",
        partial(constant, MASS, 0, partial(more, 300.0)),
    ),
    DocumentFault(
        "another island",
        "penguin forest",
        "DerivedField equal(island)",
        partial(constant, "equal(island)", 0, word("Torgersen")),
    ),
    DocumentFault(
        "island in another case",
        "penguin forest",
        "DerivedField equal(island).1",
        partial(constant, "equal(island).1", 0, word("DREAM")),
    ),
    DocumentFault(
        "sexes swapped", "penguin forest", "DerivedField where(sex)", partial(constant, "where(sex)", 0, word("male"))
    ),
    DocumentFault("split up a float32", "penguin forest", "Segment 2", partial(split, 2, 0, partial(single, 2))),
    DocumentFault(
        "deep split down a float32", "penguin forest", "Segment 5", partial(split, 5, -1, partial(single, -2))
    ),
    DocumentFault(
        "leaf a little heavier",
        "penguin forest",
        "Segment 3",
        partial(inside, 3, partial(attribute, "ScoreDistribution", -2, "recordCount", partial(more, 0.001))),
    ),
    DocumentFault("a tree lost", "penguin forest", "Segment 12", partial(lost, 12)),
    DocumentFault(
        "intercept a little off",
        "penguin logistic",
        "RegressionModel",
        partial(attribute, "RegressionTable", 1, "intercept", partial(more, 1e-7)),
    ),
    DocumentFault("coefficients swapped", "penguin logistic", "RegressionModel", coefficients_swapped),
    DocumentFault("a column dropped", "penguin logistic", "RegressionModel", coefficient_lost),
    DocumentFault(
        "category of another coefficient",
        "penguin logistic",
        "RegressionModel",
        partial(attribute, "CategoricalPredictor", 0, "value", word("Dream ")),
    ),
    DocumentFault(
        "mean a little off",
        "penguin logistic",
        f"DerivedField {LENGTH}",
        partial(constant, LENGTH, 1, partial(more, 1e-6)),
    ),
    DocumentFault("split up one float", "boosted", "Segment 1", partial(split, 1, 0, up)),
    DocumentFault("late split down one float", "boosted", "Segment 19", partial(split, 19, -1, down)),
    DocumentFault(
        "leaf a little heavier",
        "boosted",
        "Segment 4",
        partial(inside, 4, partial(attribute, "Node", -1, "score", partial(more, 1e-3))),
    ),
    DocumentFault("a tree lost", "boosted", "Segment 20", partial(lost, 20)),
    DocumentFault(
        "start value off",
        "boosted",
        "MiningModel",
        partial(attribute, "Target", 0, "rescaleConstant", partial(more, 1e-6)),
    ),
    DocumentFault("split up one float", "gappy tree", "TreeModel", partial(split, 0, 0, up)),
    DocumentFault("deep split down one float", "gappy tree", "TreeModel", partial(split, 0, -1, down)),
    DocumentFault("split up one float", "by hand", "TreeModel", partial(split, 0, 2, up)),
    DocumentFault("missing side turned", "by hand", "TreeModel", missing_side),
    DocumentFault(
        "bound no longer included",
        "by hand",
        "TreeModel",
        partial(attribute, "SimplePredicate", 2, "operator", word("lessThan")),
    ),
    DocumentFault("mapped values swapped", "by hand", "DerivedField place", mapped_to_other),
    DocumentFault(
        "mapped category in another case", "by hand", "DerivedField place", partial(cell, 2, "in", "torgersen")
    ),
    DocumentFault(
        "what unknown values are mapped to",
        "by hand",
        "DerivedField place",
        partial(attribute, "MapValues", 0, "defaultValue", word("1")),
    ),
    DocumentFault(
        "interval closed on the other side",
        "by hand",
        "DerivedField size",
        partial(attribute, "Interval", 0, "closure", word("openOpen")),
    ),
    DocumentFault(
        "margin down one float",
        "by hand",
        "DerivedField size",
        partial(attribute, "Interval", 0, "rightMargin", down),
    ),
    DocumentFault(
        "slope a little off",
        "by hand",
        "DerivedField kilograms",
        partial(attribute, "LinearNorm", 1, "norm", partial(more, 1e-9)),
    ),
    DocumentFault(
        "slope up one float",
        "by hand",
        "DerivedField kilograms",
        partial(attribute, "LinearNorm", 1, "norm", up),
    ),
)

SILENT: tuple[DocumentFault, ...] = (
    # The only float that comes into the first bin is in the second one too, and of bins that overlap the later counts.
    DocumentFault(
        "margin up one float",
        "by hand",
        "DerivedField size",
        partial(attribute, "Interval", 0, "rightMargin", up),
    ),
    # All records of the leaf are of one class: its share is c / c, which is 1 for every count.
    DocumentFault(
        "only class of a leaf a little heavier",
        "penguin forest",
        "Segment 3",
        partial(inside, 3, partial(attribute, "ScoreDistribution", -1, "recordCount", partial(more, 0.001))),
    ),
)
"""Changes that no input shows, each with the reason: finding nothing is right."""
