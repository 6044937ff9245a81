from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from havenwall.errors import BadConfig, BadInput
from havenwall.guard import Outcome, Surface, load_policy
from havenwall.guard.codes import CODES, NO_CANDIDATE, RESTRICTIONS, UNKNOWN, code_of
from havenwall.model import Restriction

CONNECTING = (
    Surface.RECOMMENDED_ACCOUNTS,
    Surface.RECOMMENDED_CONTENT,
    Surface.PEOPLE_YOU_MAY_KNOW,
    Surface.AUTOCOMPLETE,
    Surface.TRENDS,
    Surface.CONTACT,
)
CHOSEN = (Surface.SEARCH_RESULTS, Surface.HASHTAG_PAGE, Surface.NOTIFICATIONS)


def shipped() -> dict:
    return yaml.safe_load(files("havenwall.guard").joinpath("surfaces.yaml").read_text("utf-8"))


def written(folder: Path, data: object) -> Path:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    return path


@pytest.mark.parametrize("surface", CONNECTING)
def test_where_the_platform_connects_any_restriction_drops_and_failure_is_closed(surface: Surface) -> None:
    policy = load_policy()
    for restriction in RESTRICTIONS[1:]:
        code = code_of(restriction, confirmed=False)
        assert policy.row(surface, outdated=False).outcomes[code] is Outcome.DROP
    assert policy.row(surface, outdated=False).outcomes[UNKNOWN] is Outcome.ALLOW
    assert policy.row(surface, outdated=True).outcomes[UNKNOWN] is Outcome.DROP


@pytest.mark.parametrize("surface", CHOSEN)
def test_where_the_viewer_chose_failure_is_open_but_restrictions_still_hold(surface: Surface) -> None:
    policy = load_policy()
    fresh, outdated = policy.row(surface, outdated=False), policy.row(surface, outdated=True)
    assert outdated.outcomes == fresh.outcomes
    assert fresh.outcomes[UNKNOWN] is Outcome.ALLOW
    assert fresh.outcomes[code_of(Restriction.REMOVED, confirmed=True)] is Outcome.DROP


def test_only_a_confirmed_clearance_survives_a_closed_failure() -> None:
    outcomes = load_policy().row(Surface.TRENDS, outdated=True).outcomes
    allowed = [code for code in range(CODES) if outcomes[code] is Outcome.ALLOW]
    assert allowed == [code_of(Restriction.NONE, confirmed=True)]


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("outdated", [False, True])
def test_no_candidate_is_never_allowed_and_allowed_means_not_dropped(
    surface: Surface, outdated: bool
) -> None:
    row = load_policy().row(surface, outdated=outdated)
    assert row.outcomes[NO_CANDIDATE] is Outcome.DROP
    assert row.allowed.tolist() == [outcome is not Outcome.DROP for outcome in row.outcomes]
    assert all((row.factors[code] == 0) == (not row.allowed[code]) for code in range(CODES))


def test_demotion_carries_its_factor_and_closed_to_its_viewers(tmp_path: Path) -> None:
    data = shipped()
    data["trends"] |= {
        "candidate": {"suppressed": {"demote": 0.25}, "restricted": "interstitial", "removed": "drop"},
        "closed_to": ["suppressed"],
    }
    row = load_policy(written(tmp_path, data)).row(Surface.TRENDS, outdated=False)
    code = code_of(Restriction.SUPPRESSED, confirmed=True)
    assert (row.outcomes[code], row.factors[code], row.closed_to[code]) == (Outcome.DEMOTE, 0.25, True)
    assert row.outcomes[code_of(Restriction.RESTRICTED, confirmed=False)] is Outcome.INTERSTITIAL
    assert sum(row.closed_to) == 2


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("max_age", 0, "trends.max_age"),
        ("max_age", "long", "trends.max_age"),
        ("failure", "maybe", "trends.failure"),
        ("closed_to", ["everyone"], "trends.closed_to[0]"),
        ("spelling", 1, "trends"),
        ("candidate", {"suppressed": "drop", "restricted": "drop"}, "trends.candidate"),
        (
            "candidate",
            {"suppressed": {"demote": 2}, "restricted": "drop", "removed": "drop"},
            "trends.candidate.suppressed",
        ),
        (
            "candidate",
            {"suppressed": "demote", "restricted": "drop", "removed": "drop"},
            "trends.candidate.suppressed",
        ),
        (
            "candidate",
            {"suppressed": "drop", "restricted": "allow", "removed": "drop"},
            "trends.candidate.restricted",
        ),
    ],
)
def test_a_wrong_value_is_named_with_a_remedy(tmp_path: Path, key: str, value: object, field: str) -> None:
    data = shipped()
    data["trends"][key] = value
    with pytest.raises(BadConfig) as caught:
        load_policy(written(tmp_path, data))
    assert str(caught.value.field).startswith(field)
    assert caught.value.hint


def test_every_surface_must_be_there_and_no_other(tmp_path: Path) -> None:
    data = shipped()
    trends = data.pop("trends")
    with pytest.raises(BadConfig, match="trends: is missing"):
        load_policy(written(tmp_path, data))
    with pytest.raises(BadConfig, match="frontpage"):
        load_policy(written(tmp_path, data | {"trends": trends, "frontpage": trends}))


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe\x00", b"", b"- a list"])
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    with pytest.raises(BadConfig):
        load_policy(path)
    with pytest.raises(BadConfig, match="cannot be read"):
        load_policy(tmp_path / "absent.yaml")


def test_an_unknown_surface_is_bad_input() -> None:
    with pytest.raises(BadInput, match="frontpage"):
        load_policy().max_age("frontpage")  # type: ignore[arg-type]
