"""Plots of a run and of a card (reliability, risk and coverage), from their JSON alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reddots.evaluation.report.style import BLUE, GREY, INK, RED, Drawing, plot_style, save

_COLOURS = (BLUE, RED, INK, GREY)


def draw_reliability(sets: Mapping[str, Mapping[str, Any]]) -> Drawing:
    """Return a reliability diagram for each set, before and after calibration.

    Args:
        sets: by name, with ``ece``, ``ece_before`` and ``reliability``: bins by ``before`` and
            ``after``.
    """
    with plot_style():
        figure = Figure(figsize=(2.9 * len(sets), 3.1))
        panels = figure.subplots(1, len(sets), squeeze=False)[0]
        for panel, (name, own) in zip(panels, sets.items(), strict=True):
            _bins(panel, own)
            panel.set_title(name)
            panel.set_xlabel("probability of the first choice")
        panels[0].set_ylabel("share that was right")
        return save("reliability", "Reliability before and after calibration", figure)


def _bins(panel: Axes, own: Mapping[str, Any]) -> None:
    panel.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
    for when, error, colour in (
        ("before", own["ece_before"], GREY),
        ("after", own["ece"], BLUE),
    ):
        bins = own["reliability"][when]
        said, was = ([b[key] for b in bins] for key in ("predicted", "observed"))
        label = f"{when}: error {error:.3f}"
        panel.plot(said, was, color=colour, marker="o", markersize=3, linewidth=1.2, label=label)
        if when == "after":
            # A bin of a single group has no interval.
            ends = np.array([b["observed_ci"] or (np.nan, np.nan) for b in bins])
            panel.fill_between(said, ends[:, 0], ends[:, 1], color=colour, alpha=0.15, linewidth=0)
    panel.set_xlim(-0.02, 1.02)
    panel.set_ylim(-0.02, 1.02)
    panel.legend(frameon=False, fontsize=8, loc="lower right")


def draw_risk(sets: Mapping[str, Mapping[str, Any]], acceptable: float) -> Drawing:
    """Return risk against coverage for each set, with the point of its own abstention.

    Args:
        sets: by name, with ``selective``: ``curve`` (``coverage`` and ``risk``) and, or None,
            ``own_abstention``.
        acceptable: the risk that the threshold was chosen for.
    """
    with plot_style():
        figure = Figure(figsize=(4.6, 3.2))
        axes = figure.add_subplot()
        axes.axhline(acceptable, color=GREY, linewidth=0.8, linestyle=":")
        for (name, own), colour in zip(sets.items(), _cycle(len(sets)), strict=True):
            curve, point = own["selective"]["curve"], own["selective"]["own_abstention"]
            axes.plot(curve["coverage"], curve["risk"], color=colour, linewidth=1.4, label=name)
            if point and point["risk"] is not None:
                axes.plot(point["coverage"], point["risk"], "D", color=colour, markersize=5)
        axes.set_xlim(0, 1.01)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("coverage: share of photos that are named")
        axes.set_ylabel("risk: share of these that are wrong")
        axes.legend(frameon=False, fontsize=8, loc="upper left")
        return save("risk-coverage", "Risk against coverage", figure)


def _cycle(count: int) -> Sequence[str]:
    return [_COLOURS[i % len(_COLOURS)] for i in range(count)]
