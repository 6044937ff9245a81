"""The places of a platform the guard stands at, who looks there, and what it can say."""

from __future__ import annotations

from enum import StrEnum


class Surface(StrEnum):
    """A place where a platform brings entities before a viewer; policy is written per surface."""

    RECOMMENDED_ACCOUNTS = "recommended_accounts"
    """"Suggested for you": accounts the platform chose."""
    RECOMMENDED_CONTENT = "recommended_content"
    """Posts, media and streams the platform chose."""
    RECOMMENDED_GROUPS = "recommended_groups"
    """Groups the platform offers to join."""
    RECOMMENDED_TAGS = "recommended_tags"
    """Tags the platform offers to follow."""
    PEOPLE_YOU_MAY_KNOW = "people_you_may_know"
    """Accounts offered because of shared contacts or ties."""
    SEARCH_QUERY = "search_query"
    """What the viewer typed; the query guard decides the words, this row the entities they name."""
    SEARCH_RESULTS = "search_results"
    """Entities that answer a query the viewer typed."""
    AUTOCOMPLETE = "autocomplete"
    """Completions the platform offers while the viewer types."""
    RELATED_SEARCHES = "related_searches"
    """Queries and tags offered beside results."""
    HASHTAG_PAGE = "hashtag_page"
    """What a tag's own page lists."""
    TRENDS = "trends"
    """Tags, groups and streams shown as popular."""
    LIVE_DISCOVERY = "live_discovery"
    """Streams running now that the platform offers to watch."""
    FOLLOW = "follow"
    """One account follows another, or asks to."""
    MESSAGE = "message"
    """A message or request from one account to another."""
    COMMENT = "comment"
    """One account comments on what another posted."""
    NOTIFICATIONS = "notifications"
    """Notices about accounts the viewer already follows."""
    DIGESTS = "digests"
    """E-mails and summaries the platform composes and sends."""

    CONTACT = "message"
    """Earlier name of `message`."""

    @classmethod
    def _missing_(cls, value: object) -> Surface | None:
        # "contact" was one surface before follow, message and comment were told apart.
        return cls.MESSAGE if value == "contact" else None


CONTACTS = (Surface.FOLLOW, Surface.MESSAGE, Surface.COMMENT)
"""Where one account reaches for another: both sides count."""


class ViewerClass(StrEnum):
    """Who looks; a surface's rules may differ by it."""

    ORDINARY = "ordinary"
    MINOR = "minor"
    """Known or believed to be under age: never milder than ordinary."""
    RESTRICTED = "restricted"
    """Under any restriction itself: never milder than ordinary."""
    REVIEWER = "reviewer"
    """At work for trust and safety: may see what others do not, always behind a warning."""


class Outcome(StrEnum):
    """What the guard says about one candidate, mildest first."""

    ALLOW = "allow"
    DEMOTE = "demote"
    """Show it, with its score multiplied by the verdict's factor."""
    INTERSTITIAL = "interstitial"
    """Show a warning with the help resource before it, without a way to click through."""
    NO_NEW_EDGE = "no_new_edge"
    """Show it only to a viewer who is tied to it already; offer no new tie."""
    DROP = "drop"
    """Do not show it."""
    DROP_AND_REFER = "drop_and_refer"
    """Do not show it, and bring the attempt before a reviewer."""

    @property
    def severity(self) -> int:
        """0 for allow, rising to 5 for drop_and_refer."""
        return _SEVERITY[self]

    def shows(self, *, tied: bool = False) -> bool:
        """Whether the candidate is shown to a viewer; `tied` when the two are connected already."""
        return _SEVERITY[self] < (_DROP if tied else _NO_NEW_EDGE)


_SEVERITY = {outcome: severity for severity, outcome in enumerate(Outcome)}
_NO_NEW_EDGE, _DROP = _SEVERITY[Outcome.NO_NEW_EDGE], _SEVERITY[Outcome.DROP]
