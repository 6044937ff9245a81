from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from havenwall.network.graph import build_graph

START = datetime(2026, 1, 1, tzinfo=UTC)
KIND = {
    "tag": "tag_use",
    "group": "member",
    "domain": "shared_contact",
    "media": "shared_media",
    "live": "like",
}


@pytest.fixture(scope="session")
def make_graph():
    """A graph from (account number, thing name, day) or (account number, thing name)."""

    def make(uses, *, dated=False, links=()):
        rows = [
            (
                f"account:{use[0]:05}",
                use[1],
                KIND[use[1].split(":")[0]],
                START + timedelta(days=use[2]) if dated else None,
            )
            for use in uses
        ]
        schema = {
            "entity": pl.String,
            "target": pl.String,
            "link": pl.String,
            "since": pl.Datetime("us", "UTC"),
        }
        more = [(left, right, link, None) for left, right, link in links]
        return build_graph(pl.DataFrame(rows + more, schema=schema, orient="row"))

    return make


@pytest.fixture(scope="session")
def town(make_graph):
    """Accounts in 100 ordinary groups or tags of 3 to 30, a tag that all use, and what a test adds."""

    def build(*added, kind="group", accounts=1_000):
        rng = np.random.default_rng(0)
        uses = [
            (int(account), f"{kind}:plain-{number:04}")
            for number in range(100)
            for account in rng.choice(accounts, rng.integers(3, 31), replace=False)
        ]
        everybody = [(account, "tag:everybody") for account in range(accounts)]
        return make_graph([*uses, *everybody, *added])

    return build
