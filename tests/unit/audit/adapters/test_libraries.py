"""LensKit and RecTools, where they are installed: what cannot be audited as it is says so."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.audit.adapters.platforms import IDS, N, lenskit_pipeline, rectools_model

from havenwall.audit.adapter import Act, ActKind, Adapter, Ask, AuditSurface, Profile
from havenwall.audit.adapters.lenskit import LenskitAdapter
from havenwall.audit.adapters.rectools import RectoolsAdapter
from havenwall.errors import BadInput

ALS = "lenskit.als", "ImplicitMFScorer", {"embedding_size": 8, "epochs": 2}


def shown(adapter: Adapter, *targets: str) -> list[str]:
    adapter.reset(1)
    (account,) = adapter.create_accounts([Profile(name="test-1")])
    adapter.act([Act(account=account, kind=ActKind.FOLLOW, target=target) for target in targets])
    return adapter.recommend([Ask(account=account, surface=AuditSurface.ACCOUNTS, k=5)])[0]


def test_lenskit_ids_may_be_numbers() -> None:
    adapter = LenskitAdapter(lenskit_pipeline(*ALS, ids=range(N)), range(N))
    row = shown(adapter, "3", "7")
    assert len(row) == 5
    assert {int(one) for one in row} <= set(range(N)) - {3, 7}


def test_a_popular_list_is_shown_to_somebody_new() -> None:
    adapter = LenskitAdapter(lenskit_pipeline("lenskit.basic", "PopScorer", {}), IDS)
    assert len(shown(adapter)) == 5


def test_a_scorer_without_a_history_shows_nothing_to_somebody_new() -> None:
    adapter = LenskitAdapter(
        lenskit_pipeline("lenskit.knn", "ItemKNNScorer", {"k": 20, "feedback": "implicit"}), IDS
    )
    assert shown(adapter) == []
    assert len(shown(adapter, *IDS[:3])) == 5


def test_a_pipeline_that_shows_somebody_new_nothing_is_refused() -> None:
    builder = lenskit_pipeline(*ALS).modify()
    builder.connect("ranker", items=builder.add_component("shy", _shy, items=builder.node("scorer")))
    with pytest.raises(BadInput, match="recommends nothing to people it was not trained on"):
        LenskitAdapter(builder.build(), IDS)


def _shy(items: Any) -> Any:
    return items[:0]


@pytest.mark.parametrize("refit", [False, True])
def test_rectools_ids_may_be_numbers(refit: bool) -> None:
    model, data = rectools_model("EASEModel", ids=range(N))
    row = shown(RectoolsAdapter(model, data, refit=refit), "3", "7")
    assert len(row) == 5
    assert {int(one) for one in row} <= set(range(N)) - {3, 7}


def test_a_model_with_a_vector_per_person_must_be_fitted_again() -> None:
    model, data = rectools_model("PureSVDModel", factors=8, random_state=1)
    with pytest.raises(BadInput, match="ranks only for people it was fitted on") as found:
        RectoolsAdapter(model, data)
    assert found.value.hint is not None
    assert "refit" in found.value.hint
    assert len(shown(RectoolsAdapter(model, data, refit=True), *IDS[:3])) == 5


def test_the_trained_model_is_left_alone() -> None:
    model, data = rectools_model("PureSVDModel", factors=8, random_state=1)
    before = model.user_factors.copy()
    shown(RectoolsAdapter(model, data, refit=True), *IDS[:3])
    assert (model.user_factors == before).all()


def test_popularity_is_the_same_for_everybody_but_oneself() -> None:
    model, data = rectools_model("PopularModel")
    adapter = RectoolsAdapter(model, data)
    first = shown(adapter)
    assert len(first) == 5
    assert shown(adapter, first[0])[:4] == first[1:]
