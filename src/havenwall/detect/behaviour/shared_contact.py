"""Private contacts or devices shared with accounts that are confirmed or were removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import Found, Ladder
from havenwall.detect.behaviour.bounded import Bounded, Memory
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType, LinkKind

_PRIVATE: Final = 20
"""A contact that more accounts have is a shop's, a school's or a network provider's."""
_EACH: Final = 16
_MOST: Final = 500_000


class SharedContact:
    """One person keeps several accounts: who runs a confirmed one may run this one too."""

    name = "shared-contact"
    version = "2"
    takes = (EventType.LINK, EventType.UNLINK, EventType.CONFIRMED, EventType.CLEARED, EventType.REMOVED)
    what = (
        "Different contacts or devices (`shared_contact` links) that at most 20 accounts have and that the "
        "account shares with accounts confirmed or removed by the platform, each with another one."
    )
    why = (
        "However many such accounts one contact has, they are one piece of evidence: a family's telephone, "
        "a contact that strangers use too. On the hard sandbox (seeds 1 to 9) two such accounts on any "
        "contacts were right in 52 of 127, three in 27 of 56, two contacts in 9 of 9. That one account is "
        "another come back is weighed with all other evidence by the search for returns; this rule says it "
        "of living confirmed accounts too, at once."
    )
    innocent = (
        "A sister or parent on the family's telephone, whatever was removed there: one. A contact of a whole "
        "school is not private."
    )
    unit = "contacts shared so"
    ladder = Ladder(((1, 0.3), (2, 0.5), (4, 0.7)))

    def __init__(self) -> None:
        self._holders: Bounded[dict[str, None]] = Bounded(_MOST, dict[str, None])
        self._contacts: Bounded[dict[str, None]] = Bounded(_MOST, dict[str, None])
        self._flagged: Bounded[bool] = Bounded(_MOST, bool)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._holders, self._contacts, self._flagged)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a shared contact, a confirmation or a removal makes known of all who share it."""
        del known
        if row.link == LinkKind.SHARED_CONTACT and row.target:
            yield from self._shared(row, row.target)
        elif row.type == EventType.CLEARED:
            self._flagged.pop(row.entity)
        elif row.type in (EventType.CONFIRMED, EventType.REMOVED) and row.entity.startswith("account:"):
            self._flagged.put(row.entity, True)
            for contact in self._contacts.get(row.entity) or ():
                yield from self._judge(contact)

    def _shared(self, row: Row, target: str) -> Iterator[Found]:
        pair = target.startswith("account:")
        contact = "\n".join(sorted((row.entity, target))) if pair else target
        for account in (row.entity, target) if pair else (row.entity,):
            holders = self._holders.get(contact) or {}
            contacts = self._contacts.get(account) or {}
            self._holders.put(contact, holders)
            self._contacts.put(account, contacts)
            # A removed account's links are undone with it; that it had them is what counts.
            if row.type == EventType.LINK and len(contacts) < _EACH and len(holders) <= _PRIVATE:
                holders[account] = contacts[contact] = None
        yield from self._judge(contact)

    def _judge(self, contact: str) -> Iterator[Found]:
        holders = self._holders.get(contact) or {}
        if len(holders) > _PRIVATE or not any(holder in self._flagged for holder in holders):
            return
        for holder in holders:
            flagged = self._others(holder)
            others = {other for each in flagged for other in each}
            if others and holder not in self._flagged:
                evidence = {"accounts": str(len(others)), "contacts": str(len(flagged))}
                # One account on all of them, as of one household, is one as well.
                yield Found(holder, min(len(flagged), len(others)), evidence)

    def _others(self, account: str) -> list[set[str]]:
        """Of each private contact of an account, the others there that are flagged, where there are any."""
        shared = (self._holders.get(contact) or {} for contact in self._contacts.get(account) or ())
        private = (holders for holders in shared if len(holders) <= _PRIVATE)
        found = [{other for other in holders if other in self._flagged} - {account} for holders in private]
        return [each for each in found if each]
