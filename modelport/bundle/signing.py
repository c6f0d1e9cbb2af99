"""Signing a bundle and verifying it: offline, with elliptic-curve keys or certificates, in a file beside the bundle.

The signature is a Sigstore bundle (media type `application/vnd.dev.sigstore.bundle.v0.3+json`) over an in-toto
statement that names the SHA-256 of the whole `.mport` file, as OpenSSF Model Signing 1.0 writes it; its own command
verifies it too. Nothing is asked of a network, and no trust comes from the bundle: keys are the caller's.
"""

import base64
import contextlib
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelport.bundle.certificates import check_chain, load_certificates, who
from modelport.errors import BadSignature, InputError, UsageError
from modelport.files import atomic, check_target
from modelport.plugins import require

SUFFIX = ".sig"
_MODULES = ("model_signing", "OpenSSL")
_MOST_BYTES = 1 << 20
_FORGED = "take the bundle and its signature again from where they were made; do not use this one"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds.

    Attributes:
        path: the signature's file.
        sha256: of the bundle it is about.
        kind: `key` or `certificate`.
        signer: SHA-256 of the public key (of its PEM text), or the certificate's subject and fingerprint.
    """

    path: Path
    sha256: str
    kind: str
    signer: str

    def to_json(self) -> dict[str, Any]:
        return {"path": str(self.path), "sha256": self.sha256, "kind": self.kind, "signer": self.signer}


def beside(bundle: Path) -> Path:
    """Where the signature of a bundle lies: `NAME.mport.sig`."""
    return bundle.with_name(bundle.name + SUFFIX)


def sign(
    bundle: Path,
    key: Path,
    *,
    certificate: Path | None = None,
    chain: Sequence[Path] = (),
    password: str | None = None,
    output: Path | None = None,
    force: bool = False,
) -> Signed:
    """Signs a bundle whose every byte is as it was built.

    Args:
        key: the private key, PEM, on the curve P-256, P-384 or P-521.
        certificate: of its public key, PEM; `chain`: the certificates between it and the root.
        password: of the key.
        output: the signature; by default beside the bundle.
        force: replace a signature that exists.

    Raises:
        InputError: the bundle is damaged, or a key or certificate cannot be read. Unsafe: the bundle is hostile.
        UsageError: the signature exists (without `force`), or the options do not go together.
        MissingExtra: the extra `sign` is not installed.
    """
    from modelport.bundle.checking import verify_bytes

    require(_MODULES, "sign", "signing")
    if chain and certificate is None:
        raise UsageError("a chain belongs to a certificate", hint="name it: --cert FILE")
    target = output or beside(bundle)
    check_target(target, force=force)
    verify_bytes(bundle)
    signer = _signer(key, certificate, chain, password)
    with atomic(target) as temporary:
        signer.sign(bundle, temporary)
    document, digest = _document(target), _digest(bundle)
    return Signed(target, digest, *_signer_of(document))


def _signer(key: Path, certificate: Path | None, chain: Sequence[Path], password: str | None) -> Any:
    from model_signing import signing

    make: Any = signing.Config
    config = make().set_hashing_config(_hashing())
    for path in (key, certificate, *chain):
        _readable(path)
    if certificate is not None and password is not None:
        hint = "write it without one for the moment of signing, in a place that nobody else reads"
        raise UsageError("a key with a password cannot be used with a certificate", hint=hint)
    try:
        if certificate is None:
            secret: Any = None if password is None else password.encode()
            return config.use_elliptic_key_signer(private_key=key, password=secret)
        load_certificates([certificate, *chain])
        between = list(chain) or [certificate]  # model-signing 1.1.1 takes no empty chain; one repeated is passed over
        return config.use_certificate_signer(
            private_key=key, signing_certificate=certificate, certificate_chain=between
        )
    except (ValueError, TypeError, AttributeError) as error:
        hint = "sign with an elliptic-curve key: openssl ecparam -name prime256v1 -genkey -noout -out key.pem"
        raise InputError(f"this private key cannot be used: {_line(error)}", where=str(key), hint=hint) from error


def verify(
    bundle: Path, *, key: Path | None = None, roots: Sequence[Path] = (), signature: Path | None = None
) -> Signed:
    """Verifies that a bundle was signed by the owner of a key, or of a certificate under one of some roots.

    Args:
        key: the public key, PEM.
        roots: root certificates, PEM; the system's own are never asked.
        signature: by default the file beside the bundle.

    Raises:
        BadSignature: there is no signature, it is of another bundle or key, or a certificate does not hold today.
        InputError: the bundle, the key or a root cannot be read.
        UsageError: neither a key nor roots, or both.
        MissingExtra: the extra `sign` is not installed.
    """
    require(_MODULES, "sign", "verifying a signature")
    if bool(key) == bool(roots):
        raise UsageError("a signature is verified with a key or with root certificates", hint="--key or --root")
    path = signature or beside(bundle)
    _readable(bundle)
    verifier = _verifier(key, roots)
    digest, document = _digest(bundle), _document(path)
    if roots:
        check_chain(document, load_certificates(roots), path)
    with _refusing(path):
        verifier.verify(bundle, path)
        _about(document, digest)
        return Signed(path, digest, *_signer_of(document))


def _verifier(key: Path | None, roots: Sequence[Path]) -> Any:
    from model_signing import verifying

    make: Any = verifying.Config
    config = make().set_hashing_config(_hashing())
    try:
        if key is not None:
            _readable(key)
            return config.use_elliptic_key_verifier(public_key=key)
        load_certificates(roots)
        return config.use_certificate_verifier(certificate_chain=list(roots))
    except (ValueError, TypeError, AttributeError) as error:
        hint = "give the public key: openssl ec -in key.pem -pubout -out public.pem"
        raise InputError(f"this public key cannot be used: {_line(error)}", where=str(key), hint=hint) from error


def _hashing() -> Any:
    from model_signing import hashing

    make: Any = hashing.Config
    plain = make().use_file_serialization(hashing_algorithm="sha256", allow_symlinks=True)
    return plain.set_ignored_paths(paths=[], ignore_git_paths=False)


def _document(path: Path) -> Any:
    """The signature file as JSON.

    Raises:
        BadSignature: there is none, or it is nothing of the kind: without one nothing is verified.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadSignature("this signature is larger than any signature is", where=str(path), hint=_FORGED)
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        hint = "sign the bundle: modelport sign NAME.mport --key KEY; or name its signature: --signature FILE"
        raise BadSignature("there is no signature", where=str(path), hint=hint) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadSignature(f"this signature cannot be read: {_line(error)}", where=str(path), hint=_FORGED) from error


