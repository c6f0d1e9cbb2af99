"""Plain files: every member of the bundle under its own name, and their digests as `sha256sum` reads them."""

from collections.abc import Mapping

from modelport.bundle import names
from modelport.exports.source import Content, Member, Source

SUMS = "SHA256SUMS"


def files(source: Source) -> Mapping[str, Content]:
    """See `Target.files`. The digest of the manifest is of the manifest as it lies in the bundle."""
    from hashlib import sha256

    known = source.contents.manifest.files
    manifest = source.contents.archive.read(names.MANIFEST)
    sums = {name: str(about["sha256"]) for name, about in known.items()}
    sums[names.MANIFEST] = sha256(manifest).hexdigest()
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    found: dict[str, Content] = {name: Member(name) for name in known}
    return found | {names.MANIFEST: manifest, SUMS: lines.encode()}
