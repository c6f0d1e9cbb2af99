"""Pre-flight: before anything is fitted or converted, which formats each step of a model reaches, and how."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Reach(StrEnum):
    """How a step reaches a format."""

    EXACT = "exact"
    NOTES = "with notes"
    REFUSED = "not at all"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a model.

    Attributes:
        path: names from the outermost step in (`pipeline › scale`).
        kind: the step's class, by its public path.
        reach: target format → how it gets there.
        reason: why it is refused or noted; empty where it is exact.
        instead: what to use in its place.
    """

    path: tuple[str, ...]
    kind: str
    reach: dict[str, Reach]
    reason: str = ""
    instead: str = ""

    @property
    def where(self) -> str:
        return " › ".join(self.path)


@dataclass(frozen=True, slots=True)
class Preflight:
    """The steps of a model, and what they reach.

    Attributes:
        model: what was looked at.
        steps: outermost first.
    """

    model: str
    steps: tuple[Step, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """The formats that are spoken about."""
        return tuple(dict.fromkeys(target for step in self.steps for target in step.reach))

    def reach(self, target: str) -> Reach:
        """How the whole model reaches a format: as its weakest step does."""
        order = [Reach.EXACT, Reach.NOTES, Reach.UNKNOWN, Reach.REFUSED]
        found = [step.reach[target] for step in self.steps if target in step.reach]
        return max(found, key=order.index) if found else Reach.UNKNOWN

    @property
    def blockers(self) -> tuple[Step, ...]:
        """Steps that some format refuses."""
        return tuple(step for step in self.steps if Reach.REFUSED in step.reach.values())

    def to_json(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        return {
            "model": self.model,
            "targets": {target: self.reach(target).value for target in self.targets},
            "steps": [
                {
                    "path": list(step.path),
                    "kind": step.kind,
                    "reach": {target: reach.value for target, reach in step.reach.items()},
                    "reason": step.reason,
                    "instead": step.instead,
                }
                for step in self.steps
            ],
        }

    def _repr_html_(self) -> str:
        from modelport.notebook.preflight import html

        return html(self)

    def __repr__(self) -> str:
        lines = [f"<Preflight {self.model}: {', '.join(f'{t} {self.reach(t).value}' for t in self.targets)}>"]
        for step in self.blockers:
            instead = f" — {step.instead}" if step.instead else ""
            lines.append(f"  {step.where}: {step.reason}{instead}")
        return "\n".join(lines)
