import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audit.listing import Listing

from havenwall.audit import (
    ARMS,
    OPEN,
    PERSONAS,
    Arm,
    AuditPlan,
    AuditSurface,
    Label,
    LabelService,
    MaskGate,
    World,
)
from havenwall.audit.walk import act_on, exposure_of, walk

ACCOUNTS = AuditSurface.ACCOUNTS


def quietly(arm: str) -> None:
    """Reports to nobody."""


def exposures(world, plan, seed=3):
    """(accounts, rounds) by arm."""
    trails = walk(world, plan, np.random.default_rng(seed), quietly)
    member = world.labels.are(Label.MEMBER)
    return {arm: exposure_of(member, trail.shown[ACCOUNTS]) for arm, trail in trails.items()}


def gated(world, **gates):
    adapter = world.arms["none"].adapter
    arms = {name: Arm(adapter=adapter, gate=gate) for name, gate in gates.items()}
    return msgspec.structs.replace(world, arms=arms)


def listed(ranking, **labels):
    """A world of one arm, whose platform always ranks the same list."""
    platform = Listing(ranking)
    service = LabelService({e: [Label(labels.get(e.partition(":")[2], "ordinary"))] for e in ranking})
    return platform, World(platform_seed=4, labels=service, arms={"one": Arm(adapter=platform)})


def test_an_empty_place_counts_as_not_exposed():
    member = np.array([True, False, True, False])
    assert exposure_of(member, np.array([[0, 1, 2, -1], [-1, -1, -1, -1]])).tolist() == [0.5, 0.0]


def test_arms_with_the_same_gate_are_the_same_walk(world, plan):
    known = world.arms["known"].gate
    plan = msgspec.structs.replace(plan, persona="control")
    first, *others = exposures(gated(world, **dict.fromkeys(ARMS, known)), plan).values()
    assert first.any()
    for other in others:
        np.testing.assert_array_equal(first, other)


def test_the_recommender_pulls_in_and_the_gates_hold_in_order(world, plan):
    found = exposures(world, plan)
    none, known, havenwall, ideal = (found[arm].mean() for arm in ARMS)
    assert none > known > havenwall > ideal
    assert found["none"][:, -1].mean() > 5 * world.prevalence


def test_every_round_of_every_arm_is_reported(world, plan):
    steps = []
    walk(world, plan, np.random.default_rng(3), steps.append)
    assert steps == [arm for arm in ARMS for _ in range(plan.rounds)]


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_gate_that_drops_the_network_leaves_no_exposure(world, plan, persona):
    plan = msgspec.structs.replace(plan, persona=persona)
    assert not exposures(world, plan, 5)["all_known"].any()


def test_the_platform_is_reset_with_its_seed_and_told_who_comes():
    platform, world = listed(["account:m", "account:a", "account:b"], m="member", a="neighbour")
    plan = AuditPlan(persona="minor", accounts=2, rounds=1, k=2, follows_per_round=1)
    walk(world, plan, np.random.default_rng(0), quietly)
    assert platform.resets == [4]
    assert [(each.name, each.viewer) for each in platform.profiles] == [
        ("minor-0", "minor"),
        ("minor-1", "minor"),
    ]
    assert {act.target for act in platform.acts[:2]} == {"account:a"}


def test_one_view_views_before_it_follows():
    platform, world = listed(["account:m", "account:a", "account:b"], m="member")
    plan = AuditPlan(persona="one-view", accounts=2, rounds=1, k=2, follows_per_round=1)
    walk(world, plan, np.random.default_rng(0), quietly)
    assert [act.kind for act in platform.acts] == ["view", "view", "follow", "follow"]


def test_each_surface_is_looked_at_and_words_are_typed_in_turn():
    platform, world = listed(["account:m", "post:a", "tag:b", "query:c"], m="member")
    surfaces = (AuditSurface.CONTENT, AuditSurface.SEARCH)
    words = ("tin", "lantern")
    plan = AuditPlan(
        persona="curious", accounts=2, rounds=2, k=4, follows_per_round=4, surfaces=surfaces, queries=words
    )
    trail = walk(world, plan, np.random.default_rng(0), quietly)["one"]
    assert set(trail.shown) == set(trail.chosen) == set(surfaces)
    assert [(a.surface, a.query) for a in platform.asked] == [
        *[("content", "")] * 2,
        *[("search", "tin"), ("search", "lantern")],
        *[("content", "")] * 2,
        *[("search", "lantern"), ("search", "tin")],
    ]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("account:a", "follow"),
        ("tag:a", "follow"),
        ("post:a", "view"),
        ("query:tin", "search"),
        ("a", "view"),
    ],
)
def test_what_is_done_with_a_choice(target, kind):
    assert act_on(target) == kind


@settings(max_examples=40)
@given(
    persona=st.sampled_from(sorted(PERSONAS)),
    k=st.integers(1, 30),
    follows=st.integers(1, 30),
    seed=st.integers(0, 1000),
    dropped=st.sets(st.integers(0, 39), max_size=35),
)
def test_what_holds_for_every_walk(persona, k, follows, seed, dropped):
    ranking = [f"account:{n}" for n in range(40)]
    named = {str(n): "member" for n in range(10)} | {str(n): "neighbour" for n in range(10, 20)}
    platform, world = listed(ranking, **named)
    gate = MaskGate(np.isin(np.arange(40), list(dropped)))
    world = msgspec.structs.replace(world, arms={"one": Arm(adapter=platform, gate=gate)})
    plan = AuditPlan(persona=persona, accounts=3, rounds=3, k=k, follows_per_round=min(follows, k))
    trail = walk(world, plan, np.random.default_rng(seed), quietly)["one"]
    shown, chosen = trail.shown[ACCOUNTS], trail.chosen[ACCOUNTS]
    assert shown.shape == (3, 3, k)
    assert (np.isin(chosen, shown) | (chosen == -1)).all()
    assert not np.isin(shown, list(dropped)).any()
    done = [(act.account, act.target) for act in platform.acts]
    assert len(set(done)) == len(done)
    assert len(done) <= 3 * 5 + 3 * 3 * plan.follows_per_round


def test_an_open_gate_shows_the_ranking_itself():
    platform, world = listed(["account:m", "account:a", "account:b"], m="member")
    world = msgspec.structs.replace(world, arms={"one": Arm(adapter=platform, gate=OPEN)})
    plan = AuditPlan(persona="seek", accounts=1, rounds=1, k=2, follows_per_round=1)
    shown = walk(world, plan, np.random.default_rng(0), quietly)["one"].shown[ACCOUNTS]
    assert [world.labels.ids[n] for n in shown[0, 0]] == ["account:a", "account:b"]
