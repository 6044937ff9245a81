"""Whatever answers a contested report takes the right to decide appeals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import make_app

from havenwall.app import App
from havenwall.app.bulk import Bulk
from havenwall.errors import Forbidden
from havenwall.model import SYSTEM, ReportDraft, ReportReason, ReportState, Right, Role, Verb, Viewer

MIRA, ROBIN = (Viewer(name=f"user:{name}", rights=frozenset(Right)) for name in ("mira", "robin"))
PLAIN = Viewer(name="user:plain", rights=frozenset(Right) - {Right.DECIDE_APPEALS})
SENDER = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    yield app
    app.close()


@pytest.fixture
def contested(app: App) -> tuple[str, str]:
    """A report that mira turned down and that is contested: the ids of its case and its own."""
    draft = ReportDraft(source_id="1", subject="group:g1", reason=ReportReason.CHILD_GROUP, text="words")
    (receipt,) = app.reports.take(SENDER, [draft])
    app.run()
    (case,) = app.store.cases(SYSTEM).cases()
    app.decide(MIRA, case.id, case.version, Verb.CLEAR, ["group:g1"], "looked")
    app.reports.contest(SENDER, receipt.id, "Look again.")
    app.run()
    return case.id, receipt.id


STEPS: dict[str, Callable[[App, Viewer, str], object]] = {
    "close": lambda app, who, case: app.case_desk.close(who, case, "nothing"),
    "no rule": lambda app, who, case: app.case_desk.no_rule(who, case, "none", "owner", 7),
    "confirm": lambda app, who, case: app.actions.decide(
        who, case, app.store.cases(SYSTEM).case(case).version, Verb.CONFIRM, ["group:g1"], "looked"
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_takes_the_right(app: App, contested: tuple[str, str], step: str) -> None:
    case, report = contested
    app.store.people.add("owner", Role.SPECIALIST)
    with pytest.raises(Forbidden, match="decide_appeals"):
        STEPS[step](app, PLAIN, case)
    assert app.store.reports_for(SYSTEM).report(report).state is ReportState.CONTESTED
    STEPS[step](app, ROBIN, case)


@pytest.mark.parametrize("step", ["close", "clear"])
def test_many_at_once_take_it_too_and_the_preview_says_so(
    app: App, contested: tuple[str, str], step: str
) -> None:
    bulk = Bulk(cases=[contested[0]], step=step, why="nothing")
    for lines in (app.bulk.preview(PLAIN, bulk), app.bulk.run(PLAIN, bulk)):
        assert "decide_appeals" in lines[0].why_not
    assert app.store.reports_for(SYSTEM).report(contested[1]).state is ReportState.CONTESTED
