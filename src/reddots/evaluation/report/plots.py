"""Plots of the report, made from its JSON alone; the same values give the same bytes."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from reddots.evaluation.report.plot_curves import (
    plot_calibration,
    plot_panel,
    plot_precision,
    plot_roc,
)
from reddots.evaluation.report.plot_shortcuts import plot_shortcuts
from reddots.evaluation.report.style import (
    BLUE,
    DARK,
    GREY,
    INK,
    RED,
    Drawing,
    file_names,
    plot_style,
    save,
)

_MOST_CLASSES = 30  # in one matrix or panel; more of them are not plotted
Plot = tuple[str, str, Figure]


def draw_all(
    report: dict[str, Any], formats: Sequence[str] = ("svg", "png", "pdf")
) -> tuple[Drawing, ...]:
    """Return every plot that the report's values allow, as files.

    Args:
        report: what :func:`reddots.evaluation.evaluate.evaluate_sample` returns.
        formats: of the files; a page alone needs ``svg`` only.
    """
    with plot_style():
        return tuple(save(name, alt, figure, formats) for name, alt, figure in plots_of(report))


def names_of(report: dict[str, Any]) -> dict[str, str]:
    """Return the part of a file's name for each class and subgroup; no two share one."""
    return file_names([*report["outputs"], *report["subgroups"]])


def plots_of(report: dict[str, Any]) -> Iterator[Plot]:
    """Yield each plot: its name, what it shows, and the matplotlib figure."""
    names = names_of(report)
    whole = "confusion" in report  # a multi-label report has no predicted class
    if whole and len(report["confusion"]["truths"]) <= _MOST_CLASSES:
        yield "confusion", "Confusion matrix", _confusion(report["confusion"])
    if 0 < len(report["curves"]) <= _MOST_CLASSES:
        yield "panel", "ROC, precision-recall and calibration of each class", plot_panel(report)
    for output in report["curves"]:
        name = names[output]
        yield f"roc.{name}", f"ROC curve of {output}", plot_roc(report, output)
        text = f"Precision and recall of {output}"
        yield f"precision.{name}", text, plot_precision(report, output)
    if whole:
        yield "reliability", "Calibration of the predicted class", plot_calibration(report, None)
    for output, bins in report["calibration"]["reliability_of_output"].items():
        if bins and report["calibration"]["ece_of_output"][output] is not None:
            text = f"Calibration of {output}"
            yield f"reliability.{names[output]}", text, plot_calibration(report, output)
    if not whole:
        return
    yield "risk-coverage", "Risk against coverage", _risk(report["selective"])
    if report["decisions"]:
        yield "decisions", "Decision curves", _decisions(report["decisions"])
        yield "costs", "Cost curve", _costs(report["decisions"]["cost_curve"])
    for name, group in report["subgroups"].items():
        figure = _forest(group["values"], report["accuracy"])
        yield f"subgroup.{names[name]}", f"Accuracy by {name}", figure
    if report.get("shortcuts", {}).get("truth"):
        text = "What can be told without the lesion"
        yield "shortcuts", text, plot_shortcuts(report["shortcuts"]["truth"])


def _confusion(confusion: dict[str, Any]) -> Figure:
    counts = np.array(confusion["counts"], dtype=float)
    total = counts.sum(axis=1, keepdims=True)
    present = total[:, 0] > 0
    shares, counts = (counts / np.maximum(total, 1))[present], counts[present]
    truths = [t for t, p in zip(confusion["truths"], present, strict=True) if p]
    width, height = 2.9 + 0.66 * shares.shape[1], 1.6 + 0.5 * shares.shape[0]
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    bar = figure.colorbar(image, ax=axes, format=PercentFormatter(1.0), shrink=0.9)
    bar.set_label("share of the truth")
    bar.outline.set_visible(False)
    for row, column in np.ndindex(shares.shape):
        if counts[row, column]:
            colour = "white" if shares[row, column] > DARK else INK
            text = f"{int(counts[row, column])}\n{100 * shares[row, column]:.0f}%"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=7.5)
    names = [
        f"{t.replace('_', ' ')} ({int(n)})" for t, n in zip(truths, total[present, 0], strict=True)
    ]
    axes.set_yticks(range(len(truths)), names)
    called = [c.replace("_", " ") for c in confusion["called"]]
    axes.set_xticks(range(len(called)), called, rotation=40, ha="right")
    axes.set_xlabel("predicted")
    axes.set_ylabel("truth (photos)")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


def _risk(selective: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(4.6, 3.2))
    axes = figure.add_subplot()
    axes.axhline(selective["risk"], color=RED, linewidth=0.8, linestyle=":")
    axes.plot(selective["curve"]["coverage"], selective["curve"]["risk"], color=BLUE, linewidth=1.6)
    own = selective["own_abstention"]
    if own and own["risk"] is not None:
        axes.plot(own["coverage"], own["risk"], "D", color=RED, markersize=5)
        axes.annotate(
            "the table's own abstention", (own["coverage"], own["risk"]), xytext=(-6, 8),
            textcoords="offset points", ha="right", fontsize=8,
        )  # fmt: skip
    axes.set_xlim(0, 1.01)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("coverage: share of photos that are not abstained from")
    axes.set_ylabel("risk: share of these that are wrong")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    return figure


def _decisions(decisions: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(4.6, 3.4))
    axes = figure.add_subplot()
    at = decisions["threshold"]
    if decisions["model_ci"]:
        axes.fill_between(at, *decisions["model_ci"], color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(at, decisions["model"], color=BLUE, linewidth=1.6, label="model")
    axes.plot(at, decisions["all"], color=RED, linewidth=1.1, linestyle="--", label="all")
    axes.plot(at, decisions["none"], color=GREY, linewidth=1.1, linestyle=":", label="none")
    if decisions["flag"]:
        axes.plot(at, decisions["flag"], color=INK, linewidth=1.1, label="the table's flag")
    share = decisions["events"] / decisions["n"]
    axes.set_ylim(-0.15 * share - 0.01, share * 1.08)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("threshold probability")
    axes.set_ylabel("net benefit")
    axes.legend(frameon=False, fontsize=8, title="referred by", title_fontsize=8)
    return figure


def _costs(curve: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(4.6, 3.2))
    axes = figure.add_subplot()
    at = curve["probability_cost"]
    if curve["model_ci"]:
        axes.fill_between(at, *curve["model_ci"], color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(at, curve["model"], color=BLUE, linewidth=1.6, label="model, best threshold")
    axes.plot(at, curve["trivial"], color=GREY, linestyle=":", label="all or none")
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("probability times cost of an event")
    axes.set_ylabel("normalised expected cost")
    axes.legend(frameon=False, fontsize=8)
    return figure


def _forest(values: list[dict[str, Any]], overall: float) -> Figure:
    shown = values[::-1]
    figure = Figure(figsize=(4.8, 0.8 + 0.27 * len(shown)))
    axes = figure.add_subplot()
    axes.axvline(overall, color=GREY, linewidth=0.8, linestyle=":")
    for row, value in enumerate(shown):
        colour = GREY if value["too_few"] else BLUE
        if value["accuracy_ci"]:
            axes.plot(value["accuracy_ci"], [row, row], color=colour, linewidth=1.2)
        axes.plot(value["accuracy"], row, "o", color=colour, markersize=4)
    names = [f"{v['value'].replace('_', ' ')} ({v['n']})" for v in shown]
    axes.set_yticks(range(len(shown)), names)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("accuracy, 95% interval (grey: too few to say)")
    axes.tick_params(axis="y", length=0)
    return figure
