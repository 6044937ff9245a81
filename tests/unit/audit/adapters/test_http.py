"""The HTTP adapter: over the reference recommender, and over one that misbehaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.unit.audit.adapters.misbehaving import Way, cuts, drips, hangs, misbehaving, says
from tests.unit.audit.adapters.platforms import IDS, friends, serving

from havenwall.audit.adapter import Act, ActKind, Ask, AuditSurface, Profile
from havenwall.audit.adapters.http import HttpCarrier, http_adapter
from havenwall.audit.adapters.remote import RemoteAdapter
from havenwall.errors import BadInput, SourceFailed

MADE = says('{"accounts": ["t1"]}')
SURFACES = says('{"surfaces": ["accounts"]}')
ASK = Ask(account="t1", surface=AuditSurface.ACCOUNTS, k=2)
FOLLOW = Act(account="t1", kind=ActKind.FOLLOW, target="account:a")


@contextmanager
def over(
    *script: Way, tries: int = 3, timeout: float = 5.0, most_bytes: int = 10_000
) -> Iterator[tuple[RemoteAdapter, list[str], list[float]]]:
    """An adapter with one test account, then the script; what was asked for, and the pauses made."""
    waits: list[float] = []
    with misbehaving(MADE, SURFACES, *script) as (url, seen):
        carrier = HttpCarrier(url, timeout=timeout, tries=tries, most_bytes=most_bytes, sleep=waits.append)
        with RemoteAdapter("scripted", carrier) as adapter:
            adapter.create_accounts([Profile(name="t1")])
            assert adapter.surfaces == {AuditSurface.ACCOUNTS}
            seen.clear()
            yield adapter, seen, waits


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("I am a teapot", "not JSON"),
        ("", "answers"),
        ("[]", "answer: Expected `object`, got `array`"),
        ("{}", "answers"),
        ('{"answers": []}', "answers: 0 of them, 1 were asked for"),
        ('{"answers": [[1]]}', r"answers\[0\]\[0\]: Expected `str`, got `int`"),
        ('{"answers": [[""]]}', r"answers\[0\]\[0\]: Expected `str` of length >= 1"),
        ('{"answers": [["a", "b", "c"]]}', r"answers\[0\]: 3 ids, 2 were asked for"),
        ('{"answers": [["a", "a"]]}', r"answers\[0\]: an id comes twice"),
        ('{"x": ' + "[" * 5_000, "not JSON"),
    ],
)
def test_a_malformed_answer_names_route_and_field(body: str, named: str) -> None:
    with over(says(body)) as (adapter, seen, _), pytest.raises(SourceFailed, match=named) as found:
        adapter.recommend([ASK])
    assert f"{seen[0]}: " in found.value.message
    assert seen == ["/audit/recommend"]


def test_other_routes_are_checked_too() -> None:
    profiles = [Profile(name="t2"), Profile(name="t3")]
    with (
        over(says('{"accounts": ["a"]}')) as (adapter, *_),
        pytest.raises(SourceFailed, match="1 of them, 2"),
    ):
        adapter.create_accounts(profiles)
    with (
        over(says('{"accounts": ["a", "t1"]}')) as (adapter, *_),
        pytest.raises(SourceFailed, match=r"accounts: accounts\[1\]: 't1' was given before"),
    ):
        adapter.create_accounts(profiles)
    with (
        over(says('{"snapshot": ""}')) as (adapter, *_),
        pytest.raises(SourceFailed, match="snapshot: Expected"),
    ):
        adapter.snapshot_id()
    with over(says("[1]")) as (adapter, *_), pytest.raises(SourceFailed, match="reset: answer: Expected"):
        adapter.reset(1)
    with (
        misbehaving(says('{"surfaces": ["walls"]}')) as (url, _),
        http_adapter(url) as adapter,
        pytest.raises(SourceFailed, match=r"surfaces: surfaces\[0\]: Invalid enum value 'walls'"),
    ):
        _ = adapter.surfaces


def test_an_empty_answer_says_done() -> None:
    with over(says("", 204)) as (adapter, seen, _):
        adapter.act([FOLLOW])
        adapter.reset(1)
    assert seen == ["/audit/acts", "/audit/reset"]


def test_a_platform_slow_to_notice_a_follow_is_helped() -> None:
    with over(says("{}"), says('{"answers": [["account:a", "account:b"]]}')) as (adapter, *_):
        adapter.act([FOLLOW])
        assert adapter.recommend([ASK]) == [["account:b"]]


@pytest.mark.parametrize("way", [hangs, drips])
def test_a_whole_answer_has_a_deadline(way: Way) -> None:
    with (
        over(way, timeout=1.0, tries=2) as (adapter, seen, waits),
        pytest.raises(SourceFailed, match=r"recommend: no whole answer within 1 seconds"),
    ):
        adapter.recommend([ASK])
    assert len(seen) == 2
    assert waits == [0.5]


def test_what_breaks_off_is_asked_again_where_that_does_no_harm() -> None:
    with over(cuts, says("", 503), says('{"answers": [["b"]]}')) as (adapter, seen, waits):
        assert adapter.recommend([ASK]) == [["b"]]
    assert len(seen) == 3
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize("way", [cuts, says("", 503)])
def test_an_act_is_never_sent_twice(way: Way) -> None:
    with over(way) as (adapter, seen, waits):
        with pytest.raises(SourceFailed, match="/audit/acts: "):
            adapter.act([FOLLOW])
        with pytest.raises(SourceFailed, match="/audit/accounts: "):
            adapter.create_accounts([Profile(name="t2")])
    assert seen == ["/audit/acts", "/audit/accounts"]
    assert waits == []


def test_the_server_says_how_long_to_wait() -> None:
    with over(says("", 429, Retry_After="7"), says("", 429, Retry_After="99999999"), says("{}")) as (
        adapter,
        _,
        waits,
    ):
        adapter.reset(1)
    assert waits == [7.0, 1.0]


def test_it_gives_up() -> None:
    with (
        over(says("overloaded", 503)) as (adapter, seen, _),
        pytest.raises(SourceFailed, match="reset: answered 503: 'overloaded'"),
    ):
        adapter.reset(1)
    assert len(seen) == 3


def test_nobody_there_is_tried_again_for_every_route() -> None:
    waits: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    carrier = HttpCarrier(f"http://127.0.0.1:{port}", tries=3, sleep=waits.append)
    with (
        RemoteAdapter("nobody", carrier) as adapter,
        pytest.raises(SourceFailed, match="no connection") as found,
    ):
        adapter.create_accounts([Profile(name="t1")])
    assert found.value.hint
    assert waits == [0.5, 1.0]


def test_too_much_is_not_read() -> None:
    with (
        over(says(" " * 20_000)) as (adapter, seen, _),
        pytest.raises(SourceFailed, match="larger than 10000 bytes"),
    ):
        adapter.recommend([ASK])
    assert len(seen) == 1


def test_what_comes_compressed_is_not_unpacked() -> None:
    with (
        over(says("x", Content_Encoding="gzip")) as (adapter, *_),
        pytest.raises(SourceFailed, match="compressed"),
    ):
        adapter.recommend([ASK])


def test_a_redirect_is_not_followed() -> None:
    with (
        over(says("", 302, Location="http://127.0.0.1:1/")) as (adapter, seen, _),
        pytest.raises(SourceFailed, match="answered 302") as found,
    ):
        adapter.recommend([ASK])
    assert len(seen) == 1
    assert found.value.hint is not None
    assert "redirects" in found.value.hint


def test_many_asks_go_in_parts() -> None:
    with serving(friends()) as url, http_adapter(url, at_once=2) as adapter:
        adapter.reset(1)
        made = adapter.create_accounts([Profile(name=f"t{n}") for n in range(5)])
        adapter.act([Act(account=one, kind=ActKind.FOLLOW, target=IDS[n]) for n, one in enumerate(made)])
        rows = adapter.recommend([Ask(account=one, surface=AuditSurface.ACCOUNTS, k=3) for one in made])
    assert [len(row) for row in rows] == [3] * 5


def test_the_token_opens_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TOKEN", "quiet-orchard")
    with serving(friends(), token="quiet-orchard") as url:
        with http_adapter(url, token_env="AUDIT_TOKEN") as adapter:
            assert adapter.snapshot_id() == friends().snapshot_id()
        with http_adapter(url) as adapter, pytest.raises(SourceFailed, match="answered 401") as found:
            adapter.snapshot_id()
    assert found.value.hint is not None
    assert "token_env" in found.value.hint


def test_the_token_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIT_TOKEN", raising=False)
    with pytest.raises(BadInput, match="AUDIT_TOKEN is empty"):
        http_adapter("https://staging.test/audit", token_env="AUDIT_TOKEN")
    monkeypatch.setenv("AUDIT_TOKEN", "line\nbreak")
    with pytest.raises(BadInput, match="no bearer token") as found:
        http_adapter("https://staging.test/audit", token_env="AUDIT_TOKEN")
    assert "break" not in str(found.value)


def test_the_token_does_not_travel_unprotected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TOKEN", "quiet-orchard")
    with pytest.raises(BadInput, match="unprotected"):
        http_adapter("http://staging.test/audit", token_env="AUDIT_TOKEN")
    http_adapter("http://[::1]:8099/audit", token_env="AUDIT_TOKEN").close()


@pytest.mark.parametrize(
    "url",
    [
        "staging.test",
        "ftp://staging.test",
        "https://",
        "https://me:word@staging.test",
        "https://[",
        "https://staging.test:0",
        "https://staging.test:99999",
        "https://staging.test/?a=b",
        "https://staging.test/#a",
    ],
)
def test_only_plain_addresses(url: str) -> None:
    with pytest.raises(BadInput, match="url: "):
        http_adapter(url)


def test_a_missing_authority_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="ca: "):
        http_adapter("https://staging.test", ca=tmp_path / "none.pem")
