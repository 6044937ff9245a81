"""Are the audit's intervals and verdicts worth what they say? Measured on simulated platforms.

A platform draws its rate from a beta distribution, each test account its own around the platform's, and
200 places (10 rounds of 20) show a member at the account's rate. `ICC` is how much of the variance
between accounts the platforms share. All truths are known. Four tables:

1. coverage of 95 % intervals for the mean exposure, by number of platforms and accounts;
2. the exact bound where no or few accounts were exposed at all;
3. the gate with a limit (`at_most`), 4. the gate with a margin against the release before it: how often it
   passes when nothing leaks (A/A) and when 1, 3 and 10 % leak, beside the power that was stated beforehand.

`HAVENWALL_BENCH_QUICK=1` takes a quarter of the repeats. One process; about five minutes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from havenwall.audit.stats import (
    Components,
    Sizes,
    chance,
    cluster_interval,
    design_effect,
    difference_interval,
    effective_trials,
    exact_bounds,
    share_interval,
    sizes_needed,
    standard_error,
)
from havenwall.audit.threshold import Measure, Threshold
from havenwall.audit.verdict import judge

REPEATS = 250 if os.environ.get("HAVENWALL_BENCH_QUICK") else 1_000
SETS = 200
"""Sets of platforms for the bootstrap, which is slow."""
PLACES = 200
SIZES = [(p, a) for p in (5, 8, 12) for a in (20, 100)]
ICCS = (0.0, 0.05, 0.2, 0.5)
KINDS = (("open", 0.3, 0.3), ("guarded", 0.03, 0.05), ("leaky", 0.01, 0.02), ("one bad platform", 0.01, 0.05))
"""Name, mean exposure, and variance between accounts as a share of the greatest possible."""

Values = NDArray[np.float64]


def row(*cells: object) -> None:
    shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print("| " + " | ".join(shown) + " |", flush=True)


def table(title: str, *columns: str) -> None:
    print(f"\n{title}\n")
    row(*columns)
    row(*["---"] * len(columns))


def parts(mean: float, spread: float, icc: float) -> Components:
    """Variance between platforms and within, when accounts vary by `spread` of mean * (1 - mean)."""
    total = spread * mean * (1 - mean)
    return Components(between=icc * total, within=(1 - icc) * total)


def around(mean: Values, variance: Values | float, rng: np.random.Generator) -> Values:
    """Beta variables with these means and variances."""
    mean = np.clip(mean, 1e-9, 1 - 1e-9)
    count = np.maximum(mean * (1 - mean) / np.maximum(variance, 1e-12) - 1, 1e-3)
    return rng.beta(mean * count, (1 - mean) * count)


def audited(
    repeats: int,
    platforms: int,
    accounts: int,
    mean: float,
    spread: float,
    icc: float,
    rng: np.random.Generator,
) -> Values:
    """Exposure (repeats, platforms, accounts)."""
    size, wanted = (repeats, platforms, 1), parts(mean, spread, icc)
    rate = around(np.full(size, mean), wanted.between, rng) if icc else np.full(size, mean)
    own = wanted.within / (mean * (1 - mean) - wanted.between) * rate * (1 - rate)
    places = rate * (1 - rate) / PLACES
    each = np.broadcast_to(rate, (repeats, platforms, accounts))
    own_rate = around(each, np.broadcast_to(own - places, each.shape), rng)
    return rng.binomial(PLACES, own_rate) / PLACES


def covered(found: list[tuple[float, float]], truth: float) -> tuple[float, float, float]:
    """Share of intervals with the truth inside, of upper ends below it, and the median width."""
    low, high = np.array(found).T
    return (
        float(((low <= truth) & (truth <= high)).mean()),
        float((high < truth).mean()),
        float(np.median(high - low)),
    )


def coverage() -> None:
    table(
        f"1. Coverage of 95 % intervals ({REPEATS} sets of platforms; bootstrap {SETS})",
        "platforms", "mean", "spread (CV) of platforms", "ICC", "seeds", "accounts",
        "ours", "upper end too low", "width", "plain t", "upper end too low", "bootstrap", "width",
    )  # fmt: skip
    seen: dict[tuple[int, int], list[tuple[float, float, float]]] = {size: [] for size in SIZES}
    for kind in KINDS:
        for icc in ICCS:
            for size in SIZES:
                seen[size].append(_coverage_row(*kind, icc, *size))
    table("Least, mean and greatest coverage over the kinds and ICCs above", "seeds", "accounts",
          "ours", "plain t", "bootstrap")  # fmt: skip
    for size, found in seen.items():
        columns = np.array(found).T
        row(*size, *(f"{c.min():.3f} {c.mean():.3f} {c.max():.3f}" for c in columns))


def _coverage_row(
    name: str, mean: float, spread: float, icc: float, platforms: int, accounts: int
) -> tuple[float, float, float]:
    rng = np.random.default_rng([1, platforms, accounts, int(icc * 100), int(mean * 1000)])
    sets = audited(REPEATS, platforms, accounts, mean, spread, icc, rng)
    ours = covered([share_interval(x) for x in sets], mean)
    plain = covered([difference_interval(x) for x in sets], mean)
    boot = covered([cluster_interval(x, 300, rng) for x in sets[:SETS]], mean)
    varies = np.sqrt(parts(mean, spread, icc).between) / mean
    row(name, mean, f"{varies:.1f}", icc, platforms, accounts, *ours, *plain[:2], boot[0], boot[2])
    return ours[0], plain[0], boot[0]


def few_events() -> None:
    repeats = 20 * REPEATS
    table(
        f"2. Exact bound over effective accounts ({repeats} sets): how often the truth lies above it",
        "rate", "true ICC", "ICC taken", "seeds", "accounts", "sets with < 5 events", "naive", "adjusted",
    )  # fmt: skip
    for rate in (0.005, 0.02):
        for icc, taken in ((0.0, 0.05), (0.05, 0.05), (0.2, 0.05)):
            for platforms, accounts in ((5, 20), (12, 20), (12, 100)):
                rng = np.random.default_rng([2, platforms, accounts, int(icc * 100), int(rate * 1000)])
                own = (
                    around(np.full((repeats, platforms), rate), icc * rate * (1 - rate), rng) if icc else rate
                )
                events = rng.binomial(accounts, own, (repeats, platforms)).sum(axis=1)
                trials, worth = platforms * accounts, effective_trials(platforms, accounts, taken)
                high = np.array([exact_bounds(k * worth / trials, worth)[1] for k in range(5)])
                naive = np.array([exact_bounds(k, trials)[1] for k in range(5)])
                few = events[events < 5]
                missed = [float((bound[few] < rate).sum() / repeats) for bound in (naive, high)]
                row(rate, icc, taken, platforms, accounts, float(len(few) / repeats), *missed)


def outcomes(
    threshold: Threshold, measured: Callable[[int], dict[Measure, Values]], repeats: int
) -> Counter[str]:
    return Counter(judge([threshold], measured(i)).outcome for i in range(repeats))


def shown(found: Counter[str]) -> list[float]:
    return [found[name] / found.total() for name in ("pass", "fail", "inconclusive")]


HEAD = ("limit", "ICC", "seeds", "accounts", "truth", "pass", "stated", "fail", "stated", "inconclusive")


def gate_with_limit() -> None:
    table(f"3. Gate `at_most` ({REPEATS} audits): verdicts beside the stated power", *HEAD)
    for limit in (0.01, 0.03, 0.1):
        for icc in (0.05, 0.2):
            for platforms, accounts in ((8, 100), (12, 100)):
                for leak in (0.0, 0.01, 0.03, 0.1):
                    _limit_row(limit, icc, Sizes(platform_seeds=platforms, accounts=accounts), leak)


def _limit_row(limit: float, icc: float, sizes: Sizes, leak: float) -> None:
    clean, spread = limit / 5, 0.02
    truth = clean + leak
    rng = np.random.default_rng([3, int(limit * 100), int(icc * 100), sizes.platform_seeds, int(leak * 100)])
    sets = audited(REPEATS, sizes.platform_seeds, sizes.accounts, truth, spread, icc, rng)
    threshold = Threshold(metric="exposure", arm="new", at_most=limit)
    found = shown(outcomes(threshold, lambda i: {threshold.measure: sets[i]}, REPEATS))
    error = standard_error(parts(truth, spread, icc), sizes) / (truth * (1 - truth))
    distance = float(logit(truth) - logit(limit))
    power = [chance(way * distance, error, sizes.platform_seeds - 1) for way in (-1, 1)]
    row(f"{limit:.0%}", icc, sizes.platform_seeds, sizes.accounts, f"{truth:.1%}",
        found[0], power[0], found[1], power[1], found[2])  # fmt: skip


def gate_with_margin() -> None:
    pilot_icc, margin, base = 0.2, 0.01, 0.05
    table(
        f"4. Gate `margin` 1 % over a release at {base:.0%} exposure ({REPEATS} audits)", *HEAD[1:],
    )  # fmt: skip
    for icc in (0.0, 0.2, 0.5):
        for sizes in (
            Sizes(platform_seeds=5, accounts=20),
            Sizes(platform_seeds=8, accounts=100),
            _planned(icc),
        ):
            for leak in (0.0, 0.01, 0.03, 0.1):
                _margin_row(margin, base, icc, sizes, leak)
    print(f"\nthird sizes: planned by `sizes_needed` for an A/A pass in 95 % of audits; design effect at 100 "
          f"accounts and ICC {pilot_icc}: {design_effect(pilot_icc, 100):.1f}")  # fmt: skip


NOISE = 0.0008
"""Variance of an account's difference between two runs of the same release: a spread of 2.8 %."""


