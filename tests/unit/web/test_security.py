"""Headers on every answer, and forms that only our own pages can send."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.web.serving import BASE, SAME_SITE, TestClient, add_person, cookie

from havenwall.app import App
from havenwall.model import Role
from havenwall.web.security import CSRF_FIELD, CSRF_HEADER, csrf_token


@pytest.fixture
def session(app: App) -> str:
    return add_person(app, Role.ANALYST)


@pytest.mark.parametrize("path", ["/v1/health", "/v1/figures", "/nowhere", "/sign-in"])
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "permissions-policy" in headers
    assert "strict-transport-security" not in headers


def test_static_files_may_be_kept(client: TestClient) -> None:
    assert client.get("/static/nothing").headers["cache-control"] == "no-cache"


def sign_out(client: TestClient, app: App, session: str, headers: dict[str, str], token: str) -> int:
    sent = cookie(app, session) | headers
    return int(client.post("/sign-out", data={CSRF_FIELD: token}, headers=sent).status_code)


@pytest.mark.parametrize(
    "headers",
    [
        SAME_SITE,
        {"Sec-Fetch-Site": "none"},
        {"Origin": BASE},
        {"Origin": "http://127.0.0.1:8420"},
        SAME_SITE | {"Origin": "null"},
    ],
)
def test_our_own_pages_are_heard(app: App, client: TestClient, session: str, headers: dict[str, str]) -> None:
    assert sign_out(client, app, session, headers, csrf_token(session)) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
        {"Origin": "http://evil.example"},
        {"Origin": "http://havenwall.test.evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://evil.example", "Host": "havenwall.test"},
    ],
)
def test_other_pages_are_not(app: App, client: TestClient, session: str, headers: dict[str, str]) -> None:
    assert sign_out(client, app, session, headers, csrf_token(session)) == 403


@pytest.mark.parametrize("token", ["", "x", "é", csrf_token("hw_session_of_another")])
def test_a_wrong_token_is_refused(app: App, client: TestClient, session: str, token: str) -> None:
    assert sign_out(client, app, session, SAME_SITE, token) == 403
    assert client.get("/", headers=cookie(app, session)).status_code == 200


def test_the_token_may_come_as_a_header(app: App, client: TestClient, session: str) -> None:
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    assert client.post("/sign-out", headers=headers).status_code == 303


def test_the_token_may_come_in_a_multipart_form(app: App, client: TestClient, session: str) -> None:
    headers, token = cookie(app, session) | SAME_SITE, csrf_token(session)
    as_file = client.post("/sign-out", files={CSRF_FIELD: ("a.txt", token.encode())}, headers=headers)
    assert as_file.status_code == 400
    assert client.post("/sign-out", files={CSRF_FIELD: (None, token)}, headers=headers).status_code == 303


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=50)
def test_two_sessions_never_share_a_token(one: str, other: str) -> None:
    assert (csrf_token(one) == csrf_token(other)) == (one == other)
    assert one not in csrf_token(one) or len(one) < 3
