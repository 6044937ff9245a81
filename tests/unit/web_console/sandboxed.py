"""A small synthetic platform taken through the real stages, so that there is a case to look at."""

from __future__ import annotations

import numpy as np

from havenwall.app import App
from havenwall.sandbox import SandboxConfig, confirmed_events, event_frames, generate

SMALL = SandboxConfig(
    accounts=1200,
    communities=6,
    members=90,
    rings=3,
    niche=100,
    bystanders=5,
    removed=5,
    groups=6,
    benign_tags=20,
    camouflage_follows=6.0,
    tag_bystanders=5,
    bystander_follows=4,
    gateways=2,
    internal_follows=9.0,
    mean_follows=10.0,
    posts_per_account=0.5,
)


def fill(app: App) -> None:
    """Journal a platform of 1,200 accounts, 30 of its 90 members confirmed, and run every stage."""
    platform = generate(SMALL, 3)
    known = np.sort(np.random.default_rng(1).choice(np.flatnonzero(platform.member), 30, replace=False))
    for frame in (*event_frames(platform), confirmed_events(platform, known)):
        app.store.journal.append_frame(frame)
    app.run()
