"""One line of the shadow log: a question, and the answer the guard would have given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import product
from pathlib import Path

import msgspec

from havenwall.errors import BadInput
from havenwall.guard.policy import Policy
from havenwall.guard.surface import Surface, ViewerClass
from havenwall.guard.verdict import Verdict


class Ask(StrEnum):
    """Which question was asked."""

    FILTER = "filter"
    CONTACT = "contact"


class ShadowEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A question, what it rested on, and what would have been answered."""

    at: datetime
    ask: Ask = Ask.FILTER
    surface: Surface
    version: str
    """Snapshot and last change the answer rests on."""
    policy: str
    """Fingerprint of the policy; see `policy_mark`."""
    stale: bool
    viewer: str | None = None
    """Only where a standing of the viewer counted: who else looked is nobody's business here. The receiver of
    a contact."""
    viewer_class: ViewerClass | None = None
    sender_class: ViewerClass | None = None
    count: int
    """How many candidates there were."""
    digest: str
    """SHA-256 (hex) over the candidates' names in order, each ended by a line feed."""
    candidates: Sequence[str] | None
    """Their names; None in a log without names, which cannot be replayed."""
    tied: Sequence[int] = ()
    """Places of those the viewer was tied to."""
    verdicts: Sequence[Verdict]
    """Those that are not `allow`; in a log without names their `entity` is empty."""


_DECODER = msgspec.json.Decoder(ShadowEntry)


def read_entries(path: Path) -> Iterator[ShadowEntry | None]:
    """The entries of a log file, or of all log files in a folder by name; None for a line that is damaged.

    Raises:
        BadInput: there is no such file or folder, or a file cannot be read.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    for file in files:
        try:
            with file.open("rb") as lines:
                yield from (_entry(line) for line in lines)
        except OSError as error:
            raise BadInput(f"cannot be read ({error.strerror})", field=str(file)) from error


def digest_of(candidates: Sequence[str]) -> str:
    """SHA-256 (hex) that tells two lists of candidates apart."""
    return sha256("".join(f"{name}\n" for name in candidates).encode()).hexdigest()


def policy_mark(policy: Policy) -> str:
    """Fingerprint of all that a policy answers: 16 hex digits, the same for equal policies."""
    digest = sha256()
    for surface, outdated, viewer, restricted in product(Surface, (False, True), ViewerClass, (False, True)):
        row = policy.row(surface, outdated=outdated, viewer=viewer, restricted=restricted)
        digest.update(msgspec.json.encode([surface, row.outcomes, row.factors, row.closed_to]))
    return digest.hexdigest()[:16]


def _entry(line: bytes) -> ShadowEntry | None:
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
