"""Which addresses a webhook may go to. Whoever sets up an endpoint must not reach into our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import SplitResult, urlsplit

import msgspec

from havenwall.errors import BadInput, SourceFailed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LONGEST = 500
_HIDDEN = tuple(
    map(
        ipaddress.ip_network,
        (
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96"),
            "fec0::/10",
        ),
    )
)
"""Ranges that carry an IPv4 address within (NAT64, 6to4, Teredo, IPv4-compatible, SIIT), which could be a
private one; and the site-local addresses of old (RFC 3879)."""


class Reach(msgspec.Struct, frozen=True):
    """What the operator allows besides https to public addresses."""

    http: bool = False
    """Also http, and this machine itself; for tests."""
    networks: tuple[Network, ...] = ()
    """Private networks in which receivers are."""


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks such as `10.0.0.0/8, fd00::/8`.

    Raises:
        BadInput: one is no network.
    """
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as problem:
        raise BadInput(str(problem), field="endpoint_networks", hint="such as 10.0.0.0/8") from problem


def check_url(url: str, reach: Reach) -> SplitResult:
    """The parts of an address that a webhook may go to, as far as it can be told without looking it up.

    Raises:
        BadInput: it is no address, or not an allowed one.
    """
    parts, hint = _split(url), "such as https://hooks.example.org/havenwall"
    if parts is None or not parts.hostname or len(url) > _LONGEST or not _is_plain(url):
        raise BadInput("is no address", field="url", hint=hint)
    if parts.scheme != "https" and not (reach.http and parts.scheme == "http"):
        raise BadInput("must begin with https://", field="url", hint=hint)
    if parts.username or parts.password or parts.fragment:
        raise BadInput("must hold neither a name, a password nor a fragment", field="url", hint=hint)
    literal = _literal(parts.hostname)
    if literal and not may_reach(literal, reach):
        raise BadInput(f"{literal} is not a public address", field="url", hint=_HINT)
    return parts


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def may_reach(address: Address, reach: Reach) -> bool:
    """Whether a webhook may go to an address."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return may_reach(mapped, reach)
    if any(address in network for network in reach.networks if network.version == address.version):
        return True
    if address.is_loopback:
        return reach.http
    hidden = any(address in inner for inner in _HIDDEN if inner.version == address.version)
    return address.is_global and not address.is_multicast and not hidden


async def resolve(parts: SplitResult, reach: Reach) -> str:
    """The IP address to connect to. Whoever connects to it and not to the name cannot be sent elsewhere by
    a second answer of the name server.

    Raises:
        SourceFailed: the name is not known, or leads to an address that is not allowed.
    """
    host = parts.hostname or ""
    literal = _literal(host)
    found = [literal] if literal else await _looked_up(host, parts.port or 443)
    if not found or not all(may_reach(address, reach) for address in found):
        raise SourceFailed(f"{host} is not at a public address", hint=_HINT)
    return str(found[0])


_HINT = "allow private networks with the setting endpoint_networks"


async def _looked_up(host: str, port: int) -> list[Address]:
    # A thread of its own: one name server that is slow would else hold up everybody's.
    pool = ThreadPoolExecutor(1, thread_name_prefix="look-up")
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        rows = await asyncio.get_running_loop().run_in_executor(pool, ask)
    except (OSError, UnicodeError) as problem:
        raise SourceFailed(f"{host} is not known", hint="check the name") from problem
    finally:
        pool.shutdown(wait=False)
    return list(_addresses(str(row[4][0]) for row in rows))


def _addresses(texts: Iterable[str]) -> Iterable[Address]:
    for text in dict.fromkeys(texts):
        yield ipaddress.ip_address(text.partition("%")[0])


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else None
    except ValueError:
        return None
