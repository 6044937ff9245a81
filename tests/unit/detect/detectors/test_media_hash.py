"""Media on a hash list are found exactly, whatever else the event holds."""

from havenwall.detect import MediaHashes, parse_hashes

MD5, PDQ = "ab" * 16, "cd" * 32
LIST = parse_hashes("known", f"{MD5}\npdq:{PDQ}\n".encode())


def media(**attributes):
    return {"type": "media", "target": "media:m", "attributes": attributes}


def test_a_hash_on_the_list_is_a_signal_on_the_account(frame):
    (found,) = MediaHashes(LIST).detect(frame(media(md5=MD5.upper())))
    assert (found.entity, found.strength) == ("account:a", 1.0)
    assert found.evidence == {"list": "known", "hash": "md5", "media": "media:m", "firm": "yes"}
    assert found.version == LIST.version


def test_each_kind_that_matches_is_a_signal(frame):
    found = MediaHashes(LIST).detect(frame(media(md5=MD5, pdq=PDQ)))
    assert [each.evidence["hash"] for each in found] == ["md5", "pdq"]
    assert found[0].id != found[1].id


def test_what_is_not_on_the_list_or_no_hash_is_none(frame):
    events = frame(media(md5="0" * 32), media(sha256=PDQ), media(md5="junk"), media(), media(md5='"{'))
    assert MediaHashes(LIST).detect(events) == []


def test_other_events_are_not_looked_at(frame):
    assert MediaHashes(LIST).detect(frame({"type": "account", "attributes": {"md5": MD5}})) == []
