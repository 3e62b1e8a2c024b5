"""Training history: one row after each epoch, and its curves."""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reddots._atomic import atomic_write
from reddots.evaluation.report.style import BLUE, GREY, INK, RED, Drawing, plot_style, save
from reddots.tabular.csv_writer import CsvWriter
from reddots.tabular.reader import open_table
from reddots.training.metrics import Progress

_FIXED = ("epoch", "train_loss", "log_loss", "balanced_accuracy")
_LAST = "seconds"
Rows = list[dict[str, str]]


class RunLog:
    """The CSV log and its plots, each written whole after each epoch."""

    def __init__(self, path: Path, epochs: int) -> None:
        """Go on with the log at ``path`` after that many epochs; what is beyond is dropped."""
        self._path = path
        self._rows: Rows = read_log(path)[:epochs] if epochs else []

    def add(self, epoch: int, loss: float, progress: Progress, seconds: float) -> None:
        """Add one epoch, counted from 1, and write table and curves."""
        figures = (loss, progress.log_loss, progress.balanced_accuracy)
        row = {"epoch": str(epoch)}
        row.update({k: f"{v:.4f}" for k, v in zip(_FIXED[1:], figures, strict=True)})
        row.update({o: "" if s is None else f"{s:.4f}" for o, s in progress.sensitivity.items()})
        row[_LAST] = f"{seconds:.0f}"
        self._rows.append(row)
        write_log(self._path, self._rows)


def write_log(path: Path, rows: Rows) -> None:
    """Write a log's rows and their curves beside it; nothing where there are none."""
    if not rows:
        return
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.write(rows[0])
    for cells in rows:
        writer.write(cells.values())
    atomic_write(path, text.getvalue().encode())
    drawing = draw_curves(rows)
    for ending, data in (("svg", drawing.svg), ("png", drawing.png)):
        atomic_write(path.with_name(f"{drawing.name}.{ending}"), data)


def read_log(path: Path) -> Rows:
    """Return the rows of a log; none if there is none."""
    if not path.exists():
        return []
    return [row.texts() for row in open_table(path)]


def draw_curves(rows: Rows) -> Drawing:
    """Return the losses, and the sensitivity of each output on the validation split, by epoch."""
    epochs = [int(row["epoch"]) for row in rows]
    with plot_style():
        figure = Figure(figsize=(7.4, 3.2))
        left, right = figure.subplots(1, 2)
        left.plot(epochs, _column(rows, "train_loss"), color=GREY, label="training")
        left.plot(epochs, _column(rows, "log_loss"), color=BLUE, label="validation")
        best = int(np.argmin(_column(rows, "log_loss")))
        left.axvline(epochs[best], color=RED, linewidth=0.8, linestyle=":", label="best")
        left.set_xlabel("epoch")
        left.set_ylabel("loss, nats")
        left.set_ylim(bottom=0)
        left.legend(frameon=False, fontsize=8)
        for output in [name for name in rows[0] if name not in (*_FIXED, _LAST)]:
            right.plot(epochs, _column(rows, output), linewidth=1, label=output.replace("_", " "))
        mean = _column(rows, "balanced_accuracy")
        right.plot(epochs, mean, color=INK, linewidth=2, label="balanced accuracy")
        for axes in (left, right):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        right.set_xlabel("epoch")
        right.set_ylabel("sensitivity on validation")
        right.set_ylim(0, 1.02)
        right.legend(frameon=False, fontsize=7, loc="lower right")
        return save("curves", "Losses and sensitivities by epoch", figure)


def _column(rows: Rows, name: str) -> list[float]:
    return [float(row[name]) if row[name] else float("nan") for row in rows]
