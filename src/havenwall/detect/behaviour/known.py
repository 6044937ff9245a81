"""What the platform has said of accounts and of who made what: shared by all rules."""

from __future__ import annotations

from typing import Final

from havenwall.detect.behaviour.bounded import Bounded, Memory
from havenwall.detect.behaviour.row import Row
from havenwall.model import MINOR_BANDS, EventType

_ACCOUNTS: Final = 2_000_000
_MADE: Final = 500_000
_ADULT: Final = "adult"


class Known:
    """Ages, creation, authors. At most two million accounts and half a million posts and media: older go."""

    def __init__(self, accounts: int = _ACCOUNTS, made: int = _MADE) -> None:
        self._minor: Bounded[bool] = Bounded(accounts, bool)
        self._verified: Bounded[bool] = Bounded(accounts, bool)
        self._born: Bounded[int] = Bounded(accounts, int)
        self._author: Bounded[str] = Bounded(made, str)
        self.born = self._born.get
        """When an account was first told of, in µs since 1970 UTC; None where it never was."""

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._minor, self._verified, self._born, self._author)

    def take(self, row: Row) -> None:
        """Take in what an event says of accounts and of who made what."""
        if row.type == EventType.ACCOUNT:
            self._account(row)
        elif row.type in (EventType.POST, EventType.MEDIA) and row.target:
            self._author.put(row.target, row.entity)

    def minor(self, account: str) -> bool:
        """Whether the platform takes the account for a minor's. Unknown is no."""
        return self._minor.get(account, False)

    def adult(self, account: str) -> bool:
        """Whether the platform says that it is an adult's. Unknown is no."""
        return not self._minor.get(account, True)

    def verified(self, account: str) -> bool:
        """Whether the platform has checked who it is."""
        return account in self._verified

    def account_of(self, entity: str | None) -> str | None:
        """The account behind an account, a post or a media item, where it is known."""
        if entity is None or entity.startswith("account:"):
            return entity
        return self._author.get(entity)

    def _account(self, row: Row) -> None:
        born = self._born.get(row.entity)
        self._born.put(row.entity, row.at if born is None else min(born, row.at))
        if row.minor is not None or row.age_band is not None:
            is_minor = row.minor == "true" or row.age_band in MINOR_BANDS
            if is_minor or row.age_band == _ADULT:
                self._minor.put(row.entity, is_minor)
            else:
                self._minor.pop(row.entity)
        if row.verified is not None:
            self._verified.put(row.entity, True) if row.verified == "true" else self._verified.pop(row.entity)
