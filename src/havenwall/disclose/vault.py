"""The vault: preserved evidence, sealed with AES-256-GCM under a key that is not in the database.

Each exhibit is one file: 12 bytes of nonce, then the sealed content. The exhibit's id is bound into
the seal, so that a file put in another's place does not open. (NIST SP 800-38D.)
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenwall.errors import BadConfig, NotFound, StoreError
from havenwall.store.sealed import load_key

__all__ = ["Vault", "load_key"]

_NONCE = 12


class Vault:
    """A folder of sealed exhibits."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Args: the folder, and a key of 32 bytes."""
        if len(key) != 32:
            raise BadConfig("the vault key must have 32 bytes", field="vault_key")
        self._folder = folder
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"havenwall vault" + key).hexdigest()[:12]

    def seal(self, exhibit_id: str, content: bytes) -> str:
        """Write content durably; returns its file name. Sealing the same exhibit again changes nothing."""
        name = f"{exhibit_id}.sealed"
        path = self._folder / name
        if not path.exists():
            nonce = secrets.token_bytes(_NONCE)
            self._write(path, nonce + self._cipher.encrypt(nonce, content, exhibit_id.encode()))
        return name

    def open(self, exhibit_id: str) -> bytes:
        """The content of an exhibit.

        Raises:
            NotFound: the vault has no such exhibit.
            StoreError: the file was changed, or sealed under another key.
        """
        path = self._folder / f"{exhibit_id}.sealed"
        if not path.exists():
            raise NotFound(f"the vault has no exhibit {exhibit_id}")
        sealed = path.read_bytes()
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], exhibit_id.encode())
        except InvalidTag as problem:
            raise StoreError(f"exhibit {exhibit_id} does not open: changed, or another key") from problem

    def _write(self, path: Path, sealed: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Two runners may seal the same exhibit at once: each writes its own file, and the first stays.
        partial = path.with_suffix(f".{secrets.token_hex(8)}.partial")
        with partial.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
        partial.unlink()
