"""The one shape every stage has."""

from __future__ import annotations

from typing import Protocol

from havenwall.engine.batch import Batch, Output, Stream


class Stage(Protocol):
    """Takes new records in, gives records out; holds its view of the store, calls no other stage."""

    @property
    def name(self) -> str:
        """Name of the stage; its cursors are kept under it."""
        ...

    @property
    def reads(self) -> tuple[Stream, ...]:
        """The streams it follows."""
        ...

    @property
    def notice_only(self) -> bool:
        """Whether it only needs to know that something is new (it reads the whole through its view)."""
        ...

    def run(self, batch: Batch) -> Output:
        """Turn a batch into records.

        Work is repeated after a crash, so outside effects must be idempotent: name them by what they rest on.
        """
        ...
