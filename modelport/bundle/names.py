"""The names that members of a bundle may have. A list of what is allowed: a reader meets nothing else."""

import re
from pathlib import PurePath

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
REPORT = "parity/report.json"
INPUTS = "golden/inputs.arrow"

_MODEL = re.compile(r"models/[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_EXPECTED = re.compile(r"golden/expected/[0-9]{1,3}\.arrow")
_FIXED = frozenset((MANIFEST, SIGNATURE, REPORT, INPUTS))


def allowed(name: str) -> bool:
    """Whether a bundle may have a member of this name."""
    return name in _FIXED or bool(_MODEL.fullmatch(name) or _EXPECTED.fullmatch(name))


def model_member(file_name: str, taken: set[str]) -> str:
    """The member name for a model file: its own name, with what is not plain replaced, and made unique."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", PurePath(file_name).name).lstrip("._-")[-120:].lstrip("._-") or "model"
    stem, dot, suffix = plain.partition(".")
    candidates = (f"models/{stem}{f'-{i}' if i else ''}{dot}{suffix}" for i in range(1000))
    return next(name for name in candidates if name.lower() not in taken)


def expected_member(index: int) -> str:
    """Where the outputs of the golden rows in the `index`-th run lie."""
    return f"golden/expected/{index}.arrow"
