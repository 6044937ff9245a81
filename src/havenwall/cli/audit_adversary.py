"""`havenwall audit adversary`: how long the guard holds against a network that rewires itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from havenwall.cli.audit_options import (
    AccountsOption,
    ChartOption,
    KnownOption,
    PlatformsOption,
    RecommenderOption,
    RoundsOption,
    SeedOption,
)
from havenwall.cli.common import ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table, steps

if TYPE_CHECKING:
    from havenwall.audit.adversary import AdversaryPlan, Course, Leg


@clear_errors
def adversary(
    strategy: Annotated[
        str,
        typer.Option(help="adaptive, random, still, camouflage, re-registration, 'tag drift' or bridges."),
    ] = "adaptive",
    releases: Annotated[
        int, typer.Option(help="Releases after the first; the network moves before each.")
    ] = 6,
    acts: Annotated[int, typer.Option(help="What the network may do before a release.")] = 2_000,
    reviewed: Annotated[
        int, typer.Option(help="Accounts hidden by machine that people look at before a release.")
    ] = 20,
    seed: SeedOption = 0,
    platform_seeds: PlatformsOption = 5,
    size: Annotated[int, typer.Option(help="Accounts of each platform at the beginning.")] = 20_000,
    known_share: KnownOption = 0.3,
    recommender: RecommenderOption = "als",
    persona: Annotated[
        list[str] | None,
        typer.Option(help="Persona of the test accounts; again for more. Unless told: neighbourhood, seek."),
    ] = None,
    accounts: AccountsOption = 20,
    rounds: RoundsOption = 10,
    at_most: Annotated[float, typer.Option(help="Greatest exposure that the findings call a pass.")] = 0.05,
    chart: ChartOption = None,
    save: Annotated[
        bool, typer.Option(help="Keep a finding per release, for the console and its trend.")
    ] = False,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Let a sandbox's network adapt to the guard, release after release, and audit each release."""
    from havenwall.audit.adversary import AdversaryPlan, course_svg, course_table

    plan = AdversaryPlan(
        strategy=strategy,
        releases=releases,
        acts=acts,
        reviewed=reviewed,
        recommender=recommender,
        size=size,
        known_share=known_share,
        platform_seeds=platform_seeds,
        accounts=accounts,
        rounds=rounds,
        personas=tuple(persona) if persona else AdversaryPlan().personas,
        at_most=at_most,
        seed=seed,
    )
    course = _run(plan)
    if chart:
        chart.write_text(course_svg(course), encoding="utf-8")
    if save:
        with open_app(config) as app:
            for leg in course.legs:
                app.audits.keep(leg.finding)
    if json:
        print_json(course)
        return
    table = course_table(course.legs, plan.personas)
    print_table(table.title, table.columns, table.rows)


def _run(plan: AdversaryPlan) -> Course:
    from havenwall.app.adversary import audit_adversary

    with steps() as progress:
        walk = progress.add_task("test accounts", total=None)

        def tell(step: str) -> None:
            progress.update(walk, description=step)

        def walked(what: str, done: int, total: int) -> None:
            progress.update(walk, description=what, completed=done, total=total)

        def done(leg: Leg) -> None:
            progress.console.print(f"[dim]·[/dim] release {leg.release}: {_said(leg)}", highlight=False)

        return audit_adversary(plan, tell=tell, progress=walked, done=done)


def _said(leg: Leg) -> str:
    from havenwall.audit.table import percent

    worst = max(cell.exposure for cell in leg.finding.cells if cell.arm == "havenwall")
    outcome = leg.finding.verdict.outcome
    return f"{percent(leg.hidden)} of the network hidden, exposure {percent(worst)}, {outcome}"
