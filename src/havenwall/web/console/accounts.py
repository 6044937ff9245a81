"""Roles, rights and browsers, in words an administrator can read."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadInput
from havenwall.model import Right, Role


class RoleChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A role with what it is for."""

    name: str
    words: str


ROLES: tuple[RoleChoice, ...] = (
    RoleChoice(name=Role.TRIAGE.value, words="sorts general cases, decides nothing"),
    RoleChoice(name=Role.REVIEWER.value, words="decides general cases"),
    RoleChoice(name=Role.SENIOR.value, words="reviewer, second person, appeals and quality"),
    RoleChoice(name=Role.SPECIALIST.value, words="sees and decides child-safety cases"),
    RoleChoice(name=Role.INVESTIGATOR.value, words="specialist who merges and splits cases"),
    RoleChoice(name=Role.ANALYST.value, words="sees child-safety cases, decides nothing"),
    RoleChoice(name=Role.MANAGER.value, words="runs queues and people's work, never sees a case"),
    RoleChoice(name=Role.AUDITOR.value, words="sees figures and audits, never a case"),
    RoleChoice(name=Role.ADMINISTRATOR.value, words="may do everything, people and keys included"),
)
"""What each role is for, as Havenwall comes."""

RIGHT_WORDS: dict[Right, str] = {
    Right.SEE_FIGURES: "See figures and audits",
    Right.SEE_GENERAL: "See general cases",
    Right.DECIDE_GENERAL: "Decide general cases",
    Right.SEE_CHILD_SAFETY: "See child-safety cases",
    Right.DECIDE_CHILD_SAFETY: "Decide child-safety cases",
    Right.INVESTIGATE: "Merge and split cases",
    Right.REMOVE: "Propose what cannot be undone",
    Right.APPROVE: "Be the second person",
    Right.REFER: "Draft referrals",
    Right.DECIDE_APPEALS: "Decide appeals",
    Right.REVIEW_QUALITY: "Review quality",
    Right.SEE_EXHIBITS: "Reveal preserved media",
    Right.ASK_GUARD: "Ask the guard",
    Right.SEND_EVENTS: "Send events",
    Right.SEND_REPORTS: "Send reports",
    Right.READ_ACTIONS: "Fetch and confirm actions",
    Right.MATCH_MEDIA: "Match media",
    Right.MANAGE_QUEUES: "Manage queues",
    Right.MANAGE_PEOPLE: "Manage people, roles and keys",
    Right.SEE_ACCESS_LOG: "See the access log",
    Right.MANAGE: "Manage stages, lists and endpoints",
}
"""What each right lets somebody do."""

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def right_words(right: Right) -> str:
    """What a right lets somebody do."""
    return RIGHT_WORDS.get(right) or right.value.replace("_", " ").capitalize()


def role_of(sent: str) -> Role:
    """The role that a form names.

    Raises:
        BadInput: it is none.
    """
    if sent not in set(Role):
        raise BadInput("choose one", field="role")
    return Role(sent)


def device(told: str) -> str:
    """`Firefox on Linux`, from what a browser says of itself, which may be anything."""
    browser = _first(_BROWSERS, told) or ("Safari" if "Safari/" in told else "")
    system = _first(_SYSTEMS, told)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "unknown browser"


def _first(known: tuple[tuple[str, str], ...], told: str) -> str:
    return next((name for sign, name in known if sign in told), "")
