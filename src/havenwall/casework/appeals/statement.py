"""Statements of reasons, made from structured facts: nothing a reviewer typed is in them (Art. 17(3) DSA)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.casework.appeals.texts import Sentences, sentences
from havenwall.model.appeal import APPEAL_WITHIN, Appeal, AppealState, Finding, Grounds, Statement


def statement(grounds: Grounds, language: str, at: datetime, code: str = "") -> Statement:
    """Why an entity is restricted.

    Args:
        grounds: the facts.
        language: a tag; English where there is no other text.
        at: now; says whether there is still time to appeal.
        code: the secret of the person restricted, to hand over with it.
    """
    used, said = sentences(language)
    until = grounds.at + APPEAL_WITHIN
    open_still = at <= until and not grounds.taken_back
    over = said.redress_taken_back if grounds.taken_back else said.redress_over
    return Statement(
        reference=grounds.action_id,
        code=code,
        language=used,
        grounds=grounds,
        title=(said.title_over if grounds.ended_at else said.title).format(entity=grounds.entity),
        restriction=_restriction(grounds, said),
        facts=(said.found if grounds.machine_found else said.reported).format(entity=grounds.entity),
        ground=_ground(grounds, said),
        automation=_automation(grounds, said),
        redress=said.redress.format(until=_day(until)) if open_still else over,
        may_appeal=open_still,
    )


def outcome(appeal: Appeal, finding: Finding, at: datetime) -> Statement:
    """What a person restricted is told about their appeal, decided at a moment."""
    used, said = sentences(appeal.language)
    upheld, grounds = finding.state is AppealState.UPHELD, appeal.grounds
    if upheld:
        grounds = msgspec.structs.replace(grounds, ended_at=at, taken_back=True)
    return Statement(
        reference=appeal.number,
        language=used,
        grounds=grounds,
        title=said.outcome_title[upheld],
        restriction=_restriction(grounds, said),
        facts=said.finding[finding],
        ground=_ground(grounds, said),
        automation=said.outcome_person,
        redress=said.outcome_redress[upheld],
        may_appeal=False,
    )


def _restriction(grounds: Grounds, said: Sentences) -> str:
    words = said.was if grounds.ended_at else said.restriction
    what = words[grounds.kind].format(entity=grounds.entity, at=_day(grounds.at))
    if grounds.ended_at:
        over = said.taken_back if grounds.taken_back else said.ran_out
        return f"{what} {over.format(until=_day(grounds.ended_at))}"
    ends = said.until.format(until=_day(grounds.expires_at)) if grounds.expires_at else said.for_good
    return f"{what} {ends}"


def _ground(grounds: Grounds, said: Sentences) -> str:
    return said.policy.format(policy=grounds.policy) if grounds.policy else said.no_policy[grounds.case_class]


def _automation(grounds: Grounds, said: Sentences) -> str:
    by_person = said.two_persons if grounds.two_persons else said.person
    # Who takes back what a machine decided has looked.
    by_machine = said.machine_then if grounds.taken_back else said.machine
    decided = by_machine if grounds.machine_decided else by_person
    return f"{said.machine_found if grounds.machine_found else said.people_found} {decided}"


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d")
