import html
import re

import pytest
from tests.contract.test_journal import Reader, link
from tests.unit.web.serving import add_person, client_of, cookie, make_app
from tests.unit.web_console.made import AT, risk, run

from havenwall.app import App
from havenwall.casework import CaseworkStage
from havenwall.engine import Output, Runner
from havenwall.model import SYSTEM, Decision, Lane, NetworkRole, Risk, Role, SeedShare, SharedThing, Verb
from havenwall.web import create_server
from havenwall.web.console import roles

CARE, TRADER, PLAIN = "account:care", "account:trader", "account:plain"
SEEDS = (SeedShare(seed="account:s", share=0.6, without=-0.75), SeedShare(seed="account:t", share=0.4))


def found(entity: str, **changes: object) -> Risk:
    return risk(*SEEDS, id=f"run-1:{entity}", entity=entity, **changes)


RISKS = (
    found(
        CARE, role=NetworkRole.VICTIM, role_chance=0.64, lane=Lane.PROTECTIVE, needs_person=True, rests_on=1
    ),
    found(
        TRADER,
        role=NetworkRole.TRADER,
        role_chance=0.87,
        lane=Lane.ENFORCEMENT,
        rests_on=1,
        role_evidence=("Buyers follow it.",),
        reasons=("2 confirmed accounts follow it.",),
        things=(SharedThing(entity="tag:tag-03", confirmed=4, users=1200, weight=2.5),),
    ),
)


class Upstream(Reader):
    name = "upstream"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """An application with a case of care and one of the network; one account of it has no score."""
    app = make_app(tmp_path_factory.mktemp("roles"))
    decisions = tuple(
        Decision(id=f"D{n}", verb=Verb.OPEN_CASE, entities=of, by="policy:rule", why="w", at=AT, rule="rule")
        for n, of in enumerate([(CARE,), (TRADER, PLAIN)])
    )
    app.store.journal.append([link(0)])
    news = Output(runs=(run(),), risks=RISKS, decisions=decisions)
    app.store.streams.commit(Upstream(), app.store.streams.read(Upstream(), 10)[1], news)
    Runner(app.store.streams, [CaseworkStage(app.store.casework)]).run()
    yield app
    app.close()


@pytest.fixture(scope="module")
def get(app):
    """The text of a page, as a specialist sees it."""
    client, headers = (
        client_of(create_server(app, worker=False)),
        cookie(app, add_person(app, Role.SPECIALIST)),
    )
    return lambda path: html.unescape(client.get(path, headers=headers).text).replace("\u00a0", " ")


def case_with(app: App, entity: str) -> str:
    view = app.store.cases(SYSTEM)
    cases = [c.id for c in view.cases() if any(m.entity == entity for m in view.members(c.id))]
    return f"/cases/{cases[0]}"


def listed(page: str) -> set[str]:
    return set(re.findall(r'name="entity" value="([^"]+)"', page))


def test_every_role_and_lane_has_words():
    assert all(roles.role_word(role) for role in NetworkRole)
    assert all(roles.lane_word(lane) and roles.lane_sentence(lane) for lane in Lane)
    assert roles.role_word(None) == "\u2013"


def test_a_member_tells_its_role_and_what_it_rests_on(app, get):
    page = get(f"{case_with(app, TRADER)}/members/{TRADER}")
    assert "Seems to be: <strong>trader</strong> (87 %). This is a guess to help you" in page
    assert '<span class="chip">Enforcement</span>' in page
    assert "<li>Buyers follow it.</li>" in page
    assert "<li>2 confirmed accounts follow it.</li>" in page
    assert "It rests on 1 confirmed account: take back that many" in page
    assert "A person must decide" not in page


def test_a_member_tells_what_it_shares_and_its_score_without_each_seed(app, get):
    page = get(f"{case_with(app, TRADER)}/members/{TRADER}")
    shared = re.search(r'<th scope="row"><a class="id"[^>]*>tag:tag-03</a></th>(.*?)</tr>', page)
    assert re.findall(r">([^<]+)</td>", shared[1]) == ["4", "1,200", "+2.50"]
    without = [re.search(rf">{seed.seed}<.*?>([^<>]+)</td></tr>", page)[1] for seed in SEEDS]
    assert without == ["\u22120.75", "\u2013"]


def test_who_may_be_a_victim_is_for_care_and_for_a_person(app, get):
    path = case_with(app, CARE)
    page = get(f"{path}/members/{CARE}")
    assert "For care; no machine acts on it" in page
    assert "A person must decide." in page
    assert "no longer protected" in page
    assert "For care, not for enforcement." in get(path)


def test_a_case_of_the_network_carries_no_notice_of_care(app, get):
    page = get(case_with(app, TRADER))
    assert "For care" not in page
    assert "stays suppressed" in page


def test_accounts_are_told_and_found_by_role(app, get):
    path = case_with(app, TRADER)
    told = re.findall(r'data-label="Seems to be">([^<]+)<', get(path))
    assert sorted(told) == ["trader", "\u2013"]
    assert listed(get(f"{path}?state=all&role=")) == {TRADER, PLAIN}
    narrowed = get(f"{path}?state=all&role=trader")
    assert listed(narrowed) == {TRADER}
    assert '<option value="trader" selected>' in narrowed
    assert "state=proposed&role=trader#accounts" in narrowed
    assert "No account matches" in get(f"{path}?role=buyer")


def test_an_account_without_a_score_has_no_role(app, get):
    page = get(f"{case_with(app, PLAIN)}/members/{PLAIN}")
    assert "Seems to be:" not in page
    assert "No network score" in page
