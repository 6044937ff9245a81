"""From a reviewer's decision to a changed verdict in another process's guard.

Ours: `App.decide` (journalled, carried out, published) in this process, a guard in a child that looks every
0.1 s and answers 1,000 requests of 500 candidates a second meanwhile. Peer: a child that asks the database
for the entity's standing every 0.1 s, as a service without a guard would.
"""

from __future__ import annotations

import multiprocessing as mp
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from havenwall.app import App, Config
from havenwall.app.logs import set_up_logs
from havenwall.guard import Guard, Outcome, Surface
from havenwall.model import SYSTEM, Member, MemberState, Right, Verb, Viewer
from havenwall.sandbox import SandboxConfig, confirmed_events, event_frames, generate
from havenwall.store import Store

DECISIONS = 1_000
PEER_DECISIONS = 100
RATE = 1_000
CANDIDATES = 500
LOOK_EVERY = 0.1
REVIEWER = Viewer(name="user:bench", rights=frozenset(Right))


def guard_child(folder: Path, pipe: Connection) -> None:
    guard = Guard.open(folder / "guard", refresh_every=LOOK_EVERY, max_age=None)
    guard.follow()
    served, ended = [], threading.Event()
    thread = threading.Thread(target=serve, args=(guard, served, ended))
    thread.start()
    pipe.send("ready")
    while entity := pipe.recv():
        while guard.check(entity, Surface.RECOMMENDED_ACCOUNTS).outcome is Outcome.DROP:
            time.sleep(0.001)
        pipe.send(time.time())
    ended.set()
    thread.join()
    guard.close()
    pipe.send(served)


def serve(guard: Guard, served: list[float], ended: threading.Event) -> None:
    """Answer `RATE` requests a second; notes when each was answered."""
    rng = np.random.default_rng(3)
    lists = [[f"account:{number}" for number in rng.integers(0, 20_000, CANDIDATES)] for _ in range(50)]
    due = time.monotonic()
    while not ended.is_set():
        guard.filter(lists[len(served) % len(lists)], Surface.RECOMMENDED_ACCOUNTS)
        served.append(time.time())
        due = max(due + 1 / RATE, time.monotonic() - 0.1)
        time.sleep(max(0.0, due - time.monotonic()))


def polling_child(folder: Path, pipe: Connection) -> None:
    store = Store.open(f"sqlite:///{folder}/havenwall.db", folder)
    pipe.send("ready")
    while entity := pipe.recv():
        while store.policy.restrictions([entity]):
            time.sleep(LOOK_EVERY)
        pipe.send(time.time())
    pipe.send([])


def latencies(app: App, members: list[Member], watch: object) -> tuple[np.ndarray, float]:
    """Milliseconds from the call of `decide` to the changed answer, for each; requests served a second."""
    here, there = mp.Pipe()
    child = mp.get_context("spawn").Process(target=watch, args=(app.config.data, there))
    child.start()
    here.recv()
    found, began_all = [], time.time()
    for member in members:
        case = app.store.cases(SYSTEM).case(member.case_id)
        here.send(member.entity)
        began = time.time()
        app.decide(REVIEWER, case.id, case.version, Verb.CLEAR, [member.entity], "benchmark")
        found.append((here.recv() - began) * 1000)
    lasted = time.time() - began_all
    here.send("")
    served = here.recv()
    child.join()
    return np.array(found), len(served) / lasted


def main() -> None:
    set_up_logs("warning")
    with tempfile.TemporaryDirectory() as name:
        app = App(Config(data=Path(name)))
        platform = generate(SandboxConfig(accounts=120_000, members=4_400), 0)
        known = np.flatnonzero(platform.member)[:1_100]
        for frame in (*event_frames(platform), confirmed_events(platform, known)):
            app.store.journal.append_frame(frame)
        app.run()
        case = next(case for case in app.store.cases(SYSTEM).cases() if case.topic == "network")
        restricted = set(app.store.guard.restricted())
        proposed = app.store.cases(SYSTEM).members(case.id, state=MemberState.PROPOSED, limit=10_000)
        members = [member for member in proposed if member.entity in restricted]
        ours, rate = latencies(app, members[:DECISIONS], guard_child)
        peer, _ = latencies(app, members[DECISIONS : DECISIONS + PEER_DECISIONS], polling_child)
        app.close()
    print(f"served meanwhile: {rate:,.0f} requests of {CANDIDATES} candidates a second")
    print("| a decision is seen after | p50 ms | p99 ms |\n|---|---|---|")
    for label, times in (("guard in another process", ours), ("peer: polling the database", peer)):
        print(
            f"| {label}, {len(times)} decisions | {np.median(times):.0f} | {np.percentile(times, 99):.0f} |"
        )
    print(f"ratio of medians: {np.median(ours) / np.median(peer):.2f}; bar: 1000 ms")


if __name__ == "__main__":
    main()
