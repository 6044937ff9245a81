"""What every adapter keeps to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.audit.adapters.platforms import IDS, PLATFORMS

from havenwall.audit.adapter import Act, ActKind, Adapter, Ask, AuditSurface, Profile
from havenwall.errors import BadInput

K = 8
FIRST = IDS[3], IDS[7], IDS[12]


@pytest.fixture(scope="module", params=PLATFORMS)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    """Each adapter in turn, made once."""
    opened = cast("Any", PLATFORMS[request.param])(tmp_path_factory.mktemp("platform"))
    with cast("AbstractContextManager[Adapter]", opened) as adapter:
        yield adapter


@pytest.fixture
def adapter(platform: Adapter) -> Adapter:
    platform.reset(1)
    return platform


def accounts(adapter: Adapter, *names: str) -> list[str]:
    return adapter.create_accounts([Profile(name=name) for name in names])


def ask(account: str, k: int = K) -> Ask:
    return Ask(account=account, surface=AuditSurface.ACCOUNTS, k=k)


def follow(adapter: Adapter, account: str, targets: Sequence[str]) -> None:
    adapter.act([Act(account=account, kind=ActKind.FOLLOW, target=target) for target in targets])


def shown(adapter: Adapter, targets: Sequence[str] = FIRST, name: str = "test-1") -> list[str]:
    (account,) = accounts(adapter, name)
    follow(adapter, account, targets)
    return adapter.recommend([ask(account)])[0]


def test_it_says_who_it_is(adapter: Adapter) -> None:
    assert adapter.name
    assert AuditSurface.ACCOUNTS in adapter.surfaces
    assert adapter.snapshot_id()
    assert adapter.snapshot_id() == adapter.snapshot_id()


def test_each_account_has_an_id_of_its_own(adapter: Adapter) -> None:
    names = [f"test-{n}" for n in range(7)]
    assert len(set(accounts(adapter, *names))) == 7


def test_the_same_seed_gives_the_same_answers(adapter: Adapter) -> None:
    first = shown(adapter)
    adapter.reset(1)
    assert shown(adapter) == first


def test_reset_forgets(adapter: Adapter) -> None:
    (account,) = accounts(adapter, "test-1")
    new = adapter.recommend([ask(account)])
    follow(adapter, account, FIRST)
    adapter.reset(1)
    with pytest.raises(BadInput, match="no test account"):
        adapter.recommend([ask(account)])
    (account,) = accounts(adapter, "test-1")
    assert adapter.recommend([ask(account)]) == new


def test_acts_change_what_is_shown(adapter: Adapter) -> None:
    here, there = shown(adapter), shown(adapter, (IDS[160], IDS[170], IDS[180]), "test-2")
    assert len(here) == len(there) == K
    assert here != there


def test_many_accounts_are_told_apart(adapter: Adapter) -> None:
    alone = shown(adapter)
    adapter.reset(1)
    made = accounts(adapter, *(f"test-{n}" for n in range(7)))
    for at, account in enumerate(made):
        follow(adapter, account, FIRST if at == 5 else [IDS[20 * at + 19]])
    rows = adapter.recommend([ask(account) for account in made])
    assert len(rows) == 7
    # A model that is fitted again learns from all test accounts; what it answers one of them may shift.
    assert rows[5] == alone or "Pure" in adapter.name


def test_nobody_is_shown_whom_they_follow(adapter: Adapter) -> None:
    (account,) = accounts(adapter, "test-1")
    follow(adapter, account, FIRST)
    history = list(FIRST)
    for _ in range(4):
        (row,) = adapter.recommend([ask(account)])
        assert row
        assert not set(history) & set(row)
        follow(adapter, account, row[:3])
        history += row[:3]


def test_following_twice_is_following_once(adapter: Adapter) -> None:
    once = shown(adapter)
    adapter.reset(1)
    (account,) = accounts(adapter, "test-1")
    follow(adapter, account, [*FIRST, *FIRST])
    follow(adapter, account, FIRST)
    assert adapter.recommend([ask(account)]) == [once]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(k=st.integers(1, 250), targets=st.lists(st.sampled_from(IDS), min_size=1, max_size=20, unique=True))
def test_at_most_k_different_ones(adapter: Adapter, k: int, targets: list[str]) -> None:
    adapter.reset(0)
    (account,) = accounts(adapter, "test-1")
    follow(adapter, account, targets)
    (row,) = adapter.recommend([ask(account, k)])
    assert len(row) == len(set(row)) <= k
    assert set(row) <= set(IDS) - set(targets)


def test_each_ask_has_its_own_k(adapter: Adapter) -> None:
    (account,) = accounts(adapter, "test-1")
    follow(adapter, account, FIRST)
    long, short = adapter.recommend([ask(account, K), ask(account, 2)])
    assert short == long[:2]


def test_no_asks_no_answers(adapter: Adapter) -> None:
    assert adapter.recommend([]) == []
    adapter.act([])
    assert adapter.create_accounts([]) == []


def test_an_unknown_account_is_named(adapter: Adapter) -> None:
    with pytest.raises(BadInput, match="nobody-1"):
        adapter.recommend([ask("nobody-1")])
    with pytest.raises(BadInput, match="nobody-1"):
        follow(adapter, "nobody-1", FIRST)


def test_a_surface_that_is_not_served_is_named(adapter: Adapter) -> None:
    (account,) = accounts(adapter, "test-1")
    with pytest.raises(BadInput, match="tags"):
        adapter.recommend([Ask(account=account, surface=AuditSurface.TAGS, k=3)])
