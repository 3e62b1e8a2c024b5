"""HTML report: one page, its plots as files, every value as JSON, one LaTeX table."""

import base64
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reddots._atomic import atomic_write
from reddots.errors import TableError
from reddots.evaluation.report.latex import table
from reddots.evaluation.report.plots import draw_all, names_of
from reddots.evaluation.report.style import Drawing
from reddots.evaluation.report.warnings import warnings

PLOTS = "figures"
_ENDINGS = (".svg", ".png", ".pdf")
_WRITTEN = ".reddots-figures.json"  # in that folder: which of its files are ours
_SECTIONS = (
    ("data", "Data"),
    ("confusion", "Confusion matrix"),
    ("outputs", "Each class"),
    ("curves", "ROC and precision-recall"),
    ("calibration", "Calibration"),
    ("selective", "Selective prediction"),
    ("conformal", "Prediction sets"),
    ("strange", "Out of distribution"),
    ("decisions", "Decision curves"),
    ("subgroups", "Subgroups"),
    ("sample-size", "Sample size"),
    ("errors", "Errors, the surest first"),
)
_OPTIONAL = (
    ("operating-points", "Operating points", "operating_points"),
    ("runs", "Several runs", "runs"),
    ("label-noise", "If labels are wrong", "label_noise"),
    ("shortcuts", "Leakage and shortcuts", "shortcuts"),
    ("checklist", "Reporting checklists", "checklist"),
)


def write_report(
    report: dict[str, Any], output: Path, title: str, source: str, *, plots: bool = True
) -> list[Path]:
    """Write ``report.html``, ``metrics.json``, ``table.tex`` and ``figures/`` into ``output``.

    Each file is written beside its place and renamed when whole.

    Args:
        report: what :func:`reddots.evaluation.evaluate.evaluate_sample` returns.
        output: a folder, which is made.
        title: of the page.
        source: which files the values are of, in a sentence.
        plots: whether to plot; without them a report of many classes is quick.

    Returns:
        The files.

    Raises:
        TableError: the folder cannot be written to.
    """
    drawings = draw_all(report) if plots else ()
    files = {
        "metrics.json": to_json(report),
        **({"table.tex": table(report).encode()} if "confusion" in report else {}),
        "report.html": page(report, drawings, title, source).encode(),
    }
    return write_files(files | plot_files(drawings), output)


def plot_files(drawings: Sequence[Drawing]) -> dict[str, bytes]:
    """Return the files of plots by their names in the report's folder."""
    return {f"{PLOTS}/{n}": data for d in drawings for n, data in d.files().items()}


def write_files(files: dict[str, bytes], output: Path) -> list[Path]:
    """Write files into a folder, each whole or not at all; plots of an earlier run are removed.

    A file of somebody else's among the plots is left where it is.

    Raises:
        TableError: the folder cannot be written to.
    """
    written = []
    try:
        plots = sorted(name for name in files if name.startswith(f"{PLOTS}/"))
        before = _plots_of_before(output)
        _list_plots({*before, *plots}, output)
        for old in set(before) - set(plots):
            (output / old).unlink(missing_ok=True)
        for name, data in files.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(path, data)
            written.append(path)
        if before:
            _list_plots(plots, output)
    except OSError as error:
        raise TableError(f"{output} cannot be written to: {error.strerror or error}.") from error
    return written


def _list_plots(names: Iterable[str], output: Path) -> None:
    """Write the list of our plots, so that the next run may remove them."""
    listed = sorted(names)
    if listed:
        (output / PLOTS).mkdir(parents=True, exist_ok=True)
        atomic_write(output / PLOTS / _WRITTEN, json.dumps(listed, indent=1).encode() + b"\n")
    else:
        (output / PLOTS / _WRITTEN).unlink(missing_ok=True)


def _plots_of_before(output: Path) -> list[str]:
    """Return the plots that an earlier run wrote; none where its list is not there or damaged."""
    try:
        found = json.loads((output / PLOTS / _WRITTEN).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return []
    own = found if isinstance(found, list) else []
    paths = [Path(name) for name in own if isinstance(name, str)]
    return [str(p) for p in paths if p.parent == Path(PLOTS) and p.suffix in _ENDINGS]


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
    template = "report.html.j2" if "confusion" in report else "multilabel.html.j2"
    return render(
        template,
        r=report,
        title=title,
        source=source,
        sections=[*_SECTIONS, *((i, n) for i, n, key in _OPTIONAL if report.get(key))],
        files=names_of(report),
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
