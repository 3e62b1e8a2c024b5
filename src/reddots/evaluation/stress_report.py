"""The stress test as a page, a figure and JSON."""

from pathlib import Path
from typing import Any

from reddots.evaluation.figures import heat_map
from reddots.evaluation.report import data_uri, render, to_json, write_files


def write_stress(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``stress.html``, ``stress.json`` and ``figures/`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.robustness.measure_robustness` returns.
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
            "figures/severity.svg": drawing.svg,
            "figures/severity.png": drawing.png,
        },
        output,
    )
