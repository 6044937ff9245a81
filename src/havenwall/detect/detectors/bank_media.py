"""Media whose hash is in a bank: equal, or near within the bank's radius."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
import polars as pl

from havenwall.detect.banks import AskedHash, Asking, BankMatch, Looked, known_hash
from havenwall.detect.detectors.base import rows
from havenwall.errors import BadInput
from havenwall.match import HashKind
from havenwall.model import EventType, Signal, derived_id
from havenwall.model.bank import Verification

_KINDS = (*HashKind, "photodna")
_REPORTED_STRENGTH = 0.5


class KnowsBanks(Protocol):
    """Banks, for many pieces of media at once."""

    def look_many(
        self,
        media: Sequence[Sequence[AskedHash]],
        asking: Asking | None = None,
        among: tuple[int, int] | None = None,
    ) -> list[Looked]:
        """What each of them matches; only entries above the first number up to the second, when told."""
        ...


TRUSTED = "media-hash"
"""What a machine may go by: entries that people have looked at, and nothing speaks against them."""
DOUBTFUL = "bank-match"
"""What only a person may go by: entries that nobody has looked at, or that were set aside."""


class BankMedia:
    """The account shared media that a bank knows. Vetoed matches give no signal."""

    name = TRUSTED
    version = "2"

    def __init__(
        self, banks: KnowsBanks, among: tuple[int, int] | None = None, licensed: Sequence[str] = ()
    ) -> None:
        """`among`: look only for entries with numbers above the first, up to the second. `licensed`: kinds of
        hash to look for in events, besides the usual ones."""
        self._banks, self._among = banks, among
        self._kinds = tuple(dict.fromkeys((*_KINDS, *licensed)))

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal for each `media` event and entry it matches, on the account that shared it. The evidence
        `firm` is `yes` where a machine may hide it: equal hashes, or a copy of a verified entry."""
        media = events.filter((pl.col("type") == EventType.MEDIA.value) & pl.col("attributes").is_not_null())
        asked = [
            (event, hashes)
            for event in rows(media, EventType.MEDIA)
            if (hashes := _hashes(event, self._kinds))
        ]
        if not asked:
            return []
        looked = self._banks.look_many([hashes for _, hashes in asked], None, self._among)
        pairs = zip(asked, looked, strict=True)
        return [found for (event, _), each in pairs for found in _signals(event, each)]


def _signals(event: dict[str, Any], looked: Looked) -> Iterable[Signal]:
    if looked.vetoes:
        return
    for match in looked.matches:
        trusted = not match.set_aside and match.verification is not Verification.REPORTED
        name, where = TRUSTED if trusted else DOUBTFUL, f"{match.bank}/{match.entry}"
        yield Signal(
            # The same whether it is found live or by a search of what was already seen.
            id=derived_id("bank", event["source"], event["source_id"], where),
            entity=event["entity"],
            detector=name,
            version=BankMedia.version,
            strength=1.0 if trusted else _REPORTED_STRENGTH,
            at=event["at"],
            evidence=_evidence(event, match),
        )


def _evidence(event: dict[str, Any], match: BankMatch) -> dict[str, str]:
    firm = match.distance == 0 or match.is_copy
    told = {
        "list": match.bank,
        "hash": match.kind,
        "media": str(event["target"]),
        "distance": f"{match.distance:g}",
        "entry": str(match.entry),
        "level": match.verification.value,
        "labels": ", ".join(match.labels),
        "set_aside": "yes" if match.set_aside else "",
    }
    # Rules ask whether it is there at all.
    return told | {"firm": "yes"} if firm else told


def _hashes(event: dict[str, Any], kinds: Sequence[str]) -> list[AskedHash]:
    try:
        told = msgspec.json.decode(event["attributes"], type=dict[str, Any])
    except msgspec.MsgspecError:
        return []
    return [
        AskedHash(kind=kind, value=told[kind]) for kind in kinds if kind in told and _sound(kind, told[kind])
    ]


def _sound(kind: str, value: object) -> bool:
    """Whether a hash is one: events come from outside."""
    if not isinstance(value, str):
        return False
    try:
        known_hash(kind, value)
    except BadInput:
        return False
    return True
