"""What can be told about a PMML file; parsing XML runs none of its code."""

from collections import Counter
from pathlib import Path
from typing import Any

from lxml import etree

from modelport.errors import InputError
from modelport.formats import Inspection, Policy
from modelport.signature import Signature
from modelport_pmml.document import MODELS, PmmlDocument, read
from modelport_pmml.safe_xml import child, children, local
from modelport_pmml.signature import signature

STEPS = frozenset((*MODELS, "DerivedField", "OutputField", "Segment", "Node", "DefineFunction"))


def inspect(path: Path) -> Inspection:
    """Kind of model, producer, inputs and outputs, elements.

    Raises:
        InputError, Unsafe: as for reading it.
    """
    document = read(path, Policy())
    kinds = [local(item) for item in document.root if local(item) in MODELS]
    return Inspection(
        format="pmml",
        kind=kinds[0] if kinds else "PMML without a model",
        size=len(document.data),
        producer=document.application,
        signature=_signature(document),
        steps=tuple(sorted(_steps(document.root).items(), key=lambda step: (-step[1], step[0]))),
        facts=_facts(document, kinds),
        warnings=tuple(_warnings(document, kinds)),
    )


def _signature(document: PmmlDocument) -> Signature | None:
    try:
        return signature(document)
    except InputError:
        return None


def _steps(root: etree._Element) -> Counter[str]:
    return Counter(name for item in root.iter() if (name := local(item)) in STEPS)


def _facts(document: PmmlDocument, kinds: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"version": document.version}
    if document.timestamp:
        facts["written"] = document.timestamp
    facts["fields"] = len(document.fields)
    if kinds:
        model = document.model if any(item.get("isScorable", "true") == "true" for item in document.root) else None
        facts["function"] = None if model is None else model.get("functionName")
        facts["algorithm"] = None if model is None else model.get("algorithmName")
        facts["golden rows"] = 0 if model is None else _verification_rows(model)
    return {name: value for name, value in facts.items() if value is not None}


def _verification_rows(model: etree._Element) -> int:
    block = child(model, "ModelVerification")
    table = None if block is None else child(block, "InlineTable")
    return 0 if table is None else len(children(table, "row"))


def _warnings(document: PmmlDocument, kinds: list[str]) -> list[str]:
    warnings = []
    if len(kinds) > 1:
        warnings.append(f"it holds {len(kinds)} models; evaluators score the first that is scorable")
    if any(local(item) == "Extension" for item in document.root.iter()):
        warnings.append("it has vendor extensions, which evaluators ignore")
    return warnings
