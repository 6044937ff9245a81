import msgspec
import polars as pl
import pytest

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadConfig
from havenwall.sandbox import Role, SandboxConfig, large, stream_platform


def test_chunks_make_one_platform(config, tmp_path, monkeypatch):
    monkeypatch.setattr(large, "CHUNK_ACCOUNTS", 700)
    seen = []
    paths = stream_platform(config, 7, tmp_path, lambda done, total: seen.append((done, total)))
    assert seen == [(700, 2_000), (1_400, 2_000), (2_000, 2_000)]
    assert paths == sorted(tmp_path.glob("links-*.parquet"))
    links = pl.read_parquet(paths)
    assert dict(links.schema) == EVENT_SCHEMA
    assert links["source_id"].n_unique() == links.height
    assert links.select("entity", "target").n_unique() == links.height
    assert 0.9 < links.height / (config.accounts * config.mean_follows) < 1.15


def test_truth_is_apart_and_holds_the_network(config, tmp_path):
    paths = stream_platform(config, 7, tmp_path)
    truth = pl.read_parquet(tmp_path / "truth.parquet")
    assert tmp_path / "truth.parquet" not in paths
    members = truth.filter(pl.col("role").is_in([Role.TRADER, Role.BUYER]))
    assert members.height == config.members
    inside = pl.read_parquet(paths).filter(
        pl.col("entity").is_in(members["entity"].implode())
        & pl.col("target").is_in(members["entity"].implode())
    )
    assert inside.height > 5 * config.members


def test_same_seed_same_files(config, tmp_path):
    one = stream_platform(config, 7, tmp_path / "one")
    two = stream_platform(config, 7, tmp_path / "two")
    assert pl.read_parquet(one).equals(pl.read_parquet(two))


def test_bad_config_is_refused(tmp_path):
    with pytest.raises(BadConfig):
        stream_platform(msgspec.structs.replace(SandboxConfig(), rings=0), 7, tmp_path)
