"""The stages settle, also when a rule has used up its quota, and nobody found is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from havenwall.app import App, Config
from havenwall.guard import Outcome, Surface, Verdict
from havenwall.model import SYSTEM, CaseTopic
from havenwall.sandbox import SandboxConfig, confirmed_events, event_frames, generate

_PACK = """
name: tight
rules:
  - id: few
    on: risk
    when: risk.over_threshold && !entity.cleared
    then: suppress
    why: Over the threshold.
    quota: {per_day: 5, share_of_accounts: 1.0}
"""


def test_a_used_up_quota_sends_the_rest_to_a_person_and_stops(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(_PACK)
    platform = generate(SandboxConfig(accounts=2000, members=160, niche=100, communities=10), 1)
    app = App(Config(data=tmp_path / "data", database=database_url, rules=tmp_path / "pack.yaml"))
    for frame in (*event_frames(platform), confirmed_events(platform, np.flatnonzero(platform.member)[:40])):
        app.store.journal.append_frame(frame)
    assert app.run() > 0
    assert app.run() == 0
    run = app.store.figures.newest_run()
    assert run
    assert run.over_threshold > 5
    assert len(app.store.guard.restricted()) == 5
    cases = {case.topic: case for case in app.store.cases(SYSTEM).cases()}
    case = cases[CaseTopic.NETWORK]
    assert case.proposed >= run.over_threshold - 5 - cases[CaseTopic.CARE].proposed
    assert "quota" in app.store.cases(SYSTEM).history(case.id)[0].why
    assert {row.outcome for row in map(verdict(app), app.store.guard.restricted())} == {Outcome.DROP}
    app.close()


def verdict(app: App) -> Callable[[str], Verdict]:
    return lambda entity: app.guard.check(entity, Surface.RECOMMENDED_ACCOUNTS)
