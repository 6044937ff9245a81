"""A recommender behind HTTP: six routes, documented in `docs/reference/audit-http.openapi.yaml`."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

from havenwall.audit.adapters.remote import AT_ONCE, RemoteAdapter
from havenwall.audit.adapters.wire import HINT, READS, REPEATABLE, Route, excerpt
from havenwall.errors import BadInput, SourceFailed

MOST_BYTES: Final = 16 << 20
"""Of an answer."""
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 60.0


class HttpCarrier:
    """Asks a recommender over HTTP. Follows no redirect and takes no proxy from the environment.

    It runs a loop of its own, so a coroutine must use it in a thread.

    Args:
        url: of the routes, such as `https://staging.example.org/audit/v1`.
        token: sent as a bearer token, and nowhere but to this address.
        timeout: seconds for one try, from the connection to the end of the answer.
        tries: of a question that may be asked twice. One that may not is asked again only where no
            connection came about, so that nothing can have arrived.
        most_bytes: of an answer.
        context: for TLS; the system's authorities where there is none.
        sleep: waits so many seconds between tries.

    Raises:
        BadInput: the address cannot be asked, or a token would travel unprotected.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        timeout: float = 30.0,
        tries: int = 4,
        most_bytes: int = MOST_BYTES,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        _checked(url, token)
        self._url, self._timeout, self._tries, self._most = url.rstrip("/"), timeout, tries, most_bytes
        self._sleep = sleep
        # What comes compressed would have to be unpacked before its size is known.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "havenwall"}
        self._client = httpx.AsyncClient(
            headers=headers | ({"Authorization": f"Bearer {token}"} if token else {}),
            verify=context or ssl.create_default_context(),
            timeout=httpx.Timeout(timeout),
            trust_env=False,
            follow_redirects=False,
        )
        # A loop of its own gives a deadline for a whole answer; time-outs of reads let one drip for hours.
        self._loop = asyncio.Runner()

    def close(self) -> None:
        """Close the connections."""
        try:
            self._loop.run(self._client.aclose())
        finally:
            self._loop.close()

    def carry(self, route: Route, content: bytes) -> tuple[str, bytes]:
        """The answer of a route, tried again where that can do no harm; see `Carrier`."""
        where = f"{'GET' if route in READS else 'POST'} {self._url}/{route.value}"
        wait = _FIRST_WAIT
        for left in reversed(range(self._tries)):
            try:
                return where, self._loop.run(self._once(where, route, content))
            except _AgainLater as problem:
                if not left or not (route in REPEATABLE or problem.never_sent):
                    raise SourceFailed(f"{where}: {problem}", hint=problem.hint) from problem.__cause__
                self._sleep(min(max(wait, problem.wait), _LONGEST_WAIT))
                wait *= 2
        raise AssertionError("the last try returns or raises")

    async def _once(self, where: str, route: Route, content: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._answer(where, route, content)
        except TimeoutError as problem:
            raise _AgainLater(f"no whole answer within {self._timeout:g} seconds") from problem
        except (httpx.ConnectError, httpx.ConnectTimeout) as problem:
            raise _AgainLater(f"no connection: {problem}", never_sent=True) from problem
        except httpx.TimeoutException as problem:
            raise _AgainLater(f"no answer within {self._timeout:g} seconds") from problem
        except httpx.HTTPError as problem:
            raise _AgainLater(f"{type(problem).__name__}: {problem}") from problem

    async def _answer(self, where: str, route: Route, content: bytes) -> bytes:
        method, _, url = where.partition(" ")
        headers = {} if route in READS else {"Content-Type": "application/json"}
        request = self._client.build_request(method, url, content=content or None, headers=headers)
        response = await self._client.send(request, stream=True)
        try:
            body = await self._body(where, response)
        finally:
            await response.aclose()
        if response.is_success:
            return body
        said = f"answered {response.status_code}: {excerpt(body)}"
        if response.status_code in _AGAIN:
            raise _AgainLater(said, wait=_seconds(response.headers.get("Retry-After")))
        raise SourceFailed(f"{where}: {said}", hint=_remedy(response.status_code))

    async def _body(self, where: str, response: httpx.Response) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise SourceFailed(f"{where}: compressed, which was not asked for", hint="answer plain JSON")
        body = bytearray()
        async for part in response.aiter_raw():
            body += part
            if len(body) > self._most:
                raise SourceFailed(
                    f"{where}: answer larger than {self._most} bytes", hint="ask for less at once"
                )
        return bytes(body)


class _AgainLater(Exception):
    """A try that came to nothing, and may come to something later."""

    def __init__(self, said: str, *, never_sent: bool = False, wait: float = 0.0) -> None:
        super().__init__(said)
        self.never_sent, self.wait = never_sent, wait
        self.hint = "is the recommender up, and is the address right?" if never_sent else None


def http_adapter(
    url: str,
    *,
    name: str = "",
    token_env: str = "",
    ca: Path | None = None,
    timeout: float = 30.0,
    tries: int = 4,
    at_once: int = AT_ONCE,
) -> RemoteAdapter:
    """An adapter over HTTP. Close it, or use it in a `with`.

    Args:
        url: of the six routes.
        name: what reports call it; the host where there is none.
        token_env: the environment variable that holds the bearer token; none is sent where this is empty.
        ca: PEM file of the authority that signed the recommender's certificate.
        timeout: seconds for one try.
        tries: of a question that may be asked twice; 1 where being asked changes what is shown.
        at_once: asks, acts or profiles in one question.

    Raises:
        BadInput: the address cannot be asked, or the variable or file is missing.
    """
    token = _token(token_env)
    context = _context(ca)
    parts = _checked(url, token)
    carrier = HttpCarrier(url, token=token, timeout=timeout, tries=tries, context=context)
    return RemoteAdapter(name or str(parts.hostname), carrier, at_once)


def _token(variable: str) -> str:
    token = os.environ.get(variable, "") if variable else ""
    if variable and not token:
        hint = f"set {variable} to the recommender's bearer token"
        raise BadInput(f"the environment variable {variable} is empty", field="token_env", hint=hint)
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise BadInput(
            f"{variable} is no bearer token", field="token_env", hint="plain characters, no spaces"
        )
    return token


def _context(ca: Path | None) -> ssl.SSLContext | None:
    try:
        return ssl.create_default_context(cafile=str(ca)) if ca else None
    except OSError as problem:
        raise BadInput(f"{ca}: {problem}", field="ca", hint="give a PEM file of certificates") from problem


def _checked(url: str, token: str) -> SplitResult:
    hint = "such as https://staging.example.org/audit/v1"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadInput("is no plain address", field="url", hint=hint)
    if token and parts.scheme == "http" and not _is_here(str(parts.hostname)):
        raise BadInput("the token would travel unprotected", field="url", hint="use https")
    return parts


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdecimal() and len(header) < 6 else 0.0


def _remedy(status: int) -> str:
    if status in (401, 403):
        return "token_env must name a variable with a token that the recommender takes"
    return "give the final address; redirects are not followed" if 300 <= status < 400 else HINT
