"""Secrets that must be used again, sealed with AES-256-GCM under a key that is not in the database.

A sealed secret is one byte for the form, 12 bytes of nonce, then the sealed content. What the secret is
about is bound into the seal, so that a secret put in another's row does not open. (NIST SP 800-38D.)
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenwall.errors import BadConfig, StoreError

_FORM = b"\x01"
_NONCE = 12


class Sealer:
    """Seals small secrets for a column of the database."""

    def __init__(self, key: bytes) -> None:
        """Args: a key of 32 bytes.

        Raises:
            BadConfig: the key has another length.
        """
        if len(key) != 32:
            raise BadConfig("the key must have 32 bytes", field="sealing_key")
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, about: str) -> bytes:
        """The sealed content, 29 bytes longer; sealing twice gives two different results.

        Args:
            content: the secret.
            about: what it is and whose, such as `totp:ada`; it opens under this text only.
        """
        nonce = secrets.token_bytes(_NONCE)
        return _FORM + nonce + self._cipher.encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """What `seal` was given.

        Raises:
            StoreError: it was changed, belongs to something else, or was sealed under another key.
        """
        form, nonce, content = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if form != _FORM or len(nonce) != _NONCE:
                raise InvalidTag
            return self._cipher.decrypt(nonce, content, about.encode())
        except InvalidTag as problem:
            raise StoreError(
                f"the secret of {about} does not open: changed, or sealed under another key",
                hint="put the key file back that was there when it was sealed, or set the secret anew",
            ) from problem


def load_key(path: Path) -> bytes:
    """The key in a file, made with 32 random bytes on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: each writes its own file whole, and the first stays.
        partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}.partial")
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()
    return path.read_bytes()
