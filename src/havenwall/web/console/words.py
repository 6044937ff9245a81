"""What records mean, in words a reviewer can read."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.numbers import format_decimal

from havenwall.app import CaseGraph
from havenwall.errors import HavenwallError
from havenwall.model import ActionKind, ActionState, Case, CaseEvent, CaseState, MemberState, Restriction
from havenwall.web.console.told import digits, told
from havenwall.web.tongue import N_, gettext, language, ngettext

NOUNS = (
    N_("account", "accounts"),
    N_("tie", "ties"),
    N_("case", "cases"),
    N_("exhibit", "exhibits"),
    N_("reporter", "reporters"),
    N_("proposal", "proposals"),
    N_("day", "days"),
    N_("hour", "hours"),
    N_("minute", "minutes"),
    N_("confirmed account", "confirmed accounts"),
    N_("follower", "followers"),
    N_("time", "times"),
    N_("report", "reports"),
    N_("picture", "pictures"),
    N_("record", "records"),
    N_("try", "tries"),
)
"""Nouns that stand with a number; `plural` takes others too, in English."""

STATE_WORDS: dict[str, str] = {
    MemberState.PROPOSED: N_("to review"),
    MemberState.CONFIRMED: N_("confirmed"),
    MemberState.CLEARED: N_("cleared"),
    MemberState.CARE: N_("gets care"),
    CaseState.OPEN: N_("open"),
    CaseState.IN_REVIEW: N_("in review"),
    CaseState.DECIDED: N_("decided"),
    CaseState.CLOSED: N_("closed"),
}
"""States of members and cases."""

_EVENTS = {
    "opened": N_("Case opened"),
    "members_added": N_("Accounts added"),
    "confirmed": N_("Accounts confirmed"),
    "cleared": N_("Accounts cleared"),
    "restricted": N_("Accounts restricted"),
    "removed": N_("Accounts removed"),
    "lifted": N_("Restrictions lifted"),
    "care": N_("Help offered"),
    "proposed": N_("Decision proposed"),
    "approved": N_("Proposal approved"),
    "rejected": N_("Proposal rejected"),
    "proposal_expired": N_("Proposal expired"),
    "note": N_("Note"),
    "report_joined": N_("Report joined"),
    "review_differs": N_("Review came to another answer"),
    "appealed": N_("Restriction appealed"),
    "appeal_turned_down": N_("Appeal turned down"),
    "state": N_("State changed"),
    "queue": N_("Moved to another queue"),
    "taken": N_("Taken in hand"),
    "given_back": N_("Given back"),
    "passed": N_("Passed on to others"),
    "exhibit": N_("Picture put into the vault"),
    "expired": N_("Went back to its queue"),
    "handed_over": N_("Handed over"),
    "snoozed": N_("Put off"),
    "merged": N_("Merged"),
    "split": N_("Split"),
    "no_rule": N_("No rule covers this"),
    "gap_closed": N_("Policy gap closed"),
    "circumstances": N_("Circumstances changed"),
}
_STANDINGS = {
    Restriction.NONE: N_("No restriction is in force."),
    Restriction.SUPPRESSED: N_("Suppressed: kept out of recommendation, search, suggestion and contact."),
    Restriction.RESTRICTED: N_("Restricted: suppressed, and limited in what it can do."),
    Restriction.REMOVED: N_("Removed from the platform."),
}
_ACTIONS = {
    ActionKind.PRESERVE: N_("Preserve evidence"),
    ActionKind.SUPPRESS: N_("Suppress"),
    ActionKind.RESTRICT: N_("Restrict"),
    ActionKind.REFER: N_("Refer to an authority"),
    ActionKind.REMOVE: N_("Remove"),
    ActionKind.CARE: N_("Offer help"),
}
_ACTION_STATES = {
    ActionState.PLANNED: N_("planned"),
    ActionState.SENT: N_("sent"),
    ActionState.CONFIRMED: N_("in force"),
    ActionState.FAILED: N_("failed, will be tried again"),
    ActionState.REVERSED: N_("taken back"),
}
_PARTS = {
    "imminence": N_("imminence"),
    "severity": N_("severity"),
    "audience": N_("audience"),
    "velocity": N_("velocity"),
    "size": N_("size"),
    "source": N_("source"),
}
"""Parts of a priority."""
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def problem_words(problem: HavenwallError) -> str:
    """What went wrong, and the remedy if there is one."""
    return f"{problem.message}. {problem.hint}" if problem.hint else problem.message


def percent(share: float) -> str:
    """`84 %`; one digit more near none and all, where it matters."""
    if 0 < share < 0.0005:
        return told("under 0.1\u00a0%")
    if 0.9995 <= share < 1:
        return told("over 99.9\u00a0%")
    text = f"{share:.1%}" if 0 < share < 0.0995 or 0.985 <= share < 1 else f"{share:.0%}"
    return digits(text.replace("%", "\u00a0%"))


def likelihood(probability: float) -> str:
    """A probability that is never told as certain: `over 99 %`, `84 %`, `under 1 %`."""
    if probability >= 0.995:
        return told("over 99\u00a0%")
    return told("under 1\u00a0%") if probability < 0.005 else f"{probability:.0%}".replace("%", "\u00a0%")


def number(value: int) -> str:
    """`12,345`, or as the language writes it."""
    return f"{value:,}" if language() == "en" else format_decimal(value, locale=language())


def signed(number: float, plus: str = "+") -> str:
    """`+1.90` or `−0.40`, with a true minus; without the plus if it is set to nothing."""
    return digits(f"{number:+.2f}").replace("-", "\u2212").replace("+", plus)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 account`, `1,204 accounts`."""
    return f"{number(count)} {ngettext(one, many or one + 's', count)}"


