"""The comparison as a page, its forest plots and JSON."""

from pathlib import Path
from typing import Any

from reddots.evaluation.figures import Drawing, file_name, forest_of_differences
from reddots.evaluation.overall import NAMES
from reddots.evaluation.report import data_uri, render, to_json, write_files


def write_comparison(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``comparison.html``, ``comparison.json`` and ``figures/`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.compare.compare` returns.
        output: a folder, which is made.
        source: which files were compared, in a sentence.

    Raises:
        TableError: the folder cannot be written to.
    """
    drawings: list[Drawing] = [
        forest_of_differences(
            pair, f"forest.{file_name(pair['first'])}.{file_name(pair['second'])}"
        )
        for pair in report["pairs"]
    ]
    text = render(
        "comparison.html.j2",
        r=report,
        title="Comparison of " + " and ".join(report["models"]),
        source=source,
        overall=["accuracy", *NAMES],
        drawings=[{"uri": data_uri(d), "alt": d.alt} for d in drawings],
    )
    files = {"comparison.json": to_json(report), "comparison.html": text.encode()}
    for drawing in drawings:
        files[f"figures/{drawing.name}.svg"] = drawing.svg
        files[f"figures/{drawing.name}.png"] = drawing.png
    return write_files(files, output)
