"""A sandbox platform as something to audit."""

from __future__ import annotations

import pytest

from havenwall.app.platforms import sandbox_of, sandbox_platform
from havenwall.audit.adapters.spec import SandboxSpec
from havenwall.sandbox import SandboxConfig


@pytest.mark.parametrize("accounts", [400, 401, 999, 2_000, 20_000, 5_000_000])
def test_every_size_can_be_made(accounts: int) -> None:
    sandbox_of(SandboxSpec(accounts=accounts)).validated()


def test_the_usual_size_is_the_usual_platform() -> None:
    assert sandbox_of(SandboxSpec()) == SandboxConfig()


def test_the_snapshot_tells_platforms_apart() -> None:
    def named(**change: object) -> str:
        return sandbox_platform(
            SandboxSpec(**{"accounts": 400, "recommender": "friends", **change})
        ).snapshot_id()  # type: ignore[arg-type]

    assert named() == named()
    assert (
        len({named(), named(seed=1), named(camouflage=3.0), named(accounts=500), named(recommender="walk")})
        == 5
    )
