"""Behaviour rules: events per second, start of a process, and who is found in the sandbox's month.

Found is a signal of strength 0.5 or more, which brings an account to a person. Bystanders are all accounts
that were not planted for the rule; look-alikes are those among them that were made to do something alike. The
same hand wrote rules and sandbox: the figures show that rules do what they say, not how the world is. Seeds 1
to 3 and 11 to 13 were looked at while rules were written; these were not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from havenwall.app import Config
from havenwall.app.behaviour_states import behaviour_states
from havenwall.detect.behaviour import BEHAVIOURS, BehaviourStage, Watch
from havenwall.engine import Runner
from havenwall.sandbox.behaviour import BehaviourConfig, behaviour_town
from havenwall.store import Store
from havenwall.store.states import StateFiles

BAR = 0.5
SEEDS = (21, 22, 23)


def accuracy() -> None:
    print(f"{'rule':22}{'planted':>9}{'recall':>9}{'recall .3':>11}{'precision':>11}{'look-alikes hit':>17}")
    towns = [behaviour_town(BehaviourConfig(accounts=8_000), seed) for seed in SEEDS]
    told = [Watch().take(town.events) for town in towns]
    for rule in (make().name for make in BEHAVIOURS):
        counts = [0] * 6
        for town, signals in zip(towns, told, strict=True):
            members, alike = set(town.planted.get(rule, ())), set(town.lookalikes.get(rule, ()))
            if rule == "burst":
                members, alike = bursts(town.events)
            weak = {s.entity for s in signals if s.detector == rule}
            found = {s.entity for s in signals if s.detector == rule and s.strength >= BAR}
            parts = (members, members & found, members & weak, found, alike, alike & found)
            counts = [a + len(b) for a, b in zip(counts, parts, strict=True)]
        planted, right, weakly, found, alike, wrong = counts
        precision = f"{right / found:.3f}" if found else "-"
        recall = [f"{hit / planted:.3f}" if planted else "-" for hit in (right, weakly)]
        print(f"{rule:22}{planted:9}{recall[0]:>9}{recall[1]:>11}{precision:>11}{f'{wrong} of {alike}':>17}")
    care = sum(s.detector == "care" for signals in told for s in signals)
    print(f"care signals on minors: {care}, of {sum(len(signals) for signals in told)} signals")


def bursts(events: pl.DataFrame) -> tuple[set[str], set[str]]:
    new = set(events.filter(pl.col("entity").str.ends_with("-new"))["entity"])
    return {name for name in new if "member" in name}, {name for name in new if "like" in name}


def speed() -> None:
    town = behaviour_town(BehaviourConfig(accounts=30_000, events=10))
    watch, began = Watch(), time.process_time()
    for part in town.events.iter_slices(250_000):
        watch.take(part)
    spent = time.process_time() - began
    count = town.events.height
    print(f"all rules: {count:,} events, {count / spent:,.0f} events/CPU-s")
    for make in BEHAVIOURS:
        watch, began = Watch([make]), time.process_time()
        watch.take(town.events)
        print(f"  {make().name:22}{count / (time.process_time() - began):>12,.0f} events/CPU-s")


def start() -> None:
    """A process that starts, with a million events in the journal and one that is new.

    Each in a process of its own: until the stage has judged the new event, imports and opening left out.
    """
    town = behaviour_town(BehaviourConfig(accounts=66_000, events=12)).events
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = _open(folder)
        for part in town.iter_slices(250_000):
            store.journal.append_frame(part)
        Runner(store.streams, (BehaviourStage(store.behaviour),)).run()
        everything = _child(folder, store, town, "nothing kept")
        saving = _child(folder, store, town, "states")
        times = sorted(_child(folder, store, town, "states") for _ in range(3))
        size = max(path.stat().st_size for path in (folder / "behaviour").iterdir())
        store.close()
    print(f"start for one new event after {town.height:,}, state of {size / 1e6:.0f} MB:")
    print(f"  all is read       {everything:7.2f} s (and {saving:.2f} s with saving)")
    print(
        f"  from the state    {times[1]:7.2f} s ({times[0]:.2f} to {times[2]:.2f}), "
        f"{everything / times[1]:.1f} x"
    )


def _open(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder}/havenwall.db", folder)


def _states(folder: Path) -> StateFiles:
    return behaviour_states(Config(data=folder))


def _child(folder: Path, store: Store, town: pl.DataFrame, how: str) -> float:
    again = pl.lit(f"again {store.journal.count()}")
    store.journal.append_frame(town[-1:].with_columns(source_id=again))
    call = [sys.executable, __file__, "started", str(folder), how]
    return float(subprocess.run(call, check=True, capture_output=True).stdout)


def started(folder: Path, how: str) -> None:
    """In the child process: prints the seconds."""
    store = _open(folder)
    began = time.perf_counter()
    keeps = _states(folder) if how == "states" else None
    Runner(store.streams, (BehaviourStage(store.behaviour, keeps),)).run()
    print(time.perf_counter() - began)
    store.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["started"]:
        started(Path(sys.argv[2]), sys.argv[3])
    else:
        wanted = sys.argv[1:]
        for part in (accuracy, speed, start):
            if not wanted or part.__name__ in wanted:
                part()
