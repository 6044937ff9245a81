"""Honest precision: calibration error, coverage of intervals, the gate, false alarms and detection delay.

First on the real model over hard sandboxes whose draws (700 and on) served for nothing but to choose
`AuditConfig.to_fit`: calibration after 600 audits of one scoring, coverage of intervals, and calibration as
the service does it, by draws of 60 with a new scoring after each. Then on simulated scores with known truth
(`havenwall.network.precision.simulate`: 700 members among 200,000 accounts, model probabilities far off).
The form of the calibrator was chosen on other draws and earlier versions of the same six worlds, so the
worlds are known to it, the draws are not. Coverage is measured over populations and samples together, as
many as `REPEATS` per row.

`HAVENWALL_BENCH_QUICK=1` takes platforms of 60,000 accounts instead of 200,000, and a tenth of the repeats.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from havenwall.model import Answered, ScoreRun
from havenwall.network import find_network
from havenwall.network.auditing import Auditing, flagged_by, recalibrated
from havenwall.network.precision import (
    AuditConfig,
    Audits,
    Band,
    Bucket,
    Estimate,
    Part,
    Population,
    Reading,
    SamplingPlan,
    Share,
    World,
    calibration_error,
    check,
    estimate,
    fit_audited,
    level_for,
    may_widen,
    simulate,
    watch,
)
from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard
from havenwall.sandbox.hard import seeds as some_traders

QUICK = bool(os.environ.get("HAVENWALL_BENCH_QUICK"))
DRAWS = int(os.environ.get("HAVENWALL_BENCH_DRAWS", "5" if QUICK else "50"))
REPEATS = int(os.environ.get("HAVENWALL_BENCH_REPEATS", "100" if QUICK else "1000"))
ACCOUNTS = 60_000 if QUICK else 200_000
PLATFORMS = range(700, 703)
FLAGGED, TOP, BUDGET = 800, 3000, 600
PLAN = SamplingPlan()
START = datetime(2026, 1, 1, tzinfo=UTC)


def row(*cells: object) -> None:
    shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print("| " + " | ".join(shown) + " |", flush=True)


def table(title: str, *columns: str) -> None:
    print(f"\n{title}\n")
    row(*columns)
    row(*["---"] * len(columns))


def sample(people: Population, budget: int, seed: int) -> tuple[np.ndarray, Audits]:
    """Rows to audit, and the audits."""
    return drawn_of(people, people.top(FLAGGED), budget, seed)


def drawn_of(people: Population, flagged: np.ndarray, budget: int, seed: int) -> tuple[np.ndarray, Audits]:
    names = range(len(flagged))
    drawn = PLAN.draw(people.score, flagged, names, budget, seed, people.probability)
    rows = np.array([one.row for one in drawn])
    return rows, Audits(
        bucket=np.array([one.bucket for one in drawn]),
        member=people.member[rows],
        probability_of_selection=np.array([one.probability_of_selection for one in drawn]),
    )


def calibrations(people: Population, seed: int) -> dict[str, np.ndarray]:
    """Probabilities of the top accounts by each method, all from the same audits."""
    rows, audits = sample(people, BUDGET, seed)
    score, member, top = people.score, audits.member, people.top(TOP)
    weight = 1 / audits.probability_of_selection
    platt = LogisticRegression(C=1e6).fit(score[rows, None], member)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(score[rows], member, sample_weight=weight)
    ours = fit_audited(score, rows, member, weight, probability=people.probability)
    return {
        "raw": people.probability[top],
        "Platt": platt.predict_proba(score[top, None])[:, 1],
        "isotonic": isotonic.predict(score[top]),
        "ours": ours.predict(score[top]),
    }


def real_model() -> None:
    """The real model on platforms nobody has tuned anything on."""
    table(
        f"The real model: hard sandboxes of {ACCOUNTS:,} accounts, 35 seeds. Calibration error in the top "
        f"{TOP:,} after {BUDGET} audits of one scoring (bar: at most .03), mean of 20 samples; coverage of "
        f"95 % intervals over {REPEATS} samples",
        *("platform", "flagged", "precision", "raw", "isotonic", "ours", "ours, worst", "by raw score"),
        *("precision at 60", "width", "at 600", "recall among reported at 600"),
    )
    platforms = [HardWorld(draw) for draw in PLATFORMS]
    for world in platforms:
        people, flagged = world.scored()
        fits = np.array([real_fit(people, flagged, seed) for seed in range(20)])
        small = np.array([real_hits(people, flagged, 60, seed) for seed in range(REPEATS)])
        large = np.array([real_hits(people, flagged, BUDGET, seed) for seed in range(REPEATS)])
        raw, isotonic, ours, strict = (float(value) for value in fits.mean(axis=0))
        precision = float(people.member[flagged].mean())
        cells = [precision, raw, isotonic, ours, float(fits[:, 2].max()), strict]
        cells += [float(value) for value in (*small.mean(axis=0)[:2], *large.mean(axis=0)[[0, 2]])]
        row(world.draw, int(flagged.sum()), *cells)
    as_served(platforms)


class HardWorld:
    """A platform, what is known of its accounts so far, and the scorings, as the store would keep them."""

    def __init__(self, draw: int) -> None:
        self.draw = draw
        platform = generate_hard(HardConfig.scaled(ACCOUNTS), draw)
        self.graph, self.member = platform.graph(), platform.part == HardPart.TRADER
        self.row = {name: row for row, name in enumerate(platform.ids)}
        self.seeds = some_traders(platform, 35, np.random.default_rng(draw))
        self.cleared = np.empty(0, np.int64)
        self.runs: list[ScoreRun] = []
        self.said: dict[str, bool] = {}

    def find(self):
        return find_network(self.graph, self.seeds, self.cleared)

    def scored(self) -> tuple[Population, np.ndarray]:
        found = self.find()
        member = self.member[found.rows]
        return Population(score=found.score, probability=found.probability, member=member), flagged_by(found)

    def newest_run(self) -> ScoreRun | None:
        return self.runs[-1] if self.runs else None

    def flagged(self, run_id: str) -> set[str]:
        return set()

    def draws(self, limit: int) -> list[Answered]:
        drawn = [run for run in reversed(self.runs) if run.draw]
        return [
            Answered(
                run_id=run.id,
                at=run.at,
                threshold=run.threshold,
                held_out_recall=run.held_out_recall,
                seeds=run.seeds,
                draw=run.draw,
                answers=tuple(self.said.get(one.entity) for one in run.draw.drawn),
            )
            for run in drawn[:limit]
        ]

    def turn(self) -> tuple[int, float, int, float | None, float]:
        """One scoring and the answers to its draw: answers before, its precision, flagged, both errors."""
        found, config, answers = self.find(), AuditConfig(), len(self.said)
        flagged, member = flagged_by(found), self.member[found.rows]
        top = np.argsort(-found.score)[:TOP]
        curve = recalibrated(self.draws(config.history), found, config)
        error = None
        if curve is not None:
            chance = curve.predict(found.score[top] - found.threshold)
            error = calibration_error(chance, member[top], by=found.score[top])
        raw = calibration_error(found.probability[top], member[top], by=found.score[top])
        auditing = Auditing(self, config, self.graph, found)
        run = ScoreRun(
            id=f"{self.draw}-{len(self.runs)}",
            at=START + timedelta(days=2 * len(self.runs)),
            model=found.scored.model,
            version="",
            accounts=self.graph.n,
            links=0,
            seeds=len(self.seeds),
            cleared=len(self.cleared),
            threshold=found.threshold,
            over_threshold=int(found.over_threshold.sum()),
            flagged=int(flagged.sum()),
            held_out_recall=found.held_out_recall,
        )
        auditing.draw(run.id, run.at)
        self.runs.append(auditing.noted(run))
        self.answer()
        precision = float(member[flagged].mean()) if flagged.any() else float("nan")
        return answers, precision, int(flagged.sum()), error, raw

    def answer(self) -> None:
        draw = self.runs[-1].draw
        rows = np.array([self.row[one.entity] for one in draw.drawn] if draw else [], np.int64)
        self.said |= {
            one.entity: bool(self.member[self.row[one.entity]]) for one in (draw.drawn if draw else ())
        }
        self.seeds = np.union1d(self.seeds, rows[self.member[rows]])
        self.cleared = np.union1d(self.cleared, rows[~self.member[rows]])


def real_fit(people: Population, flagged: np.ndarray, seed: int) -> list[float]:
    rows, audits = drawn_of(people, flagged, BUDGET, seed)
    member, top = audits.member, np.argsort(-people.score)[:TOP]
    weight = 1 / audits.probability_of_selection
    ours = fit_audited(people.score, rows, member, weight, probability=people.probability)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(people.score[rows], member, sample_weight=weight)
    told = ours.predict(people.score[top])
    return [
        calibration_error(people.probability[top], people.member[top]),
        calibration_error(isotonic.predict(people.score[top]), people.member[top]),
        calibration_error(told, people.member[top]),
        calibration_error(told, people.member[top], by=people.score[top]),
    ]


def real_hits(people: Population, flagged: np.ndarray, budget: int, seed: int) -> list[float]:
    buckets, number = PLAN.cut(people.score, flagged)
    got = estimate(buckets, drawn_of(people, flagged, budget, seed)[1], draws=1500, seed=seed)
    reported = np.array([bucket.part is not Part.FAR for bucket in buckets])[number]
    caught = people.member[flagged].sum()
    return [
        within(got.precision, people.member[flagged].mean()),
        got.precision.high - got.precision.low,
        within(got.recall_reported, caught / people.member[reported].sum()),
    ]


def as_served(platforms: list[HardWorld]) -> None:
    table(
        "As the service does it: draws of 60, a scoring after each; error in the top "
        f"{TOP:,} by buckets of raw score",
        *("platform", "answers", "flagged", "precision", "raw", "ours"),
    )
    for world in platforms:
        for _ in range(11):
            answers, precision, flagged, error, raw = world.turn()
            if not flagged:
                break
            row(world.draw, answers, flagged, precision, raw, "" if error is None else error)


def calibration() -> None:
    table(
        f"Calibration error in the top {TOP:,} after {BUDGET} audits, {DRAWS} unseen draws per world "
        "(bar: at most .03)",
        *("scores", "method", "error, mean", "95 % of draws", "draws at most .03", "buckets by raw score"),
    )
    for world in World:
        errors: dict[str, list[tuple[float, float]]] = {}
        for seed in range(DRAWS):
            people = simulate(np.random.default_rng([seed, 2026]), world)
            top = people.top(TOP)
            for name, probability in calibrations(people, seed).items():
                member, score = people.member[top], people.score[top]
                pair = [calibration_error(probability, member, by=by) for by in (None, score)]
                errors.setdefault(name, []).append((pair[0], pair[1]))
        for name, pairs in errors.items():
            tied, strict = np.array(pairs).T
            below = f"{(tied <= 0.03).mean():.0%}"
            row(world, name, float(tied.mean()), float(np.quantile(tied, 0.95)), below, float(strict.mean()))


def within(share: Share, truth: float) -> bool:
    return share.low - 1e-9 <= truth <= share.high + 1e-9


def coverage_by_plan() -> None:
    table(
        f"Coverage of 95 % intervals, samples by the plan, {REPEATS} populations of 20,000 per row "
        "(bar: 93 to 97 %)",
        *("scores", "audits", "precision", "width", "recall among reported", "width", "recall", "buckets"),
    )
    for world in (World.ORDINARY, World.WEAK, World.STRONG):
        for budget in (150, 600):
            rows = [plan_hits(world, budget, seed) for seed in range(REPEATS)]
            row(world, budget, *(float(value) for value in np.mean(rows, axis=0)))


def plan_hits(world: World, budget: int, seed: int) -> list[float]:
    people = simulate(np.random.default_rng([seed, 7]), world, accounts=20_000)
    flagged = people.top(FLAGGED)
    buckets, number = PLAN.cut(people.score, flagged)
    got = estimate(buckets, sample(people, budget, seed)[1], draws=1500, seed=seed)
    reported = np.array([bucket.part is not Part.FAR for bucket in buckets])[number]
    caught, member = people.member[flagged].sum(), people.member
    shares = np.bincount(number, member) / np.bincount(number)
    return [
        within(got.precision, caught / FLAGGED),
        got.precision.high - got.precision.low,
        within(got.recall_reported, caught / member[reported].sum()),
        got.recall_reported.high - got.recall_reported.low,
        within(got.recall, caught / member.sum()),
        float(np.mean([within(one, truth) for one, truth in zip(got.buckets, shares, strict=True)])),
    ]


def jeffreys_each(sizes: np.ndarray, taken: np.ndarray, found: np.ndarray, rng: np.random.Generator) -> Share:
    """The peer: a Jeffreys posterior in every bucket, added up."""
    share = rng.beta(found + 0.5, taken - found + 0.5, (1500, len(sizes)))
    total = (found + rng.binomial(sizes - taken, share)).sum(axis=1) / sizes.sum()
    low, high = np.quantile(total, [0.025, 0.975])
    return Share(value=float(total.mean()), low=float(low), high=float(high))


def coverage_by_bucket() -> None:
    table(
        f"Coverage of the 95 % interval of the precision, six buckets of 130, {REPEATS} populations per row",
        *("true shares", "audits", "ours", "width", "a Jeffreys prior in every bucket"),
    )
    shapes = {
        "all .5": np.full(6, 0.5),
        "all .9": np.full(6, 0.9),
        "all .97": np.full(6, 0.97),
        "1 to .3": np.array([1, 0.95, 0.9, 0.8, 0.6, 0.3]),
    }
    rng, sizes = np.random.default_rng(11), np.full(6, 130)
    for name, shares in shapes.items():
        for each in (10, 25, 60):
            hits = [bucket_hits(sizes, shares, np.full(6, each), rng) for _ in range(REPEATS)]
            row(name, 6 * each, *(float(value) for value in np.mean(hits, axis=0)))


def bucket_hits(
    sizes: np.ndarray, shares: np.ndarray, taken: np.ndarray, rng: np.random.Generator
) -> list[float]:
    members = rng.binomial(sizes, shares)
    found = rng.hypergeometric(members, sizes - members, taken)
    got = judged(sizes, taken, found, seed=int(rng.integers(1 << 30))).precision
    truth = members.sum() / sizes.sum()
    return [
        within(got, truth),
        got.high - got.low,
        within(jeffreys_each(sizes, taken, found, rng), truth),
    ]


def judged(
    sizes: np.ndarray, taken: np.ndarray, found: np.ndarray, seed: int = 0, level: float = 0.95
) -> Estimate:
    number = np.repeat(np.arange(len(sizes)), taken)
    member = np.concatenate([np.arange(n) < k for n, k in zip(taken, found, strict=True)])
    audits = Audits(bucket=number, member=member, probability_of_selection=(taken / sizes)[number])
    buckets = [
        Bucket(number=i, part=Part.FLAGGED, size=int(size), low=0.0, high=1.0) for i, size in enumerate(sizes)
    ]
    return estimate(buckets, audits, level=level, draws=1500, seed=seed)


def coverage_in_clusters() -> None:
    table(
        f"The same when accounts are drawn five together from one bucket of 800, {REPEATS // 2} populations "
        "per row",
        *("share", "correlation", "clusters", "ours", "width", "clusters ignored"),
    )
    rng = np.random.default_rng(12)
    for share in (0.5, 0.9):
        for correlation in (0.1, 0.4):
            for clusters in (12, 25, 50):
                hits = [cluster_hits(share, correlation, clusters, rng) for _ in range(REPEATS // 2)]
                row(share, correlation, clusters, *(float(value) for value in np.mean(hits, axis=0)))


def cluster_hits(share: float, correlation: float, clusters: int, rng: np.random.Generator) -> list[float]:
    tie = 1 / correlation - 1
    member = rng.random((160, 5)) < rng.beta(share * tie, (1 - share) * tie, 160)[:, None]
    taken = member[rng.choice(160, clusters, replace=False)].ravel()
    one = [Bucket(number=0, part=Part.FLAGGED, size=800, low=0.0, high=1.0)]
    both = []
    for cluster in (np.repeat(np.arange(clusters), 5), None):
        chance = np.full(len(taken), clusters / 160)
        audits = Audits(
            bucket=np.zeros(len(taken), int), member=taken, probability_of_selection=chance, cluster=cluster
        )
        both.append(estimate(one, audits, draws=1500, seed=int(rng.integers(1 << 30))).precision)
    ours, ignored = both
    return [within(ours, member.mean()), ours.high - ours.low, within(ignored, member.mean())]


def gate() -> None:
    table(
        f"The gate at a target of .90, 3,000 flagged, {10 * REPEATS} samples per row: share let through",
        *(
            "true precision",
            "one look at 300 audits",
            "looks at 60, 120 .. 300",
            "the same with level_for(5)",
        ),
    )
    rng = np.random.default_rng(13)
    for precision in (0.85, 0.89, 0.9, 0.93, 0.95):
        passed = [gate_passes(precision, rng) for _ in range(10 * REPEATS)]
        row(precision, *(float(value) for value in np.mean(passed, axis=0)))


def gate_passes(precision: float, rng: np.random.Generator) -> list[bool]:
    member = rng.permutation(3000)[:300] < round(3000 * precision)
    found = [(audits, int(member[:audits].sum())) for audits in range(60, 301, 60)]
    return [
        opens(*found[-1], 0.95),
        any(opens(audits, members, 0.95) for audits, members in found),
        any(opens(audits, members, level_for(5)) for audits, members in found),
    ]


@cache
def opens(audits: int, members: int, level: float) -> bool:
    got = judged(np.array([3000]), np.array([audits]), np.array([members]), level=level)
    return may_widen(got, 0.9).allowed


def readings(shares: np.ndarray, total: int, rng: np.random.Generator) -> list[Reading]:
    found = rng.binomial(total, shares)
    return [
        Reading(at=START + timedelta(days=day), found=float(n), total=float(total))
        for day, n in enumerate(found)
    ]


def drift() -> None:
    band = Band(low=0.85, high=0.95)
    table(
        f"`watch` on fresh audits, band 85 to 95 %, {REPEATS // 4} series: false alarms within 50 runs "
        "(bound 25 %), and runs until a drop from .9 to .7 is found",
        *("audits per run", "false at .85", "false at .90", "false at .95", "delay, mean", "95 % within"),
    )
    rng = np.random.default_rng(14)
    for total in (10, 20, 50, 100):
        false = [
            float(np.mean([alarmed(share, total, band, rng) for _ in range(REPEATS // 4)]))
            for share in (0.85, 0.9, 0.95)
        ]
        delays = [delay(total, band, rng) for _ in range(REPEATS // 4)]
        row(total, *false, float(np.mean(delays)), float(np.quantile(delays, 0.95)))


def alarmed(share: float, total: int, band: Band, rng: np.random.Generator) -> bool:
    return watch(readings(np.full(50, share), total, rng), band) is not None


def delay(total: int, band: Band, rng: np.random.Generator) -> int:
    """Runs after the drop; series with a false alarm before it are drawn again."""
    while True:
        given = readings(np.repeat([0.9, 0.7], [20, 60]), total, rng)
        if watch(given[:20], band) is None:
            return next((n for n in range(1, 61) if watch(given[: 20 + n], band) is not None), 61)


def recurring() -> None:
    table(
        f"`check` of one run's held-out seeds against a reference of as many, {4 * REPEATS} pairs "
        "(bound on false alarms: .005)",
        *("seeds", "false at .90", "found at a drop of .1", "of .2", "of .3"),
    )
    rng = np.random.default_rng(15)
    for seeds in (15, 35, 100):
        row(seeds, *(run_share(seeds, now, rng) for now in (0.9, 0.8, 0.7, 0.6)))


def run_share(seeds: int, now: float, rng: np.random.Generator) -> float:
    pairs = [
        (readings(np.array([0.9]), seeds, rng)[0], readings(np.array([now]), seeds, rng)[0])
        for _ in range(4 * REPEATS)
    ]
    seen: dict[tuple[float, float], bool] = {}
    for before, after in pairs:
        key = before.found, after.found
        if key not in seen:
            seen[key] = check(before, after) is not None
    return float(np.mean([seen[before.found, after.found] for before, after in pairs]))


def main() -> None:
    for part in (
        real_model,
        calibration,
        coverage_by_plan,
        coverage_by_bucket,
        coverage_in_clusters,
        gate,
        drift,
        recurring,
    ):
        part()


if __name__ == "__main__":
    main()
