"""`havenwall demo`: the main job on a sandbox platform, then the console."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from havenwall.app import App, Config, load_config
from havenwall.app.logs import set_up_logs
from havenwall.cli.audit import run_plan, show
from havenwall.cli.audit_options import (
    CamouflageOption,
    KnownOption,
    PersonaOption,
    PlatformsOption,
    RecommenderOption,
    SeedOption,
)
from havenwall.cli.common import ERR, OUT, ConfigFile, JsonFlag, clear_errors
from havenwall.errors import Conflict, NotFound
from havenwall.model import Person, Role

if TYPE_CHECKING:
    from havenwall.audit import AuditResult

_MARK = ".havenwall-demo"
_REVIEWER = "demo"


@clear_errors
def demo(
    seed: SeedOption = 0,
    platform_seeds: PlatformsOption = 3,
    camouflage: CamouflageOption = 1.0,
    known_share: KnownOption = 0.3,
    recommender: RecommenderOption = "als",
    persona: PersonaOption = "neighbourhood",
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Start the console afterwards.")] = True,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """From a few confirmed accounts to a recommender that no longer leads there, on a sandbox platform."""
    from havenwall.audit import AuditPlan

    settings, _ = load_config(config)
    set_up_logs("warning")
    folder = _fresh_folder(settings)
    plan = AuditPlan(
        seed=seed,
        platform_seeds=platform_seeds,
        camouflage=camouflage,
        known_share=known_share,
        recommender=recommender,
        persona=persona,
    )
    started = time.monotonic()
    result = run_plan(plan, keep_first=folder)
    app = App(msgspec.structs.replace(settings, data=folder, database="", vault_key=None))
    app.save_audit(result)
    show(result, json=json)
    if not json:
        _in_words(result, time.monotonic() - started)
    if serve:
        _serve(app)
    app.close()


def _fresh_folder(settings: Config) -> Path:
    # Only a folder that a demo made is ever emptied: real data lie elsewhere.
    folder = settings.data.with_name(settings.data.name + "-demo")
    if folder.exists() and not (folder / _MARK).exists():
        raise Conflict(
            f"{folder} is there and was not made by a demo", hint="move it away or set HAVENWALL_DATA"
        )
    shutil.rmtree(folder, ignore_errors=True)
    key = folder.absolute().with_name(f"{folder.name}.vault.key")
    key.unlink(missing_ok=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return folder


def _in_words(result: AuditResult, seconds: float) -> None:
    none, known, ours = (result.arms[arm].exposure for arm in ("none", "known", "havenwall"))
    share = f"{result.plan.known_share:.0%}"
    OUT.print(
        f"\nA test account near the network is shown {none:.0%} network accounts.\n"
        f"Dropping the {share} that is known leaves {known:.0%}: the recommender serves the next ones.\n"
        f"Dropping what Havenwall finds from that same {share} leaves [bold]{ours:.1%}[/bold]. "
        f"({seconds:.0f} s)",
        highlight=False,
    )


def _serve(app: App) -> None:
    from havenwall.web import listen

    try:
        person: Person = app.store.people.person(_REVIEWER)
    except NotFound:
        person = app.store.people.add(_REVIEWER, Role.ADMINISTRATOR)
    secret = app.store.people.new_link(person)
    ERR.print(f"\nConsole: {app.config.url}/sign-in/link#{secret}", highlight=False, soft_wrap=True)
    ERR.print("[dim]The link signs you in once. Ctrl-C ends the server.[/dim]")
    listen(app)
