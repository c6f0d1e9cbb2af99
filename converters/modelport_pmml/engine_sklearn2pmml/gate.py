"""What sklearn2pmml would refuse by itself, said before it runs: other versions of scikit-learn, and its own age."""

import logging
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

from modelport.errors import MissingExtra

NEWEST_SKLEARN = (1, 9, 0)
"""sklearn2pmml 0.133 refuses scikit-learn 1.9.1 and asks to downgrade to 1.9.0."""
LAST_SUCH_GATE = (0, 133)
"""Newer releases may know newer versions; then the program's own message is translated."""
WARNS_AFTER, REFUSES_AFTER = timedelta(days=180), timedelta(days=360)

log = logging.getLogger(__name__)


def check(now: datetime | None = None) -> None:
    """Refuses what sklearn2pmml would refuse, and warns of what it will soon refuse.

    Raises:
        MissingExtra: its scikit-learn gate or its expiry stands in the way; the hint is the command that helps.
    """
    check_sklearn(version("scikit-learn"), version("sklearn2pmml"))
    check_age(built(), now or datetime.now(UTC))


def check_sklearn(sklearn: str, sklearn2pmml: str) -> None:
    if _release(sklearn2pmml)[:2] <= LAST_SUCH_GATE and _release(sklearn) > NEWEST_SKLEARN:
        raise MissingExtra(
            f"sklearn2pmml {sklearn2pmml} refuses scikit-learn {sklearn}; it knows versions up to 1.9.0",
            hint='pip install "scikit-learn==1.9.0", or leave out --engine sklearn2pmml',
        )


def check_age(build: datetime | None, now: datetime) -> None:
    if build is None:
        return
    end = build + REFUSES_AFTER
    if now >= end:
        raise MissingExtra(
            f"sklearn2pmml expired: built on {build:%Y-%m-%d}, it refuses to run after {REFUSES_AFTER.days} days",
            hint="pip install --upgrade sklearn2pmml, or leave out --engine sklearn2pmml",
        )
    if now >= build + WARNS_AFTER:
        log.warning(
            "sklearn2pmml was built on %s and will refuse to run from %s: pip install --upgrade sklearn2pmml",
            f"{build:%Y-%m-%d}",
            f"{end:%Y-%m-%d}",
        )


def built() -> datetime | None:
    """When its Java program was built, from the manifest; None if it does not say."""
    spec = find_spec("sklearn2pmml")
    folder = Path(next(iter(spec.submodule_search_locations or ()))) if spec else Path()
    for jar in sorted((folder / "resources").glob("sklearn2pmml-*.jar")):
        with ZipFile(jar) as archive:
            manifest = archive.read("META-INF/MANIFEST.MF").decode()
        for line in manifest.splitlines():
            if line.startswith("Build-Timestamp:"):
                return datetime.fromisoformat(line.partition(":")[2].strip())
    return None


def _release(text: str) -> tuple[int, ...]:
    parts = []
    for part in text.split(".")[:3]:
        digits = "".join(char for char in part if char.isdigit())
        parts.append(int(digits or 0))
    return tuple(parts)
