"""Sign-in by an OpenID Connect server: authorization code flow with PKCE, state and nonce.

OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636, RFC 9700. An ID token counts when it is signed by a key
of the server's key set with an asymmetric algorithm, is for us, is not too old, and answers our own nonce.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from havenwall.connect.credentials import Secret
from havenwall.errors import BadConfig, SourceFailed, Unauthenticated

_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
_BASIC: Final = "client_secret_basic"
_KEPT: Final = 600.0
"""Seconds that a server's description is used; its keys are asked for each time."""
_TIMEOUT: Final = 10.0
_MOST_BYTES: Final = 1 << 20
_LEEWAY: Final = 60
"""Seconds that the clocks may differ."""
_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What we must remember of a sign-in that is under way; the browser keeps it sealed."""

    state: str
    nonce: str
    verifier: str
    until: float
    """Seconds since 1970."""


class _Metadata(msgspec.Struct, frozen=True, kw_only=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = (_BASIC,)
    """Without it, Basic (Discovery 1.0, section 3)."""


class OidcServer:
    """One sign-in server, and what we are to it."""

    def __init__(
        self,
        issuer: str,
        client: str,
        secret: Secret | None,
        scopes: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args: `secret`: none for a public client, which PKCE alone protects.

        Raises:
            BadConfig: the issuer is no https address.
        """
        check_issuer(issuer)
        self.issuer = issuer
        self._client = client
        self._secret = secret
        self._scopes = scopes
        self._clock = clock
        self._known: tuple[float, _Metadata] | None = None

    def begin(self, callback: str, until: float) -> tuple[str, Asked]:
        """Where to send the browser, and what to remember.

        Raises:
            SourceFailed: the server does not say how it works.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": callback,
            "scope": self._scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        address = self._metadata().authorization_endpoint
        joined = "&" if urlsplit(address).query else "?"
        asked = Asked(state=state, nonce=nonce, verifier=verifier, until=until)
        return f"{address}{joined}{urlencode(query)}", asked

    def finish(self, asked: Asked, code: str, callback: str) -> dict[str, Any]:
        """The claims about who signed in, from a code that the browser brought.

        Raises:
            SourceFailed: the server does not answer as documented.
            Unauthenticated: the code or the token is not good.
        """
        known = self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": asked.verifier,
        }
        basic, ours = self._credentials(known)
        status, answer = _fetch(known.token_endpoint, urlencode(form | ours), basic)
        if status != 200 or not isinstance(answer.get("id_token"), str):
            raise Unauthenticated("the sign-in server did not take the code")
        return self._claims(answer["id_token"], asked, known)

    def _credentials(self, known: _Metadata) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and fields of a form by which the server knows us (RFC 6749, section 2.3.1)."""
        if not self._secret:
            return {}, {"client_id": self._client}
        secret = self._secret.reveal()
        if _BASIC not in known.token_endpoint_auth_methods_supported:
            return {}, {"client_id": self._client, "client_secret": secret}
        pair = f"{quote_plus(self._client)}:{quote_plus(secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}, {}

    def _claims(self, token: str, asked: Asked, known: _Metadata) -> dict[str, Any]:
        _, keys = _fetch(known.jwks_uri)
        registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": asked.nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as problem:
            raise Unauthenticated(
                f"the sign-in server's token is not good ({type(problem).__name__})"
            ) from problem
        if claims.get("azp", self._client) != self._client:
            raise Unauthenticated("the sign-in server's token is for somebody else")
        return dict(claims)

    def _metadata(self) -> _Metadata:
        kept, at = self._known, self._clock()
        if kept is None or kept[0] <= at:
            kept = self._known = (at + _KEPT, self._described())
        return kept[1]

    def _described(self) -> _Metadata:
        status, answer = _fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            known = msgspec.convert(answer, _Metadata)
        except msgspec.ValidationError as problem:
            raise SourceFailed(f"the sign-in server's description is not right: {problem}") from problem
        if status != 200 or known.issuer != self.issuer:
            raise SourceFailed(
                "the sign-in server calls itself something else",
                hint="oidc_issuer must be exactly its issuer",
            )
        for address in (known.authorization_endpoint, known.token_endpoint, known.jwks_uri):
            check_issuer(address)
        return known


def check_issuer(address: str) -> None:
    """Do nothing if a sign-in server may have this address.

    Raises:
        BadConfig: it is neither https nor on this machine.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise BadConfig("must be an https address", field="oidc_issuer")


def _fetch(
    address: str, form: str | None = None, more: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, Any]]:
    parts = urlsplit(address)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = (
        HTTPSConnection(parts.netloc, timeout=_TIMEOUT, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(parts.netloc, timeout=_TIMEOUT)
    )
    headers = {"Accept": "application/json", **(more or {})}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("GET" if form is None else "POST", target, form, headers)
        response = connection.getresponse()
        body = response.read(_MOST_BYTES + 1)
        answer = json.loads(body) if len(body) <= _MOST_BYTES else None
    except (OSError, HTTPException, ValueError) as problem:
        raise SourceFailed(f"the sign-in server does not answer ({type(problem).__name__})") from problem
    finally:
        connection.close()
    if not isinstance(answer, dict):
        raise SourceFailed("the sign-in server does not answer as documented")
    return response.status, answer
