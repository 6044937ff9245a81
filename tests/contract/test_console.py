"""Choices, saved filters, presence and message templates, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from havenwall.errors import Conflict, NotFound
from havenwall.model import now
from havenwall.model.console import ConsoleChoice, MessageTemplate, SavedFilter
from havenwall.store import Store

LIFE = timedelta(seconds=90)


def saved(name: str, owner: str = "user:mira", role: str = "", query: str = "mine=true") -> SavedFilter:
    return SavedFilter(id=f"{owner}/{name}/{query}", name=name, owner=owner, query=query, role=role, at=now())


def test_choices_are_each_persons_own(any_store: Store) -> None:
    dark = ConsoleChoice(theme="dark", language="de", keys={"next": "n"})
    any_store.console.choose("user:mira", dark)
    any_store.console.choose("user:mira", dark)
    assert any_store.console.choice("user:mira") == dark
    assert any_store.console.choice("user:robin") == ConsoleChoice()


def test_a_filter_is_replaced_by_name_and_shared_by_role_only(any_store: Store) -> None:
    keep = any_store.console.save_filter
    keep(saved("a"), 9)
    keep(saved("a", query="overdue=true"), 9)
    keep(saved("b", "user:robin", role="senior"), 9)
    keep(saved("c", "user:robin"), 9)
    assert [(one.name, one.query) for one in any_store.console.filters("user:mira", "senior")] == [
        ("a", "overdue=true"),
        ("b", "mine=true"),
    ]
    assert [one.name for one in any_store.console.filters("user:mira", "reviewer")] == ["a"]
    assert any_store.console.filters("user:tom", "") == []


def test_only_the_owner_deletes_and_nobody_keeps_without_end(any_store: Store) -> None:
    mine = saved("a")
    any_store.console.save_filter(mine, 1)
    with pytest.raises(Conflict, match="1 filters"):
        any_store.console.save_filter(saved("b"), 1)
    with pytest.raises(NotFound):
        any_store.console.drop_filter("user:robin", mine.id)
    any_store.console.drop_filter("user:mira", mine.id)
    assert any_store.console.filters("user:mira", "") == []


def test_presence_is_short(any_store: Store) -> None:
    look = any_store.console.look
    assert look("c1", "user:mira", LIFE) == []
    assert [one.person for one in look("c1", "user:robin", LIFE)] == ["user:mira"]
    assert [one.person for one in look("c1", "user:mira", LIFE)] == ["user:robin"]
    assert look("c2", "user:mira", LIFE) == []
    assert look("c1", "user:mira", timedelta(0)) == []


def test_a_template_takes_the_place_of_the_one_before(any_store: Store) -> None:
    def text(body: str) -> MessageTemplate:
        return MessageTemplate(
            name="report.upheld", language="de", subject="s", body=body, by="user:mira", at=now()
        )

    any_store.console.keep_template(text("one"))
    any_store.console.keep_template(text("two"))
    assert [one.body for one in any_store.console.templates()] == ["two"]
    any_store.console.drop_template("report.upheld", "de")
    assert any_store.console.templates() == []
