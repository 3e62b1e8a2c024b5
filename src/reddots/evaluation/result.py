"""Evaluation result: every metric by name, as a table, as figures, and saved as a report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_END = "_ci"
_LINE = (
    *("n", "accuracy", "balanced_accuracy", "exact_match", "macro_auroc"),
    *("log_loss", "ece_debiased"),
)


@dataclass(frozen=True, eq=False)
class EvaluationResult(Mapping[str, Any]):
    """What :func:`reddots.evaluate` returns.

    A name gives a section or an overall metric (``report["accuracy"]``); the name of a metric by
    class gives its value for each class (``report["auroc"]``).

    Attributes:
        values_: everything, as ``metrics.json`` has it.
        title: of the page.
        source: what was evaluated, in a sentence.
        warnings: what a reader has to know first, in sentences.

    Example:
        >>> report = EvaluationResult({"accuracy": 0.9, "per_output": {"a": {"auroc": 0.8}}})
        >>> report["accuracy"], report["auroc"]
        (0.9, {'a': 0.8})
    """

    values_: dict[str, Any]
    title: str = "Evaluation"
    source: str = ""
    warnings: tuple[str, ...] = field(default=())

    def __getitem__(self, name: str) -> Any:
        """Return a section, an overall metric, or a metric by class."""
        if name in self.values_:
            return self.values_[name]
        found = {c: own[name] for c, own in self.values_["per_output"].items() if name in own}
        if found:
            return found
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)

    def __str__(self) -> str:
        """Return the overall metrics in a line."""
        shown = [(n.replace("_", " "), self.values_.get(n)) for n in _LINE]
        return ", ".join(
            f"{n} {v:.3f}" if isinstance(v, float) else f"{n} {v}"
            for n, v in shown
            if v is not None
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return overall metrics and those by class, one a row.

        Columns are ``metric``, ``class`` (empty for overall ones), ``value``, ``low``, ``high`` and
        ``n``.
        """
        import pandas as pd

        rows = list(_rows("", self.values_, self.values_.get("n")))
        for output, own in self.values_["per_output"].items():
            rows += _rows(output, own, own["n"])
        return pd.DataFrame(rows, columns=["metric", "class", "value", "low", "high", "n"])

    @property
    def figures(self) -> dict[str, "Figure"]:
        """The plots by name, as matplotlib figures."""
        from reddots.evaluation.report.plots import plots_of
        from reddots.evaluation.report.style import plot_style

        with plot_style():
            return {name: figure for name, _, figure in plots_of(self.values_)}

    def save(self, folder: str | Path, *, plots: bool = True) -> list[Path]:
        """Write ``report.html``, ``metrics.json``, ``table.tex`` and ``figures/``; return them.

        Args:
            folder: which is made.
            plots: whether to plot.

        Raises:
            TableError: the folder cannot be written to.
        """
        from reddots.evaluation.report.page import write_report

        return write_report(self.values_, Path(folder), self.title, self.source, plots=plots)

    def to_html(self) -> str:
        """Return the report as one page that needs no other file."""
        from reddots.evaluation.report.page import page
        from reddots.evaluation.report.plots import draw_all

        drawings = draw_all(self.values_, ("svg",))
        return page(self.values_, drawings, self.title, self.source)


def _rows(output: str, own: Mapping[str, Any], n: object) -> Iterator[tuple[Any, ...]]:
    """Yield each number that is a metric, with its interval."""
    for name, value in own.items():
        if name.endswith(_END) or isinstance(value, bool) or not isinstance(value, float):
            continue
        low, high = own.get(f"{name}{_END}") or (None, None)
        yield name, output, value, low, high, n
