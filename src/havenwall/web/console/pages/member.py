"""One account of a case: why it is here, what is in force, and the decision."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.app import App
from havenwall.guard import Surface
from havenwall.model import (
    DECIDE_RIGHT,
    Action,
    Case,
    CaseClass,
    Member,
    Restriction,
    Right,
    Risk,
    ScoreRun,
    SeedShare,
)
from havenwall.store.views.cases import CaseView
from havenwall.store.views.member_list import MemberPlace
from havenwall.web.access import AnyCaseViewer, Served
from havenwall.web.console.bars import effect_bar, share_bar
from havenwall.web.console.flash import flash_of
from havenwall.web.console.paging import member_path
from havenwall.web.console.reasons import factor_rows, rests_on_words, sentences, short_reason
from havenwall.web.console.render import show
from havenwall.web.console.returns import return_rows
from havenwall.web.console.words import action_words

_LINES = 200
_SEEDS = 8


class SeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed account behind a risk; without an address if it is not in this case."""

    seed: SeedShare
    href: str
    bar: Markup


class FactorLine(msgspec.Struct, frozen=True, kw_only=True):
    """A factor with its bar."""

    name: str
    value: float
    bar: Markup


class ActionRow(msgspec.Struct, frozen=True, kw_only=True):
    """An action in words."""

    name: str
    state: str
    action: Action


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard says on one surface."""

    surface: str
    outcome: str


def show_member(
    request: Request, app: Served, viewer: AnyCaseViewer, case_id: str, entity: str, done: str = ""
) -> HTMLResponse:
    """The page. `done` is the decision just made."""
    view = app.store.cases(viewer)
    case, member = view.case(case_id), view.member(case_id, entity)
    return show(
        request,
        viewer,
        "member.html",
        case=case,
        member=member,
        here=member_path(case.id, entity),
        may_decide=viewer.may(DECIDE_RIGHT[case.case_class]),
        may_remove=viewer.may(Right.REMOVE),
        policies=app.actions.policies,
        policy=app.store.queues.all()[case.queue].policy,
        drawn=member.entity in app.store.audits.drawn(),
        flash=flash_of(app, view, case.id, done),
        **_neighbours(case, view.place(member, case.id)),
        **_why(app, view, case, member),
        returns=return_rows(app, viewer, member.entity),
        tally=app.actions.strikes(viewer, case.id, member.entity),
        thresholds=app.actions.strike_policy.thresholds,
        **_in_force(app, member),
    )


def _neighbours(case: Case, place: MemberPlace) -> dict[str, Any]:
    return {
        "previous": place.previous and member_path(case.id, place.previous),
        "next": place.next and member_path(case.id, place.next),
        "next_to_review": place.next_proposed and member_path(case.id, place.next_proposed),
        "number": place.number,
        "total": place.total,
    }


def _why(app: App, view: CaseView, case: Case, member: Member) -> dict[str, Any]:
    # A risk names confirmed accounts of child safety, whatever case its entity is in.
    may = view.may_see(CaseClass.CHILD_SAFETY)
    risk = app.store.casework.risks([member.entity]).get(member.entity) if may else None
    run = app.store.figures.newest_run()
    run = run if risk and run and run.id == risk.run_id else None
    history = view.history(case.id, limit=_LINES)
    signals = app.store.policy.signal_counts([member.entity]).get(member.entity, {}) if may else {}
    return {
        "risk": risk,
        "run": run,
        "reason": short_reason(member, risk),
        "added": [line for line in history if member.entity in line.entities],
        "signals": sorted(signals.items()),
        **(_scored(view, case, risk, run) if risk else {}),
    }


def _scored(view: CaseView, case: Case, risk: Risk, run: ScoreRun | None) -> dict[str, Any]:
    present = view.present(case.id, [seed.seed for seed in risk.seeds[:_SEEDS]])
    factors = factor_rows(risk)
    largest = max((abs(row.value) for row in factors), default=0.0)
    return {
        "sentences": sentences(risk, run),
        "rests_on": rests_on_words(risk, run),
        "probability_bar": share_bar(risk.probability),
        "seeds": [_seed_row(case, seed, present) for seed in risk.seeds[:_SEEDS]],
        "more_seeds": len(risk.seeds[_SEEDS:]),
        "factors": [
            FactorLine(name=row.name, value=row.value, bar=effect_bar(row.value, largest)) for row in factors
        ],
    }


def _seed_row(case: Case, seed: SeedShare, present: set[str]) -> SeedRow:
    href = member_path(case.id, seed.seed) if seed.seed in present else ""
    return SeedRow(seed=seed, href=href, bar=share_bar(seed.share))


def _in_force(app: App, member: Member) -> dict[str, Any]:
    standing = app.store.casework.standings([member.entity]).get(member.entity)
    app.guard.refresh()
    return {
        "restriction": standing.restriction if standing else Restriction.NONE,
        "verdicts": [_answer(app, member.entity, surface) for surface in Surface],
        "actions": [_action_row(action) for action in app.store.casework.actions([member.entity])],
    }


def _answer(app: App, entity: str, surface: Surface) -> Answer:
    return Answer(surface=surface.value, outcome=app.guard.check(entity, surface).outcome.value)


def _action_row(action: Action) -> ActionRow:
    name, state = action_words(action.kind, action.state)
    return ActionRow(name=name, state=state, action=action)
