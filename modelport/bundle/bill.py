"""The bill of materials: a CycloneDX document that names each model and each library, by digest or exact version.

Source: CycloneDX 1.6 JSON (ECMA-424, first edition). It holds no time, and its serial number is made from what it
lists, so that the same bundle has the same bill.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib import metadata
from typing import TYPE_CHECKING, Any

from modelport._version import __version__
from modelport.bundle.origins import Origin
from modelport.signature import Signature, type_name

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport

_BUNDLE = "bundle"


def bill(
    name: str, found: Sequence[Origin], signature: Signature, locked: Mapping[str, str], report: "ParityReport"
) -> bytes:
    """The document.

    Args:
        name: of the bundle.
        found: its models.
        locked: distribution → version of the environment lock.
        report: of the comparison they passed, which the model cards quote.
    """
    models = [_model(origin, signature, report) for origin in found]
    libraries = [_library(*item) for item in locked.items()]
    document: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "modelport", "version": __version__}]},
            "component": {"type": "data", "bom-ref": _BUNDLE, "name": name},
        },
        "components": [*models, *libraries],
        "dependencies": _dependencies(found, [item["bom-ref"] for item in libraries]),
    }
    return _numbered(document)


def _numbered(document: dict[str, Any]) -> bytes:
    """With a serial number in the form of a random UUID (RFC 4122, version 4) whose bits are those of the content."""
    digest = sha256(json.dumps(document, sort_keys=True).encode()).digest()
    document["serialNumber"] = uuid.UUID(bytes=digest[:16], version=4).urn
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _model(origin: Origin, signature: Signature, report: "ParityReport") -> dict[str, Any]:
    told = {"modelport:format": origin.entry.format, "modelport:producer": origin.producer}
    return {
        "type": "machine-learning-model",
        "bom-ref": origin.entry.member,
        "name": origin.entry.name,
        "hashes": [{"alg": "SHA-256", "content": origin.sha256}],
        "modelCard": _card(origin, signature, report),
        "properties": [{"name": name, "value": value} for name, value in told.items() if value],
    }


def _card(origin: Origin, signature: Signature, report: "ParityReport") -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "inputs": [{"format": text} for text in _formats(signature.inputs)],
        "outputs": [{"format": text} for text in _formats(signature.outputs)],
    }
    if signature.task:
        parameters["task"] = signature.task.value
    limits = [f"{n.kind.value}: {n.where}: {n.what}" for n in (origin.converted.notes if origin.converted else ())]
    card: dict[str, Any] = {"modelParameters": parameters}
    metrics = list(_metrics(origin, report))
    if metrics:
        card["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    if limits:
        card["considerations"] = {"technicalLimitations": limits}
    return card


def _formats(columns: Any) -> list[str]:
    return [f"{column.name}: {type_name(column.type)}{' or missing' if column.nullable else ''}" for column in columns]


def _metrics(origin: Origin, report: "ParityReport") -> Iterator[dict[str, Any]]:
    """For each runtime and kind of rows: the share that differs from the reference, and its upper bound."""
    for pair in report.official:
        subject = report.subjects[pair.second]
        if subject.sha256 != origin.sha256 or subject.artifact != origin.entry.name:
            continue
        for stratum in (stratum for stratum in pair.strata if stratum.rows):
            yield {
                "type": f"share of rows that differ from the reference, in {subject.runtime}",
                "slice": f"{stratum.name} rows ({stratum.rows})",
                "value": repr(stratum.different / stratum.rows),
                "confidenceInterval": {
                    "lowerBound": "0",
                    "upperBound": repr(stratum.bound(report.settings.confidence)),
                },
            }


def _library(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    found: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    about = metadata.metadata(name)
    if "License-Expression" in about:
        found["licenses"] = [{"expression": about["License-Expression"]}]
    return found


def _dependencies(found: Sequence[Origin], libraries: Sequence[str]) -> list[dict[str, Any]]:
    members = [origin.entry.member for origin in found]
    edges = [{"ref": _BUNDLE, "dependsOn": sorted([*members, *libraries])}]
    edges += [{"ref": o.entry.member, "dependsOn": [o.source] if o.source else []} for o in found]
    return edges + [{"ref": name} for name in libraries]
