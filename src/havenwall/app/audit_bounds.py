"""What a plan may do that is run from a browser: it starts no program, and reads files of one folder only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from havenwall.app.alone import run_alone
from havenwall.app.config import Config
from havenwall.audit.adapters.spec import HttpSpec, PlatformSpec, SandboxSpec
from havenwall.audit.release import ReleasePlan
from havenwall.connect.reach import Reach, check_url, networks_of, resolve
from havenwall.errors import BadInput, SourceFailed

FOLDER = "audit"
"""In the data folder: what a plan's files must lie in."""
TOKENS = "AUDIT_TOKEN"
"""How variables with bearer tokens must begin: others hold secrets that no plan may send anywhere."""
MOST_ACCOUNTS = 20_000
"""Of a sandbox."""
MOST_PLACES = 10_000_000
"""Test accounts × rounds × personas × arms × surfaces × platform seeds × k: time and memory follow it."""
_ELSEWHERE = "run it with `havenwall audit release` where the recommender is"


def bounded(plan: ReleasePlan, config: Config) -> ReleasePlan:
    """The plan, if somebody with nothing but a browser may run it.

    Raises:
        BadInput: its platform starts programs or reads models, a file lies elsewhere, or it is too large.
    """
    places = plan.accounts * plan.rounds * plan.platform_seeds * plan.k
    places *= len(plan.personas) * len(plan.arms) * len(plan.surfaces)
    if places > MOST_PLACES:
        told = f"test accounts would be shown {places:,} places, more than {MOST_PLACES:,}"
        raise BadInput(told, field="accounts", hint=_ELSEWHERE)
    for name, spec in plan.platforms().items():
        inherited = plan.arms[name].platform is None
        _check_platform(spec, "platform" if inherited else f"arms.{name}.platform", config)
    for field, path in _files(plan):
        _check_inside(field, path, config.data / FOLDER)
    return plan


def _check_platform(spec: PlatformSpec, field: str, config: Config) -> None:
    match spec:
        case SandboxSpec():
            if spec.accounts > MOST_ACCOUNTS:
                raise BadInput(f"is more than {MOST_ACCOUNTS:,}", field=f"{field}.accounts", hint=_ELSEWHERE)
        case HttpSpec():
            _check_http(spec, field, config)
        case _:
            raise BadInput("only sandbox and http run from here", field=f"{field}.adapter", hint=_ELSEWHERE)


def _check_http(spec: HttpSpec, field: str, config: Config) -> None:
    if spec.token_env and not spec.token_env.startswith(TOKENS):
        hint = f"name a variable that begins with {TOKENS}"
        raise BadInput("may not be sent from here", field=f"{field}.token_env", hint=hint)
    if spec.ca:
        _check_inside(f"{field}.ca", spec.ca, config.data / FOLDER)
    reach = Reach(http=config.endpoint_http, networks=networks_of(config.endpoint_networks))
    try:
        run_alone(resolve(check_url(spec.url, reach), reach))
    except (BadInput, SourceFailed) as problem:
        raise BadInput(problem.plain, field=f"{field}.url", hint=problem.hint) from problem


def _files(plan: ReleasePlan) -> Iterator[tuple[str, str]]:
    if plan.labels != "sandbox":
        yield "labels", plan.labels
    for field, path in (("popular", plan.popular), ("ordinary", plan.ordinary)):
        if path is not None:
            yield field, path
    for name, arm in plan.arms.items():
        for field, path in (("drop", arm.drop), ("guard", arm.guard)):
            if path is not None:
                yield f"arms.{name}.{field}", path


def _check_inside(field: str, path: str, folder: Path) -> None:
    try:
        inside = (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        inside = False
    if not inside:
        hint = f"put the file into the folder `{FOLDER}` of the data folder, and name it from there"
        raise BadInput("lies outside of what a browser may read", field=field, hint=hint)
