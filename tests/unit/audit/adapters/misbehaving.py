"""A recommender over HTTP that does what a script says, request by request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Way = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the next way of the script; the last one goes on for ever."""

    script: list[Way]
    seen: list[str]
    over: threading.Event

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def do_GET(self) -> None:
        self.seen.append(self.path)
        way = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        way(self)

    def begin(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def says(body: str, status: int = 200, **headers: str) -> Way:
    def way(handler: Handler) -> None:
        handler.begin(status, len(body.encode()), **headers)
        handler.wfile.write(body.encode())

    return way


def hangs(handler: Handler) -> None:
    handler.over.wait(30)


def drips(handler: Handler) -> None:
    """A byte now and then: each read is quick, the whole takes for ever."""
    handler.begin(200, 1_000_000)
    while not handler.over.wait(0.02):
        handler.wfile.write(b" ")


def cuts(handler: Handler) -> None:
    """Ends in the middle of the answer."""
    handler.begin(200, 1_000)
    handler.wfile.write(b'{"answers": [')


@contextmanager
def misbehaving(*script: Way) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths asked for so far."""
    over = threading.Event()
    kind = type("Scripted", (Handler,), {"script": list(script), "seen": [], "over": over})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a caller that hung up is no news
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/audit", kind.seen
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
