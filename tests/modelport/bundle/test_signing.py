"""Signatures fail closed: whatever is missing, foreign, changed or expired, the answer is no."""

import base64
import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from modelport import api
from modelport.bundle import Bundle, archive, names
from modelport.bundle.signing import beside
from modelport.errors import BadSignature, InputError, UsageError

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """A key pair, and a certificate of it."""

    key: Key
    private: Path
    public: Path
    certificate: x509.Certificate
    pem: Path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def identity(
    folder: Path,
    name: str,
    issuer: Identity | None = None,
    *,
    authority: bool = False,
    until: dt.datetime = NOW + DAY,
    curve: ec.EllipticCurve | None = None,
    password: bytes | None = None,
) -> Identity:
    key = ec.generate_private_key(curve or ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject)
    made = made.issuer_name(issuer.certificate.subject if issuer else subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(NOW - 30 * DAY).not_valid_after(until)
    made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    usage |= {"digital_signature": True, "key_cert_sign": authority, "crl_sign": False}
    made = made.add_extension(x509.KeyUsage(**usage, encipher_only=False, decipher_only=False), critical=True)
    certificate = made.sign(issuer.key if issuer else key, hashes.SHA256())
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Identity(
        key,
        written(folder / f"{name}.pem", key.private_bytes(pem, form, hidden)),
        written(folder / f"{name}.pub", public),
        certificate,
        written(folder / f"{name}.crt", certificate.public_bytes(pem)),
    )


@pytest.fixture
def signer(tmp_path: Path) -> Identity:
    return identity(tmp_path, "signer")


@pytest.fixture
def signed(bundle: Bundle, signer: Identity) -> Bundle:
    api.sign(bundle.path, signer.private)
    return bundle


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()], ids=lambda curve: curve.name)
def test_a_signed_bundle_checks_with_the_public_key(bundle: Bundle, curve: ec.EllipticCurve, tmp_path: Path) -> None:
    owner = identity(tmp_path, "owner", curve=curve)
    made = api.sign(bundle.path, owner.private)
    assert made.path == tmp_path / "linear.mport.sig"
    report = api.check(bundle.path, key=owner.public)
    assert report.passed
    assert report.signed is not None
    assert report.signed.kind == "key"
    assert report.to_json()["signature"]["sha256"] == made.sha256


def test_the_tool_of_the_library_verifies_it_too(signed: Bundle, signer: Identity) -> None:
    from model_signing import verifying

    config: Any = verifying.Config
    config().use_elliptic_key_verifier(public_key=signer.public).verify(signed.path, beside(signed.path))


def test_a_bundle_may_be_renamed(signed: Bundle, signer: Identity, tmp_path: Path) -> None:
    shutil.move(signed.path, tmp_path / "other.mport")
    assert api.check(tmp_path / "other.mport", key=signer.public, signature=beside(signed.path)).passed


def test_a_missing_signature_is_refused(bundle: Bundle, signer: Identity) -> None:
    with pytest.raises(BadSignature, match="there is no signature") as caught:
        api.check(bundle.path, key=signer.public)
    assert caught.value.exit_code == 5
    assert "modelport sign" in (caught.value.hint or "")


def test_another_key_is_refused(signed: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BadSignature, match="made with another key"):
        api.check(signed.path, key=identity(tmp_path, "stranger").public)


def test_another_key_is_refused_when_the_signature_names_the_right_one(
    bundle: Bundle, signer: Identity, tmp_path: Path
) -> None:
    stranger = identity(tmp_path, "stranger")
    api.sign(bundle.path, stranger.private)
    forged = json.loads(beside(bundle.path).read_text())
    api.sign(bundle.path, signer.private, force=True)
    named = json.loads(beside(bundle.path).read_text())["verificationMaterial"]
    beside(bundle.path).write_text(json.dumps(forged | {"verificationMaterial": named}))
    with pytest.raises(BadSignature, match="another key, or changed"):
        api.check(bundle.path, key=signer.public)


