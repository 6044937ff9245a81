"""The parts of the application that people and servers ask, each made when it is first asked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from havenwall.app.actions import ActionDesk
from havenwall.app.appeals import AppealDesk
from havenwall.app.asides import AsideDesk
from havenwall.app.bulk import BulkDesk
from havenwall.app.case_desk import CaseDesk
from havenwall.app.comfort import ComfortDesk
from havenwall.app.console import ConsoleDesk
from havenwall.app.deliveries import DeliveryDesk
from havenwall.app.exhibits import ExhibitDesk
from havenwall.app.flow import Flow
from havenwall.app.quality import QualityDesk
from havenwall.app.queues import QueueDesk
from havenwall.app.reports import ReportDesk
from havenwall.app.terms import open_query_guard
from havenwall.guard.tally import Tally
from havenwall.store.second_factor import SecondFactors

if TYPE_CHECKING:
    from havenwall.app.audit_runs import RunDesk
    from havenwall.app.findings import FindingDesk
    from havenwall.app.live import LiveDesk
    from havenwall.app.media import MediaDesk
    from havenwall.app.oidc import OidcDesk
    from havenwall.app.pictures import PictureDesk
    from havenwall.guard.query import QueryGuard

_CLOSED = ("audit_runs", "tally", "guard", "pictures", "media", "query_guard", "banks")
"""What is let go of, in this order, where it was made."""


class Desks(Flow):
    """The flow, and a desk for each thing that is done by people or for them."""

    @cached_property
    def second_factors(self) -> SecondFactors:
        """Second factors of people."""
        return self.store.second_factors(self.sealer)

    @cached_property
    def oidc(self) -> OidcDesk:
        """Sign-in by another server.

        Raises:
            NotFound: none is set.
        """
        # Its tokens bring a library along; most servers have no such sign-in.
        from havenwall.app.oidc import OidcDesk

        return OidcDesk(self.config, self.store, self.sealer)

    @cached_property
    def tally(self) -> Tally:
        """What was dropped on which surface: over the API, and by guards elsewhere that count into here."""
        return Tally(self.config.data / "guard-tally")

    @cached_property
    def query_guard(self) -> QueryGuard:
        """The guard over queries, suggestions and tags; lists are read when first asked and when changed."""
        return open_query_guard(self.config)

    @cached_property
    def media(self) -> MediaDesk:
        """Pictures and videos: their hashes, and what they are known as."""
        # Decoders and kernels take a while to import; most commands see no media.
        from havenwall.app.media import MediaDesk

        # Asked for by two threads at once, both get the same: each would start a decoder.
        made: MediaDesk = self.__dict__.setdefault("media", MediaDesk(self.config, lambda: self.banks))
        return made

    @cached_property
    def pictures(self) -> PictureDesk:
        """Pictures of accounts on their way to the operator's classifiers."""
        from havenwall.app.pictures import open_pictures

        # Asked for by two threads at once, both get the same: each would load the models.
        made: PictureDesk = self.__dict__.setdefault(
            "pictures", open_pictures(self.config, self.store.ledger)
        )
        return made

    @cached_property
    def live(self) -> LiveDesk:
        """The look-out on live streams."""
        from havenwall.app.live import LiveDesk

        return LiveDesk(self.media, self.ingest_events, self.config.data / "live")

    @cached_property
    def audits(self) -> FindingDesk:
        """What the gate of a release found."""
        # The statistics of audits take a second to import, which nobody else who starts should wait for.
        from havenwall.app.findings import FindingDesk

        return FindingDesk(self.store)

    @cached_property
    def audit_runs(self) -> RunDesk:
        """Audits that run in the background of the server."""
        from havenwall.app.audit_runs import RunDesk

        # Asked for by two threads at once, both get the same: one run at a time.
        made: RunDesk = self.__dict__.setdefault(
            "audit_runs", RunDesk(self.config, self.store, lambda finding: self.audits.keep(finding))
        )
        return made

    @cached_property
    def actions(self) -> ActionDesk:
        """What persons decide, alone or two of them."""
        return ActionDesk(self.config, self.store, self._carry_out)

    @cached_property
    def asides(self) -> AsideDesk:
        """Records that stages could not work on."""
        return AsideDesk(self.store, lambda: self.stages)

    @cached_property
    def appeals(self) -> AppealDesk:
        """Appeals of those who are restricted."""
        return AppealDesk(self.config, self.store, self._carry_out)

    @cached_property
    def quality(self) -> QualityDesk:
        """Blind second reviews, and the figures from them."""
        return QualityDesk(self.config, self.store)

    @cached_property
    def deliveries(self) -> DeliveryDesk:
        """What the platform is to do, on its way there."""
        return DeliveryDesk(self.config, self.store, lambda: self.sealer)

    @cached_property
    def reports(self) -> ReportDesk:
        """Reports by people, and the answers to them."""
        return ReportDesk(self.store, self.config.sealing_key_file, self.sealer)

    @cached_property
    def queues(self) -> QueueDesk:
        """Queues, and who works on which case."""
        return QueueDesk(self.config, self.store)

    @cached_property
    def case_desk(self) -> CaseDesk:
        """Closing, merging and splitting cases, notes, and gaps in the policy."""
        return CaseDesk(self.config, self.store, lambda: self.run(("casework", "report-outcomes")))

    @cached_property
    def exhibits(self) -> ExhibitDesk:
        """Pictures in the vault."""
        return ExhibitDesk(self.config, self.store, lambda: self.media, lambda: self.vault)

    @cached_property
    def comfort(self) -> ComfortDesk:
        """Settings of one's own, and one's own exposure."""
        return ComfortDesk(self.config, self.store)

    @cached_property
    def bulk(self) -> BulkDesk:
        """One step on many cases."""
        return BulkDesk(self.store, self.queues, self.case_desk, self.actions)

    @cached_property
    def console(self) -> ConsoleDesk:
        """What people set for their own console, and what they share in it."""
        return ConsoleDesk(self.store)

    def close(self) -> None:
        """Let go of the guard and the database."""
        for name in _CLOSED:
            if name in self.__dict__:
                self.__dict__[name].close()
        self.store.close()
