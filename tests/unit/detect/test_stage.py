"""The stage runs all detectors, repeatably."""

from havenwall.detect import DetectStage, parse_hashes, parse_terms, standard_detectors
from havenwall.engine import Batch, Stream, empty_events

STAGE = DetectStage(standard_detectors([parse_terms("t", b"bluewhistle")], [parse_hashes("h", b"ab" * 16)]))
EVENTS = (
    {"type": "confirmed"},
    {"type": "cleared"},
    {"type": "report"},
    {"type": "account", "text": "bluewhistle"},
    {"type": "media", "target": "media:m", "attributes": {"md5": "ab" * 16}},
    {"type": "link", "target": "account:b", "link": "follow"},
)


def test_every_detector_speaks(frame):
    out = STAGE.run(Batch(events=frame(*EVENTS)))
    assert [each.detector for each in out.signals] == ["confirmed", "cleared", "report", "term", "media-hash"]


def test_the_same_batch_gives_the_same_ids(frame):
    events = frame(*EVENTS)
    again = [each.id for each in STAGE.run(Batch(events=events)).signals]
    assert [each.id for each in STAGE.run(Batch(events=events)).signals] == again
    assert len(set(again)) == len(again)


def test_one_list_given_twice_doubles_nothing(frame):
    terms = parse_terms("t", b"bluewhistle")
    stage = DetectStage(standard_detectors([terms, terms]))
    assert len(stage.run(Batch(events=frame({"type": "account", "text": "bluewhistle"}))).signals) == 1


def test_no_events_no_signals():
    assert STAGE.run(Batch(events=empty_events())).signals == ()


def test_it_follows_events():
    assert (STAGE.name, STAGE.reads) == ("detect", (Stream.EVENT,))
