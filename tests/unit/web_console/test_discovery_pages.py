"""The pages Communities, Groups and tags: empty, filled, narrowed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.unit.network.town import AT, MEMBERS, signal_on, town_frame, town_signals
from tests.unit.web.serving import add_person, client_of, cookie, key, make_app

from havenwall.app import App
from havenwall.engine import Output
from havenwall.model import SYSTEM, Event, EventType, Right, Role
from havenwall.web import create_server


class _Told:
    name, reads, notice_only = "told", (), False


def keep(app: App, *signals) -> None:
    app.store.streams.commit(_Told(), {}, Output(signals=signals))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A town with a community nobody has looked at; scored once three of it were confirmed."""
    app = make_app(tmp_path_factory.mktemp("town"))
    app.store.journal.append_frame(town_frame())
    keep(app, *town_signals())
    app.run()
    app.ingest_events(
        [
            Event(source="team", source_id=name, type=EventType.CONFIRMED, at=AT, entity=name)
            for name in MEMBERS[:12]
        ]
    )
    app.run()
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App):
    return client_of(create_server(app, worker=False))


@pytest.fixture(scope="module")
def analyst(app: App) -> dict[str, str]:
    return cookie(app, add_person(app, Role.ANALYST)) | {"Accept": "text/html"}


def test_a_community_is_listed_with_its_evidence_and_leads_to_its_accounts(client, analyst):
    page = client.get("/communities", headers=analyst).text
    assert "No machine acts on anybody for being listed here" in page
    assert "alike in" in page
    assert re.search(r"\d+ confirmed · \d+ to review · 0 cleared", page)
    assert re.search(r'href="/cases/\w+/members/account:m\d\d"', page)


def test_the_page_of_one_lists_all_its_accounts_in_parts(client, analyst, app):
    href = re.findall(r'href="(/communities/\w+)"', client.get("/communities", headers=analyst).text)[0]
    page = client.get(href, headers=analyst).text
    shown = set(re.findall(r"account:m\d\d", page))
    told = app.store.network.communities()
    assert shown == {name for name, community in told.items() if href.endswith(community)}
    assert client.get("/communities/nobody", headers=analyst).status_code == 404


def test_looking_at_communities_is_written_down(client, analyst, app):
    client.get("/communities", headers=analyst)
    assert app.store.access_log(1)[0].what == "community"


def test_things_are_listed_and_narrowed(client, analyst):
    page = client.get("/things", headers=analyst).text
    assert "tag:bluewhistle" in page
    assert "are confirmed or likely" in page
    assert re.search(r'href="/cases/\w+/members/account:m\d\d"', page)
    assert "tag:bluewhistle" in client.get("/things?kind=tag&q=BLUE", headers=analyst).text
    for query in ("kind=group", "q=slate"):
        assert "Nothing of that name or kind" in client.get(f"/things?{query}", headers=analyst).text
    assert client.get("/things?kind=account", headers=analyst).status_code == 422


def test_a_member_s_page_leads_to_what_it_shares(client, analyst, app):
    case = next(
        case for case in app.store.cases(SYSTEM).cases() if app.store.cases(SYSTEM).members(case.id, limit=1)
    )
    entity = next(
        member.entity
        for member in app.store.cases(SYSTEM).members(case.id, limit=100)
        if (risk := app.store.casework.risks([member.entity]).get(member.entity)) and risk.things
    )
    page = client.get(f"/cases/{case.id}/members/{entity}", headers=analyst).text
    assert 'href="/things?q=tag' in page


def test_empty_pages_say_what_is_missing(fresh_app):
    client = client_of(create_server(fresh_app, worker=False))
    headers = cookie(fresh_app, add_person(fresh_app, Role.ANALYST)) | {"Accept": "text/html"}
    assert "havenwall network discover" in client.get("/communities", headers=headers).text
    assert "Nothing was scored yet" in client.get("/things", headers=headers).text


@pytest.fixture
def fresh_app(tmp_path):
    app = make_app(tmp_path)
    yield app
    app.close()


class TestApi:
    def test_things_come_in_pages(self, client, app):
        headers = key(app, Right.SEE_CHILD_SAFETY)
        body = client.get("/v1/network/things?limit=1", headers=headers).json()
        assert [each["entity"] for each in body["items"]] == ["tag:bluewhistle"]
        assert body["items"][0]["use"]["users"] == 20
        assert client.get("/v1/network/things?offset=500", headers=headers).json()["items"] == []
        assert client.get("/v1/network/things?kind=post", headers=headers).status_code == 422

    def test_discovery_is_for_those_who_may_see_accounts_and_manage(self, client, app):
        headers = key(app, Right.SEE_CHILD_SAFETY)
        assert client.post("/v1/network/discover", headers=headers).status_code == 403
        keep(app, signal_on(MEMBERS[20], "term", 0.5))
        headers = key(app, Right.SEE_CHILD_SAFETY, Right.MANAGE)
        body = client.post("/v1/network/discover", headers=headers).json()
        assert body["accounts"] > 900
        assert body["found"] or body["reason"]
