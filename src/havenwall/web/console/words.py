"""What records mean, in words a reviewer can read."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from havenwall.app import CaseGraph
from havenwall.model import ActionKind, ActionState, Case, CaseState, MemberState, Restriction

STATE_WORDS: dict[str, str] = {
    MemberState.PROPOSED: "to review",
    MemberState.CONFIRMED: "confirmed",
    MemberState.CLEARED: "cleared",
    CaseState.OPEN: "open",
    CaseState.IN_REVIEW: "in review",
    CaseState.DECIDED: "decided",
    CaseState.CLOSED: "closed",
}
"""States of members and cases."""

_EVENTS = {
    "opened": "Case opened",
    "members_added": "Accounts added",
    "confirmed": "Accounts confirmed",
    "cleared": "Accounts cleared",
    "note": "Note",
    "state": "State changed",
}
_STANDINGS = {
    Restriction.NONE: "No restriction is in force.",
    Restriction.SUPPRESSED: "Suppressed: kept out of recommendation, search, suggestion and contact.",
    Restriction.RESTRICTED: "Restricted: suppressed, and limited in what it can do.",
    Restriction.REMOVED: "Removed from the platform.",
}
_ACTIONS = {
    ActionKind.PRESERVE: "Preserve evidence",
    ActionKind.SUPPRESS: "Suppress",
    ActionKind.RESTRICT: "Restrict",
    ActionKind.REFER: "Refer to an authority",
    ActionKind.REMOVE: "Remove",
}
_ACTION_STATES = {
    ActionState.PLANNED: "planned",
    ActionState.SENT: "sent",
    ActionState.CONFIRMED: "in force",
    ActionState.FAILED: "failed, will be tried again",
    ActionState.REVERSED: "taken back",
}
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def percent(share: float) -> str:
    """`84 %`; one digit more near none and all, where it matters."""
    if 0 < share < 0.0005:
        text = "under 0.1%"
    elif 0.9995 <= share < 1:
        text = "over 99.9%"
    else:
        text = f"{share:.1%}" if 0 < share < 0.0995 or 0.985 <= share < 1 else f"{share:.0%}"
    return text.replace("%", "\u00a0%")


def likelihood(probability: float) -> str:
    """A probability that is never told as certain: `over 99 %`, `84 %`, `under 1 %`."""
    if probability >= 0.995:
        return "over 99\u00a0%"
    return "under 1\u00a0%" if probability < 0.005 else f"{probability:.0%}".replace("%", "\u00a0%")


def signed(number: float, plus: str = "+") -> str:
    """`+1.90` or `−0.40`, with a true minus; without the plus if it is set to nothing."""
    return f"{number:+.2f}".replace("-", "\u2212").replace("+", plus)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 account`, `1,204 accounts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def state_word(state: str) -> str:
    """A state of a member or a case."""
    return STATE_WORDS.get(state, state.replace("_", " "))


def event_word(what: str) -> str:
    """What a line of a case's history is about."""
    return _EVENTS.get(what, what.replace("_", " ").capitalize())


def who(by: str) -> str:
    """Who or what did something."""
    kind, colon, name = by.partition(":")
    named = {"policy": f"rule {name}", "user": name, "key": f"API key {name}"} if colon else {}
    return named.get(
        kind, {"platform": "the platform\u2019s own team", "system": "the command line"}.get(by, by)
    )


def standing_sentence(restriction: Restriction) -> str:
    """What a restriction means."""
    return _STANDINGS[restriction]


def action_words(kind: ActionKind, state: ActionState) -> tuple[str, str]:
    """What an action does, and how far it has come."""
    done = "done" if kind is ActionKind.PRESERVE and state is ActionState.CONFIRMED else _ACTION_STATES[state]
    return _ACTIONS[kind], done


def span(length: timedelta) -> str:
    """`3 hours`: a length of time in its largest unit, rounded down."""
    for unit, name in _UNITS:
        if length >= unit:
            return plural(int(length / unit), name)
    return "less than a minute"


def due_words(case: Case, now: datetime) -> tuple[str, bool]:
    """How long until a case is due, and whether that time has passed. A decided case is not late."""
    if case.state in (CaseState.DECIDED, CaseState.CLOSED):
        return state_word(case.state), False
    left = case.due_at - now
    if left < timedelta(0):
        return f"overdue by {span(-left)}", True
    return f"due in {span(left)}", False


def priority_words(case: Case) -> str:
    """Where a case's priority comes from; the two halves are those of `casework.priority_of`."""
    if not case.proposed:
        return "Nobody is left to review."
    size = 50 * min(1.0, math.log10(1 + case.proposed) / 3)
    sure = max(0.0, case.priority - size)
    accounts = plural(case.proposed, "account")
    return (
        f"{sure:.0f} of 50 for how sure we are (mean probability {percent(min(1.0, sure / 50))}), "
        f"{size:.0f} of 50 for size ({accounts} to review)."
    )


def drawing_words(graph: CaseGraph, members: int) -> str:
    """What a drawing of a case shows and what it leaves out."""
    shown = len(graph.members)
    ties = plural(len({frozenset((link.entity, link.target)) for link in graph.links}), "tie")
    if shown == members:
        return f"All {plural(shown, 'account')} of this case and {ties} among them."
    return f"The {shown:,} most probable of {plural(members, 'account')}, and {ties} among them."
