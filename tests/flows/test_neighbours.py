"""A reviewer confirms accounts of a network: those near by are hidden at once, before any rescoring."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from havenwall.app import App, Config
from havenwall.guard import Outcome, Surface
from havenwall.model import SYSTEM, CaseTopic, MemberState, Right, Verb, Viewer
from havenwall.sandbox import SandboxConfig, confirmed_events, event_frames, generate

REVIEWER = Viewer(name="user:robin", rights=frozenset(Right))


@pytest.mark.slow
def test_what_a_reviewer_confirms_hides_its_neighbours_in_the_guard(tmp_path: Path) -> None:
    platform = generate(SandboxConfig(), 11)
    members = {name for name, member in zip(platform.ids, platform.member, strict=True) if member}
    known = np.sort(np.random.default_rng(0).choice(np.flatnonzero(platform.member), 20, replace=False))
    app = App(Config(data=tmp_path / "data"))
    for frame in (*event_frames(platform), confirmed_events(platform, known)):
        app.store.journal.append_frame(frame)
    app.run()
    run = app.store.figures.newest_run()
    before = set(app.store.guard.restricted())
    case = next(case for case in app.store.cases(SYSTEM).cases() if case.topic is CaseTopic.NETWORK)
    proposed = app.store.cases(SYSTEM).members(case.id, state=MemberState.PROPOSED, limit=400)
    # More at once than a quarter of those known before would wait for the next scoring.
    confirmed = [member.entity for member in proposed if member.entity in members][:5]
    app.decide(REVIEWER, case.id, case.version, Verb.CONFIRM, confirmed, "looked")
    app.run({stage.name for stage in app.stages} - {"network"})
    app.publish()
    assert app.store.figures.newest_run().id == run.id
    hidden = set(app.store.guard.restricted()) - before - set(confirmed)
    assert hidden <= members
    assert hidden
    outcomes = {app.guard.check(entity, Surface.RECOMMENDED_ACCOUNTS).outcome for entity in hidden}
    assert outcomes == {Outcome.DROP}
    app.close()
