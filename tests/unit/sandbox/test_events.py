import msgspec
import numpy as np
import polars as pl
import pytest
from tests.unit.sandbox.valid import check_valid

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadInput
from havenwall.model import Event
from havenwall.sandbox import confirmed_events, event_frames, write_events


@pytest.fixture(scope="module")
def events(platform):
    return pl.concat(event_frames(platform))


def test_frames_have_the_event_columns(platform):
    for frame in event_frames(platform, "elsewhere"):
        assert dict(frame.schema) == EVENT_SCHEMA
        assert set(frame["source"]) == {"elsewhere"}


def test_every_event_is_valid(events):
    check_valid(events)
    assert {"account", "link", "unlink", "post", "group", "report", "removed"} == set(events["type"])


def test_the_same_each_time(platform, events):
    assert pl.concat(event_frames(platform)).equals(events)


def test_links_that_stand_are_the_platforms_follows(platform, events):
    follows = events.filter(pl.col("link") == "follow")
    made = follows.filter(pl.col("type") == "link").select("entity", "target")
    gone = follows.filter(pl.col("type") == "unlink").select("entity", "target")
    standing = set(made.join(gone, on=["entity", "target"], how="anti").iter_rows())
    rows = np.repeat(np.arange(platform.follows.shape[0]), np.diff(platform.follows.indptr))
    ids = np.array(platform.ids)
    assert standing == set(zip(ids[rows].tolist(), ids[platform.follows.indices].tolist(), strict=True))
    assert set(gone["target"]) == set(platform.former.ids)


def test_posts_show_their_tag(events):
    posts = events.filter(pl.col("type") == "post")
    tagged = posts.filter(pl.col("tags").list.len() == 1)
    assert tagged.filter(~pl.col("text").str.ends_with(pl.lit("#") + pl.col("tags").list.first())).is_empty()
    assert posts.filter(pl.col("tags").list.len() == 0)["text"].str.contains("#").sum() == 0
    uses = events.filter(pl.col("link") == "tag_use")
    assert uses.height == tagged.height
    assert set(uses["target"]) == {f"tag:{tag}" for tag in tagged["tags"].explode()}


def test_confirmed_events_name_the_known(platform):
    known = np.flatnonzero(platform.member)[:5]
    frame = confirmed_events(platform, known)
    assert dict(frame.schema) == EVENT_SCHEMA
    assert frame["entity"].to_list() == [platform.ids[i] for i in known]
    assert set(frame["at"]) == {platform.config.end}
    assert frame["source_id"].n_unique() == 5
    assert set(confirmed_events(platform, known, at=0)["at"].dt.year()) == {1970}


def test_parquet_and_json_lines_say_the_same(platform, events, tmp_path):
    bulk = write_events(platform, tmp_path / "a", "parquet")
    lines = write_events(platform, tmp_path / "b", "jsonl")
    assert pl.read_parquet(bulk).equals(events)
    decoder = msgspec.json.Decoder(Event)
    decoded = [event for path in lines for event in decoder.decode_lines(path.read_bytes())]
    assert len(decoded) == events.height
    for event, row in zip(decoded[::50], events[::50].iter_rows(named=True), strict=True):
        assert (event.source_id, event.at, event.entity) == (row["source_id"], row["at"], row["entity"])
        assert (event.target, event.text, list(event.tags)) == (row["target"], row["text"], row["tags"])


def test_another_format_is_refused(platform, tmp_path):
    with pytest.raises(BadInput, match="csv"):
        write_events(platform, tmp_path, "csv")
