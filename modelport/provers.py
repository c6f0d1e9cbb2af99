"""Prover: something that proves two models equal over every input, or finds where they are not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modelport.artifacts import Artifact
from modelport.plugins import absent, install_command
from modelport.signature import Signature


@dataclass(frozen=True, slots=True)
class Prover:
    """A way to prove two artifacts equal, or to find where they are not.

    Attributes:
        name: what reports call it.
        references, candidates: names of the formats it takes on either side.
        prove: reference, candidate, the reference's signature → Proof. Whatever it raises makes the pair unsupported.
        requires, extra: as for `Converter`.
    """

    name: str
    references: tuple[str, ...]
    candidates: tuple[str, ...]
    prove: Callable[[Artifact, Artifact, Signature], Any]
    requires: tuple[str, ...] = ()
    extra: str | None = None

    def missing(self) -> str | None:
        """The command that installs what this prover lacks, or None if it is ready."""
        if not absent(self.requires):
            return None
        return install_command(self.extra) if self.extra else f"pip install {' '.join(absent(self.requires))}"
