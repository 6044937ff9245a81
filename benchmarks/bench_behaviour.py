"""Behaviour rules: events per second, and who is found on the sandbox's month of behaviour.

Found is a signal of strength 0.5 or more, which brings an account to a person. Bystanders are all accounts
that were not planted for the rule; look-alikes are those among them that were made to do something alike. The
same hand wrote rules and sandbox: the figures show that rules do what they say, not how the world is. Seeds 1
to 3 and 11 to 13 were looked at while rules were written; these were not.
"""

from __future__ import annotations

import time

import polars as pl

from havenwall.detect.behaviour import BEHAVIOURS, Watch
from havenwall.sandbox.behaviour import BehaviourConfig, behaviour_town

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


if __name__ == "__main__":
    accuracy()
    speed()
