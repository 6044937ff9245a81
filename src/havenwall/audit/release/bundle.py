"""The evidence bundle: a finding with all that it rests on, signed, for somebody who trusts nobody here.

A ZIP file with the finding, the values that were measured of each test account, the report, and a manifest
of their SHA-256 sums, which is signed with Ed25519 (RFC 8032). To verify is to check the signature and the
sums, and to judge the values once more: the verdict must come out the same.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from numpy.typing import NDArray

from havenwall.audit.release.finding import Finding
from havenwall.audit.release.junit import junit_xml
from havenwall.audit.release.page import report_page
from havenwall.audit.release.run import Release
from havenwall.audit.threshold import Measure
from havenwall.audit.verdict import judge
from havenwall.errors import BadInput

FINDING, VALUES, PAGE, JUNIT = "finding.json", "values.json", "report.html", "junit.xml"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_KEY_BYTES = 32
_LARGEST = 1 << 30
"""Bytes that a bundle may unpack to."""


Kind = TypeVar("Kind")


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of all test accounts."""

    measure: Measure
    accounts: list[list[float]]
    """A list of shares per platform."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed."""

    finding: str
    plan_hash: str
    public_key: str
    """Base64 of the raw Ed25519 key; trust it only if you know from elsewhere whose it is."""
    sha256: dict[str, str]
    """By file."""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What a good bundle holds."""

    finding: Finding
    public_key: str
    trusted: bool
    """Whether the signature is of the key that was asked for, and not only of the one in the bundle."""


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file, 32 bytes; made, readable by its owner alone, where there is none.

    Raises:
        BadInput: the file is there and holds something else.
    """
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
    held = path.read_bytes()
    if len(held) != _KEY_BYTES:
        hint = "name another file, or one that does not exist yet"
        raise BadInput(f"{path} is no key of {_KEY_BYTES} bytes", field="key", hint=hint)
    return Ed25519PrivateKey.from_private_bytes(held)


def pack(release: Release, key: Ed25519PrivateKey) -> bytes:
    """The bundle of a release, signed."""
    files = {
        # As it is: sorted keys would lose which arm is the first.
        FINDING: msgspec.json.encode(release.finding),
        VALUES: msgspec.json.encode(_listed(release.values)),
        PAGE: report_page(release.finding).encode(),
        JUNIT: junit_xml(release.finding).encode(),
    }
    manifest = Manifest(
        finding=release.finding.id,
        plan_hash=release.finding.plan_hash,
        public_key=base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        sha256={name: hashlib.sha256(body).hexdigest() for name, body in files.items()},
    )
    signed = msgspec.json.encode(manifest, order="deterministic")
    return _zipped(files | {MANIFEST: signed, SIGNATURE: base64.b64encode(key.sign(signed))})


def _listed(values: dict[Measure, NDArray[np.float64]]) -> list[Values]:
    return [Values(measure=measure, accounts=each.tolist()) for measure, each in values.items()]


def _zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, body in files.items():
            bundle.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def verify(path: Path, public_key: str = "") -> Verified:
    """Check a bundle: signature, sums, and that its values give its verdict.

    Args:
        path: of the bundle.
        public_key: base64 of the key it must be signed with; without one, the bundle's own.

    Raises:
        BadInput: the bundle cannot be read, was changed, or does not say what its values say; names the part.
    """
    files = _unzipped(path)
    manifest = _manifest(files, public_key)
    for name, wanted in manifest.sha256.items():
        if name not in files or hashlib.sha256(files[name]).hexdigest() != wanted:
            raise BadInput("was changed after it was signed, or is missing", field=name)
    finding = _read(files, FINDING, Finding)
    _judged(finding, _read(files, VALUES, list[Values]))
    if finding.plan.hash != finding.plan_hash or manifest.plan_hash != finding.plan_hash:
        raise BadInput("is not the plan that was registered", field="plan_hash")
    return Verified(finding=finding, public_key=manifest.public_key, trusted=bool(public_key))


def _unzipped(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(each.file_size for each in bundle.infolist()) > _LARGEST:
                raise BadInput("unpacks to more than 1 GiB", field=str(path))
            return {name: bundle.read(name) for name in bundle.namelist()}
    except (OSError, zipfile.BadZipFile) as problem:
        raise BadInput(str(problem), field=str(path), hint="give a bundle that an audit wrote") from None


def _manifest(files: dict[str, bytes], public_key: str) -> Manifest:
    manifest = _read(files, MANIFEST, Manifest)
    wanted = public_key or manifest.public_key
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(wanted, validate=True))
        key.verify(base64.b64decode(files.get(SIGNATURE, b""), validate=True), files[MANIFEST])
    except ValueError as problem:
        raise BadInput(str(problem), field="public_key", hint="give 32 bytes in base64") from None
    except InvalidSignature:
        raise BadInput("is not signed with this key", field=MANIFEST, hint="ask whose key it is") from None
    return manifest


def _judged(finding: Finding, values: list[Values]) -> None:
    measured = {each.measure: np.array(each.accounts, dtype=np.float64) for each in values}
    if judge(finding.plan.thresholds, measured) != finding.verdict:
        raise BadInput("is not what the values give", field="verdict", hint="do not trust this bundle")


def _read(files: dict[str, bytes], name: str, kind: type[Kind]) -> Kind:
    if name not in files:
        raise BadInput("is missing", field=name, hint="give a bundle that an audit wrote")
    try:
        return msgspec.json.decode(files[name], type=kind)
    except msgspec.DecodeError as problem:
        raise BadInput(str(problem), field=name) from None
