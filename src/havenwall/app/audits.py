"""Audits on sandbox platforms: one pipeline run per platform, then the walk of the test accounts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from havenwall.app.config import Config
from havenwall.app.trial import Tell, run_trial
from havenwall.audit import AuditPlan, AuditResult, Progress, World, run_audit
from havenwall.errors import BadInput
from havenwall.sandbox import RECOMMENDERS


def audit_sandbox(
    plan: AuditPlan,
    *,
    tell: Tell,
    progress: Progress | None = None,
    keep_first: Path | None = None,
    config: Config | None = None,
) -> AuditResult:
    """Run the plan on as many sandbox platforms as it says.

    Args:
        plan: what to do.
        tell: is told each step of each platform's pipeline.
        progress: is told each round of the walk.
        keep_first: folder where the first platform's data stay, for the console; the rest is temporary.
        config: settings to keep.

    Raises:
        BadInput: the plan cannot be run.
    """
    if plan.recommender not in RECOMMENDERS:
        hint = "choose one of " + ", ".join(RECOMMENDERS)
        raise BadInput(f"{plan.recommender!r} is not a recommender", field="recommender", hint=hint)
    return run_audit(plan.validated(), _worlds(plan, tell, keep_first, config), progress)


def _worlds(plan: AuditPlan, tell: Tell, keep_first: Path | None, config: Config | None) -> Iterator[World]:
    for number in range(plan.platform_seeds):

        def say(step: str, number: int = number) -> None:
            tell(f"platform {number + 1} of {plan.platform_seeds}: {step}")

        if number == 0 and keep_first:
            yield run_trial(plan, number, keep_first, say, config)
            continue
        # The folder lies in one of its own: the vault's key is beside the data, and must go with them.
        with tempfile.TemporaryDirectory(prefix="havenwall-audit-", ignore_cleanup_errors=True) as scratch:
            yield run_trial(plan, number, Path(scratch) / "data", say, config)
