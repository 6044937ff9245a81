"""The page for those who are restricted: why, and how to appeal. Open to anybody who has the statement."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.errors import BadInput, Conflict, HavenwallError, NotFound
from havenwall.web.access import Served, public
from havenwall.web.console.render import show_anybody
from havenwall.web.public.form import TONGUES
from havenwall.web.public.pages import check_site, told
from havenwall.web.tongue import gettext
from havenwall.web.tongue import language as spoken

_log = structlog.get_logger()
router = APIRouter(prefix="/appeal", tags=["appeal"], include_in_schema=False)
Text = Annotated[str, Form()]


@router.get("", dependencies=[Depends(public)])
def appeal_form() -> Response:
    """The form for reference and secret. A link has the secret after the #, which browsers keep to
    themselves."""
    return _page()


@router.post("", dependencies=[Depends(public)])
def show_statement(
    request: Request, app: Served, reference: Text = "", code: Text = "", language: Text = ""
) -> Response:
    """The statement of reasons, how an appeal stands, and the form to appeal."""
    check_site(request)
    if "." in code and not reference:
        # The link of a statement has both in one.
        reference, _, code = code.rpartition("#")[2].partition(".")
    return _shown(app, reference, code, language or spoken())


@router.post("/send", dependencies=[Depends(public)])
def send_appeal(
    request: Request,
    app: Served,
    reference: Text = "",
    code: Text = "",
    text: Text = "",
    language: Text = "",
) -> Response:
    """Keep an appeal, then show how it stands; or the form again with all that was typed."""
    check_site(request)
    language = language or spoken()
    try:
        app.appeals.send_public(reference, code, text, language)
    except NotFound as unknown:
        return _page(status=404, problem=told(unknown), typed=text)
    except (BadInput, Conflict) as fault:
        return _shown(app, reference, code, language, problem=told(fault), status=fault.status, text=text)
    except HavenwallError as failed:
        _log.error("appeal not kept", exc_info=failed)
        words = gettext(
            "We could not keep your appeal just now. It was not sent. Please try again in a minute."
        )
        return _page(status=failed.status, problem=words, typed=text)
    return _shown(app, reference, code, language, done=True)


def _shown(
    app: App,
    reference: str,
    code: str,
    language: str,
    *,
    problem: str = "",
    status: int = 200,
    text: str = "",
    done: bool = False,
) -> Response:
    try:
        statement, standing = app.appeals.shown(reference, code, language)
    except NotFound as unknown:
        return _page(status=404, problem=told(unknown))
    return show_anybody(
        "appeal_public.html",
        status=status,
        problem=problem,
        statement=statement,
        standing=standing,
        code=code,
        text=text,
        done=done,
        language=statement.language,
        tongues=TONGUES,
    )


def _page(*, status: int = 200, problem: str = "", typed: str = "") -> Response:
    return show_anybody(
        "appeal_public.html",
        status=status,
        problem=problem,
        statement=None,
        standing=None,
        code="",
        text=typed,
        done=False,
        language=spoken(),
        tongues=TONGUES,
    )
