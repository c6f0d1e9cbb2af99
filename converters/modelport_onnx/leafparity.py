"""The prover leafparity: numerical tree ensembles of scikit-learn, XGBoost and LightGBM against ONNX.

It reads both models and walks them over the whole input space. Source: leafparity 0.1.2, `leafparity.analyze`.
"""

import warnings
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.errors import CannotConvert
from modelport.parity.proof import Proof, Verdict
from modelport.signature import Signature

SECONDS = 5.0
"""Spent on tightening the bound of the largest difference."""

MOST_NODES = 20_000
"""Of the trees that it is asked about."""

_VERDICTS = {"EQUIVALENT": Verdict.EQUIVALENT, "NOT EQUIVALENT": Verdict.DIFFERENT}


def prove(reference: Artifact, candidate: Artifact, signature: Signature) -> Proof:
    """The verdict for all inputs of the signature: with missing values where it allows them, without infinities.

    Raises:
        CannotConvert: inputs that are not of one type of float, or a graph that modelport wrote: there the tree
            operator gives leaves or partial sums, which leafparity takes for the outputs.
        Exception: whatever leafparity raises for models that it does not support.
    """
    from leafparity import analyze

    if candidate.model.producer_name == "modelport":
        raise CannotConvert("leafparity reads the sums of the tree operator, which is not all of this graph")
    if nodes_of(candidate.model) > MOST_NODES:
        raise CannotConvert(f"a forest of more than {MOST_NODES:,} nodes would take leafparity minutes")
    kinds = {column.type for column in signature.inputs}
    if len(kinds) != 1 or not pa.types.is_floating(next(iter(kinds))):
        raise CannotConvert("leafparity takes inputs of one type of float only")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it gives matrices to estimators that were fitted on names
        found = analyze(
            reference.model,
            candidate.model,
            input_dtype="float32" if kinds == {pa.float32()} else "float64",
            allow_missing=any(column.nullable for column in signature.inputs),
            feature_names=[column.name for column in signature.inputs],
            worst_case_seconds=SECONDS,
        )
    verdict = _VERDICTS.get(found.verdict["status"], Verdict.UNSUPPORTED)
    name = f"leafparity {version('leafparity')}"
    return Proof(name, candidate.name, verdict, str(found.verdict["headline"]), tuple(_rows(found, signature)))


def nodes_of(model: Any) -> int:
    """How many nodes the trees of a graph have."""
    attributes = (attribute for node in model.graph.node for attribute in node.attribute)
    return sum(len(attribute.ints) for attribute in attributes if attribute.name == "nodes_featureids")


def _rows(found: Any, signature: Signature) -> Iterator[Mapping[str, Any]]:
    """Witnesses as rows of the signature's inputs; NaN is missing."""
    for finding in [*found.findings, *found.worst]:
        cells = finding.get("witness", {}).get("input")
        if cells:
            values = [float(value) for value in cells.values()]
            yield {
                column.name: None if value != value else value
                for column, value in zip(signature.inputs, values, strict=True)
            }
