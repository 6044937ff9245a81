"""A plan that is run from a browser starts no program, sends no secret, and reads files of one folder."""

import msgspec
import pytest
from tests.unit.audit.release.kept import plan

from havenwall.app.audit_bounds import bounded
from havenwall.app.config import Config
from havenwall.audit.release.plan import ArmPlan
from havenwall.errors import BadInput

HTTP = {"adapter": "http", "url": "http://127.0.0.1:9/audit/v1"}
COMMAND = {"adapter": "command", "command": ["rm", "-r"]}


@pytest.fixture
def config(tmp_path):
    return Config(data=tmp_path / "data", endpoint_http=True)


def test_a_small_sandbox_plan_may_run(config):
    assert bounded(plan(), config) == plan()


def test_a_recommender_behind_http_may_be_asked_with_a_token_of_its_own(config):
    with_token = plan(platform=HTTP | {"token_env": "AUDIT_TOKEN_STAGING"}, labels="labels.csv")
    assert bounded(with_token, config) == with_token


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("platform.adapter", {"platform": COMMAND}),
        ("platform.adapter", {"platform": {"adapter": "lenskit", "python": "os:getcwd"}}),
        ("platform.adapter", {"platform": {"adapter": "rectools", "python": "a.py:f"}}),
        ("platform.adapter", {"platform": {"adapter": "implicit", "model": "m", "ids": "i", "follows": "f"}}),
        ("arms.b.platform.adapter", {"arms": {"a": ArmPlan(), "b": ArmPlan(platform=COMMAND)}}),
        ("platform.accounts", {"platform": {"adapter": "sandbox", "accounts": 20_001}}),
        ("platform.token_env", {"platform": HTTP | {"token_env": "HAVENWALL_SEALING_KEY"}}),
        ("platform.url", {"platform": HTTP | {"url": "http://10.0.0.1/"}}),
        ("platform.url", {"platform": HTTP | {"url": "file:///etc/passwd"}}),
        ("platform.ca", {"platform": HTTP | {"ca": "/etc/ssl/x.pem"}}),
        ("labels", {"labels": "/etc/passwd"}),
        ("labels", {"labels": "../vault.key"}),
        ("labels", {"labels": "a\0b"}),
        ("popular", {"popular": "../x"}),
        ("ordinary", {"ordinary": "~/../../x"}),
        ("arms.a.drop", {"arms": {"a": ArmPlan(drop="../x")}}),
        ("arms.a.guard", {"arms": {"a": ArmPlan(guard="..")}}),
        ("accounts", {"accounts": 10_000, "rounds": 100}),
        ("accounts", {"accounts": 1_000, "rounds": 10, "k": 1_000}),
    ],
)
def test_what_may_not_run_from_here_is_named(config, field, changes):
    with pytest.raises(BadInput) as caught:
        bounded(plan(**changes), config)
    assert caught.value.field == field


def test_a_link_out_of_the_folder_is_followed_and_refused(config, tmp_path):
    (config.data / "audit").mkdir(parents=True)
    (config.data / "audit" / "labels.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(BadInput, match="labels"):
        bounded(plan(labels="labels.csv"), config)


def test_private_networks_are_asked_where_the_operator_allows_them(config):
    near = plan(platform=HTTP | {"url": "http://10.0.0.1/audit"}, labels="l.csv")
    allowed = msgspec.structs.replace(config, endpoint_networks="10.0.0.0/8")
    assert bounded(near, allowed) == near
