import msgspec
import numpy as np
import polars as pl
import pytest
from tests.unit.sandbox.valid import check_valid

from havenwall.engine import EVENT_SCHEMA
from havenwall.model import EventType, LinkKind
from havenwall.network.graph import build_graph
from havenwall.sandbox.hard import HardPart, hard_confirmed, hard_events, listed_md5

TIE = ["entity", "target", "link"]


@pytest.fixture(scope="module")
def events(tiny):
    return pl.concat(hard_events(tiny))


def test_frames_have_the_event_columns(tiny):
    for frame in hard_events(tiny, "elsewhere"):
        assert dict(frame.schema) == EVENT_SCHEMA
        assert set(frame["source"]) == {"elsewhere"}


def test_every_event_is_valid(events):
    check_valid(events)


def test_the_same_each_time(tiny, events):
    assert pl.concat(hard_events(tiny)).equals(events)


def test_links_that_stand_are_the_graph(tiny, events):
    made = events.filter(pl.col("type") == "link")
    gone = events.filter(pl.col("type") == "unlink").select(TIE).unique()
    standing = made.join(gone, on=TIE, how="anti").group_by(TIE).agg(since=pl.col("at").min())
    built, own = build_graph(standing), tiny.graph()
    assert len(built.names) <= own.n
    for kind, part in own.between.items():
        assert pairs(built.between[kind], built.names, built.names) == pairs(part, own.names, own.names)
    for kind, part in own.uses.items():
        assert pairs(built.uses[kind], built.names, built.things[kind]) == pairs(
            part, own.names, own.things[kind]
        )


def pairs(matrix, rows, columns):
    return set(
        zip(rows.many(matrix.sources()), columns.many(matrix.indices), matrix.since.tolist(), strict=True)
    )


def test_nothing_happens_before_its_account_or_after_the_end(tiny, events):
    born = events.filter(pl.col("type") == "account").select("entity", born="at")
    acts = events.filter(pl.col("type").is_in(["link", "post", "media"])).join(born, on="entity")
    assert acts.filter(pl.col("at") < pl.col("born")).is_empty()
    assert events["at"].max() <= tiny.config.end


def test_profiles_tell_handles_and_hints(tiny, events):
    told = events.filter(pl.col("type") == "account").head(tiny.config.accounts)
    decoded = [msgspec.json.decode(text, type=dict[str, str]) for text in told["attributes"]]
    assert [entry["handle"] for entry in decoded] == tiny.handles
    assert [entry.get("minor") == "true" for entry in decoded] == tiny.hints.minor.tolist()
    assert [entry.get("verified") == "true" for entry in decoded] == tiny.hints.verified.tolist()


def test_hash_hits_show_in_media_events(tiny, events):
    listed = listed_md5(tiny)
    media = events.filter(pl.col("type") == "media")
    hit = media.filter(pl.col("attributes").str.json_path_match("$.md5").is_in(listed))
    names = {tiny.ids[row] for row in np.flatnonzero(tiny.hits)}
    assert set(hit["entity"]) == names
    assert names


def test_confirmed_accounts_are_told(tiny):
    rows = np.flatnonzero(tiny.part == HardPart.TRADER)[:3]
    frame = hard_confirmed(tiny, rows)
    assert dict(frame.schema) == EVENT_SCHEMA
    assert frame["entity"].to_list() == [tiny.ids[row] for row in rows]
    assert set(frame["type"]) == {EventType.CONFIRMED.value}


def test_removed_accounts_are_untied(tiny, events):
    former = set(tiny.former.ids)
    assert set(events.filter(pl.col("type") == "removed")["entity"]) == former
    ends = pl.col("entity").is_in(former) | pl.col("target").is_in(former)
    ties = events.filter(ends & pl.col("link").is_not_null())
    assert set(ties.filter(pl.col("type") == "link").select(TIE).iter_rows()) == set(
        ties.filter(pl.col("type") == "unlink").select(TIE).iter_rows()
    )
    assert LinkKind.FOLLOW.value in set(ties["link"])
