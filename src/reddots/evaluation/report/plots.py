"""The report's figures, drawn from its JSON alone; the same figures give the same bytes."""

from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, StrMethodFormatter

from reddots.evaluation.report.style import (
    BLUE,
    DARK,
    GREY,
    INK,
    RED,
    STYLE,
    Drawing,
    file_name,
    save,
)

_MOST_CELLS = 30  # truths; a larger matrix is not drawn


def draw_all(report: dict[str, Any]) -> tuple[Drawing, ...]:
    """Return every figure that the report's figures allow.

    Args:
        report: what :func:`reddots.evaluation.evaluate.evaluate` returns.
    """
    with mpl.rc_context(STYLE):
        return tuple(_draw(report))


def _draw(report: dict[str, Any]) -> Iterator[Drawing]:
    if len(report["confusion"]["truths"]) <= _MOST_CELLS:
        yield save("confusion", "Confusion matrix", _confusion(report["confusion"]))
    for output, curve in report["curves"].items():
        own = report["per_output"][output]
        name = file_name(output)
        roc = _curve(curve, "roc", f"{output}: AUROC {own['auroc']:.3f}")
        yield save(f"roc.{name}", f"ROC curve of {output}", roc)
        text = f"{output}: AP {own['average_precision']:.3f}"
        share = own["n"] / report["n"]
        precision = _curve(curve, "precision", text, floor=share)
        yield save(f"precision.{name}", f"Precision and recall of {output}", precision)
    bins = report["calibration"]["reliability"]
    title = f"Top output: ECE {report['ece']:.3f}"
    yield save("reliability", "Reliability diagram of the top output", _bins(bins, title))
    for output, bins in report["calibration"]["reliability_of_output"].items():
        error = report["calibration"]["ece_of_output"][output]
        if bins and error is not None:
            figure = _bins(bins, f"{output}: ECE {error:.3f}")
            yield save(f"reliability.{file_name(output)}", f"Reliability of {output}", figure)
    yield save("risk-coverage", "Risk against coverage", _risk(report["selective"]))
    if report["decisions"]:
        yield save("decisions", "Decision curves", _decisions(report["decisions"]))
    for name, group in report["subgroups"].items():
        figure = _forest(group["values"], report["accuracy"])
        yield save(f"subgroup.{file_name(name)}", f"Accuracy by {name}", figure)


def _confusion(confusion: dict[str, Any]) -> Figure:
    counts = np.array(confusion["counts"], dtype=float)
    total = counts.sum(axis=1, keepdims=True)
    present = total[:, 0] > 0
    shares, counts = (counts / np.maximum(total, 1))[present], counts[present]
    truths = [t for t, p in zip(confusion["truths"], present, strict=True) if p]
    width, height = 2.2 + 0.62 * shares.shape[1], 1.6 + 0.44 * shares.shape[0]
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(shares.shape):
        if counts[row, column]:
            colour = "white" if shares[row, column] > DARK else INK
            text = f"{int(counts[row, column])}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8.5)
    names = [
        f"{t.replace('_', ' ')} ({int(n)})" for t, n in zip(truths, total[present, 0], strict=True)
    ]
    axes.set_yticks(range(len(truths)), names)
    called = [c.replace("_", " ") for c in confusion["called"]]
    axes.set_xticks(range(len(called)), called, rotation=40, ha="right")
    axes.set_xlabel("called")
    axes.set_ylabel("truth (photos)")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


def _curve(curve: dict[str, Any], kind: str, title: str, floor: float | None = None) -> Figure:
    figure = Figure(figsize=(3.1, 3.1))
    axes = figure.add_subplot()
    grid, values = np.array(curve["grid"]), np.array(curve[kind])
    if kind == "roc":
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
        # A curve starts at the origin, though its first step may rise straight up.
        grid, values = np.append(0.0, grid), np.append(0.0, values)
        axes.set_xlabel("false-positive rate")
        axes.set_ylabel("true-positive rate")
    else:
        axes.axhline(floor or 0.0, color=GREY, linewidth=0.8, linestyle=":")
        axes.set_xlabel("recall")
        axes.set_ylabel("precision")
    band = curve[f"{kind}_ci"]
    if band:
        axes.fill_between(curve["grid"], *band, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(grid, values, color=BLUE, linewidth=1.6)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.02)
    axes.set_title(title.replace("_", " "))
    return figure


def _bins(bins: list[dict[str, Any]], title: str) -> Figure:
    figure = Figure(figsize=(3.1, 3.7))
    axes, counts = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
    said = np.array([b["predicted"] for b in bins])
    was = np.array([b["observed"] for b in bins])
    ends = np.array([b["observed_ci"] for b in bins])
    errors = np.abs(np.stack([was - ends[:, 0], ends[:, 1] - was]))
    axes.errorbar(
        said, was, yerr=errors, color=BLUE, ecolor=GREY, elinewidth=0.9, marker="o",
        markersize=3.5, linewidth=1.2,
    )  # fmt: skip
    axes.set_ylabel("share that was so")
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlim(-0.02, 1.02)
    axes.set_title(title.replace("_", " "))
    counts.bar(said, [b["n"] for b in bins], width=0.03, color=BLUE)
    counts.set_yscale("log")
    counts.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    counts.yaxis.set_minor_locator(NullLocator())
    counts.set_ylabel("photos")
    counts.set_xlabel("probability said")
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
    axes.set_xlabel("coverage: share of photos that are named")
    axes.set_ylabel("risk: share of these that are wrong")
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
    axes.set_xlabel("threshold probability of needing a doctor")
    axes.set_ylabel("net benefit")
    axes.legend(frameon=False, fontsize=8, title="sent to a doctor by", title_fontsize=8)
    return figure


def _forest(values: list[dict[str, Any]], overall: float) -> Figure:
    shown = values[::-1]
    figure = Figure(figsize=(4.8, 0.7 + 0.27 * len(shown)))
    axes = figure.add_subplot()
    axes.axvline(overall, color=GREY, linewidth=0.8, linestyle=":")
    for row, value in enumerate(shown):
        colour = GREY if value["too_few"] else BLUE
        axes.plot(value["accuracy_ci"], [row, row], color=colour, linewidth=1.2)
        axes.plot(value["accuracy"], row, "o", color=colour, markersize=4)
    names = [f"{v['value'].replace('_', ' ')} ({v['n']})" for v in shown]
    axes.set_yticks(range(len(shown)), names)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_xlim(0, 1)
    axes.set_xlabel("accuracy, 95% interval (grey: too few to say)")
    axes.tick_params(axis="y", length=0)
    return figure
