"""One account reaches for another: each is judged as what the other would be given."""

from __future__ import annotations

from havenwall.guard.judge import Ground, closed, verdict
from havenwall.guard.verdict import Verdict


def judge_contact(
    sender: str, receiver: str, to_receiver: Ground, to_sender: Ground, *, tied: bool
) -> Verdict:
    """The more severe of both directions; of equals, what rests on the sender.

    `to_receiver` is the ground with the receiver as viewer, `to_sender` with the sender as viewer.
    """
    found = (
        *_one_way(sender, receiver, to_receiver, tied=tied),
        *_one_way(receiver, sender, to_sender, tied=tied),
    )
    return max(found, key=lambda each: each.outcome.severity)


def _one_way(candidate: str, viewer: str, ground: Ground, *, tied: bool) -> list[Verdict]:
    found = [verdict(ground, candidate, ground.state.find(candidate), tied=tied)]
    if ground.row.closed_to[ground.viewer.code]:
        # It is the viewer's standing that closes the way, so the verdict names the viewer.
        found.append(closed(ground, 0, viewer))
    return found
