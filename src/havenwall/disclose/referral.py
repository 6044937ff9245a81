"""Case → Referral: a draft for an authority, from what people confirmed. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Sequence

from havenwall.errors import NotReady
from havenwall.model import Case, Exhibit, Member, MemberState, Referral, ReferralState, derived_id, now

CYBERTIPLINE = "ncmec-cybertipline"


def draft_referral(case: Case, members: Sequence[Member], exhibits: Sequence[Exhibit]) -> Referral:
    """A draft that names the confirmed members and the exhibits about them.

    Drafting again after more members were confirmed gives the same id with the new content.

    Raises:
        NotReady: nobody was confirmed by a person yet.
    """
    confirmed = [m for m in members if m.state is MemberState.CONFIRMED]
    by_person = [m for m in confirmed if (m.decided_by or "").startswith("user:")]
    if not by_person:
        raise NotReady("no member of this case was confirmed by a person", hint="review the case first")
    subjects = tuple(sorted(m.entity for m in confirmed))
    return Referral(
        id=derived_id(case.id, CYBERTIPLINE),
        case_id=case.id,
        authority=CYBERTIPLINE,
        state=ReferralState.DRAFT,
        at=now(),
        subjects=subjects,
        exhibits=tuple(e.id for e in exhibits if e.entity in set(subjects)),
        narrative=_narrative(case, len(confirmed), len(by_person)),
    )


def _narrative(case: Case, confirmed: int, by_person: int) -> str:
    return (
        f"{case.title}. {confirmed} accounts are confirmed as members, {by_person} of them by reviewers; "
        f"{case.proposed} more await review and {case.cleared} were cleared. "
        f"Opened on {case.opened_at:%Y-%m-%d}.{_care(case)}"
    )


def _care(case: Case) -> str:
    # Who reads it must not take them for suspects; they are not among the subjects.
    if not case.care:
        return ""
    return f" {case.care} more accounts may be a minor's or a victim's; they got help and are not named here."
