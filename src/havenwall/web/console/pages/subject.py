"""The part of a case's page about the group, tag or live stream it is about."""

from __future__ import annotations

from collections import Counter
from typing import Any

from markupsafe import Markup

from havenwall.app import App
from havenwall.app.subject import subject_of_case
from havenwall.model import Case, Signal, Viewer
from havenwall.model.subject import GroupFacts, StreamFacts, Week
from havenwall.web.console.columns_chart import columns_chart
from havenwall.web.console.filters import spaced
from havenwall.web.console.told import digits
from havenwall.web.console.words import number
from havenwall.web.tongue import gettext

_MOST_SIGHTS = 60


def subject_on_case(app: App, viewer: Viewer, case: Case) -> dict[str, Any]:
    """What the template needs; `subject` is None for a case about something else."""
    found = subject_of_case(app.store, viewer, case)
    if found is None:
        return {"subject": None}
    told = _group(found.group) if found.group else _stream(found.stream) if found.stream else {}
    return {"subject": found, **told}


def _group(group: GroupFacts) -> dict[str, Any]:
    weeks = [(_week(week), float(week.size)) for week in group.weeks]
    return {
        "growth": columns_chart(gettext("Accounts at the end of each week"), weeks) if weeks else Markup(""),
        "found_in": Counter(_place(signal) for signal in group.signals).most_common(),
    }


def _week(week: Week) -> str:
    return gettext("week of %(week)s: %(count)s accounts") % {"week": week.start, "count": number(week.size)}


def _stream(stream: StreamFacts) -> dict[str, Any]:
    sights = stream.sights[-_MOST_SIGHTS:]
    said = gettext("%(at)s UTC: risk %(risk)s")
    columns = [
        (said % {"at": f"{one.at:%H:%M:%S}", "risk": digits(f"{one.risk:.2f}")}, one.risk) for one in sights
    ]
    return {
        "sights": sights,
        "course": columns_chart(gettext("Risk at each match"), columns, top=1.0) if columns else Markup(""),
    }


def _place(signal: Signal) -> str:
    """Where something was found, in words."""
    field = signal.evidence.get("field")
    detector = signal.detector.replace("-", " ")
    told = {"detector": detector, "field": spaced(str(field))}
    return gettext("%(detector)s, in its %(field)s") % told if field else detector
