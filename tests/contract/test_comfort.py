"""Media exhibits, the exposure ledger, passing and opting out; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from tests.contract.test_queues import CHILD, made

from havenwall.errors import Conflict, Forbidden, NotFound
from havenwall.model import (
    SYSTEM,
    Blur,
    CaseClass,
    CaseTopic,
    Comfort,
    Exhibit,
    Exposure,
    MediaFacts,
    Right,
    Severity,
    Viewer,
    new_id,
    now,
)
from havenwall.store import Store
from havenwall.store.views.exhibits import KNOWN

MIRA = Viewer(name="user:mira", rights=frozenset(Right))
ROBIN = Viewer(name="user:robin", rights=frozenset(Right))
GENERAL = Viewer(name="user:tom", rights=frozenset({Right.SEE_GENERAL, Right.SEE_EXHIBITS}))
LONG = timedelta(minutes=10)
ZERO = "0" * 64


def anything(_exposures: Sequence[Exposure], _at: datetime) -> None:
    """Allow whatever is asked."""


def code(bits: int) -> str:
    """A PDQ so many bits from zero."""
    return f"{(1 << bits) - 1:064x}"


def exhibit(
    store: Store,
    case_id: str,
    sha256: str,
    pdq: str,
    entity: str = "account:a",
    matches: tuple[str, ...] = (),
) -> Exhibit:
    exhibit_id = new_id()
    return store.exhibits.attach(
        Exhibit(
            id=exhibit_id,
            case_id=case_id,
            action_id=exhibit_id,
            entity=entity,
            sha256=sha256,
            size=10,
            path="x",
            key_id="k",
            at=now(),
            hold_until=now() + timedelta(days=365),
            media=MediaFacts(kind="picture", pdq=pdq, quality=100, matches=matches),
        ),
        MIRA.name,
        31,
    )


def cluster(one: Exhibit) -> str:
    assert one.media
    return one.media.cluster


def test_pictures_that_are_nearly_the_same_are_one_cluster(any_store: Store) -> None:
    case = made(any_store, "a").id
    first = exhibit(any_store, case, "a" * 64, ZERO)
    near, far = exhibit(any_store, case, "b" * 64, code(31)), exhibit(any_store, case, "c" * 64, code(32))
    # As far from the first as `far` is, though near to one of its cluster: a cluster does not creep.
    crept = exhibit(any_store, case, "d" * 64, code(60))
    same = exhibit(any_store, case, "a" * 64, "")
    plain = exhibit(any_store, case, "e" * 64, "")
    assert [cluster(one) for one in (first, near, same)] == [first.id] * 3
    assert (cluster(far), cluster(crept), cluster(plain)) == (far.id, far.id, plain.id)
    found = any_store.cases(SYSTEM).pictures(case)
    assert [one.id for one in found] == [one.id for one in (first, near, far, crept, same, plain)]
    assert any_store.cases(SYSTEM).pictures(case, limit=2, offset=5) == [plain]


def test_attaching_again_changes_nothing(any_store: Store) -> None:
    case = made(any_store, "a").id
    first = exhibit(any_store, case, "a" * 64, ZERO)
    assert any_store.exhibits.attach(first, ROBIN.name, 31) == first
    assert len(any_store.cases(SYSTEM).exhibits(case)) == 1
    lines = [line.what for line in any_store.cases(SYSTEM).history(case)]
    assert lines.count("exhibit") == 1


def test_pictures_of_another_class_do_not_exist(any_store: Store) -> None:
    child, general = made(any_store, "a").id, made(any_store, "b", CaseClass.GENERAL).id
    hidden, shown = exhibit(any_store, child, "a" * 64, ZERO), exhibit(any_store, general, "b" * 64, ZERO)
    view = any_store.cases(GENERAL)
    assert view.pictures(child) == []
    assert view.picture(general, shown.id) == shown
    for case, one in ((child, hidden), (general, hidden), (child, shown)):
        with pytest.raises(NotFound):
            view.picture(case, one.id)


def test_known_media_in_a_general_case_are_told_of_without_names_and_not_shown(any_store: Store) -> None:
    case = made(any_store, "b", CaseClass.GENERAL).id
    known = exhibit(any_store, case, "a" * 64, ZERO, matches=("hotline (3)",))
    plain = exhibit(any_store, case, "b" * 64, code(90))
    view = any_store.cases(GENERAL)
    told = [one.media.matches for one in view.pictures(case) if one.media]
    assert told == [(KNOWN,), ()]
    assert [one.media and one.media.matches for one in view.exhibits(case)] == told
    assert view.picture(case, plain.id) == plain
    with pytest.raises(Forbidden, match="known media"):
        view.picture(case, known.id)
    assert any_store.cases(MIRA).picture(case, known.id) == known


def test_a_reveal_is_in_the_ledger_and_in_the_access_log(any_store: Store) -> None:
    one = exhibit(any_store, made(any_store, "a").id, "a" * 64, ZERO)
    any_store.exposures.begin(MIRA, one, Severity.KNOWN, "to see", "", anything)
    (line,) = any_store.exposures.newest(MIRA, 10)
    assert (line.exhibit_id, line.severity, line.left_at) == (one.id, Severity.KNOWN, None)
    log = [(a.by, a.what, a.subject) for a in any_store.access_log()]
    assert ("user:mira", "reveal", one.id) in log
    assert any_store.exposures.seen(MIRA, [cluster(one), "other"]) == {cluster(one)}
    assert any_store.exposures.seen(ROBIN, [cluster(one)]) == set()
    assert any_store.exposures.newest(ROBIN, 10) == []


def test_a_refused_reveal_leaves_no_line(any_store: Store) -> None:
    one = exhibit(any_store, made(any_store, "a").id, "a" * 64, ZERO)

    def never(_exposures: Sequence[Exposure], _at: datetime) -> None:
        raise Conflict("a break")

    with pytest.raises(Conflict):
        any_store.exposures.begin(MIRA, one, Severity.KNOWN, "to see", "", never)
    assert any_store.exposures.newest(MIRA, 10) == []
    assert all(line.what != "reveal" for line in any_store.access_log())


def test_many_at_once_do_not_pass_a_limit_together(any_store: Store) -> None:
    one = exhibit(any_store, made(any_store, "a").id, "a" * 64, ZERO)

    def three(exposures: Sequence[Exposure], _at: datetime) -> None:
        if len(exposures) >= 3:
            raise Conflict("enough")

    def ask(_n: int) -> bool:
        try:
            any_store.exposures.begin(MIRA, one, Severity.KNOWN, "to see", "", three)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(12))) == 3


def test_the_next_picture_ends_the_one_before_and_leaving_ends_it_too(any_store: Store) -> None:
    one = exhibit(any_store, made(any_store, "a").id, "a" * 64, ZERO)
    for _ in range(2):
        any_store.exposures.begin(MIRA, one, Severity.KNOWN, "to see", "", anything)
    last, before = any_store.exposures.newest(MIRA, 10)
    assert before.left_at == last.at
    any_store.exposures.leave(ROBIN)
    any_store.exposures.leave(MIRA, "another picture")
    assert any_store.exposures.newest(MIRA, 1)[0].left_at is None
    any_store.exposures.leave(MIRA, one.id)
    assert any_store.exposures.newest(MIRA, 1)[0].left_at is not None
    assert [who for who, _ in any_store.exposures.everybody(now() - LONG)] == [MIRA.name] * 2


def test_a_ticket_is_good_once_for_one_person_one_picture_and_a_minute(any_store: Store) -> None:
    one = exhibit(any_store, made(any_store, "a").id, "a" * 64, ZERO)
    any_store.exposures.begin(MIRA, one, Severity.KNOWN, "to see", "secret", anything)
    for viewer, exhibit_id, ticket, within in (
        (ROBIN, one.id, "secret", LONG),
        (MIRA, "other", "secret", LONG),
        (MIRA, one.id, "guess", LONG),
        (MIRA, one.id, "", LONG),
        (MIRA, one.id, "secret", timedelta(0)),
    ):
        with pytest.raises(NotFound):
            any_store.exposures.use(viewer, exhibit_id, ticket, within)
    any_store.exposures.use(MIRA, one.id, "secret", LONG)
    with pytest.raises(NotFound):
        any_store.exposures.use(MIRA, one.id, "secret", LONG)


def test_two_fetches_at_once_get_one_picture(any_store: Store) -> None:
    one = exhibit(any_store, made(any_store, "a").id, "a" * 64, ZERO)
    any_store.exposures.begin(MIRA, one, Severity.KNOWN, "to see", "secret", anything)

    def fetch(_n: int) -> bool:
        try:
            any_store.exposures.use(MIRA, one.id, "secret", LONG)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(fetch, range(6))) == 1


def test_settings_are_kept_by_person(any_store: Store) -> None:
    wanted = Comfort(blur=Blur.LIGHT, grey=False, opt_out=(CaseTopic.LIVE,))
    any_store.comforts.keep(MIRA.name, Comfort())
    any_store.comforts.keep(MIRA.name, wanted)
    assert any_store.comforts.of(MIRA.name) == wanted
    assert any_store.comforts.of(ROBIN.name) == Comfort(blur=Blur.STRONG, grey=True, thumbnails=False)


def test_a_topic_that_is_opted_out_of_is_not_handed_out(any_store: Store) -> None:
    high = made(any_store, "high", chance=0.9, topic=CaseTopic.REPORT)
    low = made(any_store, "low", chance=0.1)
    take = any_store.leases.take_next
    assert take(MIRA.name, "child-safety", CHILD, LONG, spare=[CaseTopic.REPORT]) == low.id
    assert take(ROBIN.name, "child-safety", CHILD, LONG, spare=list(CaseTopic)) is None
    assert take(ROBIN.name, "child-safety", CHILD, LONG) == high.id


def test_a_passed_case_goes_to_others_and_nobody_reads_who_passed(any_store: Store) -> None:
    case = made(any_store, "a")
    take = any_store.leases.take_next
    assert take(MIRA.name, "child-safety", CHILD, LONG) == case.id
    any_store.comforts.pass_case(case.id, MIRA.name, LONG)
    any_store.comforts.pass_case(case.id, MIRA.name, LONG)
    assert take(MIRA.name, "child-safety", CHILD, LONG) is None
    line = any_store.cases(SYSTEM).history(case.id)[0]
    assert (line.what, line.by) == ("passed", "policy:routing")
    assert "mira" not in repr(line)
    assert take(ROBIN.name, "child-safety", CHILD, LONG) == case.id
    with pytest.raises(Conflict, match="robin"):
        any_store.comforts.pass_case(case.id, MIRA.name, LONG)


def test_a_pass_ends(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.comforts.pass_case(case.id, MIRA.name, timedelta(0))
    assert any_store.leases.take_next(MIRA.name, "child-safety", CHILD, LONG) == case.id
