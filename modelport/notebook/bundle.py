"""A bundle: the models it holds, and the evidence."""

from modelport.bundle.building import Bundle
from modelport.notebook import blocks, columns
from modelport.notebook.sizes import size


def html(bundle: Bundle) -> str:
    """The representation."""
    manifest = bundle.manifest
    rows = []
    for entry in manifest.models:
        facts = manifest.files[entry.member]
        is_reference = "reference" if entry.member == manifest.reference else ""
        digest = blocks.code(str(facts["sha256"])[:12] + "…")
        rows.append(
            (blocks.code(entry.name), blocks.text(entry.format), size(int(facts["size"])), digest, is_reference)
        )
    runs = ", ".join(dict.fromkeys(run.runtime for run in manifest.golden))
    golden = f"{manifest.rows:,} golden rows, recorded in {runs}"
    return blocks.card(
        f"Bundle {blocks.code(bundle.path.name)}",
        blocks.line(blocks.mark(blocks.GOOD, manifest.parity)),
        blocks.table(("model", "format", "size", "SHA-256", ""), rows),
        blocks.line(blocks.dim(blocks.text(golden))),
        blocks.folded(
            "inputs and outputs", columns.outputs(bundle.signature.outputs) + columns.inputs(bundle.signature.inputs)
        ),
    )
