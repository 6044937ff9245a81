"""The stage: searches when there is news, and leaves what people decided alone."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from havenwall.detect.terms import TermStage
from havenwall.engine import Batch
from havenwall.model import EventType, TermState, now

AT = now() - timedelta(days=1)
NETWORK = frozenset(f"account:m{number}" for number in range(9))


class View:
    """A store in memory."""

    def __init__(self, spoken) -> None:
        self.said, self.told, self.count = spoken, [], 0

    def mark(self):
        return self.count

    def spoken(self, window):
        return self.said

    def network(self):
        return NETWORK

    def proposals(self):
        return self.told


@pytest.fixture
def talk(frame):
    """Makes the posts of so many members with one tag, among those of others."""

    def make(members):
        said = [(f"account:p{n}", f"garden-{n % 20}") for n in range(200)]
        said += [(name, "paperfinch") for name in sorted(NETWORK)[:members]]
        return frame(
            *(
                {"type": EventType.POST, "entity": who, "target": f"post:{n}", "tags": (tag,), "at": AT}
                for n, (who, tag) in enumerate(said)
            )
        ).select("type", "at", "entity", "target", "tags", "text")

    return make


def searched(view):
    return TermStage(view, dict).search(now())


def test_it_comes_to_rest(talk):
    view = View(talk(3))
    stage = TermStage(view, dict)
    (one,) = stage.run(Batch(new=1)).proposals
    assert one.term == "paperfinch"
    assert stage.run(Batch(new=1)).proposals == ()
    view.told = [one]
    assert searched(view) == ()


def test_no_network_no_search(talk, monkeypatch):
    view = View(talk(3))
    monkeypatch.setattr(view, "network", frozenset)
    assert searched(view) == ()


def test_an_open_proposal_takes_up_new_evidence_under_its_own_date(talk):
    (old,) = searched(View(talk(3)))
    view = View(talk(5))
    view.told = [old]
    (new,) = searched(view)
    assert (new.id, new.version, new.proposed_at) == (old.id, 2, old.proposed_at)
    assert new.evidence.network == 5


@pytest.mark.parametrize(
    ("state", "members", "comes"),
    [
        (TermState.OPEN, 3, False),
        (TermState.OPEN, 4, True),
        (TermState.ACCEPTED, 9, False),
        (TermState.REJECTED, 8, False),
        (TermState.REJECTED, 9, True),
    ],
)
def test_a_decided_one_comes_back_only_if_rejected_and_much_grown(talk, state, members, comes):
    (old,) = searched(View(talk(3)))
    view = View(talk(members))
    view.told = [msgspec.structs.replace(old, state=state, decided_on=old.evidence)]
    found = searched(view)
    assert bool(found) == comes
    assert all((one.state, one.version) == (TermState.OPEN, 2) for one in found)
