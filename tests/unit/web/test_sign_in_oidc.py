"""Signing in by another server, over a real socket: who is let in, and what does not pass for them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey
from tests.sources.oidc import OidcServer, oidc_server
from tests.unit.web.serving import SAME_SITE, TestClient, client_of, make_app
from tests.unit.web.test_second_factor import code

from havenwall.app import App
from havenwall.app.oidc import roles_of
from havenwall.connect.oidc import OidcServer as OurSide
from havenwall.errors import BadConfig, Conflict
from havenwall.model import Role
from havenwall.web import create_server
from havenwall.web.security import csrf_token

ROLES = "trust-safety=specialist, admins=administrator"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def signer() -> Iterator[OidcServer]:
    with oidc_server() as server:
        yield server


@pytest.fixture(scope="module")
def shared(signer: OidcServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("oidc")
    app = made(folder, signer)
    yield app
    app.close()


def made(folder: Path, signer: OidcServer) -> App:
    (folder / "secret").write_text("s3cr:t+\n")
    settings = {"oidc_client": "haven", "oidc_secret": f"file:{folder}/secret", "oidc_roles": ROLES}
    return make_app(folder, oidc_issuer=signer.issuer, public_url="http://havenwall.test", **settings)


@pytest.fixture
def server(signer: OidcServer) -> OidcServer:
    """The server, well-behaved again."""
    signer.claims = {"sub": "s-1", "preferred_username": "Ada@corp.example", "groups": ["x", "trust-safety"]}
    signer.wrong, signer.header, signer.signs_with = {}, {"alg": "RS256", "kid": "one"}, signer.key
    signer.named = signer.methods = None
    return signer


@pytest.fixture
def browser(shared: App) -> TestClient:
    return client_of(create_server(shared, worker=False))


def back(browser: TestClient, server: OidcServer) -> str:
    """Begin, and sign in at the server; the path the browser is sent back to."""
    answer = browser.get("/sign-in/oidc")
    assert answer.status_code == 303
    sent = urlsplit(server.authorize(answer.headers["location"]))
    return f"{sent.path}?{sent.query}"


def test_who_the_server_knows_is_let_in_with_the_role_of_a_claim(
    shared: App, browser: TestClient, server: OidcServer
) -> None:
    assert 'href="/sign-in/oidc"' in browser.get("/sign-in").text
    answer = browser.get(back(browser, server))
    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text
    cookies = answer.headers.get_list("set-cookie")
    assert any(c.startswith("havenwall=hw_session_") and "SameSite=strict" in c for c in cookies)
    assert any(c.startswith("havenwall-oidc=") and "Max-Age=0" in c for c in cookies)
    assert browser.get("/account", headers=HTML).status_code == 200
    person = shared.store.people.person("ada")
    assert (person.role, person.has_password) == (Role.SPECIALIST, False)
    assert server.posted[-1]["client_secret"] == "s3cr:t+"


def test_who_signs_in_elsewhere_has_no_password_here(
    shared: App, browser: TestClient, server: OidcServer
) -> None:
    server.claims |= {"sub": "s-6", "preferred_username": "hana"}
    browser.get(back(browser, server))
    assert "/account/password" not in browser.get("/account", headers=HTML).text
    form = {"wanted": "correct horse battery", "csrf": csrf_token(browser.cookies["havenwall"])}
    answer = browser.post("/account/password", data=form, headers=SAME_SITE | HTML)
    assert answer.status_code == 409
    assert not shared.store.people.person("hana").has_password
    with pytest.raises(Conflict):
        shared.store.people.set_password("hana", "correct horse battery")


def test_the_role_follows_the_server_and_a_name_does_not_decide(
    shared: App, browser: TestClient, server: OidcServer
) -> None:
    browser.get(back(browser, server))
    server.claims |= {"preferred_username": "renamed", "groups": "admins"}
    browser.get(back(browser, server))
    assert shared.store.people.person("ada").role is Role.ADMINISTRATOR
    server.claims |= {"groups": ["trust-safety"]}
    # The last who may manage people stays so.
    assert browser.get(back(browser, server)).status_code == 200
    assert shared.store.people.person("ada").role is Role.ADMINISTRATOR


def test_nobody_takes_the_name_of_somebody_here(shared: App, browser: TestClient, server: OidcServer) -> None:
    shared.store.people.add("root", Role.ADMINISTRATOR)
    server.claims |= {"sub": "s-2", "preferred_username": "root"}
    answer = browser.get(back(browser, server))
    assert answer.status_code == 409
    assert "hw_session" not in repr(answer.headers)


@pytest.mark.parametrize("groups", [[], ["others"], None, 7, {"trust-safety": 1}])
def test_without_a_role_nobody_comes_in(browser: TestClient, server: OidcServer, groups: object) -> None:
    server.claims |= {"sub": "s-3", "preferred_username": "eve", "groups": groups}
    answer = browser.get(back(browser, server))
    assert answer.status_code == 403
    assert "hw_session" not in repr(answer.headers)


def test_who_is_shut_out_here_stays_out(shared: App, browser: TestClient, server: OidcServer) -> None:
    server.claims |= {"sub": "s-4", "preferred_username": "finn"}
    browser.get(back(browser, server))
    shared.store.people.disable("finn")
    assert browser.get(back(browser, server)).status_code == 403


def test_a_second_factor_is_asked_for_besides(shared: App, browser: TestClient, server: OidcServer) -> None:
    server.claims |= {"sub": "s-5", "preferred_username": "gina"}
    browser.get(back(browser, server))
    seed = shared.second_factors.begin("gina")
    shared.second_factors.confirm("gina", code(seed))
    answer = browser.get(back(browser, server))
    assert 'content="0;url=/sign-in/code"' in answer.text
    assert "hw_session" not in repr(answer.headers)


BAD_TOKENS = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "for somebody else": {"aud": "other"},
    "handed to somebody else": {"aud": ["haven", "other"], "azp": "other"},
    "too old": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
    "about nobody": {"sub": None},
}


@pytest.mark.parametrize("wrong", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    browser: TestClient, server: OidcServer, wrong: dict[str, object]
) -> None:
    server.wrong = wrong
    answer = browser.get(back(browser, server))
    assert answer.status_code == 401
    assert "hw_session" not in repr(answer.headers)


def test_a_token_signed_by_others_is_refused(browser: TestClient, server: OidcServer) -> None:
    server.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert browser.get(back(browser, server)).status_code == 401
    # The public key as a shared secret: the confusion of algorithms of RFC 8725, 2.1.
    server.signs_with = OctKey.import_key(b"s3cret" * 8)  # type: ignore[assignment]
    server.header = {"alg": "HS256"}
    assert browser.get(back(browser, server)).status_code == 401


def test_an_answer_counts_once_in_the_browser_that_began(
    shared: App, browser: TestClient, server: OidcServer
) -> None:
    path = back(browser, server)
    other = client_of(create_server(shared, worker=False))
    assert other.get(path).status_code == 401
    other.get("/sign-in/oidc")
    assert other.get(path).status_code == 401
    kept = browser.cookies["havenwall-oidc"]
    assert browser.get(path).status_code == 200
    again = client_of(create_server(shared, worker=False))
    again.cookies.set("havenwall-oidc", kept)
    assert again.get(path).status_code == 401


def test_a_stolen_code_is_of_no_use_without_the_verifier(browser: TestClient, server: OidcServer) -> None:
    stolen = parse_qs(urlsplit(back(browser, server)).query)["code"][0]
    browser.cookies.clear()
    state = parse_qs(urlsplit(browser.get("/sign-in/oidc").headers["location"]).query)["state"][0]
    assert browser.get(f"/sign-in/oidc/callback?code={stolen}&state={state}").status_code == 401


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x&state=y", "?code=%00&state=%C3%A4"])
def test_whatever_comes_back_is_a_page(browser: TestClient, query: str) -> None:
    browser.get("/sign-in/oidc")
    browser.cookies.set("havenwall-oidc", "garbage" if "error" in query else "", path="/x")
    assert browser.get(f"/sign-in/oidc/callback{query}").status_code == 401


def test_another_servers_answer_is_told_apart(
    browser: TestClient, server: OidcServer, tmp_path: Path
) -> None:
    assert browser.get(f"{back(browser, server)}&iss=https://evil.example").status_code == 401
    server.named = "https://evil.example"
    app = made(tmp_path, server)
    assert client_of(create_server(app, worker=False)).get("/sign-in/oidc").status_code == 502
    app.close()


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic"], None])
def test_we_prove_who_we_are_as_the_server_wishes(
    server: OidcServer, tmp_path: Path, methods: list[str] | None
) -> None:
    server.methods = methods
    app = made(tmp_path, server)
    browser = client_of(create_server(app, worker=False))
    assert browser.get(back(browser, server)).status_code == 200
    assert (server.posted[-1]["client_id"], server.posted[-1]["client_secret"]) == ("haven", "s3cr:t+")
    app.close()


def test_who_begins_again_and_again_must_wait_and_the_server_is_spared(
    browser: TestClient, server: OidcServer
) -> None:
    browser.get("/sign-in/oidc")
    before = server.described
    answers = [browser.get("/sign-in/oidc").status_code for _ in range(102)]
    assert (answers[0], answers[-1]) == (303, 429)
    assert server.described == before
    assert browser.get("/sign-in/oidc/callback?code=x&state=y").headers["Retry-After"]


def test_a_description_is_asked_for_again_after_a_while(server: OidcServer) -> None:
    clock = [0.0]
    ours = OurSide(server.issuer, "haven", None, "openid", lambda: clock[0])
    before = server.described
    for clock[0] in (0.0, 599.0, 601.0):
        ours.begin("http://here/callback", 1.0)
    assert server.described == before + 2


def test_the_other_server_stays_within_reach_whatever_went_wrong(
    browser: TestClient, server: OidcServer
) -> None:
    form = {"name": "nobody", "password": "x"}
    answers = [browser.post("/sign-in", data=form, headers=SAME_SITE | HTML) for _ in range(11)]
    late = browser.post("/sign-in/code", data={"code": "1"}, headers=SAME_SITE | HTML)
    assert [one.status_code for one in (answers[0], answers[-1], late)] == [401, 429, 401]
    assert all('href="/sign-in/oidc"' in one.text for one in (answers[0], answers[-1], late))


def test_it_is_off_unless_set_up(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    try:
        client = client_of(create_server(app, worker=False))
        assert "/sign-in/oidc" not in client.get("/sign-in").text
        assert client.get("/sign-in/oidc").status_code == 404
        assert client.get("/sign-in/oidc/callback").status_code == 404
    finally:
        app.close()


def test_settings_that_are_not_right_are_named(tmp_path: Path) -> None:
    assert roles_of("a=b=auditor") == (("a=b", Role.AUDITOR),)
    for bad in ("", "x", "x=queen", "=auditor"):
        with pytest.raises(BadConfig, match="oidc_roles"):
            roles_of(bad)
    app = make_app(tmp_path, oidc_issuer="http://login.example", oidc_client="x", oidc_roles=ROLES)
    with pytest.raises(BadConfig, match="https"):
        _ = app.oidc
    app.close()
