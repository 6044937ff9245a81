import numpy as np
import pytest

from havenwall.sandbox import Platform
from havenwall.sandbox.adversary import WEEK, Scene
from havenwall.sandbox.clock import present


@pytest.fixture(scope="package")
def scene(platform: Platform) -> Scene:
    """Every third member of the network is hidden."""
    hidden = np.zeros(len(platform.ids), dtype=np.bool_)
    hidden[np.flatnonzero(platform.member)[::3]] = True
    return Scene(platform=platform, hidden=hidden, release=1, until=present(platform.config) + WEEK)
