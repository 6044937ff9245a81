"""The flow as it runs: the store, the stages, what they need, and the guard that hears of their work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from havenwall.app.config import Config
from havenwall.app.proposals import TermDesk
from havenwall.disclose import Vault, load_key
from havenwall.engine import Progress, Runner, Stage
from havenwall.errors import BadInput
from havenwall.guard import Guard, publish, published
from havenwall.guard.chain import Allowance
from havenwall.intake import Format, Summary, ingest_chunks, ingest_file, read_edges
from havenwall.intake import Progress as FileProgress
from havenwall.model import Event, LinkKind
from havenwall.store import Store
from havenwall.store.people import SessionLife
from havenwall.store.sealed import Sealer

if TYPE_CHECKING:
    from havenwall.app.banks import BankDesk


class Flow:
    """Takes events in, runs stages over them, and publishes what follows to the guard."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store.open(
            config.database_url, config.data, timedelta(days=config.cleared_for_days), _session_life(config)
        )
        self._publishing = threading.Lock()

    @cached_property
    def vault(self) -> Vault:
        """The evidence vault; its key is made on first use."""
        return Vault(self.config.data / "vault", load_key(self.config.vault_key_file))

    @cached_property
    def sealer(self) -> Sealer:
        """Seals secrets that the database keeps; its key is made on first use."""
        return Sealer(load_key(self.config.sealing_key_file))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in the order of the flow."""
        # Scoring brings scikit-learn along, which takes a second to import; most commands never score.
        from havenwall.app.stages import build_stages

        return build_stages(self.config, self.store, self.vault, self.banks)

    @cached_property
    def guard(self) -> Guard:
        """The guard over the published standing, kept fresh."""
        self.publish()
        return Guard.open(
            self.config.guard_folder,
            golden=self.config.guard_golden,
            max_shrink=self.config.guard_max_shrink,
            shrink_key=self.config.guard_key_file,
        )

    @cached_property
    def banks(self) -> BankDesk:
        """Lists of known media."""
        # The index brings compiled code along; most commands look nothing up.
        from havenwall.app.banks import BankDesk
        from havenwall.detect.media.opaque import read_licensed

        licensed = tuple(map(read_licensed, self.config.licensed_hashes))
        return BankDesk(self.store, self.config.data / "bank-index", licensed=licensed)

    @cached_property
    def terms(self) -> TermDesk:
        """Proposed terms, and what people make of them."""
        return TermDesk(self.config, self.store)

    def ingest_events(self, events: Sequence[Event]) -> int:
        """Journal events, durably; returns how many were new."""
        return self.store.journal.append(events)

    def ingest_file(
        self,
        path: Path,
        *,
        rejects: Path,
        source: str | None = None,
        format: Format | None = None,
        progress: FileProgress | None = None,
    ) -> Summary:
        """Journal a bulk file; bad lines go to the `rejects` file. See `intake.ingest_file`."""
        return ingest_file(
            path, _Frames(self.store), rejects=rejects, source=source, format=format, progress=progress
        )

    def ingest_edges(
        self,
        path: Path,
        *,
        rejects: Path,
        source: str | None = None,
        link: LinkKind = LinkKind.FOLLOW,
        directed: bool = True,
        at: datetime | None = None,
        progress: FileProgress | None = None,
    ) -> Summary:
        """Journal a plain edge list as links between accounts. See `intake.read_edges`."""
        moment = at.replace(tzinfo=at.tzinfo or UTC) if at else None
        chunks = read_edges(path, source=source or path.name, link=link, at=moment, directed=directed)
        size = path.stat().st_size
        return ingest_chunks(chunks, _Frames(self.store), size=size, rejects=rejects, progress=progress)

    def run(self, names: Collection[str] = (), tell: Callable[[Progress], None] | None = None) -> int:
        """Run stages (all, or those named) until nothing is new, then publish the guard.

        Returns how many records were read.
        """
        wanted = [stage for stage in self.stages if not names or stage.name in names]
        done = Runner(self.store.streams, wanted).run(tell)
        self.compact()
        self.terms.seal()
        self.publish()
        return done

    def compact(self) -> int:
        """Turn single events that every stage has read into a bulk segment; returns how many."""
        return self.store.journal.compact(self.store.streams.slowest(self.stages))

    def publish(self) -> None:
        """Bring the guard's folder up to the store's standing, and give the sign of life."""
        root, feed = self.config.guard_folder, self.store.guard
        with self._publishing:
            while True:
                after = published(root)
                changes = feed.changes(after)
                watermark = changes[-1].seq if changes else after
                publish(root, changes, feed.standings, watermark=watermark, allowance=self._allowance)
                if not changes:
                    return

    @property
    def _allowance(self) -> Allowance:
        return Allowance(most=self.config.guard_max_shrink, key=self.config.guard_key_file)

    def check_stages(self, names: Collection[str]) -> None:
        """Do nothing if all names are stages.

        Raises:
            BadInput: one is not.
        """
        known = [stage.name for stage in self.stages]
        for name in names:
            if name not in known:
                raise BadInput(
                    f"there is no stage {name}", field="stage", hint="stages are " + ", ".join(known)
                )

    @property
    def classifier_drifts(self) -> dict[str, float]:
        """How far scores of classifiers have shifted since calibration, of those this process runs."""
        runs: tuple[object, ...] = (*self.__dict__.get("stages", ()), self.__dict__.get("pictures"))
        return {name: psi for each in runs for name, psi in getattr(each, "drifts", {}).items()}

    def _carry_out(self) -> None:
        self.run(("casework", "report-outcomes", "disclose"))
        self.guard.refresh()


def _session_life(config: Config) -> SessionLife:
    return SessionLife(
        longest=timedelta(hours=config.session_hours), idle=timedelta(minutes=config.session_idle_minutes)
    )


class _Frames:
    """The journal as the sink that intake writes to."""

    def __init__(self, store: Store) -> None:
        self.append = store.journal.append_frame
