"""Which settings a bank may have."""

from __future__ import annotations

import re

from havenwall.errors import BadInput
from havenwall.match import HashKind
from havenwall.model.bank import Bank, BankSource, SourceKind

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,59}")
_KIND = re.compile(r"[a-z][a-z0-9_-]{1,19}")
_MOST_RADIUS = 31
_SECRET = re.compile(r"pass|secret|token|key|credential", re.IGNORECASE)
_FETCHED = frozenset({SourceKind.NCMEC, SourceKind.STOPNCII, SourceKind.THREATEXCHANGE})
_LOCAL = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")


def check_bank(bank: Bank) -> Bank:
    """The bank, if its settings are sound.

    Raises:
        BadInput: one is not; names it and the remedy.
    """
    if not _NAME.fullmatch(bank.name):
        raise BadInput("use 2 to 60 of a-z, 0-9, dash, underscore", field="name")
    if not 0 <= bank.radius <= _MOST_RADIUS:
        raise BadInput(f"{bank.radius} lies outside 0 … {_MOST_RADIUS}", field="radius", hint="31 is usual")
    for kind in bank.kinds:
        if not _KIND.fullmatch(kind):
            hint = f"{', '.join(HashKind)}, or the name of a licensed kind such as photodna"
            raise BadInput(f"unknown kind of hash {kind[:40]!r}", field="kinds", hint=hint)
    if bank.flood < 0:
        raise BadInput("must be 0 or more matches in an hour", field="flood", hint="0 never sets one aside")
    _check_source(bank.source)
    return bank


def _check_source(source: BankSource) -> None:
    if source.kind in _FETCHED and not source.address:
        raise BadInput("is missing", field="address", hint="give the https address of the interface")
    if (
        "://" in source.address
        and not source.address.startswith("https://")
        and not _LOCAL.match(source.address)
    ):
        raise BadInput("is not safe", field="address", hint="only https, or http on this machine")
    _, at, _ = source.address.partition("://")[2].partition("/")[0].rpartition("@")
    if at or "?" in source.address:
        hint = "put secrets into a file or a variable and name that in credentials"
        raise BadInput("holds a user name or a query", field="address", hint=hint)
    if source.credentials and not source.credentials.startswith(("env:", "file:")):
        hint = "write env:NAME or file:/path; the secret itself must not stand here"
        raise BadInput("is no place of credentials", field="credentials", hint=hint)
    for name in source.options:
        if _SECRET.search(name):
            raise BadInput(f"{name!r} looks like a secret", field="options", hint="use credentials for it")
