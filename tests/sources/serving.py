"""A source of lists on a loopback socket, in a thread; each kind of source answers `respond`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlsplit


class Reply(NamedTuple):
    """What a source answers."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Source(Protocol):
    """What the server asks."""

    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply: ...


class Served:
    """A running source: its address, the requests it got, and answers to give first."""

    def __init__(self, source: Source) -> None:
        self.source, self.requests, self.first = source, list[str](), list[Reply]()
        self.address = ""

    def answer(self, target: str, headers: Any) -> Reply:
        self.requests.append(target)
        if self.first:
            return self.first.pop(0)
        parts = urlsplit(target)
        return self.source.respond(parts.path, dict(parse_qsl(parts.query)), headers, self.address)


@contextmanager
def serving(source: Source) -> Iterator[Served]:
    """Serve a source until the block ends."""
    served = Served(source)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = served.answer(self.path, self.headers)
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
