"""What the query guard answers, by surface, severity, language, expiry and context."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.query import LONGEST_TEXT, QueryGuard, QueryOutcome, QuerySurface
from havenwall.guard.terms import load_benign, load_help, read_terms

BLOCK = {"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}
ROWS = [
    BLOCK,
    BLOCK | {"id": "t2", "term": "tin-lantern", "severity": "context", "context_terms": ["swap"]},
    BLOCK | {"id": "t3", "term": "amberfox", "severity": "suppress", "mode": "substring"},
    BLOCK | {"id": "t4", "term": "zedling", "language": "de"},
    BLOCK | {"id": "t5", "term": "glimmerpot", "expires": "2020-01-01T00:00:00Z"},
    {"allow": "bluewhistle bakery"},
]
SEARCH, COMPLETE, RELATED, TAG = QuerySurface


def made(*rows: dict[str, object], **options: object) -> QueryGuard:
    content = "\n".join(json.dumps(row) for row in rows).encode()
    return QueryGuard(read_terms([("list", content)]), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def guard() -> QueryGuard:
    return made(*ROWS)


@pytest.mark.parametrize(
    ("surface", "outcome", "helps"),
    [
        (SEARCH, QueryOutcome.BLOCKED, True),
        (COMPLETE, QueryOutcome.DROPPED, False),
        (RELATED, QueryOutcome.DROPPED, False),
        (TAG, QueryOutcome.CLOSED, True),
    ],
)
def test_each_surface_has_its_answer(
    guard: QueryGuard, surface: QuerySurface, outcome: QueryOutcome, helps: bool
) -> None:
    verdict = guard.query("b1ue whistle", surface)
    assert (verdict.outcome, verdict.term, bool(verdict.help)) == (outcome, "t1", helps)
    assert set(verdict.views) == {"leet", "spacing"}
    assert verdict.version == guard.terms.version


@pytest.mark.parametrize(
    ("text", "surface", "term"),
    [
        ("bluewhistle", SEARCH, "t1"),
        ("BLUEWHISTLE bakery", SEARCH, None),
        ("bluewhistle bakery bluewhistle", SEARCH, "t1"),
        ("b1uewhistle bakery", SEARCH, "t1"),
        ("tin lantern", SEARCH, None),
        ("tin lantern", COMPLETE, None),
        ("swap", SEARCH, None),
        ("swap tin lanterns", SEARCH, None),
        ("tinlantern s w a p", SEARCH, None),
        ("tin lantern swap", SEARCH, "t2"),
        ("swap my tin-lantern", TAG, "t2"),
        ("my amberfoxes", SEARCH, None),
        ("my amberfoxes", TAG, None),
        ("my amberfoxes", COMPLETE, "t3"),
        ("glimmerpot", SEARCH, None),
        ("glimmerpot", COMPLETE, None),
        ("bluewhistel", SEARCH, None),
        ("bluewhistel", TAG, None),
        ("bluewhistel", COMPLETE, "t1"),
        ("blue whistel", RELATED, "t1"),
        ("blue whale", COMPLETE, None),
        ("tin whistle", COMPLETE, None),
        ("", COMPLETE, None),
    ],
)
def test_what_counts(guard: QueryGuard, text: str, surface: QuerySurface, term: str | None) -> None:
    verdict = guard.query(text, surface)
    assert verdict.term == term
    assert (verdict.outcome is QueryOutcome.ALLOW) == (term is None)


@pytest.mark.parametrize(("language", "term"), [(None, "t4"), ("de", "t4"), ("de-AT", "t4"), ("fr", None)])
def test_a_language_leaves_out_terms_of_others(
    guard: QueryGuard, language: str | None, term: str | None
) -> None:
    assert guard.query("zedling", SEARCH, language=language).term == term
    assert guard.query("bluewhistle", SEARCH, language=language).term == "t1"


def test_benign_words_are_allowed(guard: QueryGuard) -> None:
    for text in load_benign():
        assert guard.query(text, COMPLETE).outcome is QueryOutcome.ALLOW


def test_help_fits_country_and_language(tmp_path: Path) -> None:
    file = tmp_path / "help.yaml"
    file.write_text(
        "- {name: A, url: a, country: de, language: de}\n- {name: B, url: b, country: de}\n"
        "- {name: C, url: c, language: fr}\n"
    )
    guard = made(BLOCK, help=load_help(file))

    def names(country: str | None, language: str | None) -> list[str]:
        return [r.name for r in guard.query("bluewhistle", SEARCH, country=country, language=language).help]

    assert (names("DE", "de"), names("de", "tr"), names("fr", "FR")) == (["A"], ["B"], ["C"])
    assert names("xx", None) == [r.name for r in load_help()]
    file.write_text("- {nom: A}")
    with pytest.raises(BadConfig, match=r"help\.yaml"):
        load_help(file)


def test_no_telephone_number_ships() -> None:
    assert all(not resource.phone for resource in load_help())


def test_a_list_over_the_budget_is_refused_and_the_term_named_by_id() -> None:
    rows = [BLOCK, BLOCK | {"id": "t2", "term": "tin", "mode": "substring"}]
    with pytest.raises(BadInput) as refused:
        made(*rows)
    assert refused.value.field == "list line 2"
    assert "t2" in str(refused.value)
    told = "".join(traceback.format_exception(refused.value))
    assert "bluewhistle" not in told
    assert made(*rows, budget=1000).false_hits > 2
    assert made(*rows, benign=["house"]).false_hits == 0


def test_without_lists_everything_is_allowed_and_the_version_says_why() -> None:
    verdict = QueryGuard(read_terms([])).query("bluewhistle", COMPLETE)
    assert (verdict.outcome, verdict.version) == (QueryOutcome.ALLOW, "")


@pytest.mark.parametrize(("text", "surface"), [("x" * (LONGEST_TEXT + 1), SEARCH), ("x", "trends")])
def test_what_cannot_be_answered_is_an_error(guard: QueryGuard, text: str, surface: QuerySurface) -> None:
    with pytest.raises(BadInput):
        guard.query(text, surface)


def test_views_show_how_a_text_is_read(guard: QueryGuard) -> None:
    shown = guard.views("Bl\u00fc3")
    assert (shown["case"], shown["diacritics"], shown["leet"]) == ("bl\u00fc3", "blu3", "blue")
