"""Certificates of signatures: whether their chain holds today.

model-signing (1.1.1) judges a chain at the moment at which its certificate became valid, so that one which has expired
since still passes. Without a time stamp that somebody else vouches for, a signature made after the end cannot be told
from one made before; so every certificate of the chain must be valid now.
"""

import base64
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelport.errors import BadSignature, InputError


def load_certificates(paths: Sequence[Path]) -> list[Any]:
    """The certificates of some PEM files.

    Raises:
        InputError: a file cannot be read, or holds none.
    """
    from cryptography import x509

    found = []
    for path in paths:
        try:
            found += x509.load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError) as error:
            raise InputError("this file holds no PEM certificate", where=str(path)) from error
    return found


def check_chain(document: Any, roots: Sequence[Any], where: Path) -> None:
    """The signature's certificates must lead to one of the roots, each of them valid now.

    Raises:
        BadSignature: they do not, or it has none.
    """
    from cryptography import x509
    from OpenSSL import crypto

    try:
        raw = document["verificationMaterial"]["x509CertificateChain"]["certificates"]
        chain = [x509.load_der_x509_certificate(base64.b64decode(item["rawBytes"])) for item in raw]
        leaf = chain[0]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        hint = "verify it with the key: --key PUBLIC.pem"
        raise BadSignature("this signature was not made with a certificate", where=str(where), hint=hint) from error
    store = crypto.X509Store()
    for root in roots:
        store.add_cert(crypto.X509.from_cryptography(root))
    between = [crypto.X509.from_cryptography(item) for item in chain[1:]]
    try:
        crypto.X509StoreContext(store, crypto.X509.from_cryptography(leaf), between).verify_certificate()
    except crypto.X509StoreContextError as error:
        what = f"the signer's certificate does not hold: {error}"
        raise BadSignature(what, where=str(where), hint="have the bundle signed again with a valid one") from error


def who(der: bytes) -> str:
    """Subject and fingerprint of a certificate."""
    from cryptography import x509

    subject = x509.load_der_x509_certificate(der).subject.rfc4514_string()
    return f"{subject} (SHA-256 {sha256(der).hexdigest()})"
