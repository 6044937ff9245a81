"""From nothing confirmed to a case, to confirmed accounts, to scoring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.network.town import AT, MEMBERS, OTHERS, town_frame

from havenwall.app import App, Config
from havenwall.model import SYSTEM, Event, EventType, Right, Verb, Viewer

pytestmark = pytest.mark.slow
ROBIN = Viewer(name="user:robin", rights=frozenset(Right))


def _events() -> Iterator[Event]:
    """Members post a listed term or were reported once; so were some others."""
    for n, entity in enumerate(MEMBERS[:8]):
        yield _event(f"post-{n}", EventType.POST, entity, target=f"post:{n}", text="new copperkite here")
    for n, entity in enumerate((*MEMBERS[8:16], *OTHERS[500:504])):
        yield _event(f"report-{n}", EventType.REPORT, entity)


def _event(key: str, kind: EventType, entity: str, **fields: str) -> Event:
    return Event(source="town", source_id=key, type=kind, at=AT, entity=entity, **fields)


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[App]:
    (tmp_path / "terms.txt").write_text("copperkite\n")
    app = App(Config(data=tmp_path / "data", database=database_url, term_lists=(tmp_path / "terms.txt",)))
    app.store.journal.append_frame(town_frame())
    app.ingest_events([*_events()])
    yield app
    app.close()


def test_a_community_goes_to_a_person_and_what_they_confirm_to_scoring(app: App) -> None:
    assert app.run() > 0
    assert app.run() == 0
    assert app.store.figures.newest_run() is None

    (case,) = app.store.cases(SYSTEM).cases()
    history = app.store.cases(SYSTEM).history(case.id)
    assert {line.by for line in history} == {"policy:community-case"}
    assert not app.store.guard.restricted()
    members = {member.entity for member in app.store.cases(SYSTEM).members(case.id, limit=500)}
    assert len(members) >= 8
    assert members <= set(MEMBERS)
    told = app.store.communities(SYSTEM).communities()
    assert members <= {member.entity for each in told for member in each.members}

    app.decide(ROBIN, case.id, case.version, Verb.CONFIRM, sorted(members & set(MEMBERS))[:2], "seen")
    app.run()
    run = app.store.figures.newest_run()
    assert run is not None
    assert run.seeds == 2
    assert app.store.figures.risks_of(run.id)
    assert app.run() == 0

    version = app.store.cases(SYSTEM).case(case.id).version
    app.decide(ROBIN, case.id, version, Verb.CONFIRM, sorted(members & set(MEMBERS))[2:], "seen")
    app.run()
    assert app.run() == 0
    _, things = app.things(SYSTEM)
    assert things[0].entity == "tag:bluewhistle"
    assert not any(entity.startswith("tag:") for entity in app.store.guard.restricted())
    assert all(
        member.entity.startswith("account:")
        for each in app.store.cases(SYSTEM).cases()
        for member in app.store.cases(SYSTEM).members(each.id, limit=1000)
    )
