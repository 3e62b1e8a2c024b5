"""The stress test as a page, a figure and JSON."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from reddots.evaluation.report.page import data_uri, plot_files, render, to_json, write_files
from reddots.evaluation.report.style import DARK, INK, Drawing, plot_style, save


def write_stress(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``stress.html``, ``stress.json`` and ``figures/`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.robustness.measure.measure_robustness` returns.
        output: a folder, which is made.
        source: which photos they were, in a sentence.

    Raises:
        TableError: the folder cannot be written to.
    """
    names = [own.replace("_", " ") for own in report["corruptions"]]
    values = [
        [report["clean_balanced_error"], *(level["balanced_error"] for level in own["levels"])]
        for own in report["corruptions"].values()
    ]
    drawing = heat_map("severity", names, ["clean", "1", "2", "3", "4", "5"], values)
    text = render(
        "stress.html.j2",
        r=report,
        title="Stress test",
        source=source,
        relative=any("relative_balanced_error" in own for own in report["corruptions"].values()),
        drawing={"uri": data_uri(drawing), "alt": drawing.alt},
    )
    return write_files(
        {
            "stress.json": to_json(report),
            "stress.html": text.encode(),
            **plot_files([drawing]),
        },
        output,
    )


def heat_map(name: str, rows: list[str], columns: list[str], values: list[list[float]]) -> Drawing:
    """Return shares (rows × columns, 0 to 1) as a coloured table."""
    shares = np.array(values)
    with plot_style():
        figure = Figure(figsize=(5.2, 0.9 + 0.3 * len(rows)))
        axes = figure.add_subplot()
        axes.imshow(shares, cmap="OrRd", vmin=0, vmax=1, aspect="auto")
        for row, column in np.ndindex(shares.shape):
            colour = "white" if shares[row, column] > DARK else INK
            text = f"{shares[row, column]:.2f}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_xlabel("severity")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        return save(name, "Balanced error by corruption and severity", figure)
