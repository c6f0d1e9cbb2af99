"""The part of the public face that is about bundles: check, sign, export."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from modelport.trust import trusted

if TYPE_CHECKING:
    from modelport.bundle import CheckReport
    from modelport.bundle.signing import Signed
    from modelport.exports import Exported


def check(
    bundle: str | Path,
    *,
    runtimes: Iterable[str] | None = None,
    trust: Iterable[str] = (),
    key: str | Path | None = None,
    roots: Iterable[str | Path] = (),
    signature: str | Path | None = None,
) -> "CheckReport":
    """Verifies every byte of a bundle and re-runs its golden rows in the runtimes present.

    Args:
        runtimes: by default every installed runtime that needs no JVM.
        trust: globals that the pickle gate lets through besides its own list.
        key: a public key (PEM) whose owner must have signed the bundle; or `roots`: root certificates (PEM), one of
            which the signer's certificate must lead to.
        signature: by default the file `NAME.mport.sig` beside the bundle.

    Raises:
        BadSignature: it was not signed so, or was changed since.
        InputError, Unsafe: the file is no bundle, or a hostile one.
    """
    from modelport.bundle import check as check_bundle

    return check_bundle(
        Path(bundle),
        runtimes=None if runtimes is None else tuple(runtimes),
        trust=trusted(trust),
        key=None if key is None else Path(key),
        roots=[Path(root) for root in roots],
        signature=None if signature is None else Path(signature),
    )


def sign(
    bundle: str | Path,
    key: str | Path,
    *,
    certificate: str | Path | None = None,
    chain: Iterable[str | Path] = (),
    password: str | None = None,
    output: str | Path | None = None,
    force: bool = False,
) -> "Signed":
    """Signs a bundle offline; the signature lies beside it, as `NAME.mport.sig`.

    Args:
        key: the private key (PEM), on the curve P-256, P-384 or P-521; `password`: what it is encrypted with.
        certificate: of its public key; `chain`: the certificates between it and the root.
        output: where the signature goes instead.

    Raises:
        InputError, Unsafe: the bundle is damaged or hostile, or a key or certificate cannot be read.
        UsageError: the signature exists (without `force`).
        MissingExtra: the extra `sign` is not installed.
    """
    from modelport.bundle.signing import sign as sign_bundle

    return sign_bundle(
        Path(bundle),
        Path(key),
        certificate=None if certificate is None else Path(certificate),
        chain=[Path(item) for item in chain],
        password=password,
        output=None if output is None else Path(output),
        force=force,
    )


def export(
    bundle: str | Path,
    folder: str | Path,
    *,
    to: str,
    name: str | None = None,
    storage: str | None = None,
    trust: Iterable[str] = (),
    key: str | Path | None = None,
    roots: Iterable[str | Path] = (),
    signature: str | Path | None = None,
    force: bool = False,
) -> "Exported":
    """Checks a bundle and writes what a place of deployment takes, as a folder.

    Args:
        folder: must not exist, or be empty, or (with `force`) be an earlier export.
        to: one of `targets()`: `mlflow`, `triton`, `kserve`, `oci`, `docker`, `folder`.
        name: of the model there; by default the bundle's, in lower case, with dashes.
        storage: for `kserve`: the URI under which the cluster will find the folder `model-repository`.
        key, roots, signature: as for `check`.

    Raises:
        ParityFailed, InputError, Unsafe, BadSignature, MissingExtra: the bundle does not check.
        CannotConvert: the target cannot say what the model needs.
        UsageError: no such target, or the folder exists (without `force`) or cannot be written.
    """
    from modelport.exports import export as export_bundle

    return export_bundle(
        Path(bundle),
        to,
        Path(folder),
        name=name,
        storage=storage,
        trust=trusted(trust),
        key=None if key is None else Path(key),
        roots=[Path(root) for root in roots],
        signature=None if signature is None else Path(signature),
        force=force,
    )


def targets() -> dict[str, str]:
    """What `export` writes: name → title."""
    from modelport.exports import TARGETS

    return {name: target.title for name, target in TARGETS.items()}
