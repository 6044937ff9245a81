"""dblp (targeted communities): find the rest of a group of authors from three of them.

Protocol: 100 of the labelled groups with ten members or more, drawn once; three members given, the others
ranked among all 37,020 authors; mean over the groups. The published few-shot figures for this data set
(ProCom 51.0) are F1 of whole predicted groups, another question; the peers here are the usual walks, run on
the same draws.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from havenwall.network import Labelled, evaluate_splits, read_graph, read_label_lines

GROUPS, GIVEN, SMALLEST = 100, 3, 10
SHOWN = ("auc", "r_precision", "average_precision")


def main() -> None:
    folder = Path(os.environ.get("HAVENWALL_BENCH_DATA", "../shared/data")) / "targeted-communities"
    if not folder.is_dir():
        print(f"skipped: no {folder}; set HAVENWALL_BENCH_DATA")
        return
    graph = read_graph(folder / "dblp-1.90.ungraph.txt", directed=False)
    rng = np.random.default_rng(0)
    groups = [graph.index(line) for line in read_label_lines(folder / "dblp-1.90.cmty.txt")]
    large = [group for group in groups if len(group) >= SMALLEST]
    splits = []
    for chosen in rng.permutation(len(large))[:GROUPS]:
        mixed = rng.permutation(large[chosen])
        others = np.setdiff1d(np.arange(graph.n), mixed)
        splits.append(Labelled(np.sort(mixed[:GIVEN]), None, np.sort(mixed[GIVEN:]), others))
    found = evaluate_splits(graph, splits)
    print("| ranked by | AUC | R-precision | average precision |\n|---|---|---|---|")
    for name, figures in found.models.items():
        print(f"| {name} | " + " | ".join(f"{figures[metric]:.3f}" for metric in SHOWN) + " |")


if __name__ == "__main__":
    main()
