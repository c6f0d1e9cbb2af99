"""A conversion: where it went, whether it is exact, and whether the answers agree."""

from modelport.converting import Conversion
from modelport.notebook import blocks


def html(found: Conversion) -> str:
    """The representation."""
    target = found.path.name if found.path else found.model.artifact.format.title
    if found.report is None:
        verdict = blocks.mark(blocks.NONE, "not compared with the original")
    else:
        verdict = blocks.mark(blocks.GOOD if found.report.passed else blocks.BAD, found.report.sentence())
    notes = [(blocks.text(note.kind.value), blocks.text(note.where), blocks.text(note.what)) for note in found.notes]
    exact = blocks.mark(blocks.GOOD, "exact") if not notes else blocks.mark(blocks.WARN, f"{len(notes)} note(s)")
    return blocks.card(
        f"Converted to {blocks.code(target)}",
        blocks.line(exact, blocks.dim(blocks.text(found.route))),
        blocks.line(verdict),
        blocks.table(("note", "where", "what"), notes) if notes else "",
    )
