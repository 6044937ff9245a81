"""Bodies that are too large and callers that try too often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.web.serving import TestClient, key

from havenwall.app import App
from havenwall.model import Right
from havenwall.web.limits import LARGEST_BODY, Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 100_000):
        yield b" " * 100_000


def test_an_announced_body_that_is_too_large_is_refused(app: App, client: TestClient) -> None:
    headers = key(app, Right.SEND_EVENTS)
    answer = client.post("/v1/events", content=b" " * (LARGEST_BODY + 1), headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_streamed_body_that_is_too_large_is_refused(app: App, client: TestClient) -> None:
    headers = key(app, Right.SEND_EVENTS)
    answer = client.post("/v1/events", content=pieces(LARGEST_BODY + 200_000), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_a_body_of_the_largest_size_is_read(app: App, client: TestClient) -> None:
    content = b"[]" + b" " * (LARGEST_BODY - 2)
    assert client.post("/v1/events", content=content, headers=key(app, Right.SEND_EVENTS)).status_code == 200


@pytest.mark.parametrize("length", ["-1", "abc", "1e9"])
def test_a_senseless_length_is_no_way_around(app: App, client: TestClient, length: str) -> None:
    headers = key(app, Right.SEND_EVENTS) | {"Content-Length": length}
    answer = client.post("/v1/events", content=pieces(LARGEST_BODY + 200_000), headers=headers)
    assert answer.status_code == 413


def test_forms_are_limited_too(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"name": "x" * LARGEST_BODY})
    assert answer.status_code == 413


@given(st.lists(st.floats(0, 700), max_size=60))
@settings(max_examples=50)
def test_never_more_tries_than_allowed_in_any_window(steps: list[float]) -> None:
    clock, let_in = Clock(), []
    throttle = Throttle(most=5, within=600, clock=clock)
    for step in steps:
        clock.now += step
        wait = throttle.wait("a")
        if wait == 0:
            let_in.append(clock.now)
        assert 0 <= wait <= 600
    assert all(sum(t - 600 < other <= t for other in let_in) <= 5 for t in let_in)


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = Clock()
    throttle = Throttle(most=2, within=600, clock=clock)
    assert [throttle.wait("a"), throttle.wait("a")] == [0, 0]
    clock.now += 100
    assert throttle.wait("a") == 500
    clock.now += 500
    assert throttle.wait("a") == 0


def test_callers_do_not_slow_each_other() -> None:
    throttle = Throttle(most=1, clock=Clock())
    assert [throttle.wait("a"), throttle.wait("b")] == [0, 0]
    assert throttle.wait("a") > 0
    throttle.forget("a")
    assert throttle.wait("a") == 0


def test_many_callers_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("havenwall.web.limits._KEYS", 100)
    clock = Clock()
    throttle = Throttle(most=1, clock=clock)
    for n in range(1000):
        clock.now += 0.01
        assert throttle.wait(f"caller {n}") == 0
        assert throttle.wait(f"caller {n}") > 0
        assert len(throttle._tries) <= 101
