"""A sandbox platform as something to audit: the one adapter that the audit cannot make by itself."""

from __future__ import annotations

from havenwall.audit.adapters.matrix import MatrixAdapter
from havenwall.audit.adapters.spec import SandboxSpec
from havenwall.sandbox import RECOMMENDERS, Platform, SandboxConfig, generate

_SIZE = SandboxConfig()


def sandbox_platform(spec: SandboxSpec) -> MatrixAdapter:
    """A recommender trained on a sandbox platform, which takes seconds for 20,000 accounts.

    Raises:
        BadConfig: the platform cannot be made as asked.
    """
    return sandbox_adapter(spec, generate(sandbox_of(spec), spec.seed))


def sandbox_adapter(spec: SandboxSpec, platform: Platform) -> MatrixAdapter:
    """A recommender trained on a platform that was generated as the spec says."""
    model = RECOMMENDERS[spec.recommender]().fit(platform.follows)
    snapshot = f"sandbox-{spec.recommender}-{spec.accounts}-{spec.camouflage:g}-{platform.seed}"
    return MatrixAdapter(model, platform.ids, snapshot)


def sandbox_of(spec: SandboxSpec) -> SandboxConfig:
    """The usual platform, with a network and a niche of the same share where the size is another."""
    share = spec.accounts / _SIZE.accounts
    least = 20 * _SIZE.rings
    return SandboxConfig(
        accounts=spec.accounts,
        communities=min(_SIZE.communities, spec.accounts // 50),
        members=max(round(_SIZE.members * share), least),
        niche=max(round(_SIZE.niche * share), least),
        bystanders=min(_SIZE.bystanders, spec.accounts // 50),
        camouflage=spec.camouflage,
    )
