"""What can be told about a PMML file, through the typed reader; reading XML runs none of its code."""

from collections import Counter
from pathlib import Path
from typing import Any

from modelport.errors import InputError
from modelport.formats import Inspection, Policy
from modelport.signature import Signature
from modelport_pmml.document import MODELS
from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.nodes import Nodes
from modelport_pmml.reader.read import read

STEPS = frozenset((*MODELS, "DerivedField", "OutputField", "Segment", "Node", "DefineFunction"))
SMALL = 32 << 20
"""Bytes of a file whose outputs are worked out too, which needs its whole tree; of others the inputs are told."""

_CHUNK, _MARK = 1 << 20, b"<Extension"


def inspect(path: Path) -> Inspection:
    """Kind of model, producer, inputs and outputs, elements.

    Raises:
        InputError: the document contradicts the specification; the line is named.
        Unsafe: it has a DOCTYPE, or is nested too deeply.
    """
    document = read(path)
    kinds = [item.tag() for item in document.models]
    return Inspection(
        format="pmml",
        kind=kinds[0] if kinds else "PMML without a model",
        size=path.stat().st_size,
        producer=_producer(document),
        signature=_signature(document, path) if kinds else None,
        steps=tuple(sorted(_steps(document).items(), key=lambda step: (-step[1], step[0]))),
        facts=_facts(document),
        warnings=tuple(_warnings(document, kinds, path)),
    )


def _producer(document: Pmml) -> str | None:
    found = document.header.application if document.header else None
    return " ".join(part for part in (found.name, found.version) if part) or None if found else None


def _signature(document: Pmml, path: Path) -> Signature | None:
    from modelport_pmml.document import read as read_tree
    from modelport_pmml.signature import signature
    from modelport_pmml.to_onnx.convert import input_columns

    try:
        if path.stat().st_size <= SMALL:
            return signature(read_tree(path, Policy()))
        return Signature(input_columns(document))
    except InputError:
        return None


def _steps(document: Pmml) -> Counter[str]:
    found: Counter[str] = Counter()
    for item in document.walk():
        if isinstance(item, Nodes):
            found["Node"] += len(item)
        elif item.tag() in STEPS:
            found[item.tag()] += 1
    return found


def _facts(document: Pmml) -> dict[str, Any]:
    model = next((item for item in document.models if item.is_scorable), None)
    stamp = document.header.timestamp if document.header else None
    facts: dict[str, Any] = {
        "version": document.version,
        "written": stamp.content.strip() or None if stamp else None,
        "fields": len(document.fields),
    }
    if model is not None:
        facts["function"], facts["algorithm"] = model.function_name, model.algorithm_name
    if document.models:
        facts["golden rows"] = _verification_rows(model) if model else 0
    return {name: value for name, value in facts.items() if value is not None}


def _verification_rows(model: Model) -> int:
    table = model.verification.table if model.verification else None
    return len(table.rows) if table else 0


def _warnings(document: Pmml, kinds: list[str], path: Path) -> list[str]:
    warnings = []
    if len(kinds) > 1:
        warnings.append(f"it holds {len(kinds)} models; evaluators score the first that is scorable")
    if _has_extensions(path):
        warnings.append("it has vendor extensions, which evaluators ignore")
    strangers = [item for element in document.walk() for item in element.unknown]
    if strangers:
        first = strangers[0]
        more = f", and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        warnings.append(f"<{first.name}> at line {first.at.line} is no element that is known here{more}")
    return warnings


def _has_extensions(path: Path) -> bool:
    """Whether an extension stands anywhere, whatever the file's size."""
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _MARK in tail + chunk:
                return True
            tail = chunk[-len(_MARK) :]
    return False
