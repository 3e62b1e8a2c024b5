"""Triage benchmark report: a page, a plot and JSON."""

import math
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from reddots.evaluation.report.page import data_uri, plot_files, render, to_json, write_files
from reddots.evaluation.report.style import BLUE, RED, Drawing, plot_style, save

_SHOWN = (
    ("safe", "safe"),
    ("exact", "exact"),
    ("over", "over-triage"),
    ("under", "under-triage"),
    ("missed_emergency", "emergencies missed"),
    ("comprehensiveness", "comprehensiveness"),
    ("inclination_to_over_triage", "over-triage among wrong advice"),
)


def write_score(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``score.html``, ``score.json`` and ``figures/`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.vignettes.measures.score` returns.
        output: a folder, which is made.
        source: which files were scored, in a sentence.

    Raises:
        TableError: the folder cannot be written to.
    """
    drawing = plot_systems(report)
    difficulty = report["item_difficulty"] or {}
    known = {name: value for name, value in difficulty.items() if not math.isnan(value)}
    hardest = sorted(known.items(), key=lambda item: (item[1], item[0]))
    text = render(
        "score.html.j2",
        r=report,
        title="Triage benchmark",
        source=source,
        shown=_SHOWN,
        hardest=hardest[:20],
        drawing={"uri": data_uri(drawing), "alt": drawing.alt},
    )
    files = {"score.json": to_json(report), "score.html": text.encode()}
    return write_files(files | plot_files([drawing]), output)


def plot_systems(report: dict[str, Any]) -> Drawing:
    """Return safety and exactness of each system with their intervals."""
    systems = list(report["systems"].items())[::-1]
    with plot_style():
        figure = Figure(figsize=(5.4, 1.0 + 0.4 * len(systems)))
        axes = figure.add_subplot()
        for row, (_, own) in enumerate(systems):
            for shift, key, colour, mark in ((0.12, "safe", BLUE, "o"), (-0.12, "exact", RED, "D")):
                if own[key] is None:
                    continue
                place = row + shift
                if own[f"{key}_ci"]:
                    axes.plot(own[f"{key}_ci"], [place, place], color=colour, linewidth=1.2)
                label = key if row == 0 else None
                axes.plot(own[key], place, mark, color=colour, markersize=4.5, label=label)
        axes.set_yticks(range(len(systems)), [name for name, _ in systems])
        axes.set_ylim(-0.6, len(systems) - 0.4)
        axes.set_xlim(0, 1.01)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
        axes.set_xlabel("share of vignettes, 95% interval")
        axes.tick_params(axis="y", length=0)
        axes.legend(frameon=False, fontsize=8, loc="lower left")
        return save("systems", "Safety and exactness of each system", figure)
