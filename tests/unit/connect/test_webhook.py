"""Signed messages over real HTTP, and where they may not go."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receiving import receiving

from havenwall.connect.reach import Reach, check_url, may_reach, networks_of, resolve
from havenwall.connect.webhook import Message, Outcome, Sender, new_secret, signature
from havenwall.errors import BadInput, SourceFailed

LOCAL = Reach(http=True)


def send(url: str, secret: str, *, reach: Reach = LOCAL, timeout: float = 5.0) -> Outcome:
    message = Message(key="k:planned", body=b'{"type":"test"}')
    return asyncio.run(Sender(reach, timeout).send(url, secret, message))


def test_the_signature_is_that_of_the_specification() -> None:
    # The worked example of the Standard Webhooks specification.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    wanted = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == wanted


def test_a_message_arrives_signed() -> None:
    with receiving() as receiver:
        receiver.secret = new_secret()
        outcome = send(receiver.url, receiver.secret)
        assert (outcome.status, outcome.error, receiver.tests) == (200, "", 1)
        assert send(receiver.url, new_secret()).error == "answered 401"
        assert receiver.bad_signatures == 1


@pytest.mark.parametrize(
    ("way", "error"),
    [
        ("500", "answered 500"),
        ("redirect", "answered 302: redirects are not followed"),
        ("drop", "RemoteProtocolError"),
        ("slow", "no answer within 0.2 seconds"),
    ],
)
def test_what_goes_wrong_is_told_and_not_raised(way: str, error: str) -> None:
    with receiving() as receiver:
        receiver.secret, receiver.behave = new_secret(), lambda number: way
        assert send(receiver.url, receiver.secret, timeout=0.2 if way == "slow" else 30).error.startswith(
            error
        )
        assert receiver.requests == 1


def test_nobody_there_is_an_outcome() -> None:
    with receiving() as receiver:
        url = receiver.url
    outcome = send(url, new_secret())
    assert (outcome.status, outcome.body) == (None, b"")
    assert outcome.error.startswith("ConnectError")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org",
        "ftp://hooks.example.org",
        "http://hooks.example.org/",
        "https://user:pass@hooks.example.org/",
        "https://hooks.example.org/#x",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org:0/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://10.0.0.7/",
        "https://[::ffff:10.0.0.7]/",
        "https://[64:ff9b::a00:7]/",
        "https://[2002:a00:7::]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[::a00:7]/",
        "https://[::808:808]/",
        "https://[::ffff:0:808:808]/",
        "https://hooks.example.org/ x",
        "https://hooks.example.org/a\x7fb",
        "https://" + "a" * 600,
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(BadInput) as problem:
        check_url(url, Reach())
    assert problem.value.field == "url"


@pytest.mark.parametrize(
    "url", ["https://hooks.example.org/a?b=c", "https://9.9.9.9:8443/", "https://[2620:fe::fe]/"]
)
def test_public_addresses_are_allowed(url: str) -> None:
    assert check_url(url, Reach()).geturl() == url


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "no-such-name.invalid"])
def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(host: str) -> None:
    parts = check_url(f"http://{host}/", LOCAL)
    with pytest.raises(SourceFailed):
        asyncio.run(resolve(parts, Reach()))


def test_networks_that_the_operator_names_are_allowed() -> None:
    reach = Reach(networks=networks_of("10.1.0.0/16, fd00::/8"))
    assert check_url("https://10.1.2.3/", reach)
    assert check_url("https://[fd00::3]/", reach)
    with pytest.raises(BadInput):
        check_url("https://10.2.2.3/", reach)
    with pytest.raises(BadInput, match="endpoint_networks"):
        networks_of("10.1.0.0/33")


@settings(max_examples=200)
@given(st.ip_addresses())
def test_no_private_address_is_reached_whatever_its_form(address: ipaddress.IPv4Address) -> None:
    if may_reach(address, Reach()):
        assert address.is_global
        assert not address.is_loopback
        assert not address.is_multicast
    if address.version == 4:
        mapped = ipaddress.ip_address(f"::ffff:{address}")
        assert may_reach(mapped, Reach()) == may_reach(address, Reach())
