"""What keeps browsers from being used against us: answer headers, and the check of who sent a form."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from havenwall.errors import Forbidden
from havenwall.web.uploads import field_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class SecurityHeaders:
    """Puts the security headers on every answer; only static files may be kept by browsers."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})
        fixed = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        # Static files are asked for again with their tag, so that a new release is seen at once.
        self._static = [*fixed, (b"cache-control", b"no-cache")]
        self._other = [*fixed, (b"cache-control", b"no-store")]
        self._names = {name for name, _value in self._other}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and put the headers on its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = self._static if scope["path"].startswith("/static/") else self._other

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                theirs = (pair for pair in message.get("headers", ()) if pair[0].lower() not in self._names)
                message["headers"] = [*theirs, *ours]
            await send(message)

        await self._app(scope, receive, with_headers)


def csrf_token(session_secret: str) -> str:
    """The form token of a session (64 characters); without the secret it cannot be made."""
    return hmac.new(b"havenwall csrf", session_secret.encode(), hashlib.sha256).hexdigest()


async def check_csrf(request: Request, session_secret: str) -> None:
    """Do nothing if one of our own pages sent this, with the session's token.

    Raises:
        Forbidden: it came from elsewhere, or the token is missing or wrong.
    """
    check_same_site(request)
    sent = request.headers.get(CSRF_HEADER) or await _field(request)
    if not hmac.compare_digest(sent.encode(), csrf_token(session_secret).encode()):
        raise Forbidden("the form's token is missing or old", hint="reload the page and try again")


def check_same_site(request: Request) -> None:
    """Do nothing if the browser says that one of our own pages sent this.

    Raises:
        Forbidden: it came from elsewhere, or the browser does not say.
    """
    site = request.headers.get("sec-fetch-site")
    ours = site in ("same-origin", "none") if site is not None else _from_our_host(request)
    if not ours:
        raise Forbidden(
            "this request did not come from a page of Havenwall", hint="open the console and try again there"
        )


def _from_our_host(request: Request) -> bool:
    origin = urlsplit(request.headers.get("origin", "")).netloc
    # Behind a proxy the host we see may not be the one the browser sees; the configuration knows that one.
    public = urlsplit(request.app.state.havenwall.config.url).netloc
    return bool(origin) and origin in (request.headers.get("host"), public)


async def _field(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith(_FORMS):
        return ""
    return await field_of(request, CSRF_FIELD)
