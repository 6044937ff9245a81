"""Term lists at rest: AES-256-GCM (NIST SP 800-38D) under a key outside the folder that holds them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.files import replace_synced, write_key

SUFFIX: Final = ".sealed"
_MAGIC: Final = b"havenwall terms 1\n"
_NONCE: Final = 12


def seal_terms(folder: Path, name: str, content: bytes, key_file: Path) -> Path:
    """Write a list sealed, in place of one of the same name; returns its file. The key is made on first use.

    Raises:
        BadConfig: the key lies in the folder, or has not 32 bytes.
    """
    path, nonce = folder / f"{name}{SUFFIX}", secrets.token_bytes(_NONCE)
    sealed = _cipher(key_file, folder, make=True).encrypt(nonce, content, _MAGIC + path.name.encode())
    replace_synced(path, _MAGIC + nonce + sealed)
    return path


def open_terms(path: Path, key_file: Path) -> bytes:
    """The content of a sealed list; it opens only under the name it was sealed by.

    Raises:
        BadConfig: the key lies beside the list, is missing or has not 32 bytes.
        BadInput: the file is missing, not sealed, changed, or sealed under another key or name.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput("cannot be read", field=str(path), hint=error.strerror) from None
    if not data.startswith(_MAGIC):
        raise BadInput("is not sealed", field=str(path), hint="havenwall guard terms seal FILE")
    nonce, sealed = data[len(_MAGIC) :][:_NONCE], data[len(_MAGIC) + _NONCE :]
    try:
        return _cipher(key_file, path.parent).decrypt(nonce, sealed, _MAGIC + path.name.encode())
    except (InvalidTag, ValueError):
        hint = "seal the list again, with the key in guard_terms_key"
        raise BadInput(
            "does not open: changed, renamed, or another key", field=str(path), hint=hint
        ) from None


def _cipher(key_file: Path, folder: Path, *, make: bool = False) -> AESGCM:
    if key_file.absolute().resolve().is_relative_to(folder.absolute().resolve()):
        raise BadConfig("lies in the folder it protects", field="guard_terms_key", hint="keep it elsewhere")
    if make and not key_file.exists():
        write_key(key_file, secrets.token_bytes(32))
    try:
        key = key_file.read_bytes()
    except OSError as error:
        raise BadConfig("cannot be read", field="guard_terms_key", hint=error.strerror) from None
    if len(key) != 32:
        raise BadConfig("must have 32 bytes", field="guard_terms_key")
    return AESGCM(key)
