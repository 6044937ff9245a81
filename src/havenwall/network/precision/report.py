"""What the audits so far say, in one record: for the gate, the console, the command line and the API."""

from __future__ import annotations

from collections.abc import Sequence

from havenwall.model import Answered, ScoreRun
from havenwall.model.precision import BucketRow, Estimate, Gate, PrecisionReport
from havenwall.network.precision.alarms import alarms
from havenwall.network.precision.answers import counted, newest, together
from havenwall.network.precision.config import AuditConfig
from havenwall.network.precision.estimate import estimate
from havenwall.network.precision.tally import tally
from havenwall.network.precision.widen import may_widen


def report(draws: Sequence[Answered], run: ScoreRun | None, config: AuditConfig) -> PrecisionReport:
    """Read the answers.

    Args:
        draws: newest first.
        run: the newest scoring.
        config: what is enough, and the target.
    """
    used = newest(draws, config.enough)
    buckets, audits = together(used)
    found = estimate(buckets, audits) if used else None
    total = sum(len(counted(draw)) for draw in draws)
    now, approved = (run.flagged, run.approved) if run else (0, 0)
    return PrecisionReport(
        draws=len(draws),
        drawn=sum(len(draw.answers) for draw in draws),
        answered=sum(len(draw.answers) - draw.open for draw in draws),
        counted=total,
        open=draws[0].open if draws else 0,
        missing=max(0, config.enough - total),
        missing_to_fit=max(0, config.to_fit - total),
        estimate=found,
        buckets=_rows(used, found),
        target=config.target,
        gate=gate(used, found, now, approved, config),
        calibrated=bool(run and run.calibrated),
        alarms=alarms(draws, run, config),
    )


def gate(
    used: Sequence[Answered], found: Estimate | None, flagged: int, approved: int, config: AuditConfig
) -> Gate:
    """Whether rules may go on to suppress accounts they have not suppressed yet.

    Args:
        used: draws behind the estimate, newest first.
        found: the estimate.
        flagged: accounts flagged now.
        approved: as the scoring before this one left it.
        config: target and factor.
    """
    answers = sum(len(counted(draw)) for draw in used)
    if found is None or answers < config.enough:
        why = f"{answers} of {config.enough} answers are there; until then only the quotas hold rules back."
        return Gate(may_widen=True, approved=approved, why=why)
    verdict = may_widen(found, config.target)
    approved = used[0].flagged if verdict.allowed else approved
    if found.precision.high < config.target:
        why = f"Precision is {found.precision}, all of it below the target of {config.target:.0%}: "
        return Gate(may_widen=False, approved=approved, why=why + "no machine suppresses further accounts.")
    if approved and flagged > config.factor * approved:
        why = f"{flagged} accounts are flagged, and audits have approved {approved}: a draw of the wider set "
        return Gate(may_widen=False, approved=approved, why=why + "must be answered first.")
    return Gate(may_widen=True, approved=approved, why=verdict.reason)


def _rows(used: Sequence[Answered], found: Estimate | None) -> tuple[BucketRow, ...]:
    if found is None:
        return ()
    buckets, audits = together(used)
    told = tally(buckets, audits)
    days = [draw.at for draw in used for _ in draw.draw.buckets]
    return tuple(
        BucketRow(
            drawn_at=at,
            part=bucket.part,
            low=bucket.low,
            high=bucket.high,
            size=bucket.size,
            audits=int(told.seen[i]),
            members=int(told.found[i]),
            share=share,
        )
        for i, (at, bucket, share) in enumerate(zip(days, buckets, found.buckets, strict=True))
    )


def gate_of(draws: Sequence[Answered], run: ScoreRun, config: AuditConfig) -> tuple[Gate, tuple[str, ...]]:
    """The gate, and the alarms in words, as a scoring keeps them."""
    told = report(draws, run, config)
    return told.gate, tuple(alarm.message for alarm in told.alarms)
