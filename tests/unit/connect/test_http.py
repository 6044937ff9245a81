"""Back-off, limits and secrets of the HTTP client."""

from __future__ import annotations

import socket
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from tests.sources.serving import Reply, serving

from havenwall.connect.credentials import read_secret
from havenwall.connect.http import Http
from havenwall.errors import BadConfig, SourceFailed
from havenwall.model import now


class Echo:
    def respond(self, path: str, query: dict[str, str], headers: Any, base: str) -> Reply:
        return Reply(f"{path} {sorted(query.items())}".encode())


def test_paths_and_queries_are_put_together() -> None:
    with serving(Echo()) as served:
        http = Http(f"{served.address}/a/", {})
        assert http.get("b?x=1", {"y": "2 3"}).body == b"/a/b [('x', '1'), ('y', '2 3')]"
        assert http.get("").body == b"/a []"
        assert http.get(f"{served.address}/c?z=1").body == b"/c [('z', '1')]"


def test_waits_double_and_end() -> None:
    slept: list[float] = []
    with serving(Echo()) as served:
        served.first += [Reply(b"", 503)] * 6
        with pytest.raises(SourceFailed, match="503"):
            Http(served.address, {}, sleep=slept.append).get("")
    assert slept == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_a_server_may_name_the_moment_but_not_a_year() -> None:
    slept: list[float] = []
    soon, far = (format_datetime(now() + timedelta(seconds=s)) for s in (30, 10**8))
    with serving(Echo()) as served:
        for text in (soon, far, "nonsense"):
            served.first.append(Reply(b"", 429, (("Retry-After", text),)))
        Http(served.address, {}, sleep=slept.append).get("")
    assert 20 < slept[0] <= 30
    assert slept[1:] == [300.0, 2.0]


def test_errors_that_last_are_not_repeated() -> None:
    slept: list[float] = []
    with serving(Echo()) as served:
        for status in (301, 400, 403, 404):
            served.first.append(Reply(b"", status, (("Location", "http://127.0.0.1:1/"),)))
            with pytest.raises(SourceFailed, match=str(status)):
                Http(served.address, {}, sleep=slept.append).get("")
    assert slept == []


def test_answers_are_bounded() -> None:
    with serving(Echo()) as served:
        served.first.append(Reply(b"x" * 101))
        with pytest.raises(SourceFailed, match="100"):
            Http(served.address, {}, most=100).get("")


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SourceFailed, match="does not answer"):
        Http(address, {}, sleep=lambda _: None).get("")


@pytest.mark.parametrize("address", ["", "ftp://x/y", "lists.example.org"])
def test_addresses_of_another_kind(address: str) -> None:
    with pytest.raises(BadConfig, match="address"):
        Http(address, {})


def test_secrets_are_read_from_their_place_and_print_as_stars(tmp_path: Path) -> None:
    (tmp_path / "s").write_text(" us:word:2 \n")
    (tmp_path / "empty").write_text("\n")
    secret = read_secret(f"file:{tmp_path / 's'}")
    assert secret.pair() == ("us", "word:2")
    assert "word" not in f"{secret} {secret!r} {[secret]}"
    assert read_secret("env:X", {"X": "t"}).reveal() == "t"
    for place in ("env:Y", f"file:{tmp_path / 'empty'}", f"file:{tmp_path / 'no'}", "", "plain"):
        with pytest.raises(BadConfig, match="credentials"):
            read_secret(place, {})
    with pytest.raises(BadConfig, match="name:password"):
        read_secret("env:X", {"X": "token"}).pair()
