"""A small OpenID Connect server over a real socket: it checks what a careful one does, and can misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey


class OidcServer:
    """Whom it signs in, with which claims, and what it gets wrong."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {"sub": "s-1", "preferred_username": "Ada", "groups": ["trust-safety"]}
        self.wrong: dict[str, Any] = {}
        """Claims of the token that are put over the right ones; None leaves one out."""
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.named: str | None = None
        """The issuer its description tells, if another."""
        self.issuer = ""
        self.posted: list[dict[str, str]] = []
        self.methods: list[str] | None = None
        """The ways to authenticate that its description tells; None leaves them out, which means Basic."""
        self.described = 0
        """How often its description was asked for."""
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, address: str) -> str:
        """What a person does in the browser; the address it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str], header: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code; each works once, and only for who began and proves to be our client."""
        if self.methods in (None, ["client_secret_basic"]):
            if "client_secret" in form or not header.startswith("Basic "):
                return 401, {"error": "invalid_client"}
            pair = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
            form = form | {"client_id": unquote_plus(pair[0]), "client_secret": unquote_plus(pair[2])}
        self.posted.append(form)
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = asked and challenge == asked["code_challenge"]
        if not asked or not good or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        moment = int(time.time())
        claims = self.claims | {
            "iss": self.issuer,
            "aud": form["client_id"],
            "iat": moment,
            "exp": moment + 300,
        }
        claims |= {"nonce": asked["nonce"]} | self.wrong
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(self.header, claims, self.signs_with, algorithms=[self.header["alg"]])
        return 200, {"id_token": token, "access_token": "x", "token_type": "Bearer"}

    def answer(self, path: str) -> dict[str, Any]:
        """Description and keys."""
        if path == "/keys":
            return dict(KeySet([self.key]).as_dict(private=False))
        self.described += 1
        ways = {} if self.methods is None else {"token_endpoint_auth_methods_supported": self.methods}
        return ways | {
            "issuer": self.named or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }


@contextmanager
def oidc_server() -> Iterator[OidcServer]:
    """The server on a free port of this machine."""
    server = OidcServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, server.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*server.token(form, self.headers.get("Authorization", "")))

        def _send(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.issuer = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        yield server
        listening.shutdown()
        thread.join()
