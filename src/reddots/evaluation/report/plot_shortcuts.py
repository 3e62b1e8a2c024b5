"""Plot of shortcuts: how far views without the lesion get, beside the model."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from reddots.evaluation.report.style import BLUE, GREY, RED

VIEWS = {
    "file": "file size, dimensions, format",
    "border": "border only",
    "background": "all but the lesion",
    "whole": "whole photo, coarse colours",
}


def plot_shortcuts(found: dict[str, Any]) -> Figure:
    """Return the balanced accuracy of each view with its interval, chance and the model.

    Args:
        found: the probes of the truth, ``report["shortcuts"]["truth"]``.
    """
    views = list(found["probes"].items())[::-1]
    figure = Figure(figsize=(5.2, 1.2 + 0.34 * len(views)))
    axes = figure.add_subplot()
    axes.axvline(found["chance"], color=GREY, linewidth=0.8, linestyle=":", label="chance")
    if found["model"] is not None:
        axes.axvline(found["model"], color=RED, linewidth=1.2, linestyle="--", label="the model")
    for row, (_, own) in enumerate(views):
        ends = own["balanced_accuracy_ci"]
        if ends:
            axes.plot(ends, [row, row], color=BLUE, linewidth=1.2)
        axes.plot(own["balanced_accuracy"], row, "o", color=BLUE, markersize=4.5)
    axes.set_yticks(range(len(views)), [VIEWS.get(name, name) for name, _ in views])
    axes.set_ylim(-0.6, len(views) - 0.4)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("balanced accuracy without the lesion, 95% interval")
    axes.tick_params(axis="y", length=0)
    axes.legend(frameon=False, fontsize=8)
    return figure
