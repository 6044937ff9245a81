from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.intake.samples import LINK

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadInput
from havenwall.intake import check_event, problems, tidy
from havenwall.intake.rules import RULES
from havenwall.model import EventType, LinkKind

POST = {
    "source": "plat",
    "source_id": "p1",
    "type": "post",
    "at": "2026-01-31T12:00:00Z",
    "entity": "account:1",
    "target": "post:9",
}


def as_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = EVENT_SCHEMA | {"at": pl.String()}
    full = [{name: row.get(name) for name in EVENT_SCHEMA} for row in rows]
    for row in full:
        if row["attributes"] is not None:
            row["attributes"] = msgspec.json.encode(row["attributes"]).decode()
    return pl.DataFrame(full, schema=schema)


def test_a_valid_link_becomes_an_event() -> None:
    event = check_event(msgspec.json.encode(LINK))
    assert event.type is EventType.LINK
    assert event.link is LinkKind.FOLLOW
    assert event.at == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert event.weight == 1.0


def test_values_are_brought_into_normal_form() -> None:
    event = check_event(
        POST
        | {
            "at": "2026-01-31 13:00:00.1234567+01",
            "entity": "ACCOUNT:Ab",
            "tags": ["#BlueWhistle", "＃Tin", "STRASSE", "straße", "#", "  "],
        }
    )
    assert event.at == datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
    assert event.entity == "account:Ab"
    assert event.tags == ("bluewhistle", "tin", "strasse", "strasse")


