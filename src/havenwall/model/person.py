"""Who uses Havenwall, and what each role may do. Deny by default: a right not listed is not given."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.errors import Forbidden


class Right(StrEnum):
    """One thing a person or a key may do."""

    SEE_FIGURES = "see_figures"
    SEE_CHILD_SAFETY = "see_child_safety"
    """See cases of the child-safety class and the accounts in them."""
    DECIDE_CHILD_SAFETY = "decide_child_safety"
    """Confirm and clear members of such cases."""
    ASK_GUARD = "ask_guard"
    SEND_EVENTS = "send_events"
    MATCH_MEDIA = "match_media"
    """Hash pictures and videos, and ask what they are known as."""
    MANAGE = "manage"
    """Run stages and audits, manage people and keys."""


class Role(StrEnum):
    """What a person is here for."""

    ADMINISTRATOR = "administrator"
    SPECIALIST = "specialist"
    """Child-safety specialist: sees and decides child-safety cases."""
    ANALYST = "analyst"
    """Sees child-safety cases, decides nothing."""
    AUDITOR = "auditor"
    """Sees figures and audits, never a case."""


ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.SPECIALIST: frozenset(
        {Right.SEE_FIGURES, Right.SEE_CHILD_SAFETY, Right.DECIDE_CHILD_SAFETY, Right.MATCH_MEDIA}
    ),
    Role.ANALYST: frozenset({Right.SEE_FIGURES, Right.SEE_CHILD_SAFETY, Right.MATCH_MEDIA}),
    Role.AUDITOR: frozenset({Right.SEE_FIGURES}),
}
"""The rights of each role."""


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: a person with the rights of a role, or an API key with its scopes."""

    name: str
    """`user:NAME` or `key:NAME`."""
    rights: frozenset[Right]

    def may(self, right: Right) -> bool:
        """Whether the viewer has a right."""
        return right in self.rights

    def need(self, right: Right) -> None:
        """Do nothing if the viewer has the right.

        Raises:
            Forbidden: the viewer has not.
        """
        if not self.may(right):
            raise Forbidden(f"this needs the right {right.value}")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in."""

    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None

    def viewer(self) -> Viewer:
        """The person as one who asks."""
        return Viewer(name=f"user:{self.name}", rights=ROLE_RIGHTS[self.role])


SYSTEM = Viewer(name="system", rights=frozenset(Right))
"""Havenwall's own command line, run by whoever owns the machine."""
