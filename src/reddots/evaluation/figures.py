"""The report's figures, drawn from its JSON alone; the same figures give the same bytes."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, StrMethodFormatter

_INK, _BLUE, _RED, _GREY, _PALE = "#1b2530", "#1f6f8b", "#b3402a", "#8a949e", "#dfe5ea"
_STYLE: dict[Any, Any] = {
    "font.size": 9.0,
    "font.family": ["DejaVu Sans"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "svg.hashsalt": "reddots",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "figure.constrained_layout.use": True,
}
_MOST_CELLS, _DARK = 30, 0.55


@dataclass(frozen=True)
class Drawing:
    """One finished figure.

    Attributes:
        name: of its files, without ending.
        alt: what it shows, in words.
        svg, png: the two files.
    """

    name: str
    alt: str
    svg: bytes
    png: bytes


def draw_all(report: dict[str, Any]) -> tuple[Drawing, ...]:
    """Return every figure that the report's figures allow.

    Args:
        report: what :func:`reddots.evaluation.evaluate.evaluate` returns.
    """
    with mpl.rc_context(_STYLE):
        return tuple(_draw(report))


def _draw(report: dict[str, Any]) -> Iterator[Drawing]:
    if len(report["confusion"]["truths"]) <= _MOST_CELLS:
        yield _save("confusion", "Confusion matrix", _confusion(report["confusion"]))
    for output, curve in report["curves"].items():
        own = report["per_output"][output]
        name = file_name(output)
        roc = _curve(curve, "roc", f"{output}: AUROC {own['auroc']:.3f}")
        yield _save(f"roc.{name}", f"ROC curve of {output}", roc)
        text = f"{output}: AP {own['average_precision']:.3f}"
        share = own["n"] / report["n"]
        precision = _curve(curve, "precision", text, floor=share)
        yield _save(f"precision.{name}", f"Precision and recall of {output}", precision)
    bins = report["calibration"]["reliability"]
    title = f"Top output: ECE {report['ece']:.3f}"
    yield _save("reliability", "Reliability diagram of the top output", _bins(bins, title))
    for output, bins in report["calibration"]["reliability_of_output"].items():
        error = report["calibration"]["ece_of_output"][output]
        if bins and error is not None:
            figure = _bins(bins, f"{output}: ECE {error:.3f}")
            yield _save(f"reliability.{file_name(output)}", f"Reliability of {output}", figure)
    yield _save("risk-coverage", "Risk against coverage", _risk(report["selective"]))
    if report["decisions"]:
        yield _save("decisions", "Decision curves", _decisions(report["decisions"]))
    for name, group in report["subgroups"].items():
        figure = _forest(group["values"], report["accuracy"])
        yield _save(f"subgroup.{file_name(name)}", f"Accuracy by {name}", figure)


def file_name(text: str) -> str:
    """Return ``text`` as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or "x"


def _save(name: str, alt: str, figure: Figure) -> Drawing:
    svg, png = io.BytesIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=150, metadata={"Software": None})
    return Drawing(name, alt, svg.getvalue(), png.getvalue())


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
            colour = "white" if shares[row, column] > _DARK else _INK
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
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle=":")
        # A curve starts at the origin, though its first step may rise straight up.
        grid, values = np.append(0.0, grid), np.append(0.0, values)
        axes.set_xlabel("false-positive rate")
        axes.set_ylabel("true-positive rate")
    else:
        axes.axhline(floor or 0.0, color=_GREY, linewidth=0.8, linestyle=":")
        axes.set_xlabel("recall")
        axes.set_ylabel("precision")
    band = curve[f"{kind}_ci"]
    if band:
        axes.fill_between(curve["grid"], *band, color=_BLUE, alpha=0.18, linewidth=0)
    axes.plot(grid, values, color=_BLUE, linewidth=1.6)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.02)
    axes.set_title(title.replace("_", " "))
    return figure


