"""The names that members of a bundle may have. A list of what is allowed: a reader meets nothing else."""

import re
from pathlib import PurePath

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
REPORT = "parity/report.json"
INPUTS = "golden/inputs.arrow"
PROVENANCE = "provenance.json"
LOCK = "environment/requirements.txt"
BILL = "sbom.cdx.json"
CARD = "card/model.md"
CARD_PAGE = "card/model.html"

_MODEL = re.compile(r"models/[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_EXPECTED = re.compile(r"golden/expected/(0|[1-9][0-9]{0,2})\.arrow")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that are devices where the file system is Windows', whatever their suffix."""

REQUIRED = (SIGNATURE, REPORT, INPUTS, PROVENANCE, LOCK, BILL, CARD, CARD_PAGE)
"""What every bundle has besides its manifest, its models and their recorded answers."""
_FIXED = frozenset((MANIFEST, *REQUIRED))


def allowed(name: str) -> bool:
    """Whether a bundle may have a member of this name."""
    return name in _FIXED or bool(_EXPECTED.fullmatch(name)) or _is_model(name)


def _is_model(name: str) -> bool:
    file = name.rpartition("/")[2]
    return bool(_MODEL.fullmatch(name)) and not file.endswith(".") and not _DEVICE.fullmatch(file)


def model_member(file_name: str, taken: set[str]) -> str:
    """The member name for a model file: its own name, with what is not plain replaced, and made unique."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", PurePath(file_name).name).lstrip("._-")[-120:].strip("._-") or "model"
    plain = f"model-{plain}" if _DEVICE.fullmatch(plain) else plain
    stem, dot, suffix = plain.partition(".")
    candidates = (f"models/{stem}{f'-{i}' if i else ''}{dot}{suffix}" for i in range(1000))
    return next(name for name in candidates if name.lower() not in taken)


def expected_member(index: int) -> str:
    """Where the outputs of the golden rows in the `index`-th run lie."""
    return f"golden/expected/{index}.arrow"
