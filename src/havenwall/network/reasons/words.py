"""A score in sentences that a reviewer can check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havenwall.model import SeedShare, SharedThing


def sentences(
    score: float, threshold: float, seeds: Sequence[SeedShare], things: Sequence[SharedThing]
) -> tuple[str, ...]:
    """Why an account has its score, what the network does to it first: that says more than its own acts."""
    return (*_links(seeds), *_things(things), *_without(score, threshold, seeds))


def rests_on(score: float, threshold: float, seeds: Sequence[SeedShare]) -> int:
    """How many seeds, strongest first, would have to be taken back before the score is under the threshold.

    Adds up what each alone would take away, which is less than what they take away together: a lower bound
    on what the score can lose and so an upper bound on how many it rests on, among those worked out.
    """
    if score < threshold:
        return 0
    falls = sorted((score - seed.without for seed in seeds if seed.without is not None), reverse=True)
    left, taken = score, 0
    for fall in falls:
        left, taken = left - fall, taken + 1
        if left < threshold:
            break
    return taken


def _links(seeds: Sequence[SeedShare]) -> Iterator[str]:
    followed = [seed for seed in seeds if seed.links_from]
    following = [seed for seed in seeds if seed.links_to]
    both = max((seed.shared_followers for seed in seeds), default=0)
    if followed:
        yield f"{_accounts(len(followed))} {_s(len(followed), 'follows', 'follow')} it."
    if both:
        first = max(seeds, key=lambda seed: seed.shared_followers)
        many = sum(1 for seed in seeds if seed.shared_followers)
        yield f"It shares followers with {_accounts(many)}, most with {first.seed} ({both})."
    if following:
        yield f"It follows {_accounts(len(following))}. Watchers do that too."


def _things(things: Sequence[SharedThing]) -> Iterator[str]:
    for thing in things[:2]:
        users = _s(thing.users, "account uses", "accounts use")
        yield f"It uses {thing.entity}, as {_accounts(thing.confirmed)} do; {thing.users} {users} it in all."


def _without(score: float, threshold: float, seeds: Sequence[SeedShare]) -> Iterator[str]:
    told = [(seed.without, seed.seed) for seed in seeds if seed.without is not None]
    if not told:
        return
    low, seed = min(told)
    place = "under" if low < threshold <= score else "still over" if score >= threshold else "further under"
    would = f"Without {seed} its score would be {low:.1f} instead of {score:.1f}"
    yield f"{would}, {place} the present threshold."


def _accounts(count: int) -> str:
    return f"{count} confirmed {_s(count, 'account', 'accounts')}"


def _s(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