def test_a_changed_byte_is_refused_before_anything_else_is_read(signed: Bundle, signer: Identity) -> None:
    whole = bytearray(signed.path.read_bytes())
    whole[len(whole) // 2] ^= 1
    signed.path.write_bytes(whole)
    with pytest.raises(BadSignature, match="changed since"):
        api.check(signed.path, key=signer.public)


def test_the_signature_of_another_bundle_is_refused(signed: Bundle, signer: Identity, tmp_path: Path) -> None:
    opened = archive.open_archive(signed.path)
    contents = {name: opened.read(name) for name in opened.members}
    contents[names.MANIFEST] = replace(signed.manifest, name="other").dumps()
    other = tmp_path / "other.mport"
    with other.open("wb") as target:
        archive.write([(archive.seal(name, content), content) for name, content in contents.items()], target)
    assert api.check(other).passed
    shutil.copy(beside(signed.path), beside(other))
    with pytest.raises(BadSignature, match="another bundle"):
        api.check(other, key=signer.public)


def test_a_signature_of_a_folder_that_holds_the_bundle_is_refused(
    bundle: Bundle, signer: Identity, tmp_path: Path
) -> None:
    from model_signing import signing

    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(bundle.path, folder)
    make: Any = signing.Config
    make().use_elliptic_key_signer(private_key=signer.private).sign(folder, beside(bundle.path))
    with pytest.raises(BadSignature):
        api.check(bundle.path, key=signer.public)


def test_a_statement_in_another_form_is_refused_though_the_key_signed_it(signed: Bundle, signer: Identity) -> None:
    """The library still takes the form from before 1.0, which does not say how the digest was made."""
    digest = sha256(signed.path.read_bytes()).hexdigest()
    statement = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://model_signing/Digests/v0.1"}
    payload = json.dumps(statement | {"subject": [{"name": ".", "digest": {"sha256": digest}}]}).encode()
    kind = b"application/vnd.in-toto+json"
    envelope = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    signature = signer.key.sign(envelope, ec.ECDSA(hashes.SHA256()))
    document = json.loads(beside(signed.path).read_text())
    document["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
    document["dsseEnvelope"]["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    beside(signed.path).write_text(json.dumps(document))
    with pytest.raises(BadSignature):
        api.check(signed.path, key=signer.public)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b'{"verificationMaterial": 3}', b"x" * (2 << 20)],
)
def test_what_is_no_signature_is_refused(bundle: Bundle, signer: Identity, content: bytes) -> None:
    beside(bundle.path).write_bytes(content)
    with pytest.raises(BadSignature):
        api.check(bundle.path, key=signer.public)


def test_every_changed_byte_of_a_signature_is_refused_or_changes_nothing(signed: Bundle, signer: Identity) -> None:
    """Bytes that nothing signed (a name of a field, white space) may change; the answer stays no, or the same."""
    path = beside(signed.path)
    whole = path.read_bytes()
    start = whole.index(b'"payload"')
    for at in range(start, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(BadSignature):
            api.check(signed.path, key=signer.public)


@dataclass(frozen=True)
class Chain:
    """A root, what stands between, and the signer's."""

    root: Identity
    between: Identity
    leaf: Identity


@pytest.fixture
def chain(tmp_path: Path) -> Callable[..., Chain]:
    def make(**leaf: Any) -> Chain:
        root = identity(tmp_path, "root", authority=True, until=NOW + 300 * DAY)
        between = identity(tmp_path, "between", root, authority=leaf.pop("ca", True), until=leaf.pop("to", NOW + DAY))
        return Chain(root, between, identity(tmp_path, "leaf", between, **leaf))

    return make


def signed_by(found: Chain, bundle: Bundle, *, chained: bool = True) -> None:
    between = [found.between.pem] if chained else []
    api.sign(bundle.path, found.leaf.private, certificate=found.leaf.pem, chain=between)


def test_a_certificate_under_the_root_holds(bundle: Bundle, chain: Callable[..., Chain]) -> None:
    found = chain()
    signed_by(found, bundle)
    report = api.check(bundle.path, roots=[found.root.pem])
    assert report.passed
    assert report.signed is not None
    assert report.signed.kind == "certificate"
    assert report.signed.signer.startswith("CN=leaf (SHA-256 ")


def test_a_certificate_right_under_the_root_needs_no_chain(bundle: Bundle, tmp_path: Path) -> None:
    root = identity(tmp_path, "root", authority=True)
    leaf = identity(tmp_path, "leaf", root)
    api.sign(bundle.path, leaf.private, certificate=leaf.pem)
    assert api.check(bundle.path, roots=[root.pem]).passed


def test_an_expired_certificate_is_refused(bundle: Bundle, chain: Callable[..., Chain]) -> None:
    found = chain(until=NOW - DAY)
    signed_by(found, bundle)
    with pytest.raises(BadSignature, match="expired"):
        api.check(bundle.path, roots=[found.root.pem])


def test_an_expired_certificate_between_is_refused(bundle: Bundle, chain: Callable[..., Chain]) -> None:
    found = chain(to=NOW - DAY)
    signed_by(found, bundle)
    with pytest.raises(BadSignature, match="expired"):
        api.check(bundle.path, roots=[found.root.pem])


def test_another_root_is_refused(bundle: Bundle, chain: Callable[..., Chain], tmp_path: Path) -> None:
    signed_by(chain(), bundle)
    stranger = identity(tmp_path, "stranger", authority=True)
    with pytest.raises(BadSignature, match="certificate does not hold"):
        api.check(bundle.path, roots=[stranger.pem])


def test_a_chain_with_a_gap_is_refused(bundle: Bundle, chain: Callable[..., Chain]) -> None:
    found = chain()
    signed_by(found, bundle, chained=False)
    with pytest.raises(BadSignature, match="certificate does not hold"):
        api.check(bundle.path, roots=[found.root.pem])


def test_a_certificate_that_may_not_issue_others_is_refused(bundle: Bundle, chain: Callable[..., Chain]) -> None:
    found = chain(ca=False)
    signed_by(found, bundle)
    with pytest.raises(BadSignature, match="certificate does not hold"):
        api.check(bundle.path, roots=[found.root.pem])


def test_a_key_signature_is_none_of_a_certificate_and_the_other_way_round(
    signed: Bundle, chain: Callable[..., Chain]
) -> None:
    found = chain()
    with pytest.raises(BadSignature, match="not made with a certificate"):
        api.check(signed.path, roots=[found.root.pem])
    beside(signed.path).unlink()
    signed_by(found, signed)
    with pytest.raises(BadSignature):
        api.check(signed.path, key=found.leaf.public)


def test_a_certificate_of_another_key_is_not_signed_with(bundle: Bundle, signer: Identity, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not match"):
        api.sign(bundle.path, signer.private, certificate=identity(tmp_path, "stranger").pem)
    assert not beside(bundle.path).exists()


def test_a_damaged_bundle_is_not_signed(bundle: Bundle, signer: Identity) -> None:
    bundle.path.write_bytes(bundle.path.read_bytes()[:-1])
    with pytest.raises(InputError):
        api.sign(bundle.path, signer.private)
    assert not beside(bundle.path).exists()


def test_a_signature_that_exists_needs_force(signed: Bundle, signer: Identity) -> None:
    with pytest.raises(UsageError, match="exists"):
        api.sign(signed.path, signer.private)
    assert api.sign(signed.path, signer.private, force=True).path == beside(signed.path)


def test_a_key_with_a_password(bundle: Bundle, tmp_path: Path) -> None:
    owner = identity(tmp_path, "owner", password=b"open sesame")
    for wrong in (None, "guess"):
        with pytest.raises(InputError, match="private key cannot be used"):
            api.sign(bundle.path, owner.private, password=wrong)
    api.sign(bundle.path, owner.private, password="open sesame")
    assert api.check(bundle.path, key=owner.public).passed


def test_a_curve_that_sigstore_does_not_know_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="secp256k1"):
        api.sign(bundle.path, identity(tmp_path, "coin", curve=ec.SECP256K1()).private)


def test_what_does_not_go_together(signed: Bundle, signer: Identity, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a key or with root"):
        api.check(signed.path, key=signer.public, roots=[signer.pem])
    with pytest.raises(UsageError, match="a key or with root"):
        api.check(signed.path, signature=beside(signed.path))
    with pytest.raises(UsageError, match="belongs to a certificate"):
        api.sign(signed.path, signer.private, chain=[signer.pem], force=True)
    with pytest.raises(InputError, match="public key cannot be used"):
        api.check(signed.path, key=signer.private)
    with pytest.raises(InputError, match="no such file"):
        api.check(signed.path, key=tmp_path / "gone.pem")
    with pytest.raises(InputError, match="no PEM certificate"):
        api.check(signed.path, roots=[signer.public])
