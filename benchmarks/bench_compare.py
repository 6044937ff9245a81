"""Comparison between platforms: do the intervals hold the truth as often as they say?

Simulated searches of platforms whose numbers are known, `HAVENWALL_BENCH_REPEATS` of them a row: of 500, a
share of 95 % has a standard error of one point. The peer is what is usually done: the ratio of raw counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from havenwall.audit.compare import Detection, Effort, Platform, Prior, Span
from havenwall.audit.compare.needed import needed
from havenwall.audit.compare.rate import corrected, found_ratio, span_of
from havenwall.audit.compare.recapture import chao, chao_lists, chapman

REPEATS = int(os.environ.get("HAVENWALL_BENCH_REPEATS", "500"))
DRAWS = 10_000
"""Fewer than in earnest: the ends of an interval vary by a few per cent, coverage does not."""
RNG = np.random.default_rng(7)
Made = tuple[Platform, Platform]


def row(*cells: object) -> None:
    shown = (f"{cell:.1%}" if isinstance(cell, float) else str(cell) for cell in cells)
    print("| " + " | ".join(shown) + " |", flush=True)


def table(title: str, *columns: str) -> None:
    print(f"\n{title}\n")
    row(*columns)
    row(*["---"] * len(columns))


def made(
    name: str, found: int, canaries: Detection | None = None, sessions: list[int] | None = None
) -> Platform:
    effort = Effort(amount=1, unit="searches")
    return Platform(name=name, found=found, effort=effort, detection=canaries, sessions=sessions)


def hidden(name: str, there: int, share: float, planted: int, vary: float = 0, easy: float = 1) -> Platform:
    """A search that finds accounts with a mean chance of `share`, and canaries `easy` times as easily."""
    chances = RNG.beta(share / vary, (1 - share) / vary, there) if vary else np.full(there, share)
    canaries = Detection(planted=planted, found=int(RNG.binomial(planted, share * easy)))
    return made(name, int((RNG.random(there) < chances).sum()), canaries)


def clumped(name: str, rate: float, clump: int, sessions: int = 20) -> Platform:
    """Finds come in clumps of `clump` accounts, at random over the sessions."""
    counts = clump * RNG.poisson(rate / clump / sessions, sessions)
    return made(name, int(counts.sum()), sessions=[int(n) for n in counts])


def fraction(pair: Made) -> Span:
    one, other = (corrected(p, Prior(), "search", DRAWS) for p in pair)
    assert one is not None
    assert other is not None
    return span_of(one / other, 0.95)


def raw(pair: Made) -> Span:
    return found_ratio(*pair, Prior(), 0.95)


def unsessioned(pair: Made) -> Span:
    return raw((made("a", pair[0].found), made("b", pair[1].found)))


def held(simulate: Callable[[], Made], spans: list[Callable[[Made], Span]], truth: float) -> list[float]:
    """For each kind of interval: how often it held the truth, and how often it named the wrong sign."""
    hits, wrong = np.zeros(len(spans)), np.zeros(len(spans))
    for _ in range(REPEATS):
        pair = simulate()
        for at, span in enumerate(spans):
            one = span(pair)
            hits[at] += one.low <= truth <= one.high
            wrong[at] += (one.low > 1 and truth <= 1) or (one.high < 1 and truth >= 1)
    return [float(x) for both in zip(hits / REPEATS, wrong / REPEATS, strict=True) for x in both]


def ratios() -> None:
    table(
        "Ratio of what is there",
        "there",
        "share found",
        "canaries",
        "corrected: holds",
        "wrong sign",
        "raw counts: hold",
        "wrong sign",
    )
    worlds = [
        (700, 700, 0.6, 0.3, 30),
        (700, 450, 0.6, 0.3, 30),
        (700, 450, 0.3, 0.6, 200),
        (60, 60, 0.2, 0.4, 20),
    ]
    for a, b, p, q, n in worlds:
        for words, vary, easy in (
            ("", 0.0, 1.0),
            (", varies", 0.5, 1.0),
            (", first's canaries ×1.3", 0.0, 1.3),
        ):

            def two(a=a, b=b, p=p, q=q, n=n, vary=vary, easy=easy) -> Made:
                return hidden("a", a, p, n, vary, easy), hidden("b", b, q, n, vary)

            row(f"{a} / {b}", f"{p:.0%} / {q:.0%}{words}", n, *held(two, [fraction, raw], a / b))


def clumps() -> None:
    columns = ("clump", "with sessions: holds", "wrong sign", "without: holds", "wrong sign")
    table("Ratio of rates whose finds come in clumps, 400 against 400 expected", *columns)
    for clump in (1, 5, 20):
        simulate = lambda c=clump: (clumped("a", 400, c), clumped("b", 400, c))  # noqa: E731
        row(clump, *held(simulate, [raw, unsessioned], 1.0))


def recaptured() -> None:
    columns = ("accounts vary by", "lists", "method", "interval holds", "lower end below truth", "estimate")
    table("1,000 accounts; lists that find a mean share; coefficient of variation between accounts", *columns)
    for variation in (0.0, 0.5, 1.0):
        for shares in ((0.2, 0.2), (0.2, 0.2, 0.2, 0.2, 0.2), (0.4, 0.1, 0.1)):
            spans: dict[str, list[Span]] = {}
            for _ in range(REPEATS):
                for method, span in bounds(shares, variation):
                    spans.setdefault(method, []).append(span)
            for method, found in spans.items():
                holds = float(np.mean([s.low <= 1000 <= s.high for s in found]))
                below = float(np.mean([s.low <= 1000 for s in found]))
                estimate = f"{np.mean([s.value for s in found]):,.0f}"
                row(f"{variation:.1f}", " ".join(map(str, shares)), method, holds, below, estimate)


def bounds(shares: tuple[float, ...], variation: float) -> list[tuple[str, Span]]:
    ease = RNG.gamma(1 / variation**2, variation**2, 1000) if variation else np.ones(1000)
    caught = [np.flatnonzero(RNG.random(1000) < np.minimum(share * ease, 1)) for share in shares]
    lists = [set(ids.tolist()) for ids in caught]
    if len(lists) == 2:
        return [("Chapman", chapman(len(lists[0]), len(lists[1]), len(lists[0] & lists[1])))]
    counts = [int((np.bincount(np.concatenate(caught)) == n).sum()) for n in range(1, len(lists) + 1)]
    return [("Chao, lists", chao_lists(lists)), ("Chao, frequencies", chao(counts, len(lists)))]


def planning() -> None:
    table("Planning: as many canaries as was said settle the sign (aim 80 %)", "there", "canaries", "settled")
    for a, b, p, q in ((700, 450, 0.6, 0.3), (1000, 700, 0.5, 0.5)):
        plan = (
            made("a", int(a * p), Detection(planted=30, found=int(30 * p))),
            made("b", int(b * q), Detection(planted=20, found=int(20 * q))),
        )
        count = needed(*plan, a / b, Prior(), "search", 0.95).canaries
        assert count
        done = sum(
            fraction((hidden("a", a, p, count[0], 0), hidden("b", b, q, count[1], 0))).low > 1
            for _ in range(REPEATS)
        )
        row(f"{a} / {b}", f"{count[0]} / {count[1]}", done / REPEATS)


if __name__ == "__main__":
    ratios()
    clumps()
    recaptured()
    planning()
