"""Sign-in by another server: what is remembered between two requests, and which role a claim gives."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from havenwall.app.config import Config
from havenwall.connect.credentials import read_secret
from havenwall.connect.oidc import Asked, OidcServer, check_issuer
from havenwall.errors import BadConfig, Forbidden, NotFound, StoreError, Unauthenticated
from havenwall.model import Person, Role, now
from havenwall.store import Store
from havenwall.store.sealed import Sealer

_MINUTES: Final = 10
_ABOUT: Final = "oidc sign-in"
CALLBACK: Final = "/sign-in/oidc/callback"


class OidcDesk:
    """Lets persons in whom the configured server knows."""

    def __init__(self, config: Config, store: Store, sealer: Sealer) -> None:
        """Read the settings.

        Raises:
            BadConfig: a setting is not right.
            NotFound: no server is set.
        """
        if not config.oidc_issuer:
            raise NotFound("sign-in by another server is not set up", hint="set oidc_issuer")
        check_oidc(config)
        secret = read_secret(config.oidc_secret) if config.oidc_secret else None
        self._server = OidcServer(config.oidc_issuer, config.oidc_client, secret, config.oidc_scopes)
        self._roles = roles_of(config.oidc_roles)
        self._config, self._store, self._sealer = config, store, sealer

    @property
    def callback(self) -> str:
        """Where the server sends browsers back to; it must know this address."""
        return self._config.url + CALLBACK

    def begin(self) -> tuple[str, str]:
        """Where to send the browser, and what it is to keep (a sealed text) until it comes back."""
        address, asked = self._server.begin(self.callback, now().timestamp() + 60 * _MINUTES)
        sealed = self._sealer.seal(msgspec.json.encode(asked), _ABOUT)
        return address, base64.urlsafe_b64encode(sealed).decode()

    def finish(self, kept: str, state: str, code: str, issuer: str = "") -> Person:
        """Who came back.

        Args:
            kept: what the browser kept.
            state, code, issuer: what the server sent along; the issuer may be empty (RFC 9207).

        Raises:
            Unauthenticated: this browser did not begin, took too long, or the server's answer is not good.
            Forbidden: no role is set for what the server says of them, or they are shut out.
        """
        asked = self._asked(kept)
        if not hmac.compare_digest(state.encode(), asked.state.encode()) or now().timestamp() > asked.until:
            raise Unauthenticated("this sign-in did not begin here, or took too long")
        if issuer and issuer != self._server.issuer:
            raise Unauthenticated("the answer comes from another sign-in server")
        claims = self._server.finish(asked, code, self.callback)
        found = self._store.identities.signed_in(
            self._server.issuer, str(claims["sub"]), self._name(claims), self._role(claims)
        )
        if found.disabled_at is not None:
            raise Forbidden("you are shut out")
        return found

    def _asked(self, kept: str) -> Asked:
        try:
            return msgspec.json.decode(self._sealer.open(base64.urlsafe_b64decode(kept), _ABOUT), type=Asked)
        except (ValueError, StoreError, msgspec.MsgspecError) as problem:
            raise Unauthenticated("this sign-in did not begin here, or took too long") from problem

    def _name(self, claims: Mapping[str, Any]) -> str:
        told = str(claims.get(self._config.oidc_name_claim) or claims["sub"]).lower().partition("@")[0]
        return re.sub(r"[^a-z0-9._-]", "-", told)[:60]

    def _role(self, claims: Mapping[str, Any]) -> Role:
        told = claims.get(self._config.oidc_roles_claim, ())
        many = told if isinstance(told, list) else [told]
        values = {one for one in many if isinstance(one, str)}
        for value, role in self._roles:
            if value in values:
                return role
        raise Forbidden("the sign-in server gives you no role here", hint="ask who manages people")


def check_oidc(config: Config) -> None:
    """Do nothing if the settings can be right; where the secret is kept is not looked at.

    Raises:
        BadConfig: one is not; names it.
    """
    check_issuer(config.oidc_issuer)
    if not config.oidc_client:
        raise BadConfig("is missing", field="oidc_client", hint="the client id the server gave you")
    roles_of(config.oidc_roles)


def roles_of(text: str) -> tuple[tuple[str, Role], ...]:
    """The roles in `value=role, value=role`; the first that fits counts.

    Raises:
        BadConfig: it is not of that form.
    """
    pairs = [part.rpartition("=") for part in text.split(",") if part.strip()]
    if not pairs or not all(value.strip() and role.strip() in set(Role) for value, _, role in pairs):
        raise BadConfig(
            "must be of the form value=role, value=role",
            field="oidc_roles",
            hint="roles are " + ", ".join(Role),
        )
    return tuple((value.strip(), Role(role.strip())) for value, _, role in pairs)
