"""The pages over a real case, as a browser without script would use them."""

import html
import re

import pytest
from tests.unit.web.serving import add_person, cookie, make_app

from havenwall.app import App
from havenwall.model import SYSTEM, MemberState, Right, Role, Verb, Viewer
from havenwall.web.console.render import places
from havenwall.web.security import csrf_token


def case_of(app: App):
    return app.store.cases(SYSTEM).cases()[0]


def waiting(app: App) -> list[str]:
    members = app.store.cases(SYSTEM).members(case_of(app).id, state=MemberState.PROPOSED, limit=1000)
    return [member.entity for member in members]


def token(headers: dict[str, str]) -> str:
    return csrf_token(headers["Cookie"].partition("=")[2])


def decide(client, app, headers, entities, **fields):
    case = case_of(app)
    form = {"version": case.version, "verb": "confirm", "why": "seen", "back": f"/cases/{case.id}?state=all"}
    form |= {"csrf": token(headers), "entity": entities} | fields
    return client.post(f"/cases/{case.id}/decisions", data=form, headers=headers)


@pytest.fixture
def specialist(as_role):
    return as_role[Role.SPECIALIST]


def test_the_stages_made_a_case_worth_looking_at(app):
    assert case_of(app).proposed > 5
    assert case_of(app).confirmed > 5


@pytest.mark.parametrize("role", Role)
def test_the_navigation_names_what_a_role_may_open_and_no_more(client, as_role, role):
    page = client.get("/", headers=as_role[role]).text
    named = re.findall(r'<nav class="places".*?</nav>', page, re.DOTALL)[0]
    for path in ("/cases", "/figures", "/precision", "/people", "/access-log"):
        opens = client.get(path, headers=as_role[role]).status_code == 200
        assert (f'href="{path}"' in named) == opens


def test_the_present_place_is_marked():
    here = [place.path for place in places(SYSTEM, "/cases/C1/members/x") if place.here]
    assert here == ["/cases"]


def test_the_overview_shows_no_case_figures_to_an_auditor(client, as_role):
    assert "Open cases" not in client.get("/", headers=as_role[Role.AUDITOR]).text
    assert "Open cases" in client.get("/", headers=as_role[Role.ANALYST]).text


def test_an_analyst_looks_and_finds_no_form(client, app, as_role):
    page = client.get(f"/cases/{case_of(app).id}", headers=as_role[Role.ANALYST]).text
    assert "Strongest reason" in page
    assert "/decisions" not in page
    assert decide(client, app, as_role[Role.ANALYST], waiting(app)[:1]).status_code == 403


def test_a_case_opens_on_what_is_to_be_reviewed(client, app, specialist):
    page = client.get(f"/cases/{case_of(app).id}", headers=specialist).text
    table = page[page.index('<table class="cards members"') :]
    assert set(re.findall(r'class="chip (\w+)"', table)) == {"proposed"}


def test_accounts_are_found_by_a_part_of_their_name(client, app, specialist):
    wanted = waiting(app)[0]
    page = client.get(f"/cases/{case_of(app).id}?state=all&q={wanted[-2:].upper()}", headers=specialist).text
    assert f'value="{wanted}"' in page
    none = client.get(f"/cases/{case_of(app).id}?q=nobody-at-all", headers=specialist).text
    assert "No account matches" in none


def test_a_member_tells_why_it_is_here_and_what_the_guard_answers(client, app, specialist):
    hidden = app.store.guard.restricted()
    entity = next(name for name in waiting(app) if name in hidden)
    page = html.unescape(client.get(f"/cases/{case_of(app).id}/members/{entity}", headers=specialist).text)
    assert "Of accounts with a score like this one" in page
    assert re.search(r"recommended accounts</span> <strong>drop", page)
    assert "Confirmed accounts behind it" in page


def test_all_accounts_are_reached_by_previous_and_next(client, app, specialist):
    case, seen = case_of(app), []
    path = f"/cases/{case.id}/members/" + app.store.cases(SYSTEM).members(case.id, limit=1)[0].entity
    while path:
        seen.append(path)
        page = client.get(path, headers=specialist).text
        after = re.search(r'rel="next" href="([^"]+)"', page)
        path = after.group(1) if after else None
    assert len(seen) == len(set(seen)) == case.members


def test_a_decision_is_recorded_and_told_with_what_the_guard_says(client, app, specialist):
    entity = waiting(app)[0]
    answer = decide(client, app, specialist, [entity])
    assert answer.status_code == 303
    page = client.get(answer.headers["location"], headers=specialist).text
    assert "1 account confirmed." in page
    assert "1 of 1 are kept out of recommendations now" in page


def test_a_message_cannot_be_invented_by_an_address(client, app, specialist):
    page = client.get(f"/cases/{case_of(app).id}?done=3", headers=specialist).text
    assert 'class="notice good"' not in page


