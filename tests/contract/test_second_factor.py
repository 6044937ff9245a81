"""Second factors on both databases: a code is taken once, and nothing that opens is kept in clear."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from havenwall.errors import BadInput, Conflict, NotFound, StoreError, Unauthenticated
from havenwall.model import Right, Role, now
from havenwall.store import Store
from havenwall.store.people_schema import RECOVERY_CODE, SECOND_FACTOR
from havenwall.store.sealed import Sealer
from havenwall.store.second_factor import SecondFactors, address_of

SEALER = Sealer(bytes(range(32)))


def code(seed: str, steps: int = 0) -> str:
    return pyotp.TOTP(seed).at(now() + timedelta(seconds=30 * steps))


def enrolled(store: Store, name: str = "mira") -> tuple[SecondFactors, str, list[str]]:
    """Somebody whose first code, of the step before this one, was taken."""
    store.people.add(name, Role.SPECIALIST)
    factors = store.second_factors(SEALER)
    seed = factors.begin(name)
    return factors, seed, factors.confirm(name, code(seed, -1))


def test_it_is_in_force_once_a_first_code_fits(any_store: Store) -> None:
    any_store.people.add("mira", Role.SPECIALIST)
    factors = any_store.second_factors(SEALER)
    seed = factors.begin("mira")
    assert factors.begun("mira") == seed
    assert not any_store.people.person("mira").second_factor
    with pytest.raises(BadInput, match="code"):
        factors.confirm("mira", "000000" if code(seed) != "000000" else "000001")
    with pytest.raises(Unauthenticated):
        factors.check("mira", code(seed))
    assert len(set(factors.confirm("mira", f" {code(seed)[:3]} {code(seed)[3:]}"))) == 10
    assert any_store.people.person("mira").second_factor
    assert factors.begun("mira") is None
    with pytest.raises(Conflict):
        factors.begin("mira")
    with pytest.raises(NotFound):
        factors.begin("nobody")


def test_a_code_is_taken_once_and_none_of_an_earlier_step_after_it(any_store: Store) -> None:
    factors, seed, _ = enrolled(any_store)
    with pytest.raises(Unauthenticated):
        factors.check("mira", code(seed, -1))
    factors.check("mira", code(seed))
    for steps in (0, -1, -5, 5):
        with pytest.raises(Unauthenticated):
            factors.check("mira", code(seed, steps))
    factors.check("mira", code(seed, 1))
    for wrong in ("", "12345", "١٢٣٤٥٦", "abcdef", "x" * 5000):
        with pytest.raises(Unauthenticated):
            factors.check("mira", wrong)


def test_of_many_who_send_the_same_code_at_once_one_comes_in(any_store: Store) -> None:
    factors, seed, recovery = enrolled(any_store)

    def comes_in(sent: str) -> bool:
        try:
            factors.check("mira", sent)
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(comes_in, [code(seed)] * 6)) == 1
        assert sum(pool.map(comes_in, [recovery[0]] * 6)) == 1


def test_a_recovery_code_works_once_and_only_for_its_person(any_store: Store) -> None:
    factors, _, recovery = enrolled(any_store)
    enrolled(any_store, "tom")
    with pytest.raises(Unauthenticated):
        factors.check("tom", recovery[0])
    factors.check("mira", recovery[0].upper().replace("-", " "))
    with pytest.raises(Unauthenticated):
        factors.check("mira", recovery[0])
    assert factors.recovery_left("mira") == 9
    fresh = factors.renew_recovery("mira")
    with pytest.raises(Unauthenticated):
        factors.check("mira", recovery[1])
    factors.check("mira", fresh[1])


def test_seeds_are_sealed_for_their_person_and_codes_hashed(any_store: Store) -> None:
    factors, seed, recovery = enrolled(any_store)
    enrolled(any_store, "tom")
    with any_store._database.write() as connection:
        kept = repr(connection.execute(sa.select(SECOND_FACTOR)).all())
        kept += repr(connection.execute(sa.select(RECOVERY_CODE)).all())
        stolen = sa.select(SECOND_FACTOR.c.seed).where(SECOND_FACTOR.c.person == "mira").scalar_subquery()
        connection.execute(
            sa.update(SECOND_FACTOR).where(SECOND_FACTOR.c.person == "tom").values(seed=stolen)
        )
    assert not any(secret in kept for secret in [seed, *recovery, recovery[0].replace("-", "")])
    with pytest.raises(StoreError):
        factors.check("tom", code(seed))


def test_sessions_from_before_it_end_and_who_has_lost_it_starts_again(any_store: Store) -> None:
    people = any_store.people
    mira = people.add("mira", Role.SPECIALIST)
    here, there = people.new_session(mira), people.new_session(mira)
    factors = any_store.second_factors(SEALER)
    factors.confirm("mira", code(factors.begin("mira")), keep=here)
    assert people.session_viewer(here).may(Right.SEE_CHILD_SAFETY)
    with pytest.raises(Unauthenticated):
        people.session_viewer(there)
    link = people.new_link(mira)
    factors.forget("mira", by=mira.viewer())
    assert people.session_viewer(here).may(Right.SEE_CHILD_SAFETY), "it is mira who does so"
    factors.confirm("mira", code(factors.begin("mira"), 1), keep=here)
    factors.forget("mira")
    with pytest.raises(Unauthenticated):
        people.session_viewer(here)
    with pytest.raises(Unauthenticated):
        people.use_link(link)
    assert not people.person("mira").second_factor
    assert factors.recovery_left("mira") == 0
    assert [line.what for line in any_store.access_log(2)] == ["second factor ended", "second factor set up"]


def test_where_it_is_demanded_rights_come_with_it(any_store: Store) -> None:
    rights = any_store.roles.role(Role.SPECIALIST).rights
    any_store.roles.change(Role.SPECIALIST, rights, 0, second_factor=True)
    any_store.people.add("tom", Role.SPECIALIST)
    assert any_store.people.person("tom").viewer().rights == frozenset()
    enrolled(any_store)
    assert any_store.people.person("mira").viewer().rights == rights


def test_an_authenticator_reads_name_and_seed() -> None:
    seed = "JBSWY3DPEHPK3PXP" * 2
    assert address_of("mira", seed).startswith(f"otpauth://totp/Havenwall:mira?secret={seed}")
