"""The client against a real server, and against everything that is none."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from tests.unit.client.conftest import House, within

from havenwall.client import Fail, GuardClient
from havenwall.errors import BadConfig, BadInput
from havenwall.guard import Outcome, Surface, ViewerClass

LIST = Surface.RECOMMENDED_ACCOUNTS
NAMES = ["account:a", "account:out", "account:b", "account:held", "account:out"]
PATIENT = 10.0


@pytest.fixture
def client(house: House):
    with GuardClient(house.url, house.key, timeout=PATIENT) as client:
        yield client


@pytest.mark.parametrize("surface", Surface)
def test_it_answers_as_the_library_does(house: House, client: GuardClient, surface: Surface) -> None:
    for viewer in (None, "account:held"):
        for viewer_class in (None, *ViewerClass):
            asked = {"viewer": viewer, "viewer_class": viewer_class, "tied": ["account:out"]}
            here, there = (
                house.app.guard.filter(NAMES, surface, **asked),
                client.filter(NAMES, surface, **asked),
            )
            assert (there.keep, there.verdicts) == (here.keep, here.verdicts)
            assert (there.answered, there.problem, there.stale) == (True, None, False)
            assert there.version == here.version


def test_contact(house: House, client: GuardClient) -> None:
    for receiver, tied in (("account:b", False), ("account:b", True), ("account:held", False)):
        there = client.contact("account:out", receiver, Surface.MESSAGE, tied=tied)
        here = house.app.guard.contact("account:out", receiver, Surface.MESSAGE, tied=tied)
        assert (there.verdict, there.allowed, there.answered) == (here, here.factor > 0, True)


def test_no_candidates(client: GuardClient) -> None:
    assert client.filter([], LIST).answered


def test_ten_thousand_candidates(client: GuardClient) -> None:
    names = [f"account:n{i}" for i in range(9_999)]
    assert client.filter([*names, "account:out"], LIST).keep == list(range(9_999))
    with pytest.raises(BadInput, match="10,000"):
        client.filter([*names, "account:x", "account:y"], LIST)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda c: c.filter(["nokind"], LIST, fail=Fail.OPEN), "kind:id"),
        (lambda c: c.filter(["account:a"], "nowhere", fail=Fail.OPEN), "surface"),
        (lambda c: c.contact("account:a", "account:b", Surface.TRENDS, fail=Fail.OPEN), "contact"),
    ],
)
def test_mistakes_are_raised_whatever_the_fail_mode(client: GuardClient, call, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        call(client)


def test_connections_are_used_again_and_many_threads_may_ask(client: GuardClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: client.filter([f"account:n{n}", "account:out"], LIST), range(200)))
    assert all(answer.answered and answer.keep == [0] for answer in answers)
    assert 1 <= len(client._wire._idle) <= 8


def test_a_connection_the_server_ended_is_replaced(client: GuardClient) -> None:
    assert client.filter(NAMES, LIST).answered
    client._wire._idle[0].sock._sock.shutdown(socket.SHUT_RDWR)
    assert client.filter(NAMES, LIST).answered


def reply(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def columns(**changed: object) -> bytes:
    sound = {
        "index": [1],
        "outcome": [0],
        "factor": [0.0],
        "reason": [0],
        "decision": [-1],
        "outcomes": ["drop"],
        "reasons": ["r"],
        "decisions": [],
        "count": 2,
        "version": "v",
        "stale": False,
    }
    return msgspec.json.encode(sound | changed)


def take(taken: socket.socket) -> None:
    """Read a whole request: a server that ends a connection with some of it unread resets it."""
    got = b""
    while b"\r\n\r\n" not in got or len(got.partition(b"\r\n\r\n")[2]) < length(got):
        part = taken.recv(1 << 16)
        if not part:
            return
        got += part


def length(got: bytes) -> int:
    return int(got.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


def says(answer: bytes):
    def act(taken: socket.socket) -> None:
        take(taken)
        taken.sendall(answer)

    return act


def drips(taken: socket.socket) -> None:
    take(taken)
    for byte in reply(columns()):
        taken.sendall(bytes([byte]))
        time.sleep(0.1)


def silent(taken: socket.socket) -> None:
    take(taken)
    time.sleep(1.5)


FAULTS = {
    "closes at once": lambda taken: None,
    "says nothing": silent,
    "byte by byte": drips,
    "not http": says(b"SSH-2.0-tin-lantern\r\n"),
    "crash": says(reply(b"{}", "500 Internal Server Error")),
    "key refused": says(reply(b"{}", "401 Unauthorized")),
    "not there": says(reply(b"{}", "404 Not Found")),
    "too many": says(reply(b"{}", "429 Too Many Requests")),
    "elsewhere": says(reply(b"", "302 Found", "Location: /\r\n")),
    "nothing": says(reply(b"", "204 No Content")),
    "a page": says(reply(b"<html>sign in</html>")),
    "empty object": says(reply(b"{}")),
    "422 of a proxy": says(reply(b'{"error":"x"}', "422 Unprocessable Content")),
    "cut off": says(reply(columns())[:-5]),
    "other count": says(reply(columns(count=3))),
    "no version": says(reply(columns(version=""))),
    "short column": says(reply(columns(factor=[]))),
    "place outside": says(reply(columns(index=[2]))),
    "place below": says(reply(columns(index=[-1]))),
    "word outside": says(reply(columns(reason=[1]))),
    "unknown outcome": says(reply(columns(outcomes=["fine"]))),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_lookup_is_never_clean(misbehaving, fault: str) -> None:
    url = misbehaving(FAULTS[fault])
    with GuardClient(url, "k", timeout=0.4) as client, within(10):
        closed = client.filter(["account:a", "account:b"], LIST)
        assert (closed.keep, closed.answered, closed.stale) == ([], False, True)
        assert closed.problem
        if fault in ("says nothing", "byte by byte"):
            return
        opened = client.filter(["account:a", "account:b"], LIST, fail=Fail.OPEN)
        assert (opened.keep, opened.answered) == ([0, 1], False)
        contact = client.contact("account:a", "account:b", Surface.MESSAGE)
        assert (contact.allowed, contact.answered) == (False, False)
        assert (contact.verdict.outcome, contact.verdict.factor) == (Outcome.DROP, 0)
        assert client.contact("account:a", "account:b", Surface.MESSAGE, fail=Fail.OPEN).allowed


def test_a_drop_with_a_factor_is_a_drop(misbehaving) -> None:
    with GuardClient(misbehaving(says(reply(columns(factor=[1.0])))), "k", timeout=PATIENT) as client:
        assert client.filter(["account:a", "account:b"], LIST).keep == [0]


def test_an_answer_that_ends_with_the_connection_is_read(misbehaving) -> None:
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + columns()
    with GuardClient(misbehaving(says(answer)), "k", timeout=PATIENT) as client:
        assert client.filter(["account:a", "account:b"], LIST).keep == [0]


def test_nobody_listens_and_a_wrong_key(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert not GuardClient(f"http://127.0.0.1:{port}", "k").filter(NAMES, LIST).answered
    with GuardClient(house.url, "hw_key_wrong", timeout=PATIENT) as client:
        answer = client.filter(NAMES, LIST)
    assert (answer.keep, answer.answered, answer.problem) == ([], False, "the server answered 401")


@pytest.mark.parametrize(
    ("url", "timeout"), [("ftp://x", 1), ("nothing", 1), ("http://x", 0), ("http://x", float("nan"))]
)
def test_settings_that_are_none_are_refused(url: str, timeout: float) -> None:
    with pytest.raises(BadConfig):
        GuardClient(url, "k", timeout=timeout)
