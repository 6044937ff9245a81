"""Local PageRank: work and memory depend on the accuracy asked for, not on the size of the graph."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadInput
from havenwall.network.walk.local import Local
from havenwall.network.walk.ways import Ways


class PushConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How far a local walk goes, and how exactly.

    Raises:
        BadInput: a setting is out of its range.
    """

    teleport: float = 0.3
    """Chance of ending at each step, 0..1: high keeps to the neighbourhood, where small groups are."""
    eps: float = 1e-5
    """Largest residual per way on that is left unpushed; work is at most 1 / (teleport * eps) links."""

    def __post_init__(self) -> None:
        if not 0 < self.teleport < 1:
            raise BadInput("must be between 0 and 1", field="teleport")
        if self.eps <= 0:
            raise BadInput("must be above 0", field="eps")


class Push(Local):
    """PageRank of one seed, pushed forward to the accounts that matter (Andersen, Chung, Lang 2006).

    The exact value of an account is the chance that a walker from the seed ends there, when it ends with
    chance `teleport` before each step. It is linear: what several seeds give can be added, and one taken
    back, and the sum scaled to sum 1 is `pagerank` with `restart=teleport`, since a walker that cannot go on
    is lost here and restarts there.

    `estimates` fall short of the exact values by the residuals: exact = estimates + sum over accounts u of
    u's residual times the exact values with u as the seed. Hence all estimates together are short by at most
    the sum of the residuals, and on symmetric walks each by at most `eps` times the account's ways on.

    `link` and `unlink` keep this equation when the graph changes, at a constant average cost (Zhang, Lofgren,
    Goel 2016). Residuals may then be negative; the bounds hold for their absolute values.
    """

    def __init__(self, ways: Ways, seed: int, config: PushConfig | None = None) -> None:
        """Push from an account until its mass is spread.

        Args:
            ways: the ways on of the walk.
            seed: row of the account.
            config: how far and how exactly.
        """
        super().__init__(seed, ways.on)
        self.seed = seed
        self.config = config or PushConfig()
        self._push(ways, [0])

    def link(self, ways: Ways, follower: int, followed: int) -> bool:
        """Take account of a new follow that `ways` already contains.

        Returns:
            Whether the follow mattered to any account touched so far.
        """
        return self._change(ways, follower, followed, 1)

    def unlink(self, ways: Ways, follower: int, followed: int) -> bool:
        """Take account of a follow taken back that `ways` no longer contains; see `link`."""
        return self._change(ways, follower, followed, -1)

    def _change(self, ways: Ways, follower: int, followed: int, change: int) -> bool:
        places = self.rewire(ways.steps(follower, followed), change, ways.on, self.config.teleport)
        if places:
            self._push(ways, places)
        return bool(places)

    def _push(self, ways: Ways, places: list[int]) -> None:
        self.settle(places, ways.on, ways.on, self.config.teleport, self.config.eps, forward=True)


def reverse_push(ways: Ways, target: int, config: PushConfig | None = None, *, most: int = 10_000) -> Local:
    """From which seeds a walk reaches an account (Andersen et al. 2007, approximate contributions).

    Args:
        ways: the ways on of the walk.
        target: row of the account.
        config: teleport as for `Push`; `eps` is the largest error of an estimate.
        most: over how many ways a walker may come to the target at most; hubs would take seconds.

    Returns:
        For each of `rows` an estimate of the value that `Push` from it gives the target: too low by at most
        `eps`, never too high. Accounts that are not among them have less than `eps`.

    Raises:
        BadInput: more than `most` ways lead to the target.
    """
    held = config or PushConfig(eps=1e-3)
    if ways.degree(target) > most:
        raise BadInput(
            f"{ways.degree(target)} ways lead to it, more than {most}",
            field="target",
            hint="explain a hub by its links to the seeds, or raise `most` and wait",
        )
    local = Local(target, ways.on)
    local.settle([0], ways.back, ways.on, held.teleport, held.eps, forward=False)
    return local
