"""Sends one signed POST. The signature is that of the Standard Webhooks specification (version 1.0.0),
so that its libraries, which exist for many languages, check it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import ssl
import time
from urllib.parse import SplitResult

import httpx
import msgspec

from havenwall.connect.http import seconds_of
from havenwall.connect.reach import Reach, check_url, resolve
from havenwall.errors import BadInput, SourceFailed
from havenwall.model import now

Found = asyncio.Future[str]
"""The IP address of a receiver, once it is known."""
_PREFIX = "whsec_"
_MOST_ANSWER = 64 << 10


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent."""

    key: str
    """The same for every try: whoever has seen it does nothing more."""
    body: bytes


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    status: int | None
    """None where there was no answer."""
    body: bytes = b""
    error: str = ""
    """Empty when it arrived."""
    millis: int = 0
    wait: float | None = None
    """Seconds that the receiver asks us to wait."""


def new_secret() -> str:
    """A fresh secret for an endpoint, to be given to its owner."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `key.timestamp.body`."""
    raw = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = b".".join((key.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()


class Sender:
    """Sends messages; follows no redirect, takes no proxy from the environment.

    Args: `timeout`: seconds for all of it, from looking the name up to the end of the answer.
    """

    def __init__(self, reach: Reach, timeout: float, context: ssl.SSLContext | None = None) -> None:
        self._reach, self._timeout = reach, timeout
        self._context = context or ssl.create_default_context()

    async def find(self, url: str) -> str:
        """The IP address behind an address. Raises as `check_url` and `resolve`."""
        return await resolve(check_url(url, self._reach), self._reach)

    async def send(self, url: str, secret: str, message: Message, found: Found | None = None) -> Outcome:
        """Send a message. Never raises for what the receiver or the network does.

        Args: `found`: what `find` comes to, for several messages at the same time; None looks it up.
        """
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                # Whoever runs out of time leaves the search to those who wait for it as well.
                address = await (asyncio.shield(found) if found else self.find(url))
                outcome = await self._post(url, address, secret, message)
        except TimeoutError:
            outcome = Outcome(status=None, error=f"no answer within {self._timeout:g} seconds")
        except (SourceFailed, BadInput) as problem:
            outcome = Outcome(status=None, error=problem.message)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
            outcome = Outcome(status=None, error=f"{type(problem).__name__}: {problem}"[:300])
        return msgspec.structs.replace(outcome, millis=round(1000 * (time.monotonic() - began)))

    async def _post(self, url: str, address: str, secret: str, message: Message) -> Outcome:
        parts = check_url(url, self._reach)
        limits, wait = httpx.Limits(max_connections=1), httpx.Timeout(self._timeout)
        async with httpx.AsyncClient(
            verify=self._context, trust_env=False, follow_redirects=False, limits=limits, timeout=wait
        ) as client:
            request = client.build_request(
                "POST",
                _at(parts, address),
                content=message.body,
                headers=_headers(parts, secret, message),
                extensions={"sni_hostname": parts.hostname},
            )
            return await _outcome(await client.send(request, stream=True))


async def _outcome(response: httpx.Response) -> Outcome:
    try:
        if response.is_success:
            return Outcome(status=response.status_code, body=await _beginning(response))
        moved = ": redirects are not followed" if response.is_redirect else ""
        asked = seconds_of(response.headers.get("Retry-After"))
        error = f"answered {response.status_code}{moved}"
        return Outcome(status=response.status_code, error=error, wait=asked)
    finally:
        await response.aclose()


async def _beginning(response: httpx.Response) -> bytes:
    read = b""
    try:
        async for part in response.aiter_bytes():
            read += part
            if len(read) > _MOST_ANSWER:
                return b""
    except httpx.DecodingError:
        return b""
    return read


def _at(parts: SplitResult, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=host + port).geturl()


def _headers(parts: SplitResult, secret: str, message: Message) -> dict[str, str]:
    timestamp = int(now().timestamp())
    return {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "havenwall",
        "Idempotency-Key": message.key,
        "Webhook-Id": message.key,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": signature(secret, message.key, timestamp, message.body),
    }
