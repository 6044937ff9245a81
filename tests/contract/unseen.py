"""Every way to a case. Who adds a way adds a line here, and the tests prove who comes by it and who does not.

A way is asked for the case that is hidden from some, and gives whatever it shows; it may raise NotFound or
Forbidden. `COVERED` says which public names of the view are asked by a way.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from havenwall.model import CaseClass, Viewer
from havenwall.store import Store
from havenwall.store.views.case_list import CaseFilter
from havenwall.store.views.cases import CaseView


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """A case that not everybody may know of."""

    id: str
    entity: str
    """A member of it and of no other case."""
    gap: str
    exhibit: str = ""
    """A picture in it."""


Ask = Callable[[CaseView, Hidden], object]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to a case."""

    name: str
    """The public name of the view, or `WORDS: what is tried`."""
    ask: Callable[[Store, Viewer, Hidden], object]


def _view(name: str, ask: Ask) -> Way:
    return Way(name=name, ask=lambda store, viewer, hidden: ask(store.cases(viewer), hidden))


def _list(name: str, **asked: object) -> Way:
    return _view(f"cases: {name}", lambda view, hidden: view.cases(asked=CaseFilter(**asked)))


WAYS: tuple[Way, ...] = (
    _view("cases", lambda view, hidden: view.cases(limit=500)),
    _view("cases: by state", lambda view, hidden: view.cases(states=("open", "in_review", "decided"))),
    _list("of its class", case_class=CaseClass.CHILD_SAFETY),
    _list("that wait", waiting=True),
    _list("by due time", sort="due"),
    _list("by age", sort="oldest"),
    _view("cases: search by id", lambda view, hidden: view.cases(asked=CaseFilter(text=hidden.id))),
    _view("cases: search by member", lambda view, hidden: view.cases(asked=CaseFilter(text=hidden.entity))),
    _view("case", lambda view, hidden: view.case(hidden.id)),
    _view("members", lambda view, hidden: view.members(hidden.id)),
    _view("member", lambda view, hidden: view.member(hidden.id, hidden.entity)),
    _view("present", lambda view, hidden: view.present(hidden.id, [hidden.entity])),
    _view("cases_of", lambda view, hidden: view.cases_of([hidden.entity])),
    _view("history", lambda view, hidden: view.history(hidden.id)),
    _view("decisions", lambda view, hidden: view.decisions(hidden.id)),
    _view("actions", lambda view, hidden: view.actions(hidden.id)),
    _view("actions: of a member", lambda view, hidden: view.actions(hidden.id, hidden.entity)),
    _view("exhibits", lambda view, hidden: view.exhibits(hidden.id)),
    _view("pictures", lambda view, hidden: view.pictures(hidden.id)),
    _view("picture", lambda view, hidden: view.picture(hidden.id, hidden.exhibit)),
    _view("referrals", lambda view, hidden: view.referrals(hidden.id)),
    _view("gaps", lambda view, hidden: view.gaps()),
    _view("gap", lambda view, hidden: view.gap(hidden.gap)),
)

COUNTS = ("count", "counts", "exhibit_count", "may_see", "class_of", "place")
"""Names of the view that show a number, a yes or a class; they have a test of their own."""
COVERED = frozenset(way.name.partition(":")[0] for way in WAYS) | frozenset(COUNTS)