def _difference(icc: float) -> Components:
    return Components(between=icc * NOISE, within=(1 - icc) * NOISE)


def _planned(icc: float) -> Sizes:
    planned = sizes_needed(_difference(icc), 0.01, power=0.95)
    assert planned
    return planned


def _margin_row(margin: float, base: float, icc: float, sizes: Sizes, leak: float) -> None:
    rng = np.random.default_rng([4, int(icc * 100), sizes.platform_seeds, int(leak * 100)])
    threshold = Threshold(metric="exposure", arm="new", margin=margin, against="old")
    noise, shape = _difference(icc), (sizes.platform_seeds, sizes.accounts)

    def measured(_: int) -> dict[Measure, Values]:
        old = around(np.full(shape, base), 0.02 * base, rng)
        shift = rng.normal(leak, np.sqrt(noise.between), (shape[0], 1))
        new = old + shift + rng.normal(0, np.sqrt(noise.within), shape)
        # Moving both keeps the difference: shares end at 0 and 1, and these are about the middle.
        return {threshold.measure: np.clip(new + 0.4, 0, 1), threshold.baseline: np.clip(old + 0.4, 0, 1)}

    found = shown(outcomes(threshold, measured, REPEATS))
    error, freedom = standard_error(noise, sizes), sizes.platform_seeds - 1
    power = [chance(way * (leak - margin), error, freedom) for way in (-1, 1)]
    row(icc, *shape, f"{leak:.0%}", found[0], power[0], found[1], power[1], found[2])


if __name__ == "__main__":
    coverage()
    few_events()
    gate_with_limit()
    gate_with_margin()
