"""Checking a bundle: every byte against the manifest, then the golden rows in the runtimes that are here."""

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from modelport.artifacts import Artifact
from modelport.bundle import arrow, names
from modelport.bundle.archive import LARGE, SMALL, Archive, open_archive
from modelport.bundle.compare import differences
from modelport.bundle.manifest import Golden, Manifest, loads
from modelport.bundle.signing import Signed, verify
from modelport.bundle.versions import runtime_version
from modelport.errors import DataError, InputError, ModelportError, UsageError
from modelport.formats import Policy, formats
from modelport.isolation import open_session
from modelport.parity.adapt import fit_inputs
from modelport.runtimes import Runtime, runtime, runtimes
from modelport.signature import Signature

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport

_T = TypeVar("_T")

MATCHES, DIFFERS, FAILED, NOT_RUN = "matches", "differs", "failed", "not run"


@dataclass(frozen=True, slots=True)
class GoldenRun:
    """The golden rows in one runtime, then and now.

    Attributes:
        model: the file's name.
        runtime: the runtime's name.
        then, now: the runtime's version when the bundle was built, and here; None where it is not known.
        outcome: `matches`, `differs`, `failed` or `not run`.
        detail: what differs or failed, or why it was not run.
        seconds: that opening the model and scoring took.
    """

    model: str
    runtime: str
    then: str | None
    now: str | None
    outcome: str
    detail: str | None = None
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. Damage never gets this far: it is an error.

    Attributes:
        path: the bundle.
        manifest, signature: what it holds.
        runs: one for each golden run that was recorded.
        bytes: checked, all of the file.
        signed: the signature that holds; None if none was asked for.
    """

    path: Path
    manifest: Manifest
    signature: Signature
    runs: tuple[GoldenRun, ...]
    bytes: int
    signed: Signed | None = None

    @property
    def ran(self) -> int:
        return sum(run.outcome != NOT_RUN for run in self.runs)

    @property
    def passed(self) -> bool:
        """Whether at least one runtime re-ran the golden rows, and every one that did gave the same answers."""
        return self.ran > 0 and all(run.outcome in (MATCHES, NOT_RUN) for run in self.runs)

    @property
    def exit_code(self) -> int:
        """0 if it passed; 6 if no runtime here could re-run anything; else 1."""
        if self.passed:
            return 0
        return 6 if self.ran == 0 else 1

    def sentence(self) -> str:
        """The verdict in one sentence."""
        if self.ran == 0:
            return "Every byte is as it was built, but no runtime here could re-run the golden rows."
        bad = [run for run in self.runs if run.outcome in (DIFFERS, FAILED)]
        if bad:
            first = f"{bad[0].model} in {bad[0].runtime} {bad[0].outcome}"
            more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
            return f"Every byte is as it was built, but on the golden rows {first}: {bad[0].detail}{more}."
        runs = f"{self.ran} run{'s' if self.ran > 1 else ''}"
        return f"Every byte is as it was built, and {self.manifest.rows} golden rows give the same answers in {runs}."

    def to_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "sentence": self.sentence(),
            "bundle": str(self.path),
            "bytes": self.bytes,
            "signature": self.signed.to_json() if self.signed else None,
            "manifest": self.manifest.to_json(),
            "runs": [run.to_json() for run in self.runs],
        }

    def __repr__(self) -> str:
        return f"<CheckReport {self.path.name!r}: {self.sentence()}>"


@dataclass(frozen=True, slots=True)
class Contents:
    """A bundle whose every byte was verified.

    Attributes:
        archive: the opened file.
        manifest, signature, report: its parts, read and consistent.
        rows: the golden input rows.
    """

    archive: Archive
    manifest: Manifest
    signature: Signature
    report: "ParityReport"
    rows: pa.RecordBatch


def check(
    path: Path,
    *,
    runtimes: Sequence[str] | None = None,
    trust: Sequence[str] = (),
    key: Path | None = None,
    roots: Sequence[Path] = (),
    signature: Path | None = None,
) -> CheckReport:
    """Verifies the signature, if a key or roots are given, then every byte, and re-runs the golden rows.

    Args:
        key, roots, signature: see `modelport.bundle.signing.verify`; nothing of a bundle is read whose signature does
            not hold.
        runtimes: names of those to use, each of which must be installed; None for every installed one that starts
            no JVM (or for all installed ones, if the bundle can be run in no other).
        trust: globals that the pickle gate lets through besides its own list.

    Raises:
        BadSignature: the signature that was asked for is missing or does not hold.
        InputError: missing, damaged or inconsistent; Unsafe: hostile.
        UsageError, MissingExtra: a runtime that was asked for is unknown, records nothing here, or is not installed.
    """
    if signature is not None and key is None and not roots:
        raise UsageError("a signature is verified with a key or with root certificates", hint="--key or --root")
    signed = verify(path, key=key, roots=roots, signature=signature) if key or roots else None
    contents = verify_bytes(path)
    chosen = _chosen(contents.manifest, runtimes)
    with tempfile.TemporaryDirectory(prefix="modelport-") as folder:
        runs = [_rerun(contents, run, chosen, Path(folder), Policy(tuple(trust))) for run in contents.manifest.golden]
    return CheckReport(path, contents.manifest, contents.signature, tuple(runs), path.stat().st_size, signed)


def verify_bytes(path: Path) -> Contents:
    """Reads all of a bundle and verifies each byte; no model is opened.

    Raises:
        InputError: damaged, or its parts do not belong together; Unsafe: hostile.
    """
    from modelport.parity.report import ParityReport

    bundle = open_archive(path)
    manifest = loads(bundle.read(names.MANIFEST, SMALL), str(path))
    _verify_digests(bundle, manifest)
    signature = _parsed(bundle, names.SIGNATURE, Signature.from_json)
    report = _parsed(bundle, names.REPORT, ParityReport.from_json)
    if not report.passed:
        raise bundle.damaged("the parity report in this bundle did not pass")
    rows = arrow.loads(bundle.read(names.INPUTS), signature.input_schema, str(path))
    if rows.num_rows != manifest.rows or not manifest.rows or not manifest.golden:
        raise bundle.damaged("this bundle has not the golden rows that its manifest promises")
    return Contents(bundle, manifest, signature, report, rows)


def _verify_digests(bundle: Archive, manifest: Manifest) -> None:
    if set(bundle.members) != set(manifest.files) | {names.MANIFEST}:
        stray = sorted(set(bundle.members) ^ (set(manifest.files) | {names.MANIFEST}))
        raise bundle.damaged(f"the archive and its manifest disagree about {stray[0]}")
    for name, expected in manifest.files.items():
        if bundle.copy(name, None) != expected["sha256"] or bundle.members[name][0].size != expected["size"]:
            raise bundle.damaged(f"the content of {name} is not what the manifest says")


def _parsed(bundle: Archive, name: str, read: Callable[[Mapping[str, Any]], _T]) -> _T:
    """A member that is a JSON object, as what it stands for; whatever is wrong with it is bad input."""
    try:
        found = json.loads(bundle.read(name, LARGE))
        if not isinstance(found, dict):
            raise bundle.damaged(f"{name} is not a JSON object")
        return read(found)
    except (ValueError, RecursionError) as error:
        raise bundle.damaged(f"{name} is not JSON") from error
    except (UsageError, AttributeError, TypeError, KeyError, OverflowError) as error:
        raise bundle.damaged(f"{name} is not what its name says: {error}") from error


def _chosen(manifest: Manifest, asked: Sequence[str] | None) -> frozenset[str]:
    """Names of the runtimes that will be used."""
    recorded = [run.runtime for run in manifest.golden]
    if asked is not None:
        for name in asked:
            runtime(name)
            if name not in recorded:
                hint = f"it has {', '.join(dict.fromkeys(recorded))}"
                raise DataError(f"this bundle has no golden rows for the runtime {name}", where=name, hint=hint)
        return frozenset(asked)
    ready = [item for name in recorded if (item := runtimes().get(name)) and not item.missing()]
    quick = frozenset(item.name for item in ready if not item.jvm)
    return quick or frozenset(item.name for item in ready)


def _rerun(contents: Contents, run: Golden, chosen: frozenset[str], folder: Path, policy: Policy) -> GoldenRun:
    entry = contents.manifest.entry(run.model)
    found = runtimes().get(run.runtime)
    kind = formats().get(entry.format)
    if found is None or kind is None or run.runtime not in chosen:
        return GoldenRun(entry.name, run.runtime, run.version, None, NOT_RUN, _why_not(found, kind is not None))
    expected = _expected(contents, run)
    begin = time.perf_counter()
    try:
        path = _extracted(contents.archive, run.model, folder)
        outputs = _scored(found, Artifact(kind, path, policy, label=entry.name), contents)
        unlike = differences(expected, outputs, contents.report.settings)
        outcome, detail = (DIFFERS, unlike[0]) if unlike else (MATCHES, None)
    except ModelportError as error:
        outcome, detail = FAILED, error.what + (f"; {error.hint}" if error.hint else "")
    seconds = time.perf_counter() - begin
    return GoldenRun(entry.name, run.runtime, run.version, runtime_version(run.runtime), outcome, detail, seconds)


def _why_not(found: Runtime | None, readable: bool) -> str:
    if found is None:
        return "no runtime of this name is known here"
    if not readable:
        return "no format of this name is known here"
    command = found.missing()
    if command:
        return f"not installed; {command}"
    return f"starts a JVM (--runtime {found.name})" if found.jvm else "not asked for"


def _expected(contents: Contents, run: Golden) -> pa.RecordBatch:
    where = str(contents.archive.path)
    expected = arrow.loads(contents.archive.read(run.member), None, where)
    if expected.num_rows != contents.manifest.rows:
        raise InputError(f"the outputs in {run.member} are not those of the golden rows", where=where)
    return expected


def _extracted(bundle: Archive, member: str, folder: Path) -> Path:
    """The model as a file of its own, in a folder of ours, under a name that was checked."""
    path = folder / Path(member).name
    if not path.exists():
        with path.open("wb") as target:
            bundle.copy(member, target)
    return path


def _scored(found: Runtime, artifact: Artifact, contents: Contents) -> pa.RecordBatch:
    session = open_session(artifact, found, contents.signature)
    try:
        adapt = fit_inputs(contents.signature, session.signature, artifact.name).adapt
        outputs: pa.RecordBatch = session.score(adapt(contents.rows))
        return outputs
    finally:
        session.close()
