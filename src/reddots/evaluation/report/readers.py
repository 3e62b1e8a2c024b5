"""Reader study report: a page and JSON."""

from pathlib import Path
from typing import Any

from reddots.evaluation.report.page import render, to_json, write_files


def write_readers(report: dict[str, Any], output: Path, source: str) -> list[Path]:
    """Write ``readers.html`` and ``readers.json`` into ``output``.

    Args:
        report: what :func:`reddots.evaluation.readers.study.study` returns.
        output: a folder, which is made.
        source: which files were evaluated, in a sentence.

    Raises:
        TableError: the folder cannot be written to.
    """
    text = render("readers.html.j2", r=report, title="Reader study", source=source)
    return write_files({"readers.json": to_json(report), "readers.html": text.encode()}, output)
