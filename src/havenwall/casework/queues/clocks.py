"""By when a case must be answered, from its source and the law."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from havenwall.model import Case, CaseClass, CaseSource, CaseTopic


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Hours from when we first knew until an answer is due. Where several clocks fit, the shortest holds."""

    imminent: float = 1.0
    """Danger to life or safety (Art. 18 DSA), and live streams."""
    authority: float = 4.0
    flagger: float = 12.0
    """Notices of trusted flaggers go first (Art. 22 DSA)."""
    child_safety: float = 24.0
    """A report to the authorities is due as soon as reasonably possible after knowledge (18 USC 2258A)."""
    report: float = 48.0
    """Notices are decided in a timely manner (Art. 16(6) DSA)."""
    general: float = 72.0
    audit: float = 168.0
    """Accounts drawn by lot: nothing speaks against them but the lot."""


def clock_of(clocks: Clocks, case: Case) -> tuple[float, str]:
    """The hours that hold for a case, and the sentence that says why."""
    if case.topic is CaseTopic.AUDIT:
        return clocks.audit, _told("accounts drawn for an audit", clocks.audit)
    fitting = [(getattr(clocks, name), why) for name, why in _names(case)]
    hours, why = min(fitting, key=lambda found: found[0])
    return hours, _told(why, hours)


def _names(case: Case) -> list[tuple[str, str]]:
    found = []
    if case.imminent or case.topic is CaseTopic.LIVE:
        found.append(("imminent", "danger now (Art. 18 DSA)"))
    if case.source is CaseSource.AUTHORITY:
        found.append(("authority", "an authority asked"))
    if case.source is CaseSource.FLAGGER:
        found.append(("flagger", "a trusted flagger reported (Art. 22 DSA)"))
    if case.case_class is CaseClass.CHILD_SAFETY:
        found.append(("child_safety", "child safety (18 USC 2258A)"))
    elif case.source is CaseSource.REPORT:
        found.append(("report", "somebody reported it (Art. 16 DSA)"))
    return found or [("general", "not child safety")]


def _told(why: str, hours: float) -> str:
    return f"Within {timedelta(hours=hours) // timedelta(minutes=1) / 60:g} hours: {why}."
