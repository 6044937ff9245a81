"""The outbox: written with its actions, taken in order, never before evidence is kept; on both databases."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa
from tests.contract.test_casework import Upstream, machine, only_case, send
from tests.contract.test_journal import link

from havenwall.engine import Output
from havenwall.errors import Conflict, NotFound
from havenwall.model import SYSTEM, Action, ActionKind, ActionState, CaseClass, Verb, now
from havenwall.model.delivery import (
    TOLD_KINDS,
    Answered,
    Confirmation,
    DeliveryState,
    DeliveryTry,
    Endpoint,
)
from havenwall.store import Store
from havenwall.store.deliveries import Due
from havenwall.store.delivery_schema import DELIVERY

AT = now()
LEASE = timedelta(seconds=60)
S = ActionState


def endpoint(name: str = "main", **changes: object) -> Endpoint:
    plain = Endpoint(
        name=name,
        url="https://hooks.example.org/",
        kinds=TOLD_KINDS,
        classes=tuple(CaseClass),
        on=True,
        created_at=AT,
        changed_at=AT,
    )
    return msgspec.structs.replace(plain, **changes)


def action(
    entity: str, kind: ActionKind = ActionKind.RESTRICT, state: S = S.PLANNED, number: int = 1
) -> Action:
    return Action(
        id=f"{kind.value}-{entity}-{number}",
        kind=kind,
        entity=f"account:{entity}",
        decision_id="d",
        state=state,
        at=now(),
        by="user:mira",
        why="seen",
    )


def preserved(*entities: str) -> list[Action]:
    return [action(entity, ActionKind.PRESERVE, S.CONFIRMED) for entity in entities]


def keep(store: Store, *actions: Action) -> None:
    """Commit actions as a stage would."""
    store.journal.append([link(store.journal.count())])
    positions = store.streams.read(Upstream(), 10)[1]
    store.streams.commit(Upstream(), positions, Output(actions=actions))


def take(store: Store, name: str = "main", most: int = 10, lease: timedelta = LEASE) -> list[Due]:
    return store.deliveries.take(name, most, lease, 3)


def told(due: list[Due]) -> list[str]:
    return [one.notice.key for one in due]


def log(due: Due, error: str = "") -> DeliveryTry:
    return DeliveryTry(
        delivery=due.delivery.id, at=now(), by="worker", status=None if error else 200, millis=3, error=error
    )


def arrived(store: Store, due: Due, answer: Confirmation | None = None) -> None:
    store.deliveries.arrived(due, log(due), answer)


def missed(store: Store, due: Due, wait: float | None = 0.0) -> bool:
    length = None if wait is None else timedelta(seconds=wait)
    return store.deliveries.missed(due, log(due, "answered 500"), length, lambda failures: None)


def present(store: Store, entity: str) -> list[tuple[ActionKind, S]]:
    return [(a.kind, a.state) for a in store.casework.actions([f"account:{entity}"])]


@pytest.fixture
def outbox(any_store: Store) -> Store:
    any_store.endpoints.add(endpoint(), b"sealed")
    return any_store


def test_an_action_is_told_to_each_endpoint_that_wants_its_kind_and_class(outbox: Store) -> None:
    outbox.endpoints.add(endpoint("care-team", kinds=(ActionKind.CARE,)), b"")
    outbox.endpoints.add(endpoint("general", classes=(CaseClass.GENERAL,)), b"")
    outbox.endpoints.add(endpoint("off", on=False), b"")
    keep(outbox, *preserved("a"), action("a"), action("b", ActionKind.CARE))
    assert told(take(outbox)) == ["restrict-a-1:planned", "care-b-1:planned"]
    assert told(take(outbox, "care-team")) == ["care-b-1:planned"]
    assert take(outbox, "general") == take(outbox, "off") == take(outbox, "nobody") == []


def test_what_the_platform_has_no_part_in_is_not_told(outbox: Store) -> None:
    keep(outbox, action("a", ActionKind.PRESERVE), action("a", ActionKind.REFER))
    keep(outbox, action("a", ActionKind.SUPPRESS, S.CONFIRMED))
    assert told(take(outbox)) == ["suppress-a-1:confirmed"]


def test_nobody_is_restricted_before_evidence_is_preserved(outbox: Store) -> None:
    keep(outbox, action("a"), action("b", ActionKind.CARE))
    assert told(take(outbox)) == ["care-b-1:planned"]
    assert outbox.deliveries.notices(0, 10) == []
    keep(outbox, *preserved("a"))
    assert told(take(outbox)) == ["restrict-a-1:planned"]
    assert [one.kind for one in outbox.deliveries.notices(0, 10)] == [ActionKind.RESTRICT, ActionKind.CARE]


def test_what_is_taken_is_nobody_elses_until_its_lease_ends(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"))
    assert len(take(outbox, lease=timedelta(0))) == 1
    again = take(outbox)
    assert told(again) == ["restrict-a-1:planned"]
    assert again[0].delivery.tries == 0, "whoever was killed has not tried"
    assert take(outbox) == []
    missed(outbox, again[0])
    assert outbox.deliveries.newest()[0].tries == 1


def test_arriving_moves_the_action_and_the_answer_moves_it_on(outbox: Store) -> None:
    keep(outbox, *preserved("a", "b", "c"), action("a"), action("b"), action("c"))
    a, b, c = take(outbox)
    arrived(outbox, a)
    arrived(outbox, b, Confirmation(state=Answered.CONFIRMED))
    arrived(outbox, c, Confirmation(state=Answered.FAILED, reason="locked"))
    assert present(outbox, "a")[-1] == (ActionKind.RESTRICT, S.SENT)
    assert present(outbox, "b")[-1] == (ActionKind.RESTRICT, S.CONFIRMED)
    assert present(outbox, "c")[-1] == (ActionKind.RESTRICT, S.FAILED)
    assert [one.why for one in outbox.deliveries.unable()] == ["locked"]
    assert take(outbox) == []


def test_confirming_twice_changes_nothing_and_a_confirmed_action_has_not_failed(outbox: Store) -> None:
    keep(outbox, action("a"))
    yes, no = Confirmation(state=Answered.CONFIRMED), Confirmation(state=Answered.FAILED, reason="x")
    first = outbox.deliveries.confirm("restrict-a-1", yes, "key:platform")
    assert (first.state, first.by) == (S.CONFIRMED, "key:platform")
    assert outbox.deliveries.confirm("restrict-a-1", yes, "key:platform") == first
    with pytest.raises(Conflict):
        outbox.deliveries.confirm("restrict-a-1", no, "key:platform")
    with pytest.raises(NotFound):
        outbox.deliveries.confirm("nothing", yes, "key:platform")
    keep(outbox, action("a", ActionKind.PRESERVE))
    with pytest.raises(NotFound):
        outbox.deliveries.confirm("preserve-a-1", yes, "key:platform")


def test_an_entitys_notices_keep_their_order(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"), action("a", number=2), action("b", ActionKind.CARE))
    first, other = take(outbox)
    assert told([first, other]) == ["restrict-a-1:planned", "care-b-1:planned"]
    assert take(outbox) == []
    missed(outbox, first, 3600)
    assert take(outbox) == []
    keep(outbox, action("a", state=S.REVERSED))
    assert told(take(outbox)) == ["restrict-a-2:planned"]


def test_what_was_taken_back_before_it_arrived_is_overtaken(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"))
    (first,) = take(outbox)
    keep(outbox, action("a", state=S.REVERSED))
    assert take(outbox) == [], "the first may be arriving at this moment"
    missed(outbox, first, 3600)
    assert told(take(outbox)) == ["restrict-a-1:reversed"]
    states = {one.told: one.state for one in outbox.deliveries.newest()}
    assert states == {S.PLANNED: DeliveryState.OVERTAKEN, S.REVERSED: DeliveryState.WAITING}


def test_who_lost_the_lease_does_not_settle_for_the_one_who_has_it(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"))
    (first,) = take(outbox, lease=timedelta(0))
    (second,) = take(outbox)
    assert not missed(outbox, first, None)
    assert take(outbox) == []
    arrived(outbox, second)
    assert outbox.deliveries.newest()[0].state is DeliveryState.DELIVERED


def test_failed_for_good_waits_for_a_person_and_can_be_replayed(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"))
    (first,) = take(outbox)
    assert missed(outbox, first, None)
    assert take(outbox) == []
    assert outbox.deliveries.failed("main") == 1
    (status,) = outbox.endpoints.statuses()
    assert (status.failed, status.waiting, status.failures) == (1, 0, 1)
    outbox.deliveries.replay(first.delivery.id)
    with pytest.raises(Conflict):
        outbox.deliveries.replay(first.delivery.id)
    (again,) = take(outbox)
    assert again.notice.key == first.notice.key
    arrived(outbox, again)
    assert [one.error for one in outbox.deliveries.tries(first.delivery.id)] == ["answered 500", ""]
    with pytest.raises(NotFound):
        outbox.deliveries.replay("nothing")


def test_what_was_taken_back_since_is_not_replayed(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"))
    (first,) = take(outbox)
    missed(outbox, first, None)
    keep(outbox, action("a", state=S.REVERSED))
    with pytest.raises(Conflict):
        outbox.deliveries.replay(first.delivery.id)


def test_a_shut_circuit_lets_nothing_through_and_then_one(outbox: Store) -> None:
    keep(outbox, *preserved("a", "b"), action("a"), action("b"))
    for _ in range(3):
        due = take(outbox, most=1)
        outbox.deliveries.missed(due[0], log(due[0], "x"), timedelta(0), lambda failures: None)
    assert len(take(outbox)) == 1, "after three failures in a row one is sent at a time"
    outbox.endpoints.change(endpoint())
    (other,) = take(outbox)
    shut = outbox.deliveries.missed(other, log(other, "x"), timedelta(0), lambda failures: timedelta(hours=1))
    assert not shut
    assert take(outbox) == []
    outbox.endpoints.change(endpoint())
    assert len(take(outbox)) == 1


def test_a_new_endpoint_is_told_of_what_is_planned_already(outbox: Store) -> None:
    keep(outbox, *preserved("a", "b", "c"), action("a"), action("b"), action("c", ActionKind.CARE))
    keep(outbox, action("b", state=S.REVERSED))
    outbox.endpoints.add(endpoint("late", kinds=(ActionKind.RESTRICT,)), b"")
    assert told(take(outbox, "late")) == ["restrict-a-1:planned"]
    with pytest.raises(Conflict):
        outbox.endpoints.add(endpoint("late"), b"")
    with pytest.raises(NotFound):
        outbox.endpoints.change(endpoint("nobody"))


def test_who_pulls_page_by_page_gets_what_webhooks_carry(outbox: Store) -> None:
    keep(outbox, *preserved("a", "b"), *(action("a", number=n) for n in range(5)), action("b"))
    keep(outbox, action("b", state=S.REVERSED))
    after, keys = 0, []
    while page := outbox.deliveries.notices(after, 2):
        keys += [one.key for one in page]
        after = page[-1].seq
    assert keys == [
        *(f"restrict-a-{n}:planned" for n in range(5)),
        "restrict-b-1:planned",
        "restrict-b-1:reversed",
    ]


def test_what_is_not_due_anywhere_names_no_endpoint(outbox: Store) -> None:
    outbox.endpoints.add(endpoint("other"), b"")
    assert outbox.endpoints.due(now()) == []
    keep(outbox, *preserved("a"), action("a"))
    assert outbox.endpoints.due(now()) == ["main", "other"]
    outbox.endpoints.change(endpoint("other", on=False))
    (due,) = take(outbox)
    assert outbox.endpoints.due(now()) == [], "a worker has it"
    outbox.deliveries.missed(due, log(due, "x"), timedelta(0), lambda failures: timedelta(hours=1))
    assert outbox.endpoints.due(now()) == [], "its circuit is open"
    assert outbox.endpoints.due(now() + timedelta(hours=2)) == ["main"]


def test_an_endpoint_that_was_off_hears_what_came_meanwhile(outbox: Store) -> None:
    keep(outbox, *preserved("a", "b", "c"), action("a"), action("b"))
    for due in take(outbox):
        if due.delivery.entity == "account:b":
            arrived(outbox, due, Confirmation(state=Answered.CONFIRMED))
        else:
            missed(outbox, due)
    outbox.endpoints.change(endpoint(on=False))
    keep(outbox, action("a", state=S.REVERSED), action("b", state=S.REVERSED), action("c"))
    assert take(outbox) == []
    assert outbox.deliveries.newest(state="overtaken")[0].action_id == "restrict-a-1"
    outbox.endpoints.change(endpoint())
    assert told(take(outbox)) == ["restrict-a-1:reversed", "restrict-b-1:reversed", "restrict-c-1:planned"]


@pytest.mark.parametrize("narrow", [{"kinds": (ActionKind.CARE,)}, {"classes": (CaseClass.GENERAL,)}])
def test_who_was_told_of_an_action_is_told_that_it_is_taken_back(
    outbox: Store, narrow: dict[str, object]
) -> None:
    keep(outbox, *preserved("a", "b"), action("a"))
    arrived(outbox, take(outbox)[0])
    outbox.endpoints.change(endpoint(**narrow))
    keep(outbox, action("a", state=S.REVERSED), action("b"), action("c", state=S.REVERSED))
    assert told(take(outbox)) == ["restrict-a-1:reversed"]


def test_what_a_killed_worker_had_is_not_sent_again_once_it_is_taken_back(outbox: Store) -> None:
    keep(outbox, *preserved("a"), action("a"))
    take(outbox)
    keep(outbox, action("a", state=S.REVERSED))
    assert take(outbox) == []
    with outbox.streams._database.write() as connection:
        connection.execute(sa.update(DELIVERY).values(lease_until=sa.null()))
    assert told(take(outbox)) == ["restrict-a-1:reversed"]


def test_one_round_that_fails_shuts_an_endpoint_once(outbox: Store) -> None:
    keep(outbox, *preserved(*map(str, range(16))), *(action(str(n)) for n in range(16)))
    lengths = []

    def shut(failures: int) -> timedelta | None:
        lengths.append(failures)
        return timedelta(seconds=5) if failures >= 5 else None

    for due in take(outbox, most=16):
        outbox.deliveries.missed(due, log(due, "x"), timedelta(0), shut)
    (status,) = outbox.endpoints.statuses()
    assert (status.failures, lengths) == (5, [1, 2, 3, 4, 5])


def test_a_reversal_that_fails_is_trouble_without_names_and_a_line_of_its_case(outbox: Store) -> None:
    send(outbox, machine(Verb.OPEN_CASE))
    case = only_case(outbox)
    back = msgspec.structs.replace(action("a", state=S.REVERSED), case_id=case.id)
    keep(outbox, back)
    (due,) = take(outbox)
    no, yes = Confirmation(state=Answered.FAILED, reason="account:a is locked"), Answered.CONFIRMED
    arrived(outbox, due, no)
    outbox.deliveries.confirm(back.id, no, "key:platform")
    (trouble,) = outbox.ledger.troubles()
    assert trouble.what == f"taking back {back.id}"
    assert "account:a" not in trouble.message
    line, before = outbox.cases(SYSTEM).history(case.id, limit=2)
    assert (line.what, line.why, line.entities) == ("not_taken_back", no.reason, ("account:a",))
    assert before.what == "members_added", "saying it again changes nothing"
    outbox.deliveries.confirm(back.id, Confirmation(state=yes), "key:platform")
    assert outbox.ledger.troubles() == []
