"""The audit over releases: each platform's network moves, the service answers, and test accounts look."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import numpy as np

from havenwall.app.config import Config
from havenwall.app.contest import Contest
from havenwall.app.release import SANDBOX
from havenwall.app.trial import Tell
from havenwall.audit import World
from havenwall.audit.adversary import AdversaryPlan, Course, Leg
from havenwall.audit.release import Finding, Progress, run_release
from havenwall.sandbox.adversary import make_strategy


def audit_adversary(
    plan: AdversaryPlan,
    *,
    tell: Tell,
    progress: Progress | None = None,
    done: Callable[[Leg], None] | None = None,
    config: Config | None = None,
) -> Course:
    """Let the network of each platform move before every release, and audit each release.

    Args:
        plan: what to do.
        tell: is told each step of each platform.
        progress: is told each round of the walk of a release.
        done: is given each release as soon as it is audited.
        config: settings to keep; only the data folder is replaced.

    Raises:
        BadInput: the plan cannot be run.
    """
    plan = plan.validated()
    make_strategy(plan.strategy)
    legs: list[Leg] = []
    with ExitStack() as stack:
        contests = [_contest(plan, number, stack, config) for number in range(plan.platform_seeds)]
        for release in range(plan.releases + 1):
            legs.append(_leg(plan, contests, release, tell, progress))
            if done:
                done(legs[-1])
    return Course(plan=plan, legs=legs)


def _contest(plan: AdversaryPlan, number: int, stack: ExitStack, config: Config | None) -> Contest:
    # The folder lies in one of its own: the vault's key is beside the data, and must go with them.
    scratch = tempfile.TemporaryDirectory(prefix="havenwall-adversary-", ignore_cleanup_errors=True)
    return Contest(plan, number, Path(stack.enter_context(scratch)) / "data", config)


def _leg(
    plan: AdversaryPlan, contests: Sequence[Contest], release: int, tell: Tell, progress: Progress | None
) -> Leg:
    finding = _audited(plan, contests, release, tell, progress)
    return Leg(
        release=release,
        moves=dict(Counter(move for contest in contests for move in contest.moves)),
        acts=float(np.mean([contest.acts for contest in contests])),
        members=float(np.mean([contest.members for contest in contests])),
        hidden=float(np.mean([contest.hidden_share for contest in contests])),
        innocents_hidden=float(np.mean([contest.innocents for contest in contests])),
        finding=finding,
    )


def _audited(
    plan: AdversaryPlan, contests: Sequence[Contest], release: int, tell: Tell, progress: Progress | None
) -> Finding:
    def worlds() -> Iterator[World]:
        for number, contest in enumerate(contests):
            tell(f"release {release} of {plan.releases}, platform {number + 1} of {len(contests)}")
            contest.advance(release)
            yield contest.world()

    return run_release(
        plan.release_plan, worlds(), labels_hash=SANDBOX, version=version("havenwall"), progress=progress
    ).finding
