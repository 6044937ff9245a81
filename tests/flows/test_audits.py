"""Score, draw by lot, let people answer, and see what the answers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from havenwall.app import App, Config
from havenwall.engine import Batch
from havenwall.model import ROLE_RIGHTS, MemberState, Role, Verb, Viewer, now
from havenwall.model.precision import Kind
from havenwall.policy import decide, default_pack
from havenwall.sandbox import SandboxConfig, confirmed_events, event_frames, generate

REVIEWER = Viewer(name="user:mira", rights=ROLE_RIGHTS[Role.SPECIALIST])
Truth = Callable[[str], bool]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(Config(data=tmp_path / "data"))
    yield app
    app.close()


def fill(app: App) -> set[str]:
    """A platform of 3,000 accounts with 400 members, 60 of them confirmed; returns the members."""
    config = SandboxConfig(accounts=3000, members=400, niche=200, communities=10)
    platform = generate(config, 1)
    rng = np.random.default_rng(1)
    members = np.flatnonzero(platform.member)
    for frame in (
        *event_frames(platform),
        confirmed_events(platform, rng.choice(members, 60, replace=False)),
    ):
        app.store.journal.append_frame(frame)
    return {platform.ids[row] for row in members}


def answer(app: App, member: Truth, limit: int | None = None) -> int:
    """A reviewer decides on everybody in the newest draw who waits; returns how many were decided on."""
    draw = app.store.audits.draws()[0]
    waiting = [one.entity for one, said in zip(draw.draw.drawn, draw.answers, strict=True) if said is None]
    waiting = waiting[:limit]
    view, done = app.store.cases(REVIEWER), set()
    for case in view.cases():
        here = [m.entity for m in view.members(case.id, state=MemberState.PROPOSED, limit=10_000)]
        for verb in (Verb.CONFIRM, Verb.CLEAR):
            mine = [e for e in here if e in waiting and e not in done and member(e) == (verb is Verb.CONFIRM)]
            if mine:
                version = view.case(case.id).version
                app.decide(REVIEWER, case.id, version, verb, mine, "looked at it")
                done.update(mine)
    assert done == set(waiting), "somebody who was drawn is in no case"
    return len(done)


@pytest.mark.slow
def test_the_estimate_holds_the_truth_and_probabilities_follow(app: App) -> None:
    members = fill(app)
    app.run()
    assert app.precision(REVIEWER).estimate is None
    flagged: list[set[str]] = []
    for _ in range(3):
        flagged.append(app.store.audits.flagged(app.store.audits.draws()[0].run_id))
        answer(app, members.__contains__)
        app.run()
    told = app.precision(REVIEWER)
    newest = [name for names in flagged[1:] for name in names]
    truth = np.mean([name in members for name in newest])
    assert told.estimate
    # The lot is cast anew each time, and one interval in twenty misses; by a tenth none does.
    assert told.estimate.precision.low - 0.1 <= truth <= told.estimate.precision.high + 0.1
    assert told.estimate.flagged == len(newest)
    assert (told.answered, told.counted, told.missing) == (180, 180, 0)
    assert told.calibrated
    run, risks = app.score()
    assert run
    assert run.may_widen
    assert all(risk.low is not None and risk.high is not None for risk in risks)
    chances = np.array([risk.probability for risk in risks])
    # Who is drawn is left to the lot, and 180 answers leave that much doubt.
    assert abs(chances.mean() - np.mean([risk.entity in members for risk in risks])) < 0.2


@pytest.mark.slow
def test_nobody_drawn_is_hidden_for_it(app: App) -> None:
    fill(app)
    app.run()
    drawn = app.store.audits.drawn()
    run, risks = app.score()
    assert run
    below = {risk.entity for risk in risks if risk.entity in drawn and not risk.over_threshold}
    assert below
    assert not below & set(app.store.guard.restricted())
    titles = {case.title for case in app.store.cases(REVIEWER).cases()}
    assert "Accounts drawn for an audit" in titles
    assert app.run() == 0


@pytest.mark.slow
def test_a_model_gone_wrong_raises_the_alarm_and_stops_the_machine(app: App) -> None:
    members = fill(app)
    app.run()
    for _ in range(2):
        answer(app, members.__contains__)
        app.run()
    assert next(check for check in app.doctor() if check.name == "precision").ok
    for _ in range(2):  # From here on reviewers find hardly any members, as if the scores had lost touch.
        answer(app, lambda name: name in members and name.endswith(("0", "1")))
        app.run()
    told = app.precision(REVIEWER)
    assert Kind.PRECISION in [alarm.kind for alarm in told.alarms]
    assert not told.gate.may_widen
    check = next(check for check in app.doctor() if check.name == "precision")
    assert not check.ok
    assert "reviewed precision is below" in check.detail
    assert suppressing(app) == set()


def suppressing(app: App) -> set[str]:
    """Whom the default rules would suppress tomorrow, when the quota is fresh."""
    run, risks = app.score()
    assert run
    standing = app.store.policy.restrictions([risk.entity for risk in risks])
    free = tuple(risk for risk in risks if risk.entity not in standing and risk.over_threshold)
    assert free, "nobody is left to suppress, so this proves nothing"
    decided = decide(default_pack(), Batch(risks=free), app.store.policy, now() + timedelta(days=1))
    return {entity for d in decided.decisions if d.verb is Verb.SUPPRESS for entity in d.entities}
