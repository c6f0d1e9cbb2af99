"""A pre-flight: each step and each format, and what to use where one is not reached."""

from modelport.notebook import blocks
from modelport.reach import Preflight, Reach

_COLOURS = {
    Reach.EXACT: blocks.GOOD,
    Reach.NOTES: blocks.WARN,
    Reach.REFUSED: blocks.BAD,
    Reach.UNKNOWN: blocks.NONE,
}


def html(found: Preflight) -> str:
    """The representation; steps that are refused come first where there are many."""
    order = sorted(found.steps, key=lambda step: step not in found.blockers) if _many(found) else found.steps
    rows = []
    for step in order[: blocks.MOST]:
        reach = [_reach(step.reach[target]) if target in step.reach else "" for target in found.targets]
        why = " — ".join(blocks.text(part) for part in (step.reason, step.instead) if part)
        kind = blocks.dim(blocks.text(step.kind.rpartition(".")[2]))
        rows.append((blocks.text(step.where), kind, *reach, why))
    whole = ("<strong>the model</strong>", "", *(_reach(found.reach(target)) for target in found.targets), "")
    return blocks.card(
        f"Pre-flight of {blocks.code(found.model)}",
        blocks.table(("step", "class", *found.targets, ""), [whole, *rows], len(found.steps) + 1),
    )


def _many(found: Preflight) -> bool:
    return len(found.steps) + 1 > blocks.MOST


def _reach(reach: Reach) -> str:
    return f'<span style="white-space:nowrap">{blocks.mark(_COLOURS[reach], reach.value)}</span>'
