"""`havenwall network`: score the graph, and measure how well hidden members are found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havenwall.cli.common import (
    OUT,
    ConfigFile,
    JsonFlag,
    clear_errors,
    open_app,
    print_json,
    print_table,
    steps,
)
from havenwall.cli.discover import discover
from havenwall.cli.precision import precision
from havenwall.cli.returns import returns
from havenwall.cli.things import things
from havenwall.errors import BadInput, NotReady

if TYPE_CHECKING:
    from havenwall.network import Evaluation

cli = typer.Typer(help="Find the network around confirmed accounts.", no_args_is_help=True)
cli.command("discover")(discover)
cli.command("things")(things)
cli.command("returns")(returns)
cli.command("precision")(precision)


@cli.command("score")
@clear_errors
def score(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Accounts to print.")] = 20,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Let every stage catch up and score the whole graph again; print the riskiest accounts."""
    with open_app(config) as app, steps() as progress:
        task = progress.add_task("scoring", total=None)
        run, risks = app.score()
        progress.update(task, description="scored", total=1, completed=1)
    if run is None:
        raise NotReady(
            "there is nothing to score", hint="ingest links and at least one confirmed account first"
        )
    if json:
        print_json({"run": run, "risks": risks[:limit]})
        return
    rows = [
        (
            r.entity,
            f"{r.probability:.2f}",
            "yes" if r.over_threshold else "",
            str(len(r.seeds)),
            _top(r.factors),
        )
        for r in risks[:limit]
    ]
    print_table(
        "Riskiest accounts", ("entity", "probability", "over threshold", "seeds", "most telling"), rows
    )
    OUT.print(
        f"{run.accounts:,} accounts, {run.links:,} links, {run.seeds} seeds, {run.cleared} cleared; "
        f"{run.over_threshold} over the threshold; {run.held_out_recall:.0%} of held-out seeds found again; "
        f"{run.seconds:.1f} s",
        highlight=False,
    )
    if run.doubt:
        OUT.print(run.doubt, highlight=False)


@cli.command("evaluate")
@clear_errors
def evaluate_files(
    links: Annotated[Path, typer.Option(help="Edge list: text, CSV or Parquet; .gz as well.")],
    positives: Annotated[Path, typer.Option(help="Ids of members.")],
    negatives: Annotated[
        Path | None, typer.Option(help="Ids of innocent accounts; without it, all others.")
    ] = None,
    directed: Annotated[bool, typer.Option("--directed", help="Each edge counts one way only.")] = False,
    known_share: Annotated[
        float, typer.Option(help="Share of the labels that is given to the models.")
    ] = 0.3,
    draws: Annotated[int, typer.Option(min=1, max=1000, help="Random splits to average over.")] = 5,
    seed: Annotated[int, typer.Option(help="Makes the splits repeatable.")] = 0,
    json: JsonFlag = False,
) -> None:
    """Hide labels on a labelled graph and see how well our model and the baselines find them."""
    from havenwall.network import evaluate, read_graph, read_labels

    with steps() as progress:
        task = progress.add_task("reading", total=2)
        graph = read_graph(links, directed=directed)
        members = graph.index(read_labels(positives))
        innocent = graph.index(read_labels(negatives)) if negatives else None
        progress.update(task, completed=1, description="evaluating")
        found = evaluate(graph, members, innocent, known_share=known_share, draws=draws, seed=seed)
        progress.update(task, completed=2)
    if json:
        print_json(found)
    else:
        _show(found)


@cli.command("bench")
@clear_errors
def bench(
    only: Annotated[list[str] | None, typer.Option(help="Tables to run; all without it.")] = None,
    accounts: Annotated[int, typer.Option(min=2_000, max=2_000_000, help="Size of a platform.")] = 200_000,
    draws: Annotated[int, typer.Option(min=1, max=100, help="Platforms per line.")] = 3,
    first_draw: Annotated[int, typer.Option(min=0, help="Seed of the first platform.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, max=500, help="Confirmed accounts that are given.")] = 35,
    json: JsonFlag = False,
) -> None:
    """Measure discovery on hard sandboxes: camouflage, few and wrong seeds, variants, negative controls."""
    from havenwall.app.network_bench import run_table, tables

    every = tables(accounts, seeds)
    for name in only or ():
        if name not in every:
            raise BadInput(f"there is no table {name!r}", field="only", hint=f"one of {', '.join(every)}")
    chosen = {name: cases for name, cases in every.items() if not only or name in only}
    results = {}
    with steps() as progress:
        task = progress.add_task("measuring", total=len(chosen))
        for name, cases in chosen.items():
            progress.update(task, description=name)
            results[name] = dict(run_table(cases, range(first_draw, first_draw + draws)))
            progress.advance(task)
    if json:
        print_json(results)
        return
    for name, lines in results.items():
        _markdown(name, lines)


def _markdown(name: str, lines: dict[str, dict[str, float]]) -> None:
    columns = max((list(figures) for figures in lines.values()), key=len)
    OUT.print(f"\n{name}\n\n| | " + " | ".join(columns) + " |", highlight=False, soft_wrap=True)
    OUT.print("|---" * (len(columns) + 1) + "|", highlight=False, soft_wrap=True)
    for line, figures in lines.items():
        cells = (f"{figures[column]:.3g}" if column in figures else "" for column in columns)
        OUT.print(f"| {line} | " + " | ".join(cells) + " |", highlight=False, soft_wrap=True)


def _show(found: Evaluation) -> None:
    from havenwall.network import METRICS

    rows = [(name, *(f"{figures[m]:.3f}" for m in METRICS)) for name, figures in found.models.items()]
    print_table("Hidden members found", ("model", *(m.replace("_", " ") for m in METRICS)), rows)
    chosen = ", ".join(f"{name} ({times})" for name, times in found.chosen.items())
    OUT.print(
        f"{found.accounts:,} accounts, {found.links:,} links; {found.seeds:.0f} members given, "
        f"{found.hidden:.0f} hidden, {found.draws} draws. Features chosen: {chosen}.",
        highlight=False,
    )


def _top(factors: dict[str, float]) -> str:
    name = max(factors, key=lambda key: factors[key], default="")
    return name.replace("_", " ")
