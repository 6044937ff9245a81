"""A finding as one HTML page that needs nothing else: no script, no font, no address outside."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import product

from havenwall.audit.release.chart import lines_svg
from havenwall.audit.release.finding import Cell, Finding, Replay
from havenwall.audit.release.tables import release_tables, told
from havenwall.audit.table import Table

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: #1b1f24; background: #fff;
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #d8dde3; vertical-align: top; }
td { min-width: 6ch; }
.outcome { display: inline-block; padding: .25rem .9rem; border-radius: 1rem; font-weight: 600; }
.pass { background: #e2f2ea; color: #1c6848; } .fail { background: #fae9e5; color: #a5301c; }
.inconclusive { background: #fbf0d9; color: #7a4d00; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; border: 1px solid #d8dde3; border-radius: .5rem; padding: .75rem; }
figcaption { font-size: .9rem; color: #57606a; } svg { width: 100%; height: auto; }
code { overflow-wrap: anywhere; } dt { font-weight: 600; } dd { margin: 0 0 .4rem; }
"""
_MOST_REPLAYS = 3


def report_page(finding: Finding) -> str:
    """The report: verdict, figures, charts, the ways that led to the network, and what it rests on."""
    name, outcome = escape(finding.plan.name), finding.verdict.outcome
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f"<title>{name}: {outcome}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{name}</h1>",
        f'<p><strong class="outcome {outcome}">{outcome}</strong> '
        f"{finding.ended_at:%Y-%m-%d %H:%M} UTC, {_size(finding)}.</p>",
        *(_table(table) for table in release_tables(finding)),
        *_charts(finding),
        *_replays(finding.replays),
        *_evidence(finding),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _size(finding: Finding) -> str:
    plan = finding.plan
    return (
        f"{plan.accounts} test accounts of {len(plan.personas)} personas "
        f"on {plan.platform_seeds} platform seeds, {plan.rounds} rounds, {plan.k} places"
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "\n".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in table.rows)
    return (
        f'<h2>{escape(table.title)}</h2>\n<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(table.title)}"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n'
        "</tbody></table></div>"
    )


def charts(finding: Finding) -> Iterable[tuple[str, str]]:
    """Drawings and what each shows: exposure, and who was not exposed yet, per persona and surface."""
    keys = list(product(finding.plan.personas, finding.plan.surfaces))
    for number, (persona, surface) in enumerate(keys):
        here = {
            cell.arm: cell
            for cell in finding.cells
            if (cell.persona, cell.surface) == (persona, surface.value)
        }
        title = f"{persona} on {surface.value}"
        exposure = {arm: cell.by_round for arm, cell in here.items()}
        unexposed = {arm: _surviving(cell, finding.plan.rounds) for arm, cell in here.items()}
        yield (
            lines_svg(f"{title}: exposure by round", exposure, "places that show the network", 2 * number),
            f"{title}: share of places that show the network",
        )
        yield (
            lines_svg(f"{title}: not exposed yet", unexposed, "accounts not exposed yet", 2 * number + 1),
            f"{title}: share of accounts that were not shown the network yet",
        )


def _charts(finding: Finding) -> Iterable[str]:
    yield "<h2>Round by round</h2>"
    yield '<div class="charts">'
    yield from (_figure(svg, caption) for svg, caption in charts(finding))
    yield "</div>"


def _surviving(cell: Cell, rounds: int) -> list[float]:
    """The survival curve at every round: it holds between the rounds in which something happened."""
    known = dict(zip(cell.survival.rounds, cell.survival.surviving, strict=True))
    found, last = [], 1.0
    for at in range(1, rounds + 1):
        last = known.get(at, last)
        found.append(last)
    return found


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _replays(replays: list[Replay]) -> Iterable[str]:
    yield "<h2>Ways that led to the network</h2>"
    if not replays:
        yield "<p>No test account was shown a member.</p>"
        return
    yield f"<p>The quickest of each persona in each arm; {len(replays)} were kept in the finding.</p>"
    for replay in _quickest(replays):
        yield f"<details><summary>{escape(told(replay))}</summary>\n<ol>"
        yield f"<li>began with {_entities(replay.start)}</li>"
        for step in replay.steps:
            yield f"<li>round {step.round}, {escape(step.surface)}: chose {_entities(step.chosen)}</li>"
        yield f"<li>round {replay.round}: was shown {_entities([replay.member])}</li>\n</ol></details>"


def _quickest(replays: list[Replay]) -> list[Replay]:
    """A few of each persona in each arm."""
    found: dict[tuple[str, str], list[Replay]] = {}
    for replay in sorted(replays, key=lambda each: each.round):
        found.setdefault((replay.persona, replay.arm), []).append(replay)
    return [replay for each in found.values() for replay in each[:_MOST_REPLAYS]]


def _entities(entities: list[str]) -> str:
    return ", ".join(f"<code>{escape(each)}</code>" for each in entities)


def _evidence(finding: Finding) -> Iterable[str]:
    known = {
        "Finding": finding.id,
        "Plan (SHA-256)": finding.plan_hash,
        "Labels (SHA-256)": finding.labels_hash,
        "Havenwall": finding.version,
        "Begun": f"{finding.started_at:%Y-%m-%d %H:%M:%S} UTC",
        "Ended": f"{finding.ended_at:%Y-%m-%d %H:%M:%S} UTC",
        **{f"Snapshots of {arm}": ", ".join(names) for arm, names in finding.snapshots.items()},
    }
    yield "<h2>What it rests on</h2>\n<dl>"
    for name, value in known.items():
        yield f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>"
    yield "</dl>"
