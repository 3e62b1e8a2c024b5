"""The report: one page, its figures as files, every number as JSON, one table for a paper."""

import base64
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reddots._atomic import atomic_write
from reddots.errors import TableError
from reddots.evaluation.report.latex import table
from reddots.evaluation.report.plots import draw_all
from reddots.evaluation.report.style import Drawing, file_name

_SECTIONS = (
    ("data", "Data"),
    ("confusion", "Confusion matrix"),
    ("outputs", "Each output"),
    ("curves", "ROC and precision-recall"),
    ("calibration", "Calibration"),
    ("selective", "Naming only what is sure"),
    ("conformal", "Sets that should hold the truth"),
    ("strange", "Strange photos"),
    ("decisions", "Sending people to a doctor"),
    ("subgroups", "Subgroups"),
    ("errors", "Errors, the surest first"),
)
_LEFT_OUT = {
    "unknown": "rows are of photos that the manifest does not list; they are left out.",
    "duplicates": "rows are of photos that have a row already; the first counts.",
    "conflicting": "photos have two rival labels in the manifest; they are left out.",
    "unlabelled": "photos have no label; they are left out.",
    "uncovered": "photos have a label that no output covers; they are left out.",
}
_OPTIONAL = (
    ("shortcuts", "Leakage and shortcuts", "shortcuts"),
    ("checklist", "Reporting checklists", "checklist"),
)


def write_report(report: dict[str, Any], output: Path, title: str, source: str) -> list[Path]:
    """Write ``report.html``, ``metrics.json``, ``table.tex`` and ``figures/`` into ``output``.

    Each file is written beside its place and renamed when whole.

    Args:
        report: what :func:`reddots.evaluation.evaluate.evaluate` returns.
        output: a folder, which is made.
        title: of the page.
        source: which files the figures are of, in a sentence.

    Returns:
        The files.

    Raises:
        TableError: the folder cannot be written to.
    """
    drawings = draw_all(report)
    files = {
        "metrics.json": to_json(report),
        "table.tex": table(report).encode(),
        "report.html": page(report, drawings, title, source).encode(),
    }
    for drawing in drawings:
        files[f"figures/{drawing.name}.svg"] = drawing.svg
        files[f"figures/{drawing.name}.png"] = drawing.png
    return write_files(files, output)


def write_files(files: dict[str, bytes], output: Path) -> list[Path]:
    """Write files into a folder, each whole or not at all.

    Raises:
        TableError: the folder cannot be written to.
    """
    written = []
    try:
        for name, data in files.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(path, data)
            written.append(path)
    except OSError as error:
        raise TableError(f"{output} cannot be written to: {error.strerror or error}.") from error
    return written


def to_json(report: dict[str, Any]) -> bytes:
    """Return the figures as JSON, without thumbnails; what is no number is null."""
    errors = [
        {k: v for k, v in entry.items() if k != "thumbnail"} for entry in report.get("errors", [])
    ]
    kept = report | {"errors": errors} if "errors" in report else report
    text = json.dumps(_finite(kept), indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def page(report: dict[str, Any], drawings: Sequence[Drawing], title: str, source: str) -> str:
    """Return the page as HTML that needs no other file."""
    names = [*report["outputs"], *report["subgroups"]]
    return render(
        "report.html.j2",
        r=report,
        title=title,
        source=source,
        sections=[*_SECTIONS, *((i, n) for i, n, key in _OPTIONAL if report.get(key))],
        files={name: file_name(name) for name in names},
        drawings={d.name: {"uri": data_uri(d), "alt": d.alt} for d in drawings},
        columns=_prevalence_columns(report),
        warnings=warnings(report),
    )


def _prevalence_columns(report: dict[str, Any]) -> list[str]:
    """Return the headings of the stated prevalences, which all outputs share but the last."""
    rows = max((own.get("predictive_values", []) for own in report["per_output"].values()), key=len)
    stated = [f"at {_percent(r['prevalence'])}" for r in rows if r["kind"] == "stated"]
    return stated + sorted({r["kind"] for r in rows} - {"stated"})


def render(template: str, **values: Any) -> str:
    """Fill a template of ``report/templates``; whatever a file says is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {"fixed": _fixed, "percent": _percent, "plain": _plain, "p": _p_value}
    return environment.get_template(template).render(**values)


def data_uri(drawing: Drawing) -> str:
    """Return a figure so that a page can hold it."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.svg).decode("ascii")


def warnings(report: dict[str, Any]) -> list[str]:
    """Return what a reader has to know before believing a figure, in sentences."""
    data, found = report["data"], []
    if report["n"] < 100:  # Collins et al. 2016: at least 100 events
        found.append(f"Only {report['n']} photos: the intervals matter more than the figures.")
    absent = [o for o, own in report["per_output"].items() if not own["n"]]
    if absent:
        found.append("No photo shows " + ", ".join(absent).replace("_", " ") + ".")
    for name, text in _LEFT_OUT.items():
        if data[name]:
            found.append(f"{data[name]} {text}")
    if data["rescaled"]:
        found.append(
            f"The probabilities of {data['rescaled']} photos did not sum to 1 and were rescaled."
        )
    if data["other_hash"]:
        found.append(
            f"{data['other_hash']} photos have another hash than the manifest: they may not be "
            "the photos whose truth it gives."
        )
    if data["no_prediction"]:
        found.append(
            f"{data['no_prediction']} labelled photos have no prediction and are left out; with "
            f"them as wrong the accuracy is {report['accuracy_if_missing_is_wrong']:.3f}."
        )
    if data["useless_cells"]:
        found.append("Probabilities are missing, first at: " + "; ".join(data["useless_cells"]))
    if data["not_predicted"]:
        found.append(f"{data['not_predicted']} photos of the manifest have no row in the table.")
    if data["disagreeing"]:
        found.append(
            f"In {data['disagreeing']} rows the column “category” is not the likeliest output; "
            "the probabilities count."
        )
    return found


def _fixed(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}"


def _percent(value: float) -> str:
    return f"{100 * value:.3g}%"


def _p_value(value: float) -> str:
    least = 0.0001
    return f"= {value:.4f}" if value >= least else f"< {least}"


def _plain(text: str) -> str:
    return str(text).replace("_", " ")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_finite(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
