"""Is everything well? Short checks of each part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import msgspec

from havenwall.app.config import Config
from havenwall.disclose import Vault
from havenwall.engine import Stage
from havenwall.errors import HavenwallError
from havenwall.guard import Guard
from havenwall.model import now
from havenwall.store import Store

if TYPE_CHECKING:
    from havenwall.app.banks import BankDesk
    from havenwall.app.media import MediaDesk
    from havenwall.app.oidc import OidcDesk
    from havenwall.app.pictures import PictureDesk
    from havenwall.guard.query import QueryGuard


class Patient(Protocol):
    """The application, as far as it is examined."""

    config: Config
    store: Store

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages."""
        ...

    @property
    def guard(self) -> Guard:
        """The guard over the published standing."""
        ...

    @property
    def query_guard(self) -> QueryGuard:
        """The guard over queries, suggestions and tags."""
        ...

    @property
    def banks(self) -> BankDesk:
        """Lists of known media."""
        ...

    @property
    def media(self) -> MediaDesk:
        """Pictures and videos."""
        ...

    @property
    def pictures(self) -> PictureDesk:
        """Pictures on their way to classifiers."""
        ...

    @property
    def oidc(self) -> OidcDesk:
        """Sign-in by another server."""
        ...

    @property
    def vault(self) -> Vault:
        """The evidence vault."""
        ...


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def examine(app: Patient) -> list[Check]:
    """All checks; a check that fails says why and what to do."""
    return [_check(name, look, app) for name, look in _CHECKS]


def _check(name: str, look: Callable[[Patient], str], app: Patient) -> Check:
    try:
        return Check(name=name, ok=True, detail=look(app))
    except (HavenwallError, OSError) as problem:
        return Check(name=name, ok=False, detail=str(problem))


def _database(app: Patient) -> str:
    return f"{app.store.dialect}, {app.store.journal.count():,} events"


def _stages(app: Patient) -> str:
    troubles = app.store.ledger.troubles()
    if troubles:
        raise HavenwallError("; ".join(f"{t.what}: {t.message} ({t.tries} tries)" for t in troubles))
    return ", ".join(stage.name for stage in app.stages)


def _asides(app: Patient) -> str:
    counts = app.store.asides.counts()
    if counts:
        told = ", ".join(f"{stage} could not work on {n:,}" for stage, n in counts.items())
        raise HavenwallError(f"{told}: see havenwall aside list, mend it, then havenwall aside retry")
    return "nothing"


def _seeds(app: Patient) -> str:
    seeds = len(app.store.network.seeds())
    return f"{seeds} confirmed accounts" + ("" if seeds else ": send confirmed events to begin")


def _precision(app: Patient) -> str:
    run = app.store.figures.newest_run()
    if run is None or not run.drawn_in:
        return "no account was drawn for an audit yet"
    if run.alarms or not run.may_widen:
        shut = () if run.may_widen else ("audits keep rules from suppressing further accounts",)
        raise HavenwallError(" ".join((*run.alarms, *shut)) + ": see havenwall network precision")
    return "within its bands" if run.calibrated else "too few audits to tell yet"


def _guard(app: Patient) -> str:
    status = app.guard.status()
    if status.problem:
        raise HavenwallError(f"snapshot {status.version} is kept: {status.problem}")
    return f"snapshot {status.version}"


def _terms(app: Patient) -> str:
    status = app.query_guard.status()
    if status.problem:
        raise HavenwallError(f"lists {status.version or 'none'} are kept: {status.problem}")
    if not status.terms:
        return "no term list: havenwall guard terms seal FILE"
    share = status.expired / status.terms
    told = f"{status.terms:,} terms, version {status.version}, {share:.0%} expired"
    if 2 * status.expired > status.terms:
        raise HavenwallError(f"{told}: seal a newer list")
    age = f", newest list {(now() - status.newest).days} days old" if status.newest else ""
    return f"{told}{age}, {status.false_hits:.1f} false hits in 1,000"


def _media(app: Patient) -> str:
    if not (app.config.hash_lists or app.config.clip_lists):
        return "the settings name no list of known media"
    lists = app.media.lists
    held = lists.refreshed()
    if lists.problem:
        raise HavenwallError(f"{lists.problem}; the lists before are kept")
    return f"{held.entries:,} hashes and {len(held.clips):,} clips in the lists of the settings"


def _pictures(app: Patient) -> str:
    counted = app.pictures.counted()
    if counted.left:
        what = f"{counted.left:,} pictures were let go or cut off before classifiers had answered"
        folder = app.config.data / "unclassified"
        raise HavenwallError(f"{what}: the files in {folder} name them; send them again, or remove the files")
    return f"{counted.waiting:,} wait for classifiers"


def _licensed(app: Patient) -> str:
    return "; ".join(app.banks.opaque.check()) or "the setting licensed_hashes names no function"


def _vault(app: Patient) -> str:
    mode = app.config.vault_key_file.stat().st_mode & 0o077 if app.vault else 0
    if mode:
        raise HavenwallError(f"others can read the vault key: chmod 600 {app.config.vault_key_file}")
    return f"key {app.vault.key_id}"


def _queues(app: Patient) -> str:
    counts = app.store.queues.counts()
    late = {name: count.overdue for name, count in counts.items() if count.overdue}
    _, gaps = app.store.case_steps.gap_counts()
    told = [f"{n:,} overdue in {name}" for name, n in late.items()]
    told += [f"{gaps:,} policy gaps overdue"] if gaps else []
    if told:
        raise HavenwallError("; ".join(told) + ": see the page Queues")
    return f"{sum(count.waiting for count in counts.values()):,} cases wait, none overdue"


def _people(app: Patient) -> str:
    people = len(app.store.people.all())
    return f"{people} people" + ("" if people else ": havenwall person add NAME --role administrator")


def _sign_in(app: Patient) -> str:
    if not app.config.oidc_issuer:
        return "here, by password or link"
    return f"also by {app.config.oidc_issuer}, which sends back to {app.oidc.callback}"


_CHECKS: tuple[tuple[str, Callable[[Patient], str]], ...] = (
    ("database", _database),
    ("stages", _stages),
    ("set aside", _asides),
    ("seeds", _seeds),
    ("precision", _precision),
    ("guard", _guard),
    ("terms", _terms),
    ("media", _media),
    ("pictures", _pictures),
    ("licensed hashes", _licensed),
    ("vault", _vault),
    ("queues", _queues),
    ("people", _people),
    ("sign-in", _sign_in),
)
