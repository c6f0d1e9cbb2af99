"""What can be told about a bundle without running any of its models."""

from pathlib import Path

from modelport.bundle.checking import verify_bytes
from modelport.formats import Inspection


def inspect(path: Path) -> Inspection:
    """Reads a bundle, verifies its bytes, and tells what it holds.

    Raises:
        InputError: damaged; Unsafe: hostile.
    """
    contents = verify_bytes(path)
    manifest = contents.manifest
    facts = {
        "models": ", ".join(f"{entry.name} ({entry.format})" for entry in manifest.models),
        "reference": manifest.entry(manifest.reference).name,
        "golden rows": manifest.rows,
        "recorded in": ", ".join(dict.fromkeys(run.runtime for run in manifest.golden)),
        "parity": manifest.parity,
    }
    return Inspection(
        "bundle",
        f"bundle of {len(manifest.models)} model{'s' if len(manifest.models) > 1 else ''}",
        path.stat().st_size,
        producer=f"modelport {manifest.made_with.get('modelport', '?')}",
        signature=contents.signature,
        facts=facts,
    )
