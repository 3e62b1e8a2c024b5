"""LaTeX table of a paper, with booktabs."""

from typing import Any

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_NOTE = "$^{*}$Fewer than 20 photos."
_COLUMNS = ("sensitivity", "specificity", "f1", "auroc")


def table(report: dict[str, Any]) -> str:
    """Return a ``tabular`` of each class's metrics with 95% intervals, and the overall ones."""
    lines = [
        "% needs \\usepackage{booktabs}",
        "\\begin{tabular}{lrllll}",
        "\\toprule",
        "Class & $n$ & Sensitivity & Specificity & F1 & AUROC \\\\",
        "\\midrule",
    ]
    for output, own in report["per_output"].items():
        note = "$^{*}$" if own["too_few"] else ""
        cells = [escape(output.replace("_", " ")) + note, str(own["n"])]
        lines.append(" & ".join([*cells, *(_figure(own, name) for name in _COLUMNS)]) + " \\\\")
    overall = (
        f"Accuracy {_figure(report, 'accuracy')}, balanced accuracy "
        f"{_figure(report, 'balanced_accuracy')}, log loss {_figure(report, 'log_loss')}, Brier "
        f"{_figure(report, 'brier')}, debiased ECE {_figure(report, 'ece_debiased')}; "
        f"$n = {report['n']}$."
    )
    lines += [
        "\\midrule",
        f"\\multicolumn{{6}}{{p{{0.95\\linewidth}}}}{{{overall} {_NOTE}}} \\\\",
        "\\bottomrule",
        "\\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return ``text`` so that LaTeX prints it as it is."""
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _figure(own: dict[str, Any], name: str) -> str:
    value, pair = own[name], own[f"{name}_ci"]
    if value is None:
        return "--"
    return f"{value:.3f} ({pair[0]:.3f}--{pair[1]:.3f})" if pair else f"{value:.3f}"
