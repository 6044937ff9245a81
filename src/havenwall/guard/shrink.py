"""A snapshot that suddenly restricts far fewer is refused, unless somebody with the key signed for it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from havenwall.errors import BadConfig, BadInput, SnapshotRefused
from havenwall.guard.codes import RESTRICTING
from havenwall.guard.files import replace_synced, write_key
from havenwall.guard.snapshot import Snapshot
from havenwall.guard.state import State
from havenwall.guard.table import Entry
from havenwall.model import now

OVERRIDE: Final = "allow-shrink.json"
"""Name of the signed override in the root."""
MAX_SHRINK: Final = 0.2
"""Share of the restricted set that a new snapshot may lose."""
MIN_LOST: Final = 100
"""Losing fewer entities than this is never refused: a small set halves in a morning's work."""

_SHORTEST_KEY: Final = 16


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave to load a smaller snapshot, for a while."""

    to: int
    """Restricted entities that must be left."""
    until: datetime
    mac: str = ""
    """HMAC-SHA256 (hex) over the other fields."""


def restricted_in(state: State) -> int:
    """How many entities a state restricts, changes beside its snapshot included."""
    table = state.snapshot.table if state.snapshot else None
    count = int(np.count_nonzero(table.codes >= RESTRICTING)) if table else 0
    replaced = table.find_all(list(state.overlay)) if table else {}
    return count + _restricting(state.overlay) - _restricting(replaced)


def _restricting(entries: Mapping[str, Entry]) -> int:
    return sum(entry.code >= RESTRICTING for entry in entries.values())


def check_shrink(root: Path, state: State, snapshot: Snapshot, *, most: float, key: Path | None) -> None:
    """Refuse a snapshot that restricts fewer than `1 - most` of what the state in use restricts.

    A state without a snapshot is one that starts: then what the manifest says was held before counts.

    Raises:
        SnapshotRefused: it does, and there is no valid override; says how to give one.
    """
    starts = state.snapshot is None
    before = snapshot.info.held if starts else restricted_in(state)
    after = restricted_in(State(snapshot=snapshot))
    if too_small(before, after, most) and not override_allows(root, after, key):
        other = "the publisher held" if starts else "the one in use"
        raise SnapshotRefused(
            f"snapshot {snapshot.info.version} restricts {after:,} entities, {other} {before:,}",
            hint=f"if that is right: havenwall guard allow-shrink --to {after}",
        )


def too_small(before: int, after: int, most: float) -> bool:
    """Whether going from `before` restricted entities to `after` loses more than the share `most`."""
    return before - after >= MIN_LOST and before - after > most * before


def allow_shrink(root: Path, key: Path, *, to: int, lasting: timedelta) -> Override:
    """Sign and put in place the leave to load a snapshot that restricts `to` entities or more.

    Raises:
        BadInput: a negative number, or a time that does not lie ahead.
        BadConfig: the key file cannot be read or is too short.
    """
    if to < 0:
        raise BadInput("is negative", field="to", hint="give how many restricted entities must be left")
    if lasting <= timedelta(0):
        raise BadInput("is over at once", field="hours", hint="give a number above 0")
    plain = Override(to=to, until=now() + lasting)
    signed = msgspec.structs.replace(plain, mac=_mac(plain, _key(key)))
    replace_synced(root / OVERRIDE, msgspec.json.encode(signed))
    return signed


def make_key(path: Path) -> None:
    """Write a new key for its owner alone, where there is none."""
    with suppress(FileExistsError):
        write_key(path, secrets.token_hex(32).encode())


def override_allows(root: Path, after: int, key: Path | None) -> bool:
    """Whether a valid override lies there that lets `after` restricted entities be enough."""
    if key is None:
        return False
    try:
        found = msgspec.json.decode((root / OVERRIDE).read_bytes(), type=Override)
        # Bytes, because a forged mac need not be ASCII.
        genuine = hmac.compare_digest(found.mac.encode(), _mac(found, _key(key)).encode())
        return genuine and after >= found.to and now() < found.until
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, BadConfig, TypeError):
        return False


def _mac(override: Override, key: bytes) -> str:
    return hmac.digest(key, f"{override.to}|{override.until.isoformat()}".encode(), "sha256").hex()


def _key(path: Path) -> bytes:
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise BadConfig(f"{path} cannot be read", field="guard_shrink_key", hint=error.strerror) from error
    if len(key) < _SHORTEST_KEY:
        raise BadConfig(
            f"{path} holds fewer than {_SHORTEST_KEY} bytes",
            field="guard_shrink_key",
            hint="make a longer key",
        )
    return key
