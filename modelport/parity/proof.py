"""Proof: a verdict over every input, not only over those that were tried, from a prover that knows a pair of formats.

A room offers provers in its plugin table. What they find is evidence beside the comparison: a witness becomes a row
of the boundary stratum, where the runtimes themselves decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from modelport.artifacts import Artifact
from modelport.parity.jsonable import decode, encode
from modelport.parity.lanes import reason
from modelport.plugins import plugins
from modelport.provers import Prover
from modelport.signature import Signature


class Verdict(StrEnum):
    """What a prover says of a pair."""

    EQUIVALENT = "equivalent"
    DIFFERENT = "different"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Proof:
    """A prover's verdict.

    Attributes:
        prover: its name and version.
        candidate: the artifact that was held against the reference.
        verdict: see `Verdict`.
        what: one sentence; for an unsupported pair, why.
        witnesses: inputs on which it says that the two differ.
    """

    prover: str
    candidate: str
    verdict: Verdict
    what: str
    witnesses: tuple[Mapping[str, Any], ...] = ()

    def __str__(self) -> str:
        return f"{self.prover} on {self.candidate}: {self.verdict.value}; {self.what}"

    def to_json(self) -> dict[str, Any]:
        rows = [{name: encode(value) for name, value in row.items()} for row in self.witnesses]
        plain = {"prover": self.prover, "candidate": self.candidate, "verdict": self.verdict.value, "what": self.what}
        return plain | {"witnesses": rows}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Proof":
        rows = tuple({name: decode(value) for name, value in row.items()} for row in raw["witnesses"])
        return Proof(raw["prover"], raw["candidate"], Verdict(raw["verdict"]), raw["what"], rows)


def provers() -> tuple[Prover, ...]:
    """Every prover that installed rooms offer, ready or not."""
    return tuple(item for plugin in plugins() for item in plugin.provers)


def proofs_of(artifacts: Sequence[Artifact], signature: Signature) -> tuple[Proof, ...]:
    """What every ready prover says of every candidate that it takes."""
    reference, *candidates = artifacts
    found = []
    for prover in provers():
        if prover.missing() or reference.format.name not in prover.references:
            continue
        takes = [candidate for candidate in candidates if candidate.format.name in prover.candidates]
        found += [_proof(prover, reference, candidate, signature) for candidate in takes]
    return tuple(found)


def _proof(prover: Prover, reference: Artifact, candidate: Artifact, signature: Signature) -> Proof:
    try:
        proof: Proof = prover.prove(reference, candidate, signature)
        return proof
    except Exception as error:
        return Proof(prover.name, candidate.name, Verdict.UNSUPPORTED, reason(error))
