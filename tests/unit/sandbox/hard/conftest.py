import pytest

from havenwall.sandbox.hard import HardConfig, HardPlatform, generate_hard

SEED = 11


@pytest.fixture(scope="session")
def tiny() -> HardPlatform:
    """5,000 accounts: for what does not depend on size."""
    return generate_hard(HardConfig.scaled(5_000), SEED)


@pytest.fixture(scope="session")
def middle() -> HardPlatform:
    """60,000 accounts, 210 of them traders: the gates of `make test`."""
    return generate_hard(HardConfig.scaled(60_000), SEED)