def _about(document: Any, digest: str) -> None:
    """The signed statement must be about one file, and that file must be this bundle."""
    statement = json.loads(base64.b64decode(document["dsseEnvelope"]["payload"], validate=True))
    resources = [(item["algorithm"], item["digest"]) for item in statement["predicate"]["resources"]]
    if resources != [("sha256", digest)]:
        raise ValueError("it is about another file")


def _signer_of(document: Any) -> tuple[str, str]:
    material = document["verificationMaterial"]
    if "x509CertificateChain" in material:
        return "certificate", who(base64.b64decode(material["x509CertificateChain"]["certificates"][0]["rawBytes"]))
    return "key", str(material["publicKey"].get("hint") or "not named")


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Whatever goes wrong in verifying, the answer is no; what the library prints is for nobody."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    except BadSignature:
        raise
    except Exception as error:
        what = f"the signature does not hold: {_reason(error)}"
        raise BadSignature(what, where=str(path), hint=_FORGED) from error


def _reason(error: Exception) -> str:
    if type(error).__name__ == "InvalidSignature":
        return "it was made with another key, or changed since"
    text = _line(error)
    if text.startswith("Key mismatch"):
        return "it was made with another key"
    if text.startswith("Signature mismatch"):
        return "it is of another bundle, or the bundle was changed since"
    return text


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _readable(path: Path | None) -> None:
    if path is None:
        return
    try:
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path)) from error
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error


def _line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:199] + "…"
