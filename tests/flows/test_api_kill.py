"""Nothing that was acknowledged is lost or doubled, however often the server is killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import httpx
import pytest
from tests.unit.web.serving import event, key, make_app

from havenwall.engine import Batch, Output, Stream
from havenwall.model import Right

LAUNCH = """
from havenwall.app import App, load_config
from havenwall.app.logs import set_up_logs
from havenwall.web import listen

config, _ = load_config()
set_up_logs(config.log_level)
listen(App(config))
"""


class Reader:
    """Reads the journal as a stage would."""

    name = "reader"
    reads = (Stream.EVENT,)
    notice_only = False

    def run(self, batch: Batch) -> Output:
        return Output()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    data: Path, port: int, settings: Mapping[str, str] | None = None, before: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """The real server in a process of its own, ready to answer; killed at the end.

    Args: `settings`: more variables of its environment. `before`: code it runs first.
    """
    names = {"HAVENWALL_DATA": str(data), "HAVENWALL_PORT": str(port), "HAVENWALL_LOG_LEVEL": "error"}
    command = [sys.executable, "-c", before + LAUNCH]
    process = subprocess.Popen(command, env=os.environ | names | (settings or {}))
    try:
        wait_until_up(process, port)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the server ended by itself"
        try:
            if httpx.get(f"http://127.0.0.1:{port}/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server never came up")


def send_until_killed(
    port: int, headers: dict[str, str], batches: Iterator[list[dict[str, object]]]
) -> tuple[list[str], list[dict[str, object]]]:
    """The ids acknowledged before the server died, and the batch it never answered."""
    acknowledged: list[str] = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        for batch in batches:
            try:
                answer = client.post("/v1/events", json=batch)
            except httpx.TransportError:
                return acknowledged, batch
            assert answer.status_code == 200, answer.text
            assert answer.json()["accepted"] + answer.json()["duplicates"] == len(batch)
            acknowledged += [str(raw["source_id"]) for raw in batch]
    raise AssertionError("the server was never killed")


@pytest.mark.slow
@pytest.mark.parametrize("kills", [20])
def test_every_acknowledged_event_is_kept_exactly_once(tmp_path: Path, kills: int) -> None:
    rng, port = random.Random(7), free_port()
    app = make_app(tmp_path)
    headers = key(app, Right.SEND_EVENTS)
    app.close()
    numbers = iter(range(10**6))
    fresh = ([event(next(numbers)) for _ in range(rng.randint(1, 40))] for _ in range(10**6))
    acknowledged: list[str] = []
    unanswered: list[dict[str, object]] = []
    for _ in range(kills):
        with serving(tmp_path / "data", port) as server:
            killer = threading.Timer(rng.uniform(0.05, 1.0), server.send_signal, [signal.SIGKILL])
            killer.start()
            # A sender that got no answer sends again: that must neither lose nor double anything.
            again = [unanswered] if unanswered else []
            done, unanswered = send_until_killed(port, headers, chain(again, fresh))
            acknowledged += done
    kept, signals = what_is_kept(tmp_path)
    assert len(acknowledged) > kills
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)
    assert set(kept) - set(acknowledged) <= {str(raw["source_id"]) for raw in unanswered}
    assert signals == {"report": len(kept)}


def what_is_kept(folder: Path) -> tuple[list[str], dict[str, int]]:
    """The ids in the journal, and the signals after the stages have caught up."""
    app = make_app(folder)
    try:
        app.run(("detect",))
        batch, _ = app.store.streams.read(Reader(), 10**9)
        year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
        return list(batch.events["source_id"]), app.store.figures.signals(*year)
    finally:
        app.close()
