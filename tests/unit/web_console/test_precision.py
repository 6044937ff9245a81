"""The page on precision, and how it is seen that somebody was drawn."""

import pytest
from tests.unit.network.precision.drawn import good, run
from tests.unit.web.serving import add_person, client_of, cookie, make_app

from havenwall.model import SYSTEM, Role
from havenwall.network.precision import AuditConfig, report
from havenwall.web import create_server
from havenwall.web.console.pages.precision import measures

CONFIG = AuditConfig()


@pytest.fixture
def specialist(as_role):
    return as_role[Role.SPECIALIST]


def test_nothing_drawn_says_what_to_do(tmp_path):
    app = make_app(tmp_path)
    client = client_of(create_server(app, worker=False))
    page = client.get("/precision", headers=cookie(app, add_person(app, Role.AUDITOR)))
    assert page.status_code == 200
    assert "No account was drawn yet" in page.text
    app.close()


def test_an_open_draw_says_how_many_wait(client, app, as_role):
    page = client.get("/precision", headers=as_role[Role.AUDITOR]).text
    told = app.precision(SYSTEM)
    assert told.open
    assert f"{told.open} of the newest draw wait" in page
    assert "100 more answers needed" in page
    assert not any(name in page for name in app.store.audits.drawn())


def test_figures_come_with_their_intervals():
    (precision, *recalls) = measures(report([good(27, day=2), good(27, day=1)], run(), CONFIG))
    assert (precision.label, precision.value) == ("Precision", "90\u00a0%")
    assert "95\u00a0% interval" in precision.between
    assert len(recalls) == 2
    assert measures(report([], None, CONFIG)) == []


def test_the_drawn_have_a_badge_and_a_filter(client, app, specialist):
    drawn = app.store.audits.drawn()
    case = next(case for case in app.store.cases(SYSTEM).cases() if case.topic == "audit")
    (member, *_) = app.store.cases(SYSTEM).members(case.id)
    page = client.get(f"/cases/{case.id}/members/{member.entity}", headers=specialist).text
    assert "That says nothing against it" in page
    for other in app.store.cases(SYSTEM).cases():
        inside = [m.entity for m in app.store.cases(SYSTEM).members(other.id, limit=10_000)]
        listed = client.get(f"/cases/{other.id}?state=all&drawn=true", headers=specialist).text
        rows = listed.count("drawn for audit</span>")
        assert rows == min(25, len(drawn.intersection(inside)))
