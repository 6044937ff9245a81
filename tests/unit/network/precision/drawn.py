"""Draws with answers, made for tests."""

from datetime import UTC, datetime, timedelta

from havenwall.model import Answered, Bucket, Draw, Drawn, Part, ScoreRun

START = datetime(2026, 1, 1, tzinfo=UTC)


def answered(*answers, flagged=100, near=200, day=0, recall=0.9, seeds=50, score=1.0):
    """A draw of a flagged and a near bucket; answers go to the two in turn, the flagged one first.

    Scores are `score` over the threshold of 2 in the flagged bucket, and as much under it in the other.
    """
    counts = [sum(1 for i in range(len(answers)) if i % 2 == part) for part in (0, 1)]
    sizes = (flagged, near)
    drawn = tuple(
        Drawn(
            entity=f"account:{day}-{i}",
            bucket=i % 2,
            chance=counts[i % 2] / sizes[i % 2],
            score=2 + (score if i % 2 == 0 else -score),
            probability=0.9 if i % 2 == 0 else 0.1,
        )
        for i in range(len(answers))
    )
    buckets = tuple(
        Bucket(number=n, part=part, size=sizes[n], low=0.0, high=1.0)
        for n, part in enumerate((Part.FLAGGED, Part.NEAR))
    )
    return Answered(
        run_id=f"run-{day}",
        at=START + timedelta(days=day),
        threshold=2.0,
        held_out_recall=recall,
        seeds=seeds,
        draw=Draw(buckets=buckets, drawn=drawn),
        answers=answers,
    )


def good(flagged_members=30, of=30, day=0, **fields):
    """A finished draw in which so many of `of` flagged accounts are members, and nobody else is."""
    answers = [a for i in range(of) for a in (i < flagged_members, False)]
    return answered(*answers, day=day, **fields)


def run(**fields):
    """A scoring a year on."""
    known = {"id": "now", "at": START + timedelta(days=365), "model": "m", "version": "1"}
    known |= {"accounts": 1000, "links": 10, "seeds": 50, "cleared": 0, "threshold": 2.0}
    known |= {"over_threshold": 100, "flagged": 100, "held_out_recall": 0.9}
    return ScoreRun(**known | fields)
