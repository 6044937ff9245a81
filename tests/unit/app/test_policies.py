"""A decision names only what the operator calls a policy: it is read by whoever is restricted."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.web.serving import confirmed, make_app

from havenwall.errors import BadInput
from havenwall.model import SYSTEM, Decision, Right, Verb, Viewer

WHO = "account:named"
MIRA = Viewer(name="user:mira", rights=frozenset(Right))


@pytest.mark.parametrize(
    ("named", "weights"), [("ask Ada about this one", "{spam: 0.5}"), ("spam", "{}"), ("Spam", "{spam: 0.5}")]
)
def test_what_somebody_typed_is_no_policy(tmp_path: Path, named: str, weights: str) -> None:
    (tmp_path / "strikes.yaml").write_text(f"weights: {weights}\n")
    with closing(make_app(tmp_path, strikes=tmp_path / "strikes.yaml")) as app:
        case = app.store.cases(SYSTEM).case(confirmed(app, WHO))
        with pytest.raises(BadInput) as refused:
            app.decide(MIRA, case.id, case.version, Verb.RESTRICT, [WHO], "seen", policy=named)
        assert refused.value.field == "policy"


@pytest.mark.parametrize(("named", "kept"), [(" spam ", "spam"), ("", None), (None, None)])
def test_one_with_a_weight_may_be_named_or_none(tmp_path: Path, named: str | None, kept: str | None) -> None:
    (tmp_path / "strikes.yaml").write_text("weights: {spam: 0.5}\n")
    with closing(make_app(tmp_path, strikes=tmp_path / "strikes.yaml")) as app:
        case = app.store.cases(SYSTEM).case(confirmed(app, WHO))
        done = app.decide(MIRA, case.id, case.version, Verb.RESTRICT, [WHO], "seen", policy=named)
        assert isinstance(done, Decision)
        assert done.policy == kept
