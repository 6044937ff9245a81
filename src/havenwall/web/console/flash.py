"""What a decision just made has done, read from store and guard, so that no address can invent it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.app import App
from havenwall.guard import Surface
from havenwall.model import Decision, Verb
from havenwall.store.views.cases import CaseView
from havenwall.web.console.words import plural


class Flash(msgspec.Struct, frozen=True, kw_only=True):
    """A decision, told to the one who made it."""

    title: str
    at: datetime
    guard: str


def flash_of(app: App, view: CaseView, case_id: str, decision_id: str) -> Flash | None:
    """What became of a decision on a case; None if there is no such decision."""
    found = [d for d in view.decisions(case_id) if d.id == decision_id] if decision_id else []
    return _told(app, found[0]) if found else None


def _told(app: App, decision: Decision) -> Flash:
    done = "confirmed" if decision.verb is Verb.CONFIRM else "cleared"
    title = f"{plural(len(decision.entities), 'account')} {done}."
    return Flash(title=title, at=decision.at, guard=_guard_words(app, decision))


def _guard_words(app: App, decision: Decision) -> str:
    app.guard.refresh()
    surface = Surface.RECOMMENDED_ACCOUNTS
    verdicts = [app.guard.check(entity, surface).outcome for entity in decision.entities]
    dropped, total = sum(not outcome.shows() for outcome in verdicts), len(verdicts)
    if decision.verb is Verb.CONFIRM:
        return f"The guard has it: {dropped:,} of {total:,} are kept out of recommendations now."
    return f"The guard has it: {total - dropped:,} of {total:,} may be recommended again."
