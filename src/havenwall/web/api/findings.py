"""/v1/audits/findings, /trend and /plans: what the gate of a release found, over time."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app.findings import LONGEST_PLAN, MOST_BYTES, CheckedPlan, check_plan
from havenwall.audit.release import Finding
from havenwall.audit.release.summary import Trend
from havenwall.audit.verdict import Outcome
from havenwall.errors import BadInput
from havenwall.web.access import FiguresViewer, Manager, Served
from havenwall.web.api.codec import Page, body, decoded, describe, page, reply

_CREATED = 201


class ReleaseFinding(Finding, frozen=True, kw_only=True):
    """What a registered plan found, with all that is needed to do it again."""


class KeptFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding was taken in."""

    id: str
    new: bool
    """False where the same finding had been sent before."""


class PlanText(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as somebody wrote it."""

    text: Annotated[str, msgspec.Meta(max_length=LONGEST_PLAN)]
    """YAML or JSON."""


router = APIRouter(prefix="/v1/audits", tags=["audits"])
_decoder = msgspec.json.Decoder(ReleaseFinding)


async def _sent(request: Request, manager: Manager) -> ReleaseFinding:
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise BadInput(f"is larger than {MOST_BYTES:,} bytes", field="body", hint="split the plan")
    return decoded(_decoder, content)


@router.post("/findings", status_code=_CREATED, openapi_extra=describe(KeptFinding, ReleaseFinding, _CREATED))
def keep_finding(
    manager: Manager, app: Served, finding: Annotated[ReleaseFinding, Depends(_sent)]
) -> Response:
    """Keep what `havenwall audit release --json` wrote. Sent twice, it is kept once (200 instead of 201)."""
    new = app.audits.keep(finding)
    return reply(KeptFinding(id=finding.id, new=new), _CREATED if new else 200)


@router.get("/findings", openapi_extra=describe(Page))
def list_findings(
    viewer: FiguresViewer,
    app: Served,
    name: str | None = None,
    outcome: Outcome | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Findings, the newest first: plan, outcome, and the greatest exposure in an arm that is judged."""
    found = app.audits.list(viewer, limit + 1, offset, name=name, outcome=outcome)
    return page(found, limit, offset)


@router.get("/findings/{finding_id}", openapi_extra=describe(ReleaseFinding))
def show_finding(viewer: FiguresViewer, app: Served, finding_id: str) -> Response:
    """One finding. Replays and queries are blank for who may not see the accounts of child-safety cases."""
    return reply(app.audits.one(viewer, finding_id))


@router.get("/trend", openapi_extra=describe(Trend))
def show_trend(viewer: FiguresViewer, app: Served, name: str) -> Response:
    """Exposure and outcome over the findings of one plan, oldest first; a changed plan is marked."""
    return reply(app.audits.trend(viewer, name))


@router.post("/plans/check", openapi_extra=describe(CheckedPlan, PlanText))
def check_release_plan(manager: Manager, text: Annotated[PlanText, Depends(body(PlanText))]) -> Response:
    """Check a plan without running it, and give its hash."""
    return reply(check_plan(text.text))
