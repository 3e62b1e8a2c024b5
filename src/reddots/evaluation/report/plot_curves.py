"""Plots of curves by class: ROC, precision-recall, calibration, and a panel of all classes."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from reddots.evaluation.report.style import BLUE, GREY, INK

_LEAST_BIN = 5  # photos below which a bin has no whisker
_SIDE = 3.1  # inches


def plot_roc(report: dict[str, Any], output: str) -> Figure:
    """Return the ROC curve of one class."""
    figure = Figure(figsize=(_SIDE, _SIDE))
    _roc(figure.add_subplot(), report, output)
    return figure


def plot_precision(report: dict[str, Any], output: str) -> Figure:
    """Return the precision-recall curve of one class."""
    figure = Figure(figsize=(_SIDE, _SIDE))
    _precision(figure.add_subplot(), report, output)
    return figure


def plot_calibration(report: dict[str, Any], output: str | None) -> Figure:
    """Return the calibration of one class, or of the predicted class where None."""
    figure = Figure(figsize=(_SIDE, 3.7))
    axes, counts = figure.subplots(2, 1, height_ratios=(4, 1), sharex=True)
    bins = _calibration(axes, report, output)
    axes.set_xlabel("")
    counts.bar([b["predicted"] for b in bins], [b["n"] for b in bins], width=0.03, color=BLUE)
    counts.set_yscale("symlog", linthresh=1)
    counts.set_ylabel("photos")
    counts.set_xlabel("predicted probability")
    return figure


def plot_panel(report: dict[str, Any]) -> Figure:
    """Return ROC, precision-recall and calibration of every class with curves, in one figure."""
    outputs = list(report["curves"])
    figure = Figure(figsize=(2.4 * 3, 2.2 * len(outputs)))
    grid = figure.subplots(len(outputs), 3, squeeze=False)
    for row, output in zip(grid, outputs, strict=True):
        _roc(row[0], report, output)
        _precision(row[1], report, output)
        _calibration(row[2], report, output)
        for axes in row:
            axes.set_title(axes.get_title(loc="left"), fontsize=8)
    return figure


def _roc(axes: Axes, report: dict[str, Any], output: str) -> None:
    curve, own = report["curves"][output], report["per_output"][output]
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
    if curve["roc_ci"]:
        axes.fill_between(curve["grid"], *curve["roc_ci"], color=BLUE, alpha=0.18, linewidth=0)
    # A curve starts at the origin, though its first step may rise straight up.
    axes.plot([0.0, *curve["grid"]], [0.0, *curve["roc"]], color=BLUE, linewidth=1.6)
    axes.set_xlabel("1 − specificity")
    axes.set_ylabel("sensitivity")
    _finish(axes, f"{output}: AUROC {own['auroc']:.3f}")


def _precision(axes: Axes, report: dict[str, Any], output: str) -> None:
    curve, own = report["curves"][output], report["per_output"][output]
    axes.axhline(own["n"] / report["n"], color=GREY, linewidth=0.8, linestyle=":")
    if curve["precision_ci"]:
        band = curve["precision_ci"]
        axes.fill_between(curve["grid"], *band, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(curve["grid"], curve["precision"], color=BLUE, linewidth=1.6)
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    _finish(axes, f"{output}: AP {own['average_precision']:.3f}")


def _calibration(axes: Axes, report: dict[str, Any], output: str | None) -> list[dict[str, Any]]:
    """Plot bins, dots as large as they hold photos, and the flexible curve with its band."""
    section = report["calibration"]
    bins = section["reliability"] if output is None else section["reliability_of_output"][output]
    error = report if output is None else section["ece_debiased_of_output"][output]
    curve = None if output is None else section["per_class"][output]["curve"]
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
    if curve:
        axes.fill_between(
            curve["predicted"], *curve["observed_ci"], color=BLUE, alpha=0.18, linewidth=0
        )
        axes.plot(curve["predicted"], curve["observed"], color=BLUE, linewidth=1.6)
    most = max((b["n"] for b in bins), default=1)
    for own in bins:
        if own["observed_ci"] and own["n"] >= _LEAST_BIN:
            place = [own["predicted"]] * 2
            axes.plot(place, own["observed_ci"], color=GREY, linewidth=0.9)
    axes.scatter(
        [b["predicted"] for b in bins],
        [b["observed"] for b in bins],
        s=[8 + 40 * np.sqrt(b["n"] / most) for b in bins],
        color=INK if curve else BLUE,
        zorder=3,
        linewidth=0,
    )
    axes.set_xlabel("predicted probability")
    axes.set_ylabel("observed share")
    name = "predicted class" if output is None else output
    _finish(axes, f"{name}: ECE {error['ece_debiased']:.3f}" if error else name)
    found: list[dict[str, Any]] = bins
    return found


def _finish(axes: Axes, title: str) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    axes.set_title(title.replace("_", " "))
