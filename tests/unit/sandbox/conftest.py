import pytest

from havenwall.sandbox import Platform, SandboxConfig, generate

SMALL = SandboxConfig(
    accounts=2_000,
    communities=10,
    members=100,
    niche=80,
    bystanders=10,
    removed=12,
    groups=12,
    benign_tags=30,
)


@pytest.fixture(scope="package")
def config() -> SandboxConfig:
    return SMALL


@pytest.fixture(scope="package")
def platform() -> Platform:
    return generate(SMALL, 7)
