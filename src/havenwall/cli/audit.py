"""`havenwall audit`: prove what a recommender shows, with and without Havenwall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havenwall.cli.audit_adversary import adversary
from havenwall.cli.audit_example import serve_example
from havenwall.cli.audit_options import (
    AccountsOption,
    CamouflageOption,
    ChartOption,
    KnownOption,
    PersonaOption,
    PlatformsOption,
    RecommenderOption,
    RoundsOption,
    SeedOption,
)
from havenwall.cli.audit_release import check, release, verify
from havenwall.cli.common import (
    ERR,
    ConfigFile,
    JsonFlag,
    clear_errors,
    open_app,
    print_json,
    print_table,
    steps,
)

if TYPE_CHECKING:
    from havenwall.audit import AuditPlan, AuditResult

cli = typer.Typer(help="Test accounts follow a recommender with and without the guard.", no_args_is_help=True)
for verb in (release, adversary, check, verify):
    cli.command()(verb)
cli.command("serve-example")(serve_example)


@cli.command("run")
@clear_errors
def run(
    seed: SeedOption = 0,
    platform_seeds: PlatformsOption = 5,
    camouflage: CamouflageOption = 1.0,
    known_share: KnownOption = 0.3,
    recommender: RecommenderOption = "als",
    persona: PersonaOption = "neighbourhood",
    accounts: AccountsOption = 20,
    rounds: RoundsOption = 10,
    chart: ChartOption = None,
    save: Annotated[bool, typer.Option(help="Keep the result for the console's overview.")] = False,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Audit a recommender on sandbox platforms: four arms, identical starts."""
    from havenwall.audit import AuditPlan, chart_svg

    plan = AuditPlan(
        seed=seed,
        platform_seeds=platform_seeds,
        camouflage=camouflage,
        known_share=known_share,
        recommender=recommender,
        persona=persona,
        accounts=accounts,
        rounds=rounds,
    )
    result = run_plan(plan)
    if chart:
        chart.write_text(chart_svg(result), encoding="utf-8")
    if save:
        with open_app(config) as app:
            app.save_audit(result)
    show(result, json=json)


def run_plan(plan: AuditPlan, keep_first: Path | None = None) -> AuditResult:
    """Run a plan with a progress display."""
    from havenwall.app.audits import audit_sandbox

    with steps() as progress:
        walk = progress.add_task("test accounts", total=None)

        def tell(step: str) -> None:
            progress.console.print(f"[dim]·[/dim] {step}", highlight=False)

        def walked(what: str, done: int, total: int) -> None:
            progress.update(walk, description=what, completed=done, total=total)

        return audit_sandbox(plan, tell=tell, progress=walked, keep_first=keep_first)


def show(result: AuditResult, *, json: bool) -> None:
    """Print a result as JSON or as tables."""
    if json:
        print_json(result)
        return
    from havenwall.audit import tables

    for table in tables(result):
        print_table(table.title, table.columns, table.rows)
    if result.plan.platform_seeds < _ENOUGH:
        ERR.print(
            f"[dim]intervals over fewer than {_ENOUGH} platforms are too narrow: --platform-seeds 5[/dim]"
        )


_ENOUGH = 5
