"""From a proposal to the guard's lists and back, by what a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests.unit.web.serving import make_app
from tests.unit.web.talking import talk

from havenwall.app import App
from havenwall.app.listed import SealedLists
from havenwall.app.proposals import listed_terms
from havenwall.app.terms import open_query_guard
from havenwall.errors import BadInput, Conflict, Forbidden
from havenwall.guard.query import QuerySurface
from havenwall.guard.terms import seal_terms
from havenwall.model import ROLE_RIGHTS, SYSTEM, Role, TermProposal, TermState, Viewer

MIRA = Viewer(name="user:mira", rights=ROLE_RIGHTS[Role.SPECIALIST])


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    yield app
    app.close()


def decide(
    app: App, one: TermProposal, state: TermState, severity: str = "", why: str = "seen"
) -> TermProposal:
    return app.terms.decide(MIRA, one.id, one.version, state, why, severity)


def outcome(app: App, text: str) -> str:
    app.query_guard.refresh()
    return app.query_guard.query(text, QuerySurface.SEARCH_QUERY).outcome


def test_nothing_enters_a_list_by_itself(app: App) -> None:
    one = talk(app)
    app.run()
    assert one.state is TermState.OPEN
    assert outcome(app, "paperfinch") == "allow"
    assert not app.config.terms_folder.exists()


def test_an_accepted_term_is_blocked_through_disguises_until_it_is_rejected(app: App) -> None:
    one = talk(app)
    assert outcome(app, "paperfinch") == "allow"
    accepted = decide(app, one, TermState.ACCEPTED, "block")
    assert (accepted.by, accepted.why, accepted.severity) == ("user:mira", "seen", "block")
    assert accepted.decided_on == one.evidence
    assert outcome(app, "p4per f1nch") == "blocked"
    (sealed,) = app.config.terms_folder.iterdir()
    assert b"paperfinch" not in sealed.read_bytes()
    assert app.terms.search(SYSTEM) == []
    decide(app, accepted, TermState.REJECTED)
    assert outcome(app, "paperfinch") == "allow"


def test_where_lists_are_named_the_accepted_terms_come_and_go_without_a_restart(
    app: App, tmp_path: Path
) -> None:
    entry = b'{"id": "1", "term": "tin-lantern", "severity": "block", "provenance": "test"}'
    named = seal_terms(tmp_path / "named", "own.jsonl", entry, app.config.terms_key_file)
    config = msgspec.structs.replace(app.config, guard_term_lists=(named,))
    one, seen = talk(app), SealedLists(config)
    with closing(open_query_guard(config)) as guard:

        def found(text: str) -> tuple[str, int]:
            guard.refresh()
            return guard.query(text, QuerySurface.SEARCH_QUERY).outcome, len(seen().all_counted(text, None))

        assert (found("tin-lantern"), found("paperfinch")) == (("blocked", 1), ("allow", 0))
        accepted = decide(app, one, TermState.ACCEPTED, "block")
        assert (found("tin-lantern"), found("paperfinch")) == (("blocked", 1), ("blocked", 1))
        decide(app, accepted, TermState.REJECTED)
        assert (found("tin-lantern"), found("paperfinch")) == (("blocked", 1), ("allow", 0))
        assert not guard.status().problem


def test_a_crash_before_the_list_was_written_is_mended_by_the_next_run(app: App) -> None:
    one = talk(app)
    app.store.terms.decide(
        msgspec.structs.replace(one, state=TermState.ACCEPTED, version=2, by="user:mira", severity="block")
    )
    assert outcome(app, "paperfinch") == "allow"
    app.run(("terms",))
    assert outcome(app, "paperfinch") == "blocked"
    before = (app.config.terms_folder / "accepted.jsonl.sealed").read_bytes()
    app.terms.seal()
    assert (app.config.terms_folder / "accepted.jsonl.sealed").read_bytes() == before


def test_accepted_and_listed_terms_count_as_listed(app: App, tmp_path: Path) -> None:
    decide(app, talk(app), TermState.ACCEPTED, "suppress")
    plain = tmp_path / "own.txt"
    plain.write_text("tin-lantern\n")
    config = msgspec.structs.replace(app.config, term_lists=(plain,))
    assert listed_terms(config, app.store).keys() == {"paperfinch", "tin-lantern"}


@pytest.mark.parametrize(
    ("state", "severity", "why", "field"),
    [
        (TermState.ACCEPTED, "block", " ", "why"),
        (TermState.ACCEPTED, "context", "seen", "severity"),
        (TermState.OPEN, "", "seen", "state"),
    ],
)
def test_a_decision_that_is_not_possible_says_why(
    app: App, state: TermState, severity: str, why: str, field: str
) -> None:
    one = talk(app)
    with pytest.raises(BadInput) as problem:
        decide(app, one, state, severity, why)
    assert problem.value.field == field
    assert app.store.terms.proposal(one.id) == one


def test_a_term_of_everyday_words_is_refused(app: App) -> None:
    one = talk(app, "the")
    with pytest.raises(BadInput, match="benign"):
        decide(app, one, TermState.ACCEPTED, "block")
    assert app.store.terms.proposal(one.id).state is TermState.OPEN
    assert decide(app, one, TermState.REJECTED).state is TermState.REJECTED


def test_who_may_not_decide_does_not_and_an_old_version_is_told(app: App) -> None:
    one = talk(app)
    analyst = Viewer(name="user:ana", rights=ROLE_RIGHTS[Role.ANALYST])
    with pytest.raises(Forbidden):
        app.terms.decide(analyst, one.id, one.version, TermState.REJECTED, "seen")
    with pytest.raises(Forbidden):
        app.terms.proposals(Viewer(name="user:otto", rights=ROLE_RIGHTS[Role.AUDITOR]))
    decide(app, one, TermState.REJECTED)
    with pytest.raises(Conflict):
        decide(app, one, TermState.ACCEPTED, "block")


def test_looking_is_written_down(app: App) -> None:
    app.terms.proposals(MIRA)
    assert app.store.access_log(1)[0].subject == "term proposals"
