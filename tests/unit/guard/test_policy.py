from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from havenwall.errors import BadConfig, BadInput
from havenwall.guard import CONTACTS, Outcome, Surface, ViewerClass, load_policy
from havenwall.guard.codes import CODES, NO_CANDIDATE, RESTRICTIONS, UNKNOWN, code_of
from havenwall.model import Restriction

CONNECTING = (
    Surface.RECOMMENDED_ACCOUNTS,
    Surface.RECOMMENDED_CONTENT,
    Surface.RECOMMENDED_GROUPS,
    Surface.RECOMMENDED_TAGS,
    Surface.PEOPLE_YOU_MAY_KNOW,
    Surface.AUTOCOMPLETE,
    Surface.RELATED_SEARCHES,
    Surface.TRENDS,
    Surface.LIVE_DISCOVERY,
    Surface.DIGESTS,
)
CHOSEN = (Surface.SEARCH_QUERY, Surface.SEARCH_RESULTS, Surface.HASHTAG_PAGE, Surface.NOTIFICATIONS)


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


def test_every_surface_is_of_one_kind() -> None:
    assert sorted((*CONNECTING, *CHOSEN, *CONTACTS)) == sorted(Surface)


@pytest.mark.parametrize("surface", CONTACTS)
def test_contact_makes_no_new_edge_while_data_is_too_old_and_keeps_what_there_is(surface: Surface) -> None:
    policy = load_policy()
    fresh, outdated = policy.row(surface, outdated=False), policy.row(surface, outdated=True)
    assert fresh.outcomes[UNKNOWN] is Outcome.ALLOW
    for restriction in RESTRICTIONS[1:]:
        assert not fresh.allowed[code_of(restriction, confirmed=False)]
    assert outdated.outcomes[UNKNOWN] is Outcome.NO_NEW_EDGE
    assert (outdated.allowed[UNKNOWN], outdated.tied[UNKNOWN]) == (False, True)
    assert all(
        old.severity >= new.severity
        for code, (old, new) in enumerate(zip(outdated.outcomes, fresh.outcomes, strict=True))
        if code != code_of(Restriction.NONE, confirmed=True)
    )


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
    assert row.allowed.tolist() == [outcome.shows() for outcome in row.outcomes]
    assert row.tied.tolist() == [outcome.shows(tied=True) for outcome in row.outcomes]
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


SUPPRESSED, RESTRICTED = (
    code_of(restriction, confirmed=False) for restriction in (Restriction.SUPPRESSED, Restriction.RESTRICTED)
)


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("outdated", [False, True])
@pytest.mark.parametrize("viewer", [ViewerClass.MINOR, ViewerClass.RESTRICTED])
def test_minors_and_restricted_viewers_are_never_better_off(
    surface: Surface, outdated: bool, viewer: ViewerClass
) -> None:
    policy = load_policy()
    ordinary = policy.row(surface, outdated=outdated)
    for restricted in (False, True):
        row = policy.row(surface, outdated=outdated, viewer=viewer, restricted=restricted)
        for code in range(CODES):
            assert row.outcomes[code].severity >= ordinary.outcomes[code].severity
            assert row.factors[code] <= ordinary.factors[code]


@pytest.mark.parametrize("surface", Surface)
def test_a_reviewer_is_always_warned_and_a_restricted_one_is_none(surface: Surface) -> None:
    policy = load_policy()
    row = policy.row(surface, outdated=False, viewer=ViewerClass.REVIEWER)
    for code in range(SUPPRESSED, NO_CANDIDATE):
        assert row.outcomes[code].severity >= Outcome.INTERSTITIAL.severity
    both = policy.row(surface, outdated=False, viewer=ViewerClass.REVIEWER, restricted=True)
    own = policy.row(surface, outdated=False, viewer=ViewerClass.RESTRICTED)
    assert all(b.severity >= o.severity for b, o in zip(both.outcomes, own.outcomes, strict=True))


def test_shipped_classes_differ_where_they_should() -> None:
    policy = load_policy()
    seen = {
        viewer: policy.row(Surface.HASHTAG_PAGE, outdated=False, viewer=viewer).outcomes[SUPPRESSED]
        for viewer in ViewerClass
    }
    assert seen == {
        ViewerClass.ORDINARY: Outcome.DEMOTE,
        ViewerClass.MINOR: Outcome.DROP,
        ViewerClass.RESTRICTED: Outcome.DROP,
        ViewerClass.REVIEWER: Outcome.INTERSTITIAL,
    }


@pytest.mark.parametrize(
    ("viewers", "field"),
    [
        ({"minor": {"suppressed": "interstitial"}}, "trends.viewers.minor.suppressed"),
        ({"minor": {"restricted": {"demote": 0.5}}}, "trends.viewers.minor.restricted"),
        ({"restricted": {"removed": "allow"}}, "trends.viewers.restricted.removed"),
        ({"reviewer": {"suppressed": "allow"}}, "trends.viewers.reviewer.suppressed"),
        ({"reviewer": {"suppressed": "drop", "restricted": "interstitial"}}, "trends.viewers.reviewer"),
        ({"minor": {"removed": "demote"}}, "trends.viewers.minor.removed"),
        ({"minor": {"unknown": "drop_and_refer"}}, "trends.viewers.minor.suppressed"),
        ({"ordinary": {"removed": "drop"}}, "trends.viewers.ordinary"),
        ({"child": {}}, "trends"),
        ({"minor": {"spelling": "drop"}}, "trends.viewers"),
    ],
)
def test_a_wrong_override_is_named_with_a_remedy(tmp_path: Path, viewers: object, field: str) -> None:
    data = shipped()
    data["trends"]["viewers"] = viewers
    with pytest.raises(BadConfig) as caught:
        load_policy(written(tmp_path, data))
    assert str(caught.value.field).startswith(field)
    assert caught.value.hint


def test_a_smaller_factor_is_more_severe(tmp_path: Path) -> None:
    data = shipped()
    data["trends"]["candidate"] = {
        "suppressed": {"demote": 0.1},
        "restricted": {"demote": 0.5},
        "removed": "drop",
    }
    with pytest.raises(BadConfig, match=r"trends\.candidate\.restricted: is milder"):
        load_policy(written(tmp_path, data))
    data["trends"]["candidate"]["restricted"] = {"demote": 0.05}
    data["trends"]["viewers"] = {"minor": {"suppressed": {"demote": 0.07}}}
    policy = load_policy(written(tmp_path, data))
    minor = policy.row(Surface.TRENDS, outdated=False, viewer=ViewerClass.MINOR)
    assert (minor.factors[SUPPRESSED], minor.factors[RESTRICTED]) == (0.07, 0.05)
