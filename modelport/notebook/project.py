"""A project's results: one row for each model."""

from modelport.ci.markdown import HEADINGS
from modelport.ci.result import ProjectReport
from modelport.notebook import blocks


def html(found: ProjectReport) -> str:
    """The representation."""
    rows = []
    for model, cells in zip(found.models, found.rows(), strict=True):
        good = blocks.mark(blocks.GOOD, "good") if model.exit_code == 0 else blocks.mark(blocks.BAD, "fails")
        rows.append((good, *(blocks.text(cell) for cell in cells)))
    colour = blocks.GOOD if found.passed else blocks.BAD
    return blocks.card(blocks.mark(colour, found.sentence()), blocks.table(("", *HEADINGS), rows))