def state_word(state: str) -> str:
    """A state of a member or a case."""
    return gettext(STATE_WORDS.get(state, state.replace("_", " ")))


def event_word(what: str) -> str:
    """What a line of a case's history is about."""
    return gettext(_EVENTS.get(what, what.replace("_", " ").capitalize()))


def who(by: str) -> str:
    """Who or what did something."""
    kind, colon, name = by.partition(":")
    named = (
        {"policy": gettext("rule %s") % name, "user": name, "key": gettext("API key %s") % name}
        if colon
        else {}
    )
    return named.get(
        kind,
        {
            "platform": gettext("the platform\u2019s own team"),
            "system": gettext("the command line"),
        }.get(by, by),
    )


def standing_sentence(restriction: Restriction) -> str:
    """What a restriction means."""
    return gettext(_STANDINGS[restriction])


def action_words(kind: ActionKind, state: ActionState) -> tuple[str, str]:
    """What an action does, and how far it has come."""
    done = "done" if kind is ActionKind.PRESERVE and state is ActionState.CONFIRMED else _ACTION_STATES[state]
    return gettext(_ACTIONS[kind]), gettext(done)


def span(length: timedelta) -> str:
    """`3 hours`: a length of time in its largest unit, rounded down."""
    for unit, name in _UNITS:
        if length >= unit:
            return plural(int(length / unit), name)
    return gettext("less than a minute")


def due_words(case: Case, now: datetime) -> tuple[str, bool]:
    """How long until a case is due, and whether that time has passed. A decided case is not late."""
    if case.state in (CaseState.DECIDED, CaseState.CLOSED):
        return state_word(case.state), False
    left = case.due_at - now
    if left < timedelta(0):
        return gettext("overdue by %s") % span(-left), True
    return gettext("due in %s") % span(left), False


def priority_words(case: Case) -> str:
    """Where a case's priority comes from: its two heaviest parts. The page of the case has all of them."""
    if not case.proposed:
        return gettext("Nobody is left to review.")
    heaviest = sorted(case.priority_parts, key=lambda part: -part.points)[:2]
    told = gettext("%(part)s %(points)s of %(most)s")
    parts = (
        told
        % {
            "part": part_word(part.name),
            "points": f"{part.points:g}",
            "most": f"{part.most:g}",
        }
        for part in heaviest
    )
    words = "; ".join(parts)
    return words[:1].upper() + words[1:] + "."


def part_word(name: str) -> str:
    """A part of a priority."""
    return gettext(_PARTS.get(name, name))


def change_words(line: CaseEvent) -> str:
    """What was before and what is now, of a line of a case's history; empty where nothing was."""
    if line.what in ("taken", "given_back", "expired", "handed_over"):
        old, new = (who(value) if value else gettext("nobody") for value in (line.old, line.new))
        return f"{old} → {new}"
    return f"{line.old} → {line.new}" if line.old else ""


def drawing_words(graph: CaseGraph, members: int) -> str:
    """What a drawing of a case shows and what it leaves out."""
    shown = len(graph.members)
    ties = plural(len({frozenset((link.entity, link.target)) for link in graph.links}), "tie")
    if shown == members:
        return gettext("All %(shown)s of this case and %(ties)s among them.") % {
            "shown": plural(shown, "account"),
            "ties": ties,
        }
    told = {"shown": number(shown), "members": plural(members, "account"), "ties": ties}
    return gettext("The %(shown)s most probable of %(members)s, and %(ties)s among them.") % told
