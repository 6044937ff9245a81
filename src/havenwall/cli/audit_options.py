"""Options that the verbs of `havenwall audit` and the demo have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SeedOption = Annotated[
    int, typer.Option("--seed", help="Makes the run repeatable; another seed, other numbers.")
]
PlatformsOption = Annotated[int, typer.Option("--platform-seeds", help="How many sandbox platforms.")]
CamouflageOption = Annotated[
    float,
    typer.Option("--camouflage", help="Links the network makes to strangers, as a multiple of the usual."),
]
KnownOption = Annotated[
    float, typer.Option("--known-share", help="Share of the network confirmed beforehand.")
]
RecommenderOption = Annotated[str, typer.Option("--recommender", help="als, cofollow, friends or walk.")]
PersonaOption = Annotated[
    str, typer.Option("--persona", help="control, adjacent, curious, neighbourhood or seek.")
]
AccountsOption = Annotated[
    int, typer.Option("--accounts", help="Test accounts of each persona per platform.")
]
RoundsOption = Annotated[int, typer.Option("--rounds", help="Rounds each test account goes through.")]
ChartOption = Annotated[Path | None, typer.Option("--chart", help="Write the chart to this SVG file.")]
