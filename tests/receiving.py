"""A platform's receiver over real HTTP: checks signatures, and honours the idempotency key."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from havenwall.connect.webhook import signature


class Receiver:
    """What came, and how the next requests are answered."""

    def __init__(self) -> None:
        self.secret = ""
        self.requests = 0
        self.carried_out: list[dict[str, Any]] = []
        """Notices whose key was new, in their order."""
        self.tests = 0
        self.bad_signatures = 0
        self.keys: Counter[str] = Counter()
        self.behave: Callable[[int], str] = lambda number: "ok"
        """By the number of the request: `ok`, `confirm`, `fail`, `fail-silently`, `500`, `redirect`, `slow`,
        `lose` (carries it out and drops the connection), `drop` (drops it before)."""
        self.port = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=havenwall"

    def take(self, headers: Any, body: bytes) -> str:
        with self._lock:
            self.requests += 1
            way = self.behave(self.requests)
            key, at = headers["Webhook-Id"], headers["Webhook-Timestamp"]
            good = headers["Webhook-Signature"] == signature(self.secret, key, int(at), body)
            if not good or headers["Idempotency-Key"] != key or abs(time.time() - int(at)) > 300:
                self.bad_signatures += 1
                return "401"
            message = json.loads(body)
            if message["type"] == "test":
                self.tests += 1
            elif way not in ("drop", "500", "redirect"):
                self.keys[key] += 1
                if self.keys[key] == 1:
                    self.carried_out.append(message["notice"])
            return way


@contextmanager
def receiving(port: int = 0, receiver: Receiver | None = None) -> Iterator[Receiver]:
    """A receiver on a port of this machine."""
    there = receiver or Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            # Who sent it may have been killed half-way.
            way = there.take(self.headers, body) if len(body) == length else "drop"
            if way in ("lose", "drop"):
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if way == "slow":
                time.sleep(1.0)
            status = {"500": 500, "redirect": 302, "401": 401}.get(way, 200)
            answer = {
                "confirm": b'{"state":"confirmed"}',
                "fail": b'{"state":"failed","reason":"locked"}',
                "fail-silently": b'{"state":"failed"}',
            }
            self.send_response(status)
            if way == "redirect":
                self.send_header("Location", "/elsewhere")
            body = answer.get(way, b"thanks")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        # A connection that finds the queue full is tried again seconds later.
        daemon_threads, request_queue_size = True, 128

        def handle_error(self, *args: Any) -> None:
            pass  # Callers are killed and connections dropped on purpose.

    with Quiet(("127.0.0.1", port), Handler) as server:
        there.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield there
        server.shutdown()
        thread.join()
