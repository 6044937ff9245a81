"""What a decision just made has done, read from store and guard, so that no address can invent it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from havenwall.app import App
from havenwall.guard import Surface
from havenwall.model import Decision, Verb
from havenwall.store.views.cases import CaseView
from havenwall.web.console.words import number, plural
from havenwall.web.tongue import N_, gettext


class Flash(msgspec.Struct, frozen=True, kw_only=True):
    """A decision, told to the one who made it."""

    title: str
    at: datetime
    guard: str


def flash_of(app: App, view: CaseView, case_id: str, decision_id: str) -> Flash | None:
    """What became of a decision on a case; None if there is no such decision."""
    found = [d for d in view.decisions(case_id) if d.id == decision_id] if decision_id else []
    return _told(app, found[0]) if found else None


_DONE: dict[Verb, str] = {
    Verb.CONFIRM: N_("confirmed"),
    Verb.CLEAR: N_("cleared"),
    Verb.SUPPRESS: N_("hidden"),
    Verb.RESTRICT: N_("restricted"),
    Verb.REMOVE: N_("removed"),
    Verb.LIFT: N_("freed of restrictions"),
    Verb.CARE: N_("given care"),
}
_KEPT_OUT = frozenset({Verb.CONFIRM, Verb.SUPPRESS, Verb.RESTRICT, Verb.REMOVE})
_SHOWN_AGAIN = frozenset({Verb.CLEAR, Verb.LIFT})


def _told(app: App, decision: Decision) -> Flash:
    done = gettext(_DONE.get(decision.verb, decision.verb.value.replace("_", " ")))
    title = f"{_counted(decision.entities)} {done}."
    return Flash(title=title, at=decision.at, guard=_guard_words(app, decision))


def _counted(entities: Sequence[str]) -> str:
    # A decision may be about a group or a live stream, which no one should be told is an account.
    noun = "account" if all(entity.startswith("account:") for entity in entities) else "entity"
    return plural(len(entities), noun, "entities" if noun == "entity" else None)


def _guard_words(app: App, decision: Decision) -> str:
    app.guard.refresh()
    surface = Surface.RECOMMENDED_ACCOUNTS
    verdicts = [app.guard.check(entity, surface).outcome for entity in decision.entities]
    dropped = sum(not outcome.shows() for outcome in verdicts)
    told = {"out": number(dropped), "may": number(len(verdicts) - dropped), "all": number(len(verdicts))}
    if decision.verb in _KEPT_OUT:
        words = gettext("The guard has it: %(out)s of %(all)s are kept out of recommendations now.")
    elif decision.verb in _SHOWN_AGAIN:
        words = gettext("The guard has it: %(may)s of %(all)s may be recommended again.")
    else:
        words = gettext("The guard keeps %(out)s of them out of recommendations, and %(may)s may be shown.")
    return words % told
