"""The pages of audits: list, report, trend, plan and run, and who may read what in them."""

from __future__ import annotations

import html
import re
import time
from datetime import timedelta

import pytest
from tests.unit.audit.release.kept import AT, MEMBER, TEXT, finding
from tests.unit.web.serving import add_person, client_of, cookie, make_app

from havenwall.model import Role
from havenwall.web import create_server


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Four findings: three of one plan, of which the third changed, and one under another name."""
    app = make_app(tmp_path_factory.mktemp("audits"))
    for number in (1, 2, 3):
        at = AT + timedelta(days=number)
        app.audits.keep(finding(number, 0.01 * number, at, seed=max(0, number - 2)))
    app.audits.keep(finding(4, 0.5, AT, name="<b>odd & name</b>"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app):
    return client_of(create_server(app, worker=False))


@pytest.fixture(scope="module")
def as_role(app):
    return {
        role: cookie(app, add_person(app, role)) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST)
    }


def get(client, path, headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.text


def post(client, path, headers, **form):
    page = client.get("/audits/plan", headers=headers).text
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    return client.post(path, data=form | {"csrf": token}, headers=headers)


def test_the_list_tells_plan_outcome_and_worst_exposure(client, as_role):
    page = get(client, "/audits", as_role[Role.AUDITOR])
    assert re.findall(r'href="/audits/(F\d)"', page) == ["F3", "F2", "F1", "F4"]
    assert "&lt;b&gt;odd &amp; name&lt;/b&gt;" in page
    assert "<b>odd" not in page
    assert re.search(r"<strong>3\.0\u00a0%</strong><small>\w+ in candidate, accounts", page)
    assert "/audits/plan" not in page
    failed = get(client, "/audits?outcome=fail", as_role[Role.AUDITOR])
    assert re.findall(r'href="/audits/(F\d)"', failed) == ["F4"]
    assert 'aria-current="page">Audits' in page


def test_an_empty_list_says_how_to_make_one(tmp_path):
    app = make_app(tmp_path)
    headers = cookie(app, add_person(app, Role.ADMINISTRATOR)) | {"Accept": "text/html"}
    client = client_of(create_server(app, worker=False))
    page = get(client, "/audits", headers)
    assert "havenwall audit release plan.yaml --save" in page
    assert "POST /v1/audits/findings" in page
    assert "No audit ended as fail" in get(client, "/audits?outcome=fail", headers)
    assert "Nothing was run from here" in get(client, "/audits/run", headers)
    app.close()


def test_a_report_has_verdict_tables_and_drawings(client, as_role):
    page = get(client, "/audits/F1", as_role[Role.AUDITOR])
    assert "Every threshold holds." in page
    assert page.count('role="img"') == 4
    assert "What it costs ordinary people" in page
    assert not re.search(r"\sstyle=|<style", page)
    assert client.get("/audits/F99", headers=as_role[Role.AUDITOR]).status_code == 404


def test_replays_are_shown_to_who_may_see_accounts_and_leave_a_line(app, client, as_role):
    blank = get(client, "/audits/F2", as_role[Role.AUDITOR])
    assert MEMBER not in blank
    assert "only those who may see child-safety cases" in blank
    assert not [line for line in app.store.access_log(100) if line.subject == "F2"]
    assert MEMBER in get(client, "/audits/F2", as_role[Role.ANALYST])
    assert [line.what for line in app.store.access_log(100) if line.subject == "F2"] == ["finding"]


def test_a_trend_marks_where_the_plan_changed(client, as_role):
    page = get(client, "/audits/trend?name=nightly+gate", as_role[Role.AUDITOR])
    assert page.count("new plan") == 2  # a drawing for each persona
    assert page.count(">changed<") == 1
    assert "candidate 3.0\u00a0%" in page
    nothing = get(client, "/audits/trend?name=nobody", as_role[Role.AUDITOR])
    assert "No finding of a plan with this name" in nothing


def test_a_plan_is_checked_and_its_hash_shown(client, as_role):
    boss = as_role[Role.ADMINISTRATOR]
    example = html.unescape(
        re.findall(r"<textarea.*?>(.*?)</textarea>", get(client, "/audits/plan", boss), re.S)[0]
    )
    page = post(client, "/audits/plan", boss, text=example)
    assert page.status_code == 200
    assert re.search(r'class="id">[0-9a-f]{64}<', page.text)


@pytest.mark.parametrize("step", ["check", "run"])
def test_a_plan_that_is_wrong_names_the_field_and_keeps_the_text(client, as_role, step):
    wrong = TEXT.replace("cofollow", "<wish>")
    page = post(client, "/audits/plan", as_role[Role.ADMINISTRATOR], text=wrong, step=step)
    assert page.status_code == 422
    assert '<strong class="id">platform.recommender</strong>' in page.text
    assert "&lt;wish&gt;" in page.text


def test_no_program_is_started_from_a_browser(client, as_role):
    text = TEXT.replace(
        "{adapter: sandbox, recommender: cofollow, accounts: 400}", "{adapter: command, command: [id]}"
    )
    boss = as_role[Role.ADMINISTRATOR]
    assert post(client, "/audits/plan", boss, text=text).status_code == 200
    page = post(client, "/audits/plan", boss, text=text, step="run")
    assert page.status_code == 422
    assert "only sandbox and http run from here" in page.text


def test_a_run_is_followed_to_its_finding(app, client, as_role):
    boss = as_role[Role.ADMINISTRATOR]
    answer = post(client, "/audits/plan", boss, text=TEXT.replace("rounds: 3", "rounds: 40"), step="run")
    assert (answer.status_code, answer.headers["location"]) == (303, "/audits/run")
    page = get(client, "/audits/run", boss)
    assert '<meta http-equiv="refresh"' in page
    until = time.monotonic() + 60
    while "The audit has ended" not in page:
        assert time.monotonic() < until
        time.sleep(0.05)
        page = get(client, "/audits/run", boss)
    assert '<meta http-equiv="refresh"' not in page
    assert "nightly gate" in get(client, re.findall(r'href="(/audits/\w{26})"', page)[0], boss)


def test_who_does_not_manage_neither_plans_nor_runs(client, as_role):
    for path in ("/audits/plan", "/audits/run"):
        assert client.get(path, headers=as_role[Role.AUDITOR]).status_code == 403
        assert client.post(path, headers=as_role[Role.AUDITOR]).status_code == 403