def test_a_mapping_may_hold_a_datetime_and_nulls() -> None:
    at = datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1)))
    event = check_event(LINK | {"at": at, "weight": None, "tags": None, "attributes": None, "text": None})
    assert event.at == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert (event.weight, event.tags, event.attributes) == (1.0, (), {})


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"at": "2026-01-31T12:00:00"}, "at", "has no time zone"),
        ({"at": datetime(2026, 1, 31)}, "at", "has no time zone"),  # noqa: DTZ001
        ({"at": "yesterday"}, "at", "is not a time"),
        ({"at": "2026-02-30T12:00:00Z"}, "at", "is not a time"),
        ({"at": "1066-10-14T12:00:00Z"}, "at", "is not between"),
        ({"source": ""}, "source", "is missing"),
        ({"source": "x" * 101}, "source", "longer than 100"),
        ({"source_id": "x" * 301}, "source_id", "longer than 300"),
        ({"source_id": "a\0b"}, "source_id", "NUL"),
        ({"type": "Link"}, "type", "is not an event type"),
        ({"entity": "1"}, "entity", "is not kind:id"),
        ({"entity": "account:"}, "entity", "is not kind:id"),
        ({"type": "confirmed", "target": None, "link": None, "entity": "post:1"}, "entity", "does not allow"),
        ({"type": "post", "link": None}, "target", "does not allow"),
        ({"type": "account", "link": None}, "target", "have none"),
        ({"target": None}, "target", "is missing"),
        ({"target": "account:1"}, "target", "is the entity itself"),
        ({"link": None}, "link", "is missing"),
        ({"link": "friend"}, "link", "is not a kind of link"),
        ({"type": "report"}, "link", "only link and unlink"),
        ({"weight": 0}, "weight", "greater than 0"),
        ({"weight": float("nan")}, "weight", "finite"),
        ({"weight": float("inf")}, "weight", "finite"),
        ({"weight": "2"}, "weight", "Expected `float"),
        ({"text": "x" * 10_001}, "text", "longer than 10,000"),
        ({"tags": ["x"] * 101}, "tags", "more than 100"),
        ({"tags": ["a\0"]}, "tags", "NUL"),
        ({"attributes": {"md5": "\0"}}, "attributes", "NUL"),
        ({"attributes": {"md5": 1}}, "attributes", "Expected `str`"),
        ({"colour": "red"}, "colour", "is not a field"),
    ],
)
def test_a_fault_names_field_reason_and_remedy(change: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        check_event(LINK | change)
    assert caught.value.field == field
    assert caught.value.hint


@pytest.mark.parametrize("raw", [b"", b"[1]", b"{", b'{"source": "\xff"}', b"[" * 100_000, b"nothing"])
def test_what_is_no_object_is_bad_input(raw: bytes) -> None:
    with pytest.raises(BadInput):
        check_event(raw)


def test_text_that_is_not_unicode_is_bad_input() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        check_event(POST | {"text": "\ud800"})


def test_a_nul_in_words_of_attributes_is_no_nul() -> None:
    assert check_event(POST | {"attributes": {"a": r"\u0000"}}).attributes == {"a": r"\u0000"}


def test_columns_may_be_typed_or_text() -> None:
    frame = as_frame([LINK, LINK | {"at": "2026-01-31T12:00:00"}, LINK])
    frame = frame.with_columns(
        weight=pl.Series(["2.5", None, "heavy"]), attributes=pl.Series(["{}", None, '{"a": 1}'])
    )
    neat = tidy(frame)
    assert neat["weight"].to_list() == [2.5, 1.0, None]
    assert neat.select(*EVENT_SCHEMA).schema == pl.Schema(EVENT_SCHEMA)
    assert problems(neat).rows() == [
        (None, None),
        ("at", "has no time zone; end it with Z or an offset: 2026-01-31T12:00:00Z"),
        ("weight", "is not a number; write it as 1.5, or leave it out for 1"),
    ]


def test_attributes_that_are_no_object_of_texts_are_found_in_columns() -> None:
    texts = ["[1]", "{", '{"a": 1}', '{"a": "b"}']
    frame = as_frame([POST] * 4).with_columns(attributes=pl.Series(texts))
    assert problems(tidy(frame))["field"].to_list() == ["attributes"] * 3 + [None]


def test_an_empty_frame_has_no_problems() -> None:
    assert problems(tidy(as_frame([]))).height == 0


def test_every_rule_has_a_remedy_and_stands_in_field_order() -> None:
    fields = [rule.fault.field for rule in RULES]
    order = list(dict.fromkeys(fields))
    assert order == list(EVENT_SCHEMA)
    assert fields == sorted(fields, key=order.index)
    assert all(rule.fault.hint for rule in RULES)


WORDS = st.text(st.sampled_from("abIİßſ#＃ \0é:Kﬁ"), max_size=6)
NAMES: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(
        ["account:1", "post:2", "GROUP:x", "media:3", "live:4", "tag:a", "domain:d", "Account:1"]
    ),
    st.sampled_from(["", "account:", "account", ":1", "user:1", "account:a\nb", "account:\n", "account:\0"]),
    st.builds("account:{}".format, WORDS),
    st.integers(285, 300).map(lambda n: "account:" + "x" * n),
)
TIMES = st.one_of(
    st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    st.sampled_from(["2026-01-31T12:00:00Z", "2026-01-31 12:00:00+00", "2026-01-31T12:00:00.123456789-0530"]),
    st.sampled_from(
        ["2026-01-31T12:00:00", "2026-01-31", "", "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z"]
    ),
    st.sampled_from(["2026-01-31T12:00:60Z", "2026-01-31T12:00:00+25:00", "1900-01-01T00:00:00+01:00", "x"]),
    st.sampled_from(
        ["1899-12-31T23:59:59.999999999Z", "2199-12-31T23:59:59-23:59", "2026-01-31T12:00:00Z\n"]
    ),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "source": st.sampled_from([None, "", "x" * 100, "x" * 101, "a\0"]),
    "source_id": st.sampled_from([None, "", "é" * 300, "é" * 301, "\0"]),
    "type": st.sampled_from([*(t.value for t in EventType), None, "", "LINK"]),
    "at": TIMES,
    "entity": NAMES,
    "target": st.one_of(st.none(), NAMES),
    "link": st.sampled_from([*(k.value for k in LinkKind), None, "", "tie"]),
    "weight": st.one_of(st.none(), st.floats(), st.just(1.5)),
    "text": st.sampled_from(["", "hello", "x" * 10_000, "x" * 10_001, "😀" * 10_000, "\0"]),
    "tags": st.one_of(st.none(), st.lists(WORDS, max_size=4), st.sampled_from([["ﷺ" * 20], ["a"] * 101])),
    "attributes": st.one_of(
        st.none(), st.dictionaries(WORDS, WORDS, max_size=2), st.just({"a": "x" * 10_000})
    ),
}
CHANGES = st.lists(st.one_of([st.tuples(st.just(k), v) for k, v in VALUES.items()]), max_size=3).map(dict)
RAW = st.builds(lambda base, changes: base | changes, st.sampled_from([LINK, POST]), CHANGES)


def row_wise(raw: dict[str, Any]) -> tuple[str | None, str | None]:
    try:
        check_event(raw)
    except BadInput as error:
        return error.field, f"{error.message.removeprefix(f'{error.field}: ')}; {error.hint}"
    return None, None


@given(st.lists(RAW, min_size=1, max_size=20))
@settings(max_examples=50)
def test_rows_and_columns_are_judged_alike(rows: list[dict[str, Any]]) -> None:
    neat = tidy(as_frame(rows))
    found = problems(neat)
    assert found.rows() == [row_wise(row) for row in rows]
    good = [check_event(row) for row in rows if row_wise(row) == (None, None)]
    kept = neat.filter(found["field"].is_null()).rows(named=True)
    for event, row in zip(good, kept, strict=True):
        assert (event.at, event.entity, event.target) == (row["at"], row["entity"], row["target"])
        assert (event.weight, event.text) == (row["weight"], row["text"])
        assert event.tags == tuple(row["tags"] or ())
        assert event.attributes == msgspec.json.decode(row["attributes"] or "{}")


@given(st.one_of(st.binary(), RAW.map(msgspec.json.encode)))
@settings(max_examples=50)
def test_any_bytes_are_an_event_or_bad_input(raw: bytes) -> None:
    with suppress(BadInput):
        event = check_event(raw)
        again = msgspec.json.encode(event)
        assert msgspec.json.encode(check_event(again)) == again
