"""`havenwall network precision`: what audits say of the accounts that rules suppress."""

from __future__ import annotations

from collections.abc import Iterator

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM, PrecisionReport
from havenwall.model.precision import BucketRow


@clear_errors
def precision(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Print precision and recall with 95 % intervals, from accounts drawn by lot and decided by people."""
    with open_app(config) as app:
        told = app.precision(SYSTEM)
    if json:
        print_json(told)
        return
    for line in lines(told):
        OUT.print(line, highlight=False)
    if told.buckets:
        columns = ("drawn", "part", "scores", "accounts", "audited", "members", "share of members")
        print_table("Buckets behind the estimate", columns, map(_row, told.buckets))


def lines(told: PrecisionReport) -> Iterator[str]:
    """The report in sentences, what is missing included."""
    if not told.draws:
        yield "No account was drawn for an audit yet. The first draw comes with the first scoring that puts "
        yield "accounts over the threshold: havenwall network score"
        return
    yield from (f"ALARM: {alarm.message}" for alarm in told.alarms)
    if told.estimate:
        yield f"Precision of what rules may suppress: {told.estimate.precision}"
        yield f"Recall among all candidates:          {told.estimate.recall}"
        yield f"Recall among those reported:          {told.estimate.recall_reported}"
    else:
        yield "No estimate yet: each bucket of a draw needs an answer first."
    yield (
        f"{told.answered} of {told.drawn} drawn accounts are answered, {told.counted} of them without a gap "
        f"before them; {told.open} of the newest draw wait for a person."
    )
    if told.missing:
        yield f"{told.missing} more answers are needed before audits stop rules."
    if told.missing_to_fit:
        yield f"{told.missing_to_fit} more answers are needed before audits set probabilities."
    yield f"{'Rules may go on' if told.gate.may_widen else 'RULES ARE STOPPED'}: {told.gate.why}"


def _row(row: BucketRow) -> tuple[str, ...]:
    scores = f"{row.low:.2f} to {row.high:.2f}"
    counts = (f"{row.size:,}", str(row.audits), str(row.members))
    return (f"{row.drawn_at:%Y-%m-%d %H:%M}", row.part.value, scores, *counts, str(row.share))