def test_a_changed_case_gives_the_input_back(client, app, specialist):
    first, second, third = waiting(app)[:3]
    stale = case_of(app).version
    robin = Viewer(name="user:robin", rights=frozenset(Right))
    app.decide(robin, case_of(app).id, stale, Verb.CLEAR, [third], "a journalist")
    answer = decide(client, app, specialist, [first, second], version=stale, why="both trade <here>")
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert "The case changed while you decided" in page
    assert "both trade <here></textarea>" in page
    assert "A journalist" in page
    assert re.findall(r'name="entity" value="([^"]+)" checked', page) == [first, second]
    assert f'name="version" value="{case_of(app).version}"' in page
    assert decide(client, app, specialist, [first, second]).status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": " "}, "give a reason"),
        ({"verb": ""}, "choose what to decide"),
        ({"verb": "open_case"}, "choose what to decide"),
        ({"entity": []}, "choose at least one member"),
        ({"entity": ["account:nobody"]}, "is not a member"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_the_input_kept(client, app, specialist, fields, said):
    answer = decide(client, app, specialist, waiting(app)[:1], **fields)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text).lower()
    assert case_of(app).title in html.unescape(answer.text)


@pytest.mark.parametrize("back", ["https://elsewhere.test/", "//elsewhere.test", "/cases/OTHER", ""])
def test_nobody_is_sent_elsewhere(client, app, specialist, back):
    answer = decide(client, app, specialist, waiting(app)[:1], back=back)
    assert answer.headers["location"].startswith(f"/cases/{case_of(app).id}?done=")


def test_a_form_without_its_token_is_refused(client, app, specialist):
    assert decide(client, app, specialist, waiting(app)[:1], csrf="").status_code == 403


def test_a_referral_is_drafted_and_shown(client, app, specialist):
    case = case_of(app)
    url = f"/cases/{case.id}/referrals"
    answer = client.post(url, data={"csrf": token(specialist)}, headers=specialist)
    assert answer.status_code == 303
    referral = app.store.cases(SYSTEM).referrals(case.id)[-1]
    assert referral.authority in client.get(f"/cases/{case.id}", headers=specialist).text


def test_a_case_that_is_not_there_is_a_page_that_says_so(client, specialist):
    answer = client.get("/cases/NOPE", headers=specialist)
    assert answer.status_code == 404
    assert "There is no case NOPE" in answer.text


def test_a_new_person_gets_a_link_that_is_shown_once_and_works(client, app, as_role):
    boss = as_role[Role.ADMINISTRATOR]
    form = {"csrf": token(boss), "name": "maria", "role": "analyst"}
    page = client.post("/people", data=form, headers=boss).text
    secret = re.search(r"/sign-in/link#([\w-]+)", page).group(1)
    assert app.store.people.use_link(secret).name == "maria"
    again = client.post("/people", data=form, headers=boss)
    assert again.status_code == 409
    assert "hw_link" not in again.text + client.get("/people", headers=boss).text


@pytest.mark.parametrize("form", [{"name": "X!", "role": "analyst"}, {"name": "olga", "role": "queen"}])
def test_a_person_that_cannot_be_added_is_told_why(client, as_role, form):
    boss = as_role[Role.ADMINISTRATOR]
    answer = client.post("/people", data=form | {"csrf": token(boss)}, headers=boss)
    assert answer.status_code == 422
    assert f'value="{form["name"]}"' in answer.text


def test_looking_at_a_case_is_in_the_access_log(client, app, as_role):
    client.get(f"/cases/{case_of(app).id}", headers=as_role[Role.ANALYST])
    page = client.get("/access-log", headers=as_role[Role.ADMINISTRATOR]).text
    assert case_of(app).id in page


def test_figures_of_the_last_thirty_days_and_of_a_period_without_any(app, client, as_role):
    page = client.get("/figures", headers=as_role[Role.AUDITOR]).text
    opened = app.store.cases(SYSTEM).count()
    assert opened > 0
    assert re.search(rf"Cases opened</th><td class=\"num\">{opened}<", page)
    before = client.get("/figures?start=2020-01-01&end=2020-01-31", headers=as_role[Role.AUDITOR]).text
    assert re.search(r"Cases opened</th><td class=\"num\">0<", before)


@pytest.mark.parametrize("query", ["start=yesterday", "start=2026-02-02&end=2026-02-01", "end=9999-99-99"])
def test_a_period_that_is_none_is_told(client, as_role, query):
    answer = client.get(f"/figures?{query}", headers=as_role[Role.AUDITOR])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_an_empty_house_says_what_to_run_next(tmp_path):
    from tests.unit.web.serving import client_of

    from havenwall.web import create_server

    app = make_app(tmp_path)
    headers = cookie(app, add_person(app, Role.ADMINISTRATOR))
    client = client_of(create_server(app, worker=False))
    assert "havenwall demo" in client.get("/", headers=headers).text
    assert "havenwall audit run --save" in client.get("/", headers=headers).text
    assert "havenwall run" in client.get("/cases", headers=headers).text
    app.close()


def test_trouble_stands_at_the_top(client, app, as_role):
    app.store.ledger.trouble("export", "disk <full>")
    page = client.get("/", headers=as_role[Role.AUDITOR]).text
    app.store.ledger.well_again("export")
    assert "disk &lt;full&gt;" in page
    assert page.index("disk &lt;full&gt;") < page.index("Is the exposure gone?")


def test_every_role_is_explained_on_the_people_page(client, as_role):
    page = client.get("/people", headers=as_role[Role.ADMINISTRATOR]).text
    assert all(f'value="{role.value}"' in page for role in Role)
    assert Right.SEE_CHILD_SAFETY.value not in page
