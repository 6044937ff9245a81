"""Which answers count, and how answers to several draws are read together.

A draw counts as far as it is answered without a gap from its beginning. Which accounts people take first is
then of no matter: any beginning of a draw is a fair sample, the ones they happened to find easy are not.
Each draw speaks of the candidates that there were when it was made, with the scores they had. Draws are put
side by side as separate buckets, so the estimate is of the flagged accounts at these draws together, and
neither the seeds that came of the answers nor a redraw can bend it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from havenwall.model import Answered, Bucket, Drawn, Part
from havenwall.network.precision.tally import Audits


def counted(draw: Answered) -> list[tuple[Drawn, bool]]:
    """The answered beginning of a draw, with the answers."""
    found: list[tuple[Drawn, bool]] = []
    for one, answer in zip(draw.draw.drawn, draw.answers, strict=True):
        if answer is None:
            break
        found.append((one, answer))
    return found


def counts(draw: Answered) -> bool:
    """Whether a draw is answered far enough: every bucket it drew from, and a flagged one among them."""
    asked = {one.bucket for one in draw.draw.drawn}
    told = {one.bucket for one, _ in counted(draw)}
    flagged = {bucket.number for bucket in draw.draw.buckets if bucket.part is Part.FLAGGED}
    return asked == told and bool(told & flagged)


def newest(draws: Sequence[Answered], enough: int) -> list[Answered]:
    """The newest draws that count (given and returned newest first) and hold `enough` answers together.

    How many are taken depends on how many answers there are, never on what they say.
    """
    taken: list[Answered] = []
    for draw in filter(counts, draws):
        if sum(len(counted(other)) for other in taken) >= enough:
            break
        taken.append(draw)
    return taken


def together(draws: Sequence[Answered]) -> tuple[tuple[Bucket, ...], Audits]:
    """All buckets of several draws, numbered through, and the audits in them."""
    buckets: list[Bucket] = []
    number: list[int] = []
    rows: list[tuple[Drawn, bool]] = []
    for draw in draws:
        found = counted(draw)
        number += [len(buckets) + one.bucket for one, _ in found]
        first = len(buckets)
        buckets += [msgspec.structs.replace(b, number=first + b.number) for b in draw.draw.buckets]
        rows += found
    return tuple(buckets), Audits(
        bucket=np.array(number, np.int64),
        member=np.array([answer for _, answer in rows], np.bool_),
        probability_of_selection=np.array([one.chance for one, _ in rows], np.float64),
    )