def _bins(bins: list[dict[str, Any]], title: str) -> Figure:
    figure = Figure(figsize=(3.1, 3.7))
    axes, counts = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle=":")
    said = np.array([b["predicted"] for b in bins])
    was = np.array([b["observed"] for b in bins])
    ends = np.array([b["observed_ci"] for b in bins])
    errors = np.abs(np.stack([was - ends[:, 0], ends[:, 1] - was]))
    axes.errorbar(
        said, was, yerr=errors, color=_BLUE, ecolor=_GREY, elinewidth=0.9, marker="o",
        markersize=3.5, linewidth=1.2,
    )  # fmt: skip
    axes.set_ylabel("share that was so")
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlim(-0.02, 1.02)
    axes.set_title(title.replace("_", " "))
    counts.bar(said, [b["n"] for b in bins], width=0.03, color=_BLUE)
    counts.set_yscale("log")
    counts.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    counts.yaxis.set_minor_locator(NullLocator())
    counts.set_ylabel("photos")
    counts.set_xlabel("probability said")
    return figure


def _risk(selective: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(4.6, 3.2))
    axes = figure.add_subplot()
    axes.axhline(selective["risk"], color=_RED, linewidth=0.8, linestyle=":")
    axes.plot(
        selective["curve"]["coverage"], selective["curve"]["risk"], color=_BLUE, linewidth=1.6
    )
    own = selective["own_abstention"]
    if own and own["risk"] is not None:
        axes.plot(own["coverage"], own["risk"], "D", color=_RED, markersize=5)
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
        axes.fill_between(at, *decisions["model_ci"], color=_BLUE, alpha=0.18, linewidth=0)
    axes.plot(at, decisions["model"], color=_BLUE, linewidth=1.6, label="model")
    axes.plot(at, decisions["all"], color=_RED, linewidth=1.1, linestyle="--", label="all")
    axes.plot(at, decisions["none"], color=_GREY, linewidth=1.1, linestyle=":", label="none")
    if decisions["flag"]:
        axes.plot(at, decisions["flag"], color=_INK, linewidth=1.1, label="the table's flag")
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
    axes.axvline(overall, color=_GREY, linewidth=0.8, linestyle=":")
    for row, value in enumerate(shown):
        colour = _GREY if value["too_few"] else _BLUE
        axes.plot(value["accuracy_ci"], [row, row], color=colour, linewidth=1.2)
        axes.plot(value["accuracy"], row, "o", color=colour, markersize=4)
    names = [f"{v['value'].replace('_', ' ')} ({v['n']})" for v in shown]
    axes.set_yticks(range(len(shown)), names)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_xlim(0, 1)
    axes.set_xlabel("accuracy, 95% interval (grey: too few to say)")
    axes.tick_params(axis="y", length=0)
    return figure


def forest_of_differences(pair: dict[str, Any], name: str) -> Drawing:
    """Return the differences of one pair of models with their intervals, better to the right."""
    rows = list(pair["differences"].items())[::-1]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(6.0, 0.9 + 0.22 * len(rows)))
        axes = figure.add_subplot()
        axes.axvline(0, color=_GREY, linewidth=0.8, linestyle=":")
        for row, (_, own) in enumerate(rows):
            sign = -1 if own["lower_is_better"] else 1
            ends = own["difference_ci"]
            clear = ends and ends[0] * ends[1] > 0
            colour = _BLUE if clear else _GREY
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
        return _save(name, f"Differences of {pair['second']} from {pair['first']}", figure)


def heat_map(name: str, rows: list[str], columns: list[str], values: list[list[float]]) -> Drawing:
    """Return shares (rows × columns, 0 to 1) as a coloured table."""
    shares = np.array(values)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(5.2, 0.9 + 0.3 * len(rows)))
        axes = figure.add_subplot()
        axes.imshow(shares, cmap="OrRd", vmin=0, vmax=1, aspect="auto")
        for row, column in np.ndindex(shares.shape):
            colour = "white" if shares[row, column] > _DARK else _INK
            text = f"{shares[row, column]:.2f}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_xlabel("severity")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        return _save(name, "Balanced error by corruption and severity", figure)
