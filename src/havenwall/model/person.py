"""Who uses Havenwall, and what each role may do. Deny by default: a right not listed is not given."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.errors import Forbidden


class Right(StrEnum):
    """One thing a person or a key may do."""

    SEE_FIGURES = "see_figures"
    SEE_GENERAL = "see_general"
    """See cases that are not about child safety, and the accounts in them."""
    DECIDE_GENERAL = "decide_general"
    SEE_CHILD_SAFETY = "see_child_safety"
    """See cases of the child-safety class and the accounts in them."""
    DECIDE_CHILD_SAFETY = "decide_child_safety"
    """Confirm and clear members of such cases."""
    INVESTIGATE = "investigate"
    """Merge and split cases."""
    REMOVE = "remove"
    """Propose what cannot be undone; somebody else must approve."""
    APPROVE = "approve"
    """Be the second person for what cannot be undone, and for bulk."""
    REFER = "refer"
    """Draft referrals to authorities."""
    DECIDE_APPEALS = "decide_appeals"
    REVIEW_QUALITY = "review_quality"
    """Review decisions of others blind, and settle where two differ."""
    SEE_EXHIBITS = "see_exhibits"
    """Reveal preserved media."""
    ASK_GUARD = "ask_guard"
    SEND_EVENTS = "send_events"
    SEND_REPORTS = "send_reports"
    """Send reports for a platform's users, or as a trusted flagger."""
    READ_ACTIONS = "read_actions"
    """Fetch the actions a platform is to carry out, and confirm them."""
    MATCH_MEDIA = "match_media"
    """Hash pictures and videos, and ask what they are known as."""
    MANAGE_QUEUES = "manage_queues"
    """Set up queues and routing, and give work to others."""
    MANAGE_PEOPLE = "manage_people"
    """People, roles, keys, and who reports."""
    SEE_ACCESS_LOG = "see_access_log"
    MANAGE = "manage"
    """Run stages and audits, set up lists, endpoints and guards."""


class Role(StrEnum):
    """What a person is here for."""

    ADMINISTRATOR = "administrator"
    TRIAGE = "triage"
    """Sorts what comes in: sees general cases, passes them on, decides nothing."""
    REVIEWER = "reviewer"
    """Decides general cases."""
    SENIOR = "senior"
    """A reviewer who is also the second person, decides appeals and reviews quality."""
    SPECIALIST = "specialist"
    """Child-safety specialist: sees and decides child-safety cases."""
    INVESTIGATOR = "investigator"
    """Network investigator: a specialist who merges and splits cases."""
    MANAGER = "manager"
    """Runs queues and people's work; sees figures, never a case."""
    ANALYST = "analyst"
    """Sees child-safety cases, decides nothing."""
    AUDITOR = "auditor"
    """Sees figures and audits, never a case."""


_GENERAL = frozenset({Right.SEE_FIGURES, Right.SEE_GENERAL, Right.DECIDE_GENERAL})
_SECOND = frozenset({Right.APPROVE, Right.DECIDE_APPEALS, Right.REVIEW_QUALITY})
_CHILD_SAFETY = _GENERAL | {
    Right.SEE_CHILD_SAFETY,
    Right.DECIDE_CHILD_SAFETY,
    Right.SEE_EXHIBITS,
    Right.MATCH_MEDIA,
    Right.REMOVE,
    Right.REFER,
}

ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.TRIAGE: frozenset({Right.SEE_FIGURES, Right.SEE_GENERAL}),
    Role.REVIEWER: _GENERAL,
    Role.SENIOR: _GENERAL | _SECOND | {Right.REMOVE},
    Role.SPECIALIST: _CHILD_SAFETY | _SECOND,
    Role.INVESTIGATOR: _CHILD_SAFETY | _SECOND | {Right.INVESTIGATE},
    Role.MANAGER: frozenset({Right.SEE_FIGURES, Right.MANAGE_QUEUES, Right.SEE_ACCESS_LOG}),
    Role.ANALYST: frozenset(
        {Right.SEE_FIGURES, Right.SEE_GENERAL, Right.SEE_CHILD_SAFETY, Right.MATCH_MEDIA}
    ),
    Role.AUDITOR: frozenset({Right.SEE_FIGURES}),
}
"""The rights of each role, unless the operator has set others."""


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
    rights: frozenset[Right]
    """What the role may do now; nothing while a second factor is demanded and not set up."""
    disabled_at: datetime | None = None
    has_password: bool = False
    second_factor: bool = False
    """Whether the person signs in with a code besides."""
    elsewhere: bool = False
    """Whether the person signs in by another server, and so has no password here."""

    def viewer(self) -> Viewer:
        """The person as one who asks."""
        return Viewer(name=f"user:{self.name}", rights=self.rights)


class RoleRights(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the role matrix: what a role may do now."""

    role: Role
    rights: frozenset[Right]
    second_factor: bool = False
    """Whether persons of the role must have a second factor."""
    version: int = 0
    """Rises by one with each change; 0 for a role that is as Havenwall comes."""
    changed_at: datetime | None = None
    changed_by: str | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One browser in which a person is signed in. Its secret is not part of it."""

    id: str
    person: str
    device: str
    """What the browser said of itself; empty if nothing."""
    since: datetime
    last_seen: datetime
    """To the minute."""
    ends_at: datetime
    """At the latest."""


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a program. Its secret is shown once and is not part of it."""

    id: str
    name: str
    scopes: frozenset[Right]
    created_at: datetime
    created_by: str
    """Empty for keys from before this was kept."""
    expires_at: datetime | None = None
    last_used: datetime | None = None
    """To the minute; null before the first use."""
    revoked_at: datetime | None = None


SYSTEM = Viewer(name="system", rights=frozenset(Right))
"""Havenwall's own command line, run by whoever owns the machine."""
