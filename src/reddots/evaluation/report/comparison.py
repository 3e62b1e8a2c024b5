"""Comparison report: a page, forest plots and JSON."""

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from reddots.evaluation.metrics.overall import NAMES
from reddots.evaluation.report.page import data_uri, plot_files, render, to_json, write_files
from reddots.evaluation.report.style import BLUE, GREY, Drawing, file_names, plot_style, save

ALPHA = 0.05


def write_comparison(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``comparison.html``, ``comparison.json`` and ``figures/`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.compare.compare` returns.
        output: a folder, which is made.
        source: which files were compared, in a sentence.

    Raises:
        TableError: the folder cannot be written to.
    """
    names = file_names(report["models"])
    drawings: list[Drawing] = [
        forest_of_differences(pair, f"forest.{names[pair['first']]}.{names[pair['second']]}")
        for pair in report["pairs"]
    ]
    text = render(
        "comparison.html.j2",
        r=report,
        title="Comparison of " + " and ".join(report["models"]),
        source=source,
        warnings=_warnings(report),
        overall=["accuracy", "ece", *NAMES],
        drawings=[{"uri": data_uri(d), "alt": d.alt} for d in drawings],
    )
    files = {"comparison.json": to_json(report), "comparison.html": text.encode()}
    return write_files(files | plot_files(drawings), output)


def _warnings(report: dict[str, Any]) -> list[str]:
    if report.get("group_column", "given"):
        return []
    text = (
        "The truth has no column of patients or lesions (--group-column), so photos count as "
        "independent: every p-value may be too small."
    )
    return [text]


def forest_of_differences(pair: dict[str, Any], name: str) -> Drawing:
    """Return the differences of one pair with their intervals, better to the right.

    Blue ones are more than chance after the correction for the whole family.
    """
    rows = list(pair["differences"].items())[::-1]
    with plot_style():
        figure = Figure(figsize=(6.0, 0.9 + 0.22 * len(rows)))
        axes = figure.add_subplot()
        axes.axvline(0, color=GREY, linewidth=0.8, linestyle=":")
        for row, (_, own) in enumerate(rows):
            sign = -1 if own["lower_is_better"] else 1
            ends = own["difference_ci"]
            colour = BLUE if own.get("p_holm", 1.0) < ALPHA else GREY
            if ends:
                axes.plot([sign * e for e in ends], [row, row], color=colour, linewidth=1.2)
            axes.plot(sign * own["difference"], row, "o", color=colour, markersize=3.5)
        names = [
            n.replace(".", " of ").replace("_", " ")
            + (" (sign turned)" if o["lower_is_better"] else "")
            for n, o in rows
        ]
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"{pair['first']} better        {pair['second']} better")
        return save(name, f"Differences of {pair['second']} from {pair['first']}", figure)
