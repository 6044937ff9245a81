"""The guard over HTTP, 500 candidates, one worker: requests per second and p99, beside FastAPI + pydantic.

The peer is the same question written as FastAPI suggests: pydantic models for request and answer, the same
rights, the same guard, behind the same middleware in the same process. 100,000 ids are restricted, 2 % of the
candidates are among them. The load comes from another process over eight connections that stay open.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

RESTRICTED = 100_000
CANDIDATES = 500
SHARE = 0.02
CONNECTIONS = 8
SECONDS = 6.0
ROUNDS = 3
ROUTES = {"columns": "ids", "filter": "candidates", "pydantic": "candidates"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as server:
            port, key = server.stdout.readline().split()
            found: dict[str, list[np.ndarray]] = {route: [] for route in ROUTES}
            for _round in range(ROUNDS):
                for route in ROUTES:
                    found[route].append(asyncio.run(load(int(port), key, route)))
            server.stdin.close()
    rates = {route: max(len(run) / SECONDS for run in runs) for route, runs in found.items()}
    for route, runs in found.items():
        spread = " ".join(f"{len(run) / SECONDS:,.0f}" for run in runs)
        p50, p99 = np.percentile(np.concatenate(runs), [50, 99]) * 1000
        print(f"{route}: {rates[route]:,.0f} requests/s (runs: {spread}), p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    for route in ("columns", "filter"):
        print(f"{route} / pydantic: {rates[route] / rates['pydantic']:.2f}")


async def load(port: int, key: str, route: str) -> np.ndarray:
    """Seconds of every request that was answered within `SECONDS`, from all connections."""
    requests = [request_of(key, route, seed) for seed in range(32)]
    spent: list[float] = []
    until = time.perf_counter() + SECONDS
    await asyncio.gather(
        *(ask(port, requests[each:] + requests[:each], until, spent) for each in range(CONNECTIONS))
    )
    return np.array(spent)


async def ask(port: int, requests: list[bytes], until: float, spent: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while time.perf_counter() < until:
        start = time.perf_counter()
        writer.write(requests[turn % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        spent.append(time.perf_counter() - start)
        turn += 1
    writer.close()


def request_of(key: str, route: str, seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    flagged = rng.random(CANDIDATES) < SHARE
    numbers = np.where(
        flagged, rng.integers(0, RESTRICTED, CANDIDATES), RESTRICTED + rng.integers(0, 10**6, CANDIDATES)
    )
    names = [f"account:{number}" for number in numbers.tolist()]
    body = msgspec.json.encode({"surface": "recommended_accounts", ROUTES[route]: names})
    head = (
        f"POST /v1/guard/{route} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def serve(folder: Path) -> None:
    """The server process: prints its port and a key, and ends with its input."""
    import structlog
    import uvicorn

    from havenwall.app import App, Config
    from havenwall.engine import Output, StandingChange
    from havenwall.model import Restriction, Right
    from havenwall.web import create_server

    # As `havenwall serve` has it: requests that went well are not logged.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    app = App(Config(data=folder / "data"))
    changes = tuple(
        StandingChange(
            entity=f"account:{number}",
            restriction=Restriction.SUPPRESSED,
            confirmed=True,
            decision_id=f"decision-{number // 50}",
            reason="over_threshold",
        )
        for number in range(RESTRICTED)
    )
    app.store.streams.commit(app.stages[0], {}, Output(standing=changes))
    app.publish()
    server = create_server(app)
    add_peer(server)
    run = uvicorn.Server(uvicorn.Config(server, port=0, log_level="error", server_header=False))
    thread = threading.Thread(target=run.run)
    thread.start()
    while not run.started:
        time.sleep(0.05)
    port = run.servers[0].sockets[0].getsockname()[1]
    print(port, app.store.people.new_key("bench", frozenset({Right.ASK_GUARD})), flush=True)
    sys.stdin.read()
    run.should_exit = True
    thread.join()
    app.close()


def add_peer(server: Any) -> None:
    from pydantic import BaseModel

    from havenwall.guard import Outcome, Surface, ViewerClass
    from havenwall.web.access import GuardAsker, Served

    class Question(BaseModel):
        surface: Surface
        candidates: list[str]
        viewer: str | None = None
        viewer_class: ViewerClass | None = None
        tied: list[str] = []

    class Told(BaseModel):
        index: int
        entity: str
        outcome: Outcome
        factor: float
        reason: str
        decision_id: str | None
        version: str

    class Answer(BaseModel):
        keep: list[int]
        verdicts: list[Told]
        version: str
        stale: bool

    async def judge(asker: Any, app: Any, question: Question) -> Answer:
        found = app.guard.filter(
            question.candidates,
            question.surface,
            viewer=question.viewer,
            viewer_class=question.viewer_class,
            tied=question.tied,
        )
        app.tally.note(question.surface, len(question.candidates), found.verdicts)
        return Answer(
            keep=found.keep,
            verdicts=[Told(**msgspec.structs.asdict(verdict)) for verdict in found.verdicts],
            version=found.version,
            stale=found.stale,
        )

    # The annotations of this module are text, and these names are known in here only.
    judge.__annotations__ = {"asker": GuardAsker, "app": Served, "question": Question, "return": Answer}
    server.post("/v1/guard/pydantic")(judge)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(Path(sys.argv[1]))
    else:
        main()
