"""A route: the formats it passes, who does each step, and what is missing for it."""

from modelport.graph import Route
from modelport.notebook import blocks

_CHIP = "border:1px solid rgba(128,128,128,.5);border-radius:10px;padding:0 8px"


def html(route: Route) -> str:
    """The representation."""
    if not route.steps:
        return blocks.card("Route", blocks.line("nothing to do"))
    parts = [_chip(route.steps[0].source)]
    for step in route.steps:
        parts += [blocks.dim(f"— {blocks.text(step.engine)} →"), _chip(step.target)]
    licences = sorted({step.licence for step in route.steps if step.licence})
    command = route.missing()
    ready = blocks.mark(blocks.WARN, f"not installed: {command}") if command else blocks.mark(blocks.GOOD, "installed")
    return blocks.card(
        "Route",
        blocks.line(*parts),
        blocks.line(ready, blocks.dim(f"cost {route.cost}"), *(blocks.text(item) for item in licences)),
    )


def _chip(name: str) -> str:
    return f'<span style="{_CHIP}">{blocks.text(name)}</span>'
