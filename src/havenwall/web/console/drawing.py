"""A case's network as one SVG, drawn on the server; colours come from the style sheet, by class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from markupsafe import Markup, escape

from havenwall.app.drawing import CaseGraph, GraphLink
from havenwall.model import Member, MemberState
from havenwall.web.console.layout import Box, Place, places
from havenwall.web.console.words import likelihood, state_word

MOST_MEMBERS = 300
"""More than this is a blot, and takes seconds."""
_FEW = 30
"""Up to so many, each account's name stands beside it."""
_ORDER = (MemberState.CLEARED, MemberState.CARE, MemberState.PROPOSED, MemberState.CONFIRMED)
_SHAPES: dict[MemberState, str] = {
    MemberState.CONFIRMED: "M0-{r}L{r} 0L0 {r}L-{r} 0Z",
    MemberState.PROPOSED: "M-{r} 0A{r} {r} 0 1 0 {r} 0A{r} {r} 0 1 0-{r} 0Z",
    MemberState.CLEARED: "M-{r}-{r}H{r}V{r}H-{r}Z",
    MemberState.CARE: "M0-{r}L{r} {r}H-{r}Z",
}
_GROWTH = {
    MemberState.CONFIRMED: 1.3,
    MemberState.PROPOSED: 1.0,
    MemberState.CLEARED: 0.85,
    MemberState.CARE: 1.25,
}
"""So that the shapes cover about the same area."""

Tie = tuple[str, str]


def network_svg(
    graph: CaseGraph,
    href: Callable[[str], str],
    *,
    path: Collection[GraphLink] = (),
    width: int = 960,
    height: int = 600,
) -> Markup:
    """The members of a case and the ties among them.

    A path of ties among them is drawn over the others, and its members are named. Shape and colour tell a
    member's state, size its probability; each leads to the member's page. The marks
    are kept out of the tab order, since a table lists the same accounts: three hundred stops help nobody.
    """
    ties = paired(graph.links)
    box = Box(width=width, height=height)
    where = places([member.entity for member in graph.members], ties.keys(), box)
    return Markup("").join(
        [
            Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" class="network">').format(
                width, height
            ),
            *_ties(ties, where),
            *(_step(where[link.entity], where[link.target]) for link in path),
            *_marks(graph.members, where, href, {end for link in path for end in (link.entity, link.target)}),
            Markup("</svg>"),
        ]
    )


def mark_svg(state: MemberState) -> Markup:
    """The mark of a state alone, for legends and tables (16 by 16 pixels, hidden from assistive software)."""
    return Markup(
        '<svg class="mark" viewBox="-9 -9 18 18" width="16" height="16" aria-hidden="true">{}</svg>'
    ).format(_shape(state, 6.5))


def paired(links: Iterable[GraphLink]) -> dict[Tie, bool]:
    """Each pair that is tied, in name order, and whether the tie goes both ways."""
    directed = {(link.entity, link.target) for link in links if link.entity != link.target}
    pairs = {(min(a, b), max(a, b)) for a, b in directed}
    return {(a, b): (a, b) in directed and (b, a) in directed for a, b in sorted(pairs)}


def _ties(ties: dict[Tie, bool], where: dict[str, Place]) -> Iterable[Markup]:
    # One path per account and kind keeps the page small: a tie is four numbers.
    fans: dict[tuple[bool, str], list[Place]] = defaultdict(list)
    for (start, end), both in ties.items():
        fans[both, start].append(where[end])
    for (both, start), ends in sorted(fans.items()):
        kind = "tie both" if both else "tie"
        yield Markup('<path class="{}" d="{}"/>').format(kind, _fan(where[start], ends))


def _step(start: Place, end: Place) -> Markup:
    return Markup('<path class="tie path" d="{}"/>').format(_fan(start, [end]))


def _fan(start: Place, ends: Collection[Place]) -> str:
    return "".join(f"M{start[0]:.0f} {start[1]:.0f}L{x:.0f} {y:.0f}" for x, y in ends)


def _marks(
    members: Collection[Member],
    where: dict[str, Place],
    href: Callable[[str], str],
    on_path: Collection[str],
) -> Iterable[Markup]:
    few = len(members) <= _FEW
    for member in sorted(members, key=lambda m: (m.entity in on_path, _ORDER.index(m.state))):
        walked = member.entity in on_path
        yield _mark(member, where[member.entity], href(member.entity), named=few or walked, walked=walked)


def _mark(member: Member, place: Place, href: str, *, named: bool, walked: bool) -> Markup:
    radius = 3.5 + 4 * member.probability
    title = f"{member.entity}: {state_word(member.state)}, {likelihood(member.probability)}"
    label = Markup('<text x="{:.0f}" y="4">{}</text>').format(radius + 6, member.entity) if named else ""
    return Markup(
        '<a href="{}" tabindex="-1"{} transform="translate({:.0f} {:.0f})"><title>{}</title>{}{}</a>'
    ).format(
        href,
        Markup(' class="walked"') if walked else "",
        *place,
        title,
        _shape(member.state, radius),
        label,
    )


def _shape(state: MemberState, radius: float) -> Markup:
    path = _SHAPES[state].format(r=f"{radius * _GROWTH[state]:.1f}")
    return Markup('<path class="node {}" d="{}"/>').format(state.value, escape(path))
