"""The places of a platform the guard stands at, and what it can say there."""

from __future__ import annotations

from enum import StrEnum


class Surface(StrEnum):
    """A place where a platform shows entities to a viewer; policy is written per surface."""

    RECOMMENDED_ACCOUNTS = "recommended_accounts"
    """"Suggested for you": accounts the platform chose."""
    RECOMMENDED_CONTENT = "recommended_content"
    """Posts, media and streams the platform chose."""
    PEOPLE_YOU_MAY_KNOW = "people_you_may_know"
    """Accounts offered because of shared contacts or ties."""
    SEARCH_RESULTS = "search_results"
    """Entities that answer a query the viewer typed."""
    AUTOCOMPLETE = "autocomplete"
    """Completions and related tags the platform offers while the viewer types."""
    HASHTAG_PAGE = "hashtag_page"
    """What a tag's own page lists."""
    TRENDS = "trends"
    """Tags, groups and streams shown as popular."""
    CONTACT = "contact"
    """A first message or request from one account to another."""
    NOTIFICATIONS = "notifications"
    """Notices about accounts the viewer already follows."""


class Outcome(StrEnum):
    """What the guard says about one candidate, mildest first."""

    ALLOW = "allow"
    DEMOTE = "demote"
    """Show it, with its score multiplied by the verdict's factor."""
    INTERSTITIAL = "interstitial"
    """Show a warning before it."""
    DROP = "drop"
    """Do not show it."""

    @property
    def severity(self) -> int:
        """0 for allow, rising to 3 for drop."""
        return _SEVERITY[self]


_SEVERITY = {outcome: severity for severity, outcome in enumerate(Outcome)}
