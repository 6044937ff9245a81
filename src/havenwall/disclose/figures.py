"""Figures for the public: counts by period, never about a person."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Protocol

from havenwall.model import Action, ActionKind, ActionState, Decision, Figures, Verb


class FiguresView(Protocol):
    """Counts over a period."""

    def events(self, start: datetime, end: datetime) -> int:
        """Events recorded."""
        ...

    def signals(self, start: datetime, end: datetime) -> dict[str, int]:
        """Signals by detector."""
        ...

    def decisions(self, start: datetime, end: datetime) -> list[Decision]:
        """Decisions made."""
        ...

    def actions(self, start: datetime, end: datetime) -> list[Action]:
        """Actions, one record per state reached."""
        ...

    def cases_opened(self, start: datetime, end: datetime) -> int:
        """Cases opened."""
        ...


def figures(view: FiguresView, start: datetime, end: datetime) -> Figures:
    """The figures of a period: `start` included, `end` not."""
    actions = view.actions(start, end)
    begun = {action.id: action for action in reversed(actions) if action.state is not ActionState.REVERSED}
    suppressions = [action for action in begun.values() if action.kind is ActionKind.SUPPRESS]
    machine = sum(action.by.startswith("policy:") for action in suppressions)
    decisions = view.decisions(start, end)
    return Figures(
        start=start,
        end=end,
        events=view.events(start, end),
        signals=view.signals(start, end),
        cases_opened=view.cases_opened(start, end),
        members_confirmed=_members(decisions, Verb.CONFIRM),
        members_cleared=_members(decisions, Verb.CLEAR),
        actions=dict(Counter(action.kind.value for action in begun.values())),
        reversed_actions=sum(action.state is ActionState.REVERSED for action in actions),
        automated_share=machine / len(suppressions) if suppressions else 0.0,
    )


def _members(decisions: list[Decision], verb: Verb) -> int:
    return sum(len(decision.entities) for decision in decisions if decision.verb is verb)
