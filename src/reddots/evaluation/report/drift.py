"""Drift report: a page, a plot and JSON."""

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from reddots.evaluation.report.page import data_uri, plot_files, render, to_json, write_files
from reddots.evaluation.report.style import BLUE, GREY, RED, Drawing, plot_style, save


def write_drift(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``drift.html``, ``drift.json`` and ``figures/`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.drift.drift_of_files` returns.
        output: a folder, which is made.
        source: which files were compared, in a sentence.

    Raises:
        TableError: the folder cannot be written to.
    """
    drawing = plot_drift(report)
    text = render(
        "drift.html.j2",
        r=report,
        title="Drift",
        source=source,
        drawing={"uri": data_uri(drawing), "alt": drawing.alt},
    )
    files = {"drift.json": to_json(report), "drift.html": text.encode()}
    return write_files(files | plot_files([drawing]), output)


def plot_drift(report: dict[str, Any]) -> Drawing:
    """Return how often each class is predicted before and after."""
    classes = list(report["classes"].items())[::-1]
    with plot_style():
        figure = Figure(figsize=(5.4, 1.1 + 0.3 * len(classes)))
        axes = figure.add_subplot()
        for row, (_, own) in enumerate(classes):
            ends = own["predicted_before"], own["predicted_after"]
            axes.plot(ends, [row, row], color=GREY, linewidth=1.2)
            for end, colour, mark, name in zip(
                ends, (BLUE, RED), "oD", ("before", "after"), strict=True
            ):
                label = name if row == 0 else None
                axes.plot(end, row, mark, color=colour, markersize=4.5, label=label)
        axes.set_yticks(range(len(classes)), [name.replace("_", " ") for name, _ in classes])
        axes.set_ylim(-0.6, len(classes) - 0.4)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
        axes.set_xlabel("share of photos with this prediction")
        axes.tick_params(axis="y", length=0)
        axes.legend(frameon=False, fontsize=8)
        return save("drift", "Predictions before and after", figure)
