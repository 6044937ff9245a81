"""500 candidates per call against 100,000 and 1,000,000 restricted ids: the guard beside simpler tables.

Peers answer less (no surface, no reason, no staleness); the ratio says what those cost. Ids of strings are
decoded afresh for each call, as a recommender gets them, so their hashes are not cached. 2 % are restricted.
Calls in turns find the caches full of what the others read; `alone` says what a call costs by itself.
"""

from __future__ import annotations

import gc
import importlib.util
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import numpy as np

from havenwall.guard import Guard, Surface, append_delta, read_snapshot, write_snapshot
from havenwall.model import Restriction, Standing, now

CANDIDATES = 500
SHARE = 0.02
CALLS = 400
CHANGES = 5_000
REGO_CALLS = 5
SURFACE = Surface.RECOMMENDED_ACCOUNTS


def restricted(size: int) -> np.ndarray:
    """Every second account of twice as many, at random; (size,) int64, rising."""
    return np.sort(np.random.default_rng(5).permutation(2 * size)[:size])


def standings(numbers: Iterable[int], *, after: int = 0) -> Iterator[Standing]:
    at = now()
    for seq, number in enumerate(numbers, start=after + 1):
        yield Standing(
            seq=seq,
            entity=f"account:{number}",
            restriction=Restriction.SUPPRESSED,
            confirmed=False,
            decision_id=f"decision-{seq // 50}",
            reason="over_threshold",
            at=at,
        )


def batches(size: int) -> list[np.ndarray]:
    rng, known = np.random.default_rng(7), restricted(size)
    clean = np.setdiff1d(np.arange(2 * size), known)
    shape = (CALLS, CANDIDATES)
    return list(np.where(rng.random(shape) < SHARE, rng.choice(known, shape), rng.choice(clean, shape)))


def timed(
    calls: dict[str, Callable[[Any], Any]], inputs: Callable[[int], Any], turns: int = CALLS
) -> dict[str, float]:
    """Median microseconds of CPU time per call. Calls take turns; inputs are made outside the clock."""
    spent: dict[str, list[int]] = {name: [] for name in calls}
    for turn in range(turns):
        for name, call in calls.items():
            given = inputs(turn)
            start = time.thread_time_ns()
            call(given)
            spent[name].append(time.thread_time_ns() - start)
    return {name: median(values[turns // 10 :]) / 1_000 for name, values in spent.items()}


def alone(title: str, call: Callable[[Any], Any], inputs: Callable[[int], Any]) -> None:
    """The same call by itself: what others would put into the caches is not paid for."""
    figure = timed({title: call}, inputs)[title]
    print(f"  {title} alone, one call after the other: {figure:.1f} µs")


def strings(guard: Guard, size: int, picks: list[np.ndarray]) -> dict[str, float]:
    plain = {f"account:{number}": 1 for number in restricted(size).tolist()}
    blobs = [msgspec.json.encode([f"account:{number}" for number in pick.tolist()]) for pick in picks]

    def loop(candidates: list[str]) -> list[int]:
        return [index for index, entity in enumerate(candidates) if plain.get(entity) is None]

    def decoded(turn: int) -> list[str]:
        return msgspec.json.decode(blobs[turn], type=list[str])

    calls = {"guard.filter": lambda given: guard.filter(given, SURFACE), "dict loop": loop}
    alone("guard.filter", calls["guard.filter"], decoded)
    alone("dict loop", loop, decoded)
    return timed(calls, decoded)


def integers(guard: Guard, size: int, picks: list[np.ndarray]) -> dict[str, float]:
    bound = guard.bind([f"account:{number}" for number in range(2 * size)])
    known = restricted(size)
    plain = dict.fromkeys(known.tolist(), 1)

    def searched(given: np.ndarray) -> np.ndarray:
        return known[np.minimum(np.searchsorted(known, given), size - 1)] != given

    calls: dict[str, Callable[[Any], Any]] = {
        "bound.judge": lambda given: bound.judge(given, SURFACE),
        "bound.allowed": lambda given: bound.allowed(given, SURFACE),
        "dict loop": lambda given: [plain.get(number) is None for number in given.tolist()],
        "numpy searchsorted": searched,
    }
    alone("bound.judge", calls["bound.judge"], picks.__getitem__)
    if importlib.util.find_spec("pyroaring"):
        from pyroaring import BitMap

        bits = BitMap(known.tolist())
        calls["pyroaring loop"] = lambda given: [number not in bits for number in given.tolist()]
    return timed(calls, picks.__getitem__)


REGO = """package guard

import rego.v1

default outcome := "allow"

outcome := data.surfaces[input.surface][input.restriction]
"""


def rego(guard: Guard, size: int, picks: list[np.ndarray]) -> dict[str, float]:
    """The same row of the policy as Rego, asked for each candidate; a dictionary knows the restrictions.

    The restrictions are not the interpreter's data: it copies its data at each question, and takes
    1.7 seconds for one candidate with 10,000 of them.
    """
    from regopy import Input, Interpreter

    rows = {str(SURFACE): {"suppressed": str(guard.policy.row(SURFACE, outdated=False).outcomes[3])}}
    engine = Interpreter()
    engine.add_module("guard", REGO)
    engine.add_data_json(msgspec.json.encode({"surfaces": rows}).decode())
    known = {f"account:{number}": "suppressed" for number in restricted(size).tolist()}

    def judged(entity: str) -> bool:
        engine.set_input(Input({"surface": str(SURFACE), "restriction": known.get(entity, "none")}))
        return "allow" in str(engine.query("data.guard.outcome"))

    def kept(candidates: list[str]) -> list[int]:
        return [index for index, entity in enumerate(candidates) if judged(entity)]

    names = [[f"account:{number}" for number in pick.tolist()] for pick in picks[:REGO_CALLS]]
    assert kept(names[0]) == guard.filter(names[0], SURFACE).keep, "the peer answers otherwise"
    calls = {"guard.filter": lambda given: guard.filter(given, SURFACE), "Rego, each candidate": kept}
    return timed(calls, names.__getitem__, turns=REGO_CALLS)


def report(title: str, figures: dict[str, float]) -> None:
    ours, *peers = figures
    print(f"  {title}: {ours} {figures[ours]:.1f} µs", end="")
    for peer in peers:
        print(f"; {peer} {figures[peer]:.1f} µs (ours / peer {figures[ours] / figures[peer]:.2f})", end="")
    print()


def seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def run(size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root, rows = Path(name), list(standings(restricted(size).tolist()))
        written = seconds(lambda: write_snapshot(root, rows, watermark=size, built_at=now()))
        loaded = seconds(lambda: read_snapshot(root))
        print(f"{size:,} restricted ids: snapshot written in {written:.2f} s, read in {loaded:.2f} s")
        guard, picks = Guard.open(root, max_age=None), batches(size)
        # Loading leaves millions of objects; without this the collector's walks over them fall on the clock.
        gc.freeze()
        report("500 strings", strings(guard, size, picks))
        report("500 integers", integers(guard, size, picks))
        if importlib.util.find_spec("regopy"):
            report("500 strings, judged in Rego", rego(guard, size, picks))
        append_delta(root, list(standings(range(3 * size, 3 * size + CHANGES), after=size)))
        guard.refresh()
        report(f"500 strings, {CHANGES:,} changes beside the snapshot", strings(guard, size, picks))


if __name__ == "__main__":
    for count in (100_000, 1_000_000):
        run(count)
