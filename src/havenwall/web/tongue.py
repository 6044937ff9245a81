"""The language in which a page speaks: gettext catalogues, and whose choice it is."""

from __future__ import annotations

import gettext as _gettext
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.types import ASGIApp, Receive, Scope, Send

LOCALE = Path(__file__).parent / "locale"
"""The catalogues, as text; they are read when a language is first asked for."""
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Languages of the pages, by their own names. English is what stands in the code."""
_PARAMETER = "lang"


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """The language of one answer."""

    language: str = "en"
    by_address: bool = False
    """Whether the address asks for it; links and forms then ask for it too."""
    may_switch: bool = False
    """Whether the address can be opened again in another language without losing what was typed."""


_SPOKEN: ContextVar[Spoken] = ContextVar("spoken", default=Spoken())  # noqa: B039


class Tongues:
    """Middleware: the language of an answer is the one of its address (`?lang=de`), or the browser's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, in its language."""
        if scope["type"] == "http":
            _SPOKEN.set(_spoken(scope))
        await self._app(scope, receive, send)


def speak(language: str) -> None:
    """Go on in a language, for the rest of the answer."""
    _SPOKEN.set(msgspec.structs.replace(_SPOKEN.get(), language=language))


def language() -> str:
    """The language of the answer being made."""
    return _SPOKEN.get().language


def may_switch() -> bool:
    """Whether to offer other languages."""
    return _SPOKEN.get().may_switch


def kept() -> str:
    """What an address needs to stay in the language: `?lang=de`, or nothing."""
    spoken = _SPOKEN.get()
    return f"?{_PARAMETER}={spoken.language}" if spoken.by_address else ""


def gettext(text: str) -> str:
    """A text in the language of the answer."""
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """A text about a number, in the language of the answer."""
    return _catalogue(language()).ngettext(one, many, count)


def N_(text: str, many: str = "") -> str:  # noqa: N802
    """Marks a text, or a noun and its plural, for the catalogues; it is translated where it is shown."""
    del many
    return text


def accepted(header: str) -> str:
    """The first of our languages in an Accept-Language header (RFC 9110, 12.5.4), the best liked first."""
    liked = sorted(filter(None, map(_liked, header[:500].split(","))), reverse=True, key=lambda one: one[0])
    return next((tag for _, tag in liked if tag in LANGUAGES), "en")


def _liked(part: str) -> tuple[float, str] | None:
    tag, _, weight = part.strip().lower().partition(";")
    try:
        quality = float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return None
    return (quality, tag.strip().partition("-")[0]) if quality > 0 else None


def _spoken(scope: Scope) -> Spoken:
    asked = parse_qs(scope.get("query_string", b"")[:2000].decode("latin-1")).get(_PARAMETER, [""])[0]
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    by_address = asked in LANGUAGES
    tag = asked if by_address else accepted(header.decode("latin-1"))
    return Spoken(language=tag, by_address=by_address, may_switch=scope["method"] in ("GET", "HEAD"))


@cache
def _catalogue(tag: str) -> _gettext.NullTranslations:
    path = LOCALE / tag / "LC_MESSAGES" / "havenwall.po"
    if not path.exists():
        return _gettext.NullTranslations()
    made = BytesIO()
    with path.open("rb") as lines:
        write_mo(made, read_po(lines, locale=tag))
    made.seek(0)
    return _gettext.GNUTranslations(made)
