"""A real Havenwall on a real socket, and servers that misbehave."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec
import pytest
import uvicorn
from tests.unit.web.serving import confirmed, make_app

from havenwall.app import App
from havenwall.app.terms import seal_list
from havenwall.engine import Output, StandingChange
from havenwall.model import Restriction, Right
from havenwall.web import create_server


class House(msgspec.Struct, frozen=True, eq=False):
    app: App
    url: str
    key: str


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    app = make_app(tmp_path_factory.mktemp("client"))
    confirmed(app, "account:out")
    change = StandingChange(
        entity="account:held", restriction=Restriction.RESTRICTED, confirmed=True, decision_id="d", reason="t"
    )
    app.store.streams.commit(app.stages[0], {}, Output(standing=(change,)))
    app.publish()
    plain = tmp_path_factory.mktemp("list") / "list.jsonl"
    plain.write_text('{"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}')
    seal_list(app.config, plain)
    server = uvicorn.Server(uvicorn.Config(create_server(app), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    key = app.store.people.new_key("client", frozenset({Right.ASK_GUARD}))
    yield House(app, f"http://127.0.0.1:{port}", key)
    server.should_exit = True
    thread.join(30)
    app.close()


@pytest.fixture
def misbehaving() -> Iterator[Callable[..., str]]:
    """The address of a server that does with each connection what it is told."""
    listeners: list[socket.socket] = []

    def start(act: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    taken, _ = listener.accept()
                    with taken, suppress(OSError):
                        act(taken)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds
