"""A platform on which confirmed accounts share a tag that others hardly use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from havenwall.app import App
from havenwall.model import SYSTEM, Event, EventType, TermProposal

AT = datetime(2026, 3, 1, tzinfo=UTC)


def talk(app: App, tag: str = "paperfinch", members: int = 4) -> TermProposal:
    """Let people talk and members confirmed, search, and give the proposal of the tag."""
    said = [(f"account:p{n}", f"garden-{n % 20}") for n in range(200)]
    said += [(f"account:m{n}", tag) for n in range(members)]
    posts = [_post(number, who, what) for number, (who, what) in enumerate(said)]
    known = {"source": "team", "type": EventType.CONFIRMED, "at": AT}
    names = [f"account:m{n}" for n in range(members)]
    app.ingest_events([*posts, *(Event(source_id=name, entity=name, **known) for name in names)])  # type: ignore[arg-type]
    app.run(("detect",))
    app.terms.search(SYSTEM)
    (found,) = (one for one in app.store.terms.proposals() if one.term == tag)
    return found


def _post(number: int, who: str, what: str) -> Event:
    return Event(
        source="forum",
        source_id=f"{what}-{number}",
        type=EventType.POST,
        at=AT + timedelta(minutes=number),
        entity=who,
        target=f"post:{what}-{number}",
        text=f"A walk this morning #{what}",
        tags=(what,),
    )
