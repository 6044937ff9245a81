"""From a reviewer's decision to a changed verdict in another process's guard.

Ours: `App.decide` (journalled, carried out, published) in this process, a guard in a child that looks every
0.1 s. Peer: a child that asks the database for the entity's standing every 0.1 s, as a service without a
guard would.
"""

from __future__ import annotations

import multiprocessing as mp
import tempfile
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

DECISIONS = 100
LOOK_EVERY = 0.1
REVIEWER = Viewer(name="user:bench", rights=frozenset(Right))


def guard_child(folder: Path, pipe: Connection) -> None:
    guard = Guard.open(folder / "guard", refresh_every=LOOK_EVERY, max_age=None)
    pipe.send("ready")
    while entity := pipe.recv():
        while guard.check(entity, Surface.RECOMMENDED_ACCOUNTS).outcome is Outcome.DROP:
            time.sleep(0.001)
        pipe.send(time.time())


def polling_child(folder: Path, pipe: Connection) -> None:
    store = Store.open(f"sqlite:///{folder}/havenwall.db", folder)
    pipe.send("ready")
    while entity := pipe.recv():
        while store.policy.restrictions([entity]):
            time.sleep(LOOK_EVERY)
        pipe.send(time.time())


def latencies(app: App, members: list[Member], watch: object) -> np.ndarray:
    """Milliseconds from the call of `decide` to the changed answer, for each member cleared."""
    here, there = mp.Pipe()
    child = mp.get_context("spawn").Process(target=watch, args=(app.config.data, there))
    child.start()
    here.recv()
    found = []
    for member in members:
        case = app.store.cases(SYSTEM).case(member.case_id)
        here.send(member.entity)
        began = time.time()
        app.decide(REVIEWER, case.id, case.version, Verb.CLEAR, [member.entity], "benchmark")
        found.append((here.recv() - began) * 1000)
    here.send("")
    child.join()
    return np.array(found)


def main() -> None:
    set_up_logs("warning")
    with tempfile.TemporaryDirectory() as name:
        app = App(Config(data=Path(name)))
        platform = generate(SandboxConfig(), 0)
        known = np.flatnonzero(platform.member)[:150]
        for frame in (*event_frames(platform), confirmed_events(platform, known)):
            app.store.journal.append_frame(frame)
        app.run()
        (case,) = app.store.cases(SYSTEM).cases()
        members = app.store.cases(SYSTEM).members(case.id, state=MemberState.PROPOSED, limit=2 * DECISIONS)
        middle = len(members) // 2
        ours = latencies(app, members[:middle], guard_child)
        peer = latencies(app, members[middle:], polling_child)
        app.close()
    print("| a decision is seen after | p50 ms | p99 ms |\n|---|---|---|")
    for label, times in (("guard in another process", ours), ("peer: polling the database", peer)):
        print(
            f"| {label}, {len(times)} decisions | {np.median(times):.0f} | {np.percentile(times, 99):.0f} |"
        )
    print(f"ratio of medians: {np.median(ours) / np.median(peer):.2f}; bar: 1000 ms")


if __name__ == "__main__":
    main()
