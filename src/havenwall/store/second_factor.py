"""Second factors: codes from an authenticator that change every 30 seconds (TOTP, RFC 6238).

The seed is needed again for each code, so it is sealed and not hashed. A code is taken once: the step
of time it belongs to is kept, and no code of that step or an earlier one is taken again.
"""

from __future__ import annotations

import base64
import hmac
import secrets

import pyotp
import sqlalchemy as sa

from havenwall.errors import BadInput, Conflict, Unauthenticated
from havenwall.model import SYSTEM, Viewer, now
from havenwall.store import people_rows as rows
from havenwall.store.database import Database
from havenwall.store.people_schema import RECOVERY_CODE, SECOND_FACTOR
from havenwall.store.schema import TOKEN
from havenwall.store.sealed import Sealer
from havenwall.store.views.access import note

_STEP = 30
_RECOVERY = 10
_WRONG = "the code is wrong, too old, or was used already"


class SecondFactors:
    """Seeds and recovery codes of people."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def begin(self, name: str) -> str:
        """A fresh seed (32 letters and digits of base32); in force once a code of it was shown to `confirm`.

        Raises:
            Conflict: the person has a second factor.
            NotFound: nobody has this name.
        """
        seed = pyotp.random_base32()
        row = {"person": name, "made_at": now(), "confirmed_at": None, "last_step": 0}
        with self._database.write() as connection:
            if rows.person(connection, name).second_factor:
                raise Conflict(f"{name} has a second factor already", hint="end that one first")
            connection.execute(sa.delete(SECOND_FACTOR).where(SECOND_FACTOR.c.person == name))
            sealed = self._sealer.seal(seed.encode(), _about(name))
            connection.execute(sa.insert(SECOND_FACTOR).values(**row, seed=sealed))
        return seed

    def begun(self, name: str) -> str | None:
        """The seed that waits for its first code."""
        with self._database.read() as connection:
            row = _row(connection, name)
            return self._seed(row) if row is not None and row.confirmed_at is None else None

    def confirm(self, name: str, code: str, *, keep: str = "", by: Viewer = SYSTEM) -> list[str]:
        """Put the seed in force; every session that began without it ends. Returns ten recovery codes.

        Args: `keep`: secret of the session that goes on.

        Raises:
            BadInput: the code is not one of the seed's, or there is no seed that waits.
        """
        with self._database.write() as connection:
            row = _row(connection, name)
            if row is None or row.confirmed_at is not None or not self._take(connection, row, code):
                raise BadInput(
                    "does not fit", field="code", hint="wait for the next one, and check the phone's clock"
                )
            mine = SECOND_FACTOR.c.person == name
            connection.execute(sa.update(SECOND_FACTOR).where(mine).values(confirmed_at=now()))
            theirs = (TOKEN.c.person == name) & (TOKEN.c.kind == "session")
            others = theirs & TOKEN.c.ended_at.is_(None) & (TOKEN.c.hash != rows.digest(keep))
            connection.execute(sa.update(TOKEN).where(others).values(ended_at=now()))
            note(connection, by, "second factor set up", name)
            return _new_recovery(connection, name)

    def check(self, name: str, code: str) -> None:
        """Do nothing if the code is a person's, or a recovery code of theirs; it is used up by this.

        Raises:
            Unauthenticated: it is not, or was used already.
        """
        with self._database.write() as connection:
            row = _row(connection, name)
            if row is None or row.confirmed_at is None:
                raise Unauthenticated(_WRONG)
            if not self._take(connection, row, code) and not _take_recovery(connection, name, code):
                raise Unauthenticated(_WRONG)

    def renew_recovery(self, name: str, *, by: Viewer = SYSTEM) -> list[str]:
        """Ten new recovery codes; the old ones end."""
        with self._database.write() as connection:
            note(connection, by, "recovery codes renewed", name)
            return _new_recovery(connection, name)

    def recovery_left(self, name: str) -> int:
        """How many recovery codes are not used."""
        mine = (RECOVERY_CODE.c.person == name) & RECOVERY_CODE.c.used_at.is_(None)
        with self._database.read() as connection:
            count = sa.select(sa.func.count()).select_from(RECOVERY_CODE).where(mine)
            return int(connection.scalar(count) or 0)

    def forget(self, name: str, *, by: Viewer = SYSTEM) -> None:
        """End a person's second factor, for somebody who has lost it. Where another does so, the person's
        sessions and links end too.

        Raises:
            Forbidden: an API key asks.
            NotFound: nobody has this name.
        """
        rows.only_persons(by)
        with self._database.write() as connection:
            rows.person(connection, name)
            connection.execute(sa.delete(SECOND_FACTOR).where(SECOND_FACTOR.c.person == name))
            connection.execute(sa.delete(RECOVERY_CODE).where(RECOVERY_CODE.c.person == name))
            if by.name != f"user:{name}":
                rows.end_theirs(connection, name)
            note(connection, by, "second factor ended", name)

    def _seed(self, row: rows.Row) -> str:
        return self._sealer.open(row.seed, _about(row.person)).decode()

    def _take(self, connection: sa.Connection, row: rows.Row, code: str) -> bool:
        step = _step_of(self._seed(row), code)
        if step is None or step <= row.last_step:
            return False
        # Writers take turns, but the condition holds whatever they do.
        mine = (SECOND_FACTOR.c.person == row.person) & (SECOND_FACTOR.c.last_step < step)
        return connection.execute(sa.update(SECOND_FACTOR).where(mine).values(last_step=step)).rowcount == 1


def address_of(name: str, seed: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(seed).provisioning_uri(name=name, issuer_name="Havenwall")


def _step_of(seed: str, code: str) -> int | None:
    """The step of time that a code belongs to: this one, or one beside it, for clocks that are off."""
    told = code.replace(" ", "")
    if not (told.isascii() and told.isdigit()):
        return None
    totp, here = pyotp.TOTP(seed), int(now().timestamp()) // _STEP
    fits = [s for s in (here - 1, here, here + 1) if hmac.compare_digest(totp.generate_otp(s), told)]
    return fits[0] if fits else None


def _row(connection: sa.Connection, name: str) -> rows.Row | None:
    return connection.execute(sa.select(SECOND_FACTOR).where(SECOND_FACTOR.c.person == name)).first()


def _about(name: str) -> str:
    return f"totp:{name}"


def _new_recovery(connection: sa.Connection, name: str) -> list[str]:
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(_RECOVERY)]
    connection.execute(sa.delete(RECOVERY_CODE).where(RECOVERY_CODE.c.person == name))
    fresh = [{"person": name, "hash": rows.digest(code), "used_at": None} for code in codes]
    connection.execute(sa.insert(RECOVERY_CODE), fresh)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def _take_recovery(connection: sa.Connection, name: str, code: str) -> bool:
    plain = code.replace("-", "").replace(" ", "").lower()
    here = (RECOVERY_CODE.c.person == name) & (RECOVERY_CODE.c.hash == rows.digest(plain))
    unused = here & RECOVERY_CODE.c.used_at.is_(None)
    return connection.execute(sa.update(RECOVERY_CODE).where(unused).values(used_at=now())).rowcount == 1
