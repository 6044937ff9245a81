"""All settings, with their defaults."""

from __future__ import annotations

from pathlib import Path

import msgspec

from havenwall.casework.queues.clocks import Clocks
from havenwall.casework.wellbeing import ExposureLimits


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings. A name here is a key in the TOML file and, with HAVENWALL_ before it, a variable."""

    data: Path = Path("havenwall-data")
    """Folder for everything that is kept: database, segments, guard snapshots, vault."""
    database: str = ""
    """`sqlite:///path` or `postgresql://user@host/name`; empty means SQLite in the data folder."""
    vault_key: Path | None = None
    """File with the 32-byte vault key; made on first use. Empty means `vault.key` beside the data folder."""
    sealing_key: Path | None = None
    """File with the 32-byte key that seals secrets kept in the database, such as seeds of second factors and
    secrets of webhooks; made on first use. Empty means `sealing.key` beside the data folder."""
    rules: Path | None = None
    """YAML rule pack; empty means the one that comes with Havenwall."""
    term_lists: tuple[Path, ...] = ()
    """Files of terms, one per line."""
    behaviour: bool = False
    """Run the behaviour rules; the first process reads the whole journal, about 50,000 events a second, later
    ones only what came after the state they find in `behaviour` in the data folder."""
    classifiers: Path | None = None
    """TOML file of classifiers to run on texts, and on pictures that come with the name of an account; empty
    means none. None comes with Havenwall."""
    hash_lists: tuple[Path, ...] = ()
    """Files of hashes of known media, one per line."""
    clip_lists: tuple[Path, ...] = ()
    """Files of known clips: JSON lines as `havenwall media hash --clips-to` writes them, or vPDQ's text."""
    licensed_hashes: tuple[str, ...] = ()
    """How licensed hashes are compared: `kind = module:function <= radius` for each kind, such as
    `photodna = operator_hashes:distance <= 120`; several in the variable are divided by semicolons."""
    media_most_bytes: int = 64_000_000
    """Bytes of a picture or video that the API and the console take."""
    media_processes: int = 1
    """Processes that decode pictures, and as many again for videos that are sent."""
    held_out_recall: float = 0.95
    """Share of held-out confirmed accounts that the threshold aims to find again, 0.5 to 0.99; an account
    that is less likely than not a member stays below the threshold whatever it costs."""
    cleared_for_days: int = 365
    """Days that the clearing of an account counts, 1 to 3650. After that the account no longer serves as an
    innocent example and may come before a person again; machines never suppress it until one confirmed it."""
    lease_minutes: float = 10.0
    """Minutes that a reviewer holds a case without a sign of work before it goes back to its queue."""
    hand_over_hours: float = 24.0
    """Hours that a case which was handed to somebody waits for them before it goes back to its queue."""
    clock_imminent_hours: float = 1.0
    """Hours until an answer is due, from when we first knew, where somebody is in danger now, and for live
    streams (Art. 18 DSA). Of the clocks that fit a case the shortest holds; a queue may ask for less."""
    clock_authority_hours: float = 4.0
    """The same where an authority asks."""
    clock_flagger_hours: float = 12.0
    """The same for reports of trusted flaggers (Art. 22 DSA)."""
    clock_child_safety_hours: float = 24.0
    """The same for all other child-safety cases (18 USC 2258A: as soon as reasonably possible)."""
    clock_report_hours: float = 48.0
    """The same for reports of other harms (Art. 16 DSA)."""
    clock_general_hours: float = 72.0
    """The same for all other cases."""
    clock_audit_hours: float = 168.0
    """The same for accounts drawn by lot for an audit."""
    host: str = "127.0.0.1"
    """Address the server listens on."""
    port: int = 8420
    """Port the server listens on."""
    public_url: str = ""
    """How browsers reach the console, if not by host and port; https makes cookies secure."""
    session_hours: float = 12.0
    """Hours after which a person must sign in again, 0.25 to 168."""
    session_idle_minutes: float = 60.0
    """Minutes without a request after which a person must sign in again, 5 to 1440."""
    oidc_issuer: str = ""
    """Address of an OpenID Connect server that persons may sign in by, exactly as it names itself; empty
    means none."""
    oidc_client: str = ""
    """Client id that the sign-in server gave."""
    oidc_secret: str = ""
    """Where the client secret is: `env:NAME` or `file:/path`; empty for a public client."""
    oidc_scopes: str = "openid profile"
    """What the sign-in server is asked for."""
    oidc_name_claim: str = "preferred_username"
    """Claim that names a person, up to an @."""
    oidc_roles_claim: str = "groups"
    """Claim whose values give a role."""
    oidc_roles: str = ""
    """Which value gives which role, such as `trust-safety=specialist, auditors=auditor`; the first that fits
    counts, at each sign-in, and who has none is not let in."""
    guard_term_lists: tuple[Path, ...] = ()
    """Sealed term lists of the query guard; empty means all in `terms` in the data folder, where
    `havenwall guard terms seal` puts them."""
    guard_terms_key: Path | None = None
    """File with the 32-byte key of the term lists; made on first use. Empty means `terms.key` beside the data
    folder."""
    guard_benign_lists: tuple[Path, ...] = ()
    """Files of benign words and phrases, one per line, on which false hits of the term lists are measured,
    besides those that come with Havenwall."""
    guard_false_hits: float = 2.0
    """False hits in 1,000 benign texts above which the term lists are refused."""
    guard_help: Path | None = None
    """YAML file of help resources by country and language, shown before those that come with Havenwall."""
    guard_max_shrink: float = 0.2
    """Share of the restricted set, 0 to 1, that a guard snapshot may lose against the one in use; fewer than
    a hundred entities are always fine. A smaller one needs `havenwall guard allow-shrink`."""
    guard_golden: Path | None = None
    """YAML file of golden cases that every guard snapshot must answer as written, besides `golden.yaml` in
    the guard's folder."""
    guard_shrink_key: Path | None = None
    """File with the key that signs `havenwall guard allow-shrink`; made on first use. Empty means `guard.key`
    beside the data folder."""
    audit_size: int = 60
    """Accounts drawn by lot for an audit at a time, 20 or more; 0 draws none. A new draw is made when people
    have answered the last one, or when a fifth of the flagged accounts have changed."""
    target_precision: float = 0.8
    """Precision that suppression by rules must have: when audits show less, no machine suppresses further
    accounts until they show more."""
    bulk_decisions: int = 100
    """Members that one person may decide on at once; more takes a second person, as removal always does."""
    proposal_hours: float = 48.0
    """Hours that a proposal waits for a second person before it expires."""
    appeal_days: float = 14.0
    """Days within which an appeal is to be decided, 1 to 183 (Art. 20 DSA: in a timely manner)."""
    quality_share: float = 0.05
    """Share of decisions, 0 to 1, that are drawn for a blind second look, besides a floor in each stratum,
    all removals and all upheld appeals."""
    quality_floor: int = 20
    """Decisions of each stratum that are drawn for certain within thirty days."""
    quality_golden_every: int = 12
    """One review in so many is a golden case, where there are any; 0 mixes none in."""
    strikes: Path | None = None
    """YAML file with the weights, days and thresholds of strikes; empty means those that come with
    Havenwall."""
    delivery_timeout: float = 10.0
    """Seconds that an endpoint of the platform has to take a notice."""
    delivery_tries: int = 30
    """Tries at a delivery before it has failed for good, 1 to 1000; thirty take about a day."""
    endpoint_networks: str = ""
    """Private networks in which endpoints of the platform may be, such as `10.0.0.0/8, fd00::/8`."""
    endpoint_http: bool = False
    """Let endpoints be http and on this machine; for tests, never in production."""
    exposure_day_hours: float = 5.0
    """Hours of revealed pictures that one person sees in any 24 hours at most (IWF's practice)."""
    exposure_day_reveals: int = 300
    """Pictures that one person reveals in any 24 hours at most."""
    exposure_hour_minutes: float = 40.0
    """Minutes of revealed pictures in an hour after which a person has to take a break."""
    exposure_hour_reveals: int = 60
    """Pictures in an hour after which a person has to take a break."""
    exposure_break_after_minutes: float = 60.0
    """Minutes by the clock, from the first picture after a break, after which a person has to take the next
    (IWF's practice)."""
    exposure_break_minutes: float = 10.0
    """How long a break is: minutes without a picture."""
    exposure_item_seconds: float = 300.0
    """Seconds that one picture counts at most; the console then takes it off the screen."""
    exposure_warn_share: float = 0.8
    """Share of a limit, 0.1 to 1, from which the person is warned."""
    pass_hours: float = 24.0
    """Hours in which a case that somebody passed is not given to them again."""
    log_level: str = "info"
    """debug, info, warning or error."""
    score_every: float = 60.0
    """Seconds between scorings of the whole graph while the server runs, at least."""
    lists_every: float = 900.0
    """Seconds between imports of the lists of known media from their sources while the server runs, at
    least."""

    @property
    def database_url(self) -> str:
        """The database to open."""
        return self.database or f"sqlite:///{self.data.absolute()}/havenwall.db"

    @property
    def vault_key_file(self) -> Path:
        """The file with the vault key: never inside the folder it protects."""
        return self.vault_key or self.data.absolute().with_name(f"{self.data.name}.vault.key")

    @property
    def sealing_key_file(self) -> Path:
        """The file with the key of sealed secrets: never inside the folder it protects."""
        return self.sealing_key or self.data.absolute().with_name(f"{self.data.name}.sealing.key")

    @property
    def guard_folder(self) -> Path:
        """Where guard snapshots and deltas are published."""
        return self.data / "guard"

    @property
    def terms_folder(self) -> Path:
        """Where sealed term lists lie."""
        return self.data / "terms"

    @property
    def terms_key_file(self) -> Path:
        """The file with the key of the term lists: never inside the folder it protects."""
        return self.guard_terms_key or self.data.absolute().with_name(f"{self.data.name}.terms.key")

    @property
    def guard_key_file(self) -> Path:
        """The file with the key for overrides: never inside the folder it protects."""
        return self.guard_shrink_key or self.data.absolute().with_name(f"{self.data.name}.guard.key")

    @property
    def url(self) -> str:
        """Where a browser finds the console."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def clocks(config: Config) -> Clocks:
    """The clocks of cases as the settings have them."""
    names = Clocks.__struct_fields__
    return Clocks(**{name: getattr(config, f"clock_{name}_hours") for name in names})


def exposure_limits(config: Config) -> ExposureLimits:
    """The limits of exposure as the settings have them."""
    names = ExposureLimits.__struct_fields__
    return ExposureLimits(**{name: getattr(config, f"exposure_{name}") for name in names})
