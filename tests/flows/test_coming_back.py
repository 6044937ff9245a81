"""A removed account comes back: a signal, a case, a way from each to the other; nobody is hidden."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.unit.network.returns.town import days, town_with_former
from tests.unit.web.serving import add_person, client_of, confirmed, cookie, key, make_app

from havenwall.app import App
from havenwall.cli import network
from havenwall.cli.returns import returns
from havenwall.errors import Forbidden
from havenwall.model import SYSTEM, MemberState, Right, Role, Verb, Viewer
from havenwall.store.frames import to_frame
from havenwall.web import create_server

pytestmark = pytest.mark.slow
NEWCOMER, FORMER = "account:new", "account:gone"
NOBODY = Viewer(name="user:figures", rights=frozenset({Right.SEE_FIGURES}))


def journal(app: App, events: pl.DataFrame, source: str) -> None:
    ids = pl.Series("source_id", [f"e{row}" for row in range(events.height)])
    empty = to_frame([])
    whole = pl.concat([empty, events.with_columns(ids, source=pl.lit(source))], how="diagonal")
    app.store.journal.append_frame(
        whole.with_columns(weight=pl.lit(1.0), tags=pl.lit([], pl.List(pl.String)))
    )


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """A platform on which a confirmed account was removed and nobody has come back yet."""
    app = make_app(tmp_path, database=database_url)
    town = town_with_former()
    journal(app, town.events(), "platform")
    confirmed(app, FORMER)
    app.run()
    yield app
    app.close()


def come_back(app: App) -> None:
    town = town_with_former()
    before = town.events()
    town.account(NEWCOMER, ["sunnyharbour77"], days(9), follows=range(12), audience=range(100, 130))
    journal(app, town.events().join(before, on=before.columns, how="anti", nulls_equal=True), "later")
    app.run()


def member(app: App, entity: str) -> MemberState:
    view = app.store.cases(SYSTEM)
    return view.member(view.cases_of([entity])[entity], entity).state


def test_it_goes_to_a_person_once_and_hides_nobody(app: App) -> None:
    assert app.returns(SYSTEM) == []
    seeds = app.store.network.seeds()
    come_back(app)
    (found,) = app.returns(SYSTEM)
    assert (found.newcomer, found.former, found.days) == (NEWCOMER, FORMER, 9.0)
    assert member(app, NEWCOMER) is MemberState.PROPOSED
    assert NEWCOMER not in app.store.guard.restricted()
    assert app.run() == 0
    # A conclusion of ours is no seed, no signal of its own, and no anchor to discover from.
    assert app.store.network.seeds() == seeds
    heard = app.store.network.profiles().filter(pl.col("entity") == NEWCOMER)
    assert heard.select("signal", "reports").row(0) == (None, None)
    assert NEWCOMER not in app.store.network.signals()["entity"]


def test_cleared_it_stays_so_and_is_not_told_again(app: App) -> None:
    come_back(app)
    somebody = Viewer(name="user:robin", rights=frozenset(Right))
    view = app.store.cases(somebody)
    case = view.case(view.cases_of([NEWCOMER])[NEWCOMER])
    app.decide(somebody, case.id, case.version, Verb.CLEAR, [NEWCOMER], "a cousin")
    told = app.returns(SYSTEM)
    journal(app, pl.DataFrame({"type": ["account"], "at": [days(20)], "entity": ["account:other"]}), "third")
    app.run()
    assert app.returns(SYSTEM) == told
    assert member(app, NEWCOMER) is MemberState.CLEARED


def test_people_find_the_way_from_one_to_the_other(app: App) -> None:
    client = client_of(create_server(app, worker=False))
    headers = key(app, Right.SEE_CHILD_SAFETY)
    assert client.get("/v1/network/returns", headers=headers).json()["items"] == []
    come_back(app)
    (item,) = client.get("/v1/network/returns", headers=headers).json()["items"]
    assert (item["newcomer"], item["former"]) == (NEWCOMER, FORMER)
    assert client.get("/v1/network/returns", headers=key(app, Right.SEE_FIGURES)).status_code == 403
    with pytest.raises(Forbidden):
        app.returns(NOBODY)
    browser = cookie(app, add_person(app, Role.SPECIALIST)) | {"Accept": "text/html"}
    cases = app.store.cases(SYSTEM).cases_of([NEWCOMER, FORMER])
    paths = {name: f"/cases/{cases[name]}/members/{name}" for name in (NEWCOMER, FORMER)}
    for here, there in ((NEWCOMER, FORMER), (FORMER, NEWCOMER)):
        page = client.get(paths[here], headers=browser).text
        section = re.findall(r'<section[^>]*"coming-back".*?</section>', page, re.DOTALL)[0]
        assert f'href="{paths[there]}"' in section.replace("%3A", ":")
        assert "9 days after the removal" in section


def test_the_command_line_shows_them(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVENWALL_DATA", str(app.config.data))
    monkeypatch.setenv("HAVENWALL_DATABASE", app.config.database_url)
    monkeypatch.chdir(tmp_path)
    assert "No returns" in printed(monkeypatch)
    come_back(app)
    table = printed(monkeypatch)
    assert NEWCOMER in table
    assert "+9" in table
    with contextlib.redirect_stdout(io.StringIO()) as out:
        returns(json=True)
    assert '"former": "account:gone"' in out.getvalue()
    assert "returns" in [command.name for command in network.cli.registered_commands]


def printed(monkeypatch: pytest.MonkeyPatch) -> str:
    with network.OUT.capture() as captured:
        returns()
    return captured.get()
