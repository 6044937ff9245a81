"""What people set for their own console, and what they share in it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from havenwall.casework.messages import check_template
from havenwall.errors import BadInput, Forbidden, NotFound
from havenwall.model import SEE_RIGHT, WORK_RIGHT, Right, Viewer, new_id, now
from havenwall.model.console import ConsoleChoice, MessageTemplate, Onlooker, SavedFilter
from havenwall.store import Store

PRESENCE_LIFE = timedelta(seconds=90)
"""How long somebody counts as there after a sign of life; the page gives one every 30 seconds."""
_MOST_FILTERS = 50
_LONGEST_NAME, _LONGEST_QUERY = 80, 1000


class ConsoleDesk:
    """Choices, saved filters, presence and message templates. Every part but the last belongs to a person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def choice(self, viewer: Viewer) -> ConsoleChoice:
        """How the viewer wants the console to be."""
        return self._store.console.choice(viewer.name)

    def choose(self, viewer: Viewer, choice: ConsoleChoice) -> ConsoleChoice:
        """Keep how the viewer wants the console to be. Raises Forbidden: the viewer is no person."""
        self._store.console.choose(_person(viewer), choice)
        return choice

    def filters(self, viewer: Viewer) -> list[SavedFilter]:
        """The viewer's own filters of cases, and those shared with their role."""
        return self._store.console.filters(viewer.name, self._role(viewer))

    def save_filter(self, viewer: Viewer, name: str, query: str, *, shared: bool = False) -> SavedFilter:
        """Keep a narrowed list under a name; an own one of that name is replaced.

        Args: `query`: the part of the list's address after the question mark.

        Raises:
            Forbidden: the viewer is no person.
            BadInput: name or query are missing or too long.
            Conflict: the viewer has too many.
        """
        owner = _person(viewer)
        if not 0 < len(name.strip()) <= _LONGEST_NAME:
            raise BadInput(f"must have 1 to {_LONGEST_NAME} characters", field="name")
        if not 0 < len(query) <= _LONGEST_QUERY or not query.isprintable():
            raise BadInput("narrow the list first", field="query")
        new = SavedFilter(
            id=new_id(),
            name=name.strip(),
            owner=owner,
            query=query,
            role=self._role(viewer) if shared else "",
            at=now(),
        )
        self._store.console.save_filter(new, _MOST_FILTERS)
        return new

    def drop_filter(self, viewer: Viewer, filter_id: str) -> None:
        """Delete a filter of one's own. Raises NotFound: there is none such."""
        self._store.console.drop_filter(viewer.name, filter_id)

    def look(self, viewer: Viewer, case_id: str) -> list[Onlooker]:
        """Note that the viewer has a case open, and say who else has. Who may not work on the case hears that
        somebody is there, and no name.

        Raises:
            Forbidden: the viewer is no person.
            NotFound: there is no such case for this viewer.
        """
        case_class = self._store.cases(viewer).class_of(case_id)
        found = self._store.console.look(case_id, _person(viewer), PRESENCE_LIFE)
        if viewer.may(WORK_RIGHT[case_class]) and viewer.may(SEE_RIGHT[case_class]):
            return found
        return [msgspec.structs.replace(one, person="") for one in found]

    def templates(self, viewer: Viewer) -> list[MessageTemplate]:
        """The operator's messages. Raises Forbidden: the viewer does not run people's work."""
        _need_writer(viewer)
        return self._store.console.templates()

    def keep_template(
        self, viewer: Viewer, name: str, language: str, subject: str, body: str
    ) -> MessageTemplate:
        """Keep a message instead of the one that comes with Havenwall.

        Raises:
            Forbidden: as `templates`.
            BadInput: there is no such message, or it has a placeholder that nothing fills.
        """
        _need_writer(viewer)
        new = MessageTemplate(
            name=name,
            language=language.lower(),
            subject=subject.strip(),
            body=body.strip(),
            by=viewer.name,
            at=now(),
        )
        check_template(new)
        self._store.console.keep_template(new)
        return new

    def drop_template(self, viewer: Viewer, name: str, language: str) -> None:
        """Go back to the message that comes with Havenwall. Raises Forbidden: as `templates`."""
        _need_writer(viewer)
        self._store.console.drop_template(name, language)

    def _role(self, viewer: Viewer) -> str:
        try:
            return self._store.people.person(_person(viewer).removeprefix("user:")).role.value
        except (Forbidden, NotFound):
            return ""


def _person(viewer: Viewer) -> str:
    if not viewer.name.startswith("user:"):
        raise Forbidden("this belongs to a person", hint="sign in; an API key has no console")
    return viewer.name


def _need_writer(viewer: Viewer) -> None:
    viewer.need(Right.MANAGE_QUEUES)
