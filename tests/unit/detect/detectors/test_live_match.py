"""What the look-out on live streams tells is a signal on stream and account."""

from havenwall.detect.detectors.live_match import LIVE_SOURCE, LiveMatches


def told(**fields):
    attributes = {"risk": "0.912", "level": "3", "bank": "hotline", "entry": "e1", "other": "x"}
    return {"type": "live", "source": LIVE_SOURCE, "target": "live:s", "attributes": attributes} | fields


def test_a_match_is_a_signal_on_stream_and_account(frame):
    stream, account = LiveMatches().detect(frame(told()))
    assert (stream.entity, account.entity, stream.strength) == ("live:s", "account:a", 0.912)
    assert stream.evidence == {
        "risk": "0.912",
        "level": "3",
        "bank": "hotline",
        "entry": "e1",
        "stream": "live:s",
    }
    assert stream.id != account.id


def test_the_platforms_own_live_events_are_none(frame):
    assert LiveMatches().detect(frame(told(source="platform"))) == []


def test_a_broken_event_says_nothing_strong(frame):
    found = LiveMatches().detect(frame(told(attributes={"risk": "much"})))
    assert [each.strength for each in found] == [0.0, 0.0]
