"""What the platform's team concluded becomes signals."""

from havenwall.detect import Cleared, Confirmed

LABELS = ({"type": "confirmed", "entity": "account:x"}, {"type": "cleared", "entity": "account:y"})


def test_a_confirmed_account_is_the_strongest_signal(frame):
    (found,) = Confirmed().detect(frame(*LABELS))
    assert (found.entity, found.detector, found.strength) == ("account:x", "confirmed", 1.0)


def test_a_cleared_account_is_no_evidence_of_belonging(frame):
    (found,) = Cleared().detect(frame(*LABELS))
    assert (found.entity, found.detector, found.strength) == ("account:y", "cleared", 0.0)


def test_the_same_event_gives_the_same_id_and_another_event_another(frame):
    twice = frame({"type": "confirmed"}, {"type": "confirmed"})
    first, second = Confirmed().detect(twice)
    assert first.id != second.id
    assert [signal.id for signal in Confirmed().detect(twice)] == [first.id, second.id]
