"""``reddots drift``: one model's predictions at two times."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from reddots._extras import require_extra
from reddots._output import reserved_folder
from reddots.cli.evaluation_options import Columns, with_column_options
from reddots.cli.options import OutputFolder, Seed, until_end
from reddots.cli.render.terminal import tell

_FILES: Final = ("drift.json", "drift.html")


@with_column_options
def drift(
    before: Annotated[Path, typer.Argument(help="The earlier prediction table.")],
    after: Annotated[Path, typer.Argument(help="The later table of the same model.")],
    output: OutputFolder,
    columns: Columns,
    truth: Annotated[
        Path | None, typer.Option(help="The manifest, for accuracy, prevalence and attributes.")
    ] = None,
    truth_after: Annotated[
        Path | None, typer.Option(help="The later table's manifest, where it is another.")
    ] = None,
    seed: Seed = 0,
) -> None:
    """Compare two dated tables of one model: did predictions, photos or performance shift?"""
    require_extra("evaluate")
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.errors import TableError
    from reddots.evaluation.drift import drift_of_files
    from reddots.evaluation.report.drift import write_drift
    from reddots.evaluation.tables.reader import for_table

    if truth_after is not None and truth is None:
        raise TableError("Give the earlier table's manifest as well: --truth.")
    truths = [truth, truth_after or truth] if truth else []
    until_end(reserved_folder(output, [before, after, *truths], _FILES))
    tables = [before, after]
    readings = [
        columns.reading(table, truths[place] if truths else table)
        for place, table in enumerate(tables)
    ]
    found = drift_of_files(
        tables,
        [
            replace(own, columns=for_table(own.columns, table))
            for own, table in zip(readings, tables, strict=True)
        ],
        [path for path in truths if path],
        seed,
    )
    names = f"Before: {before.name}; after: {after.name}."
    write_drift(found, output, names)
    for name, own in found["classes"].items():
        sys.stdout.write(
            f"{name}: predicted {own['predicted_before']:.1%}, then {own['predicted_after']:.1%}; "
            f"stability index {own['stability_index']:.3f}, p {own['p_holm']:.4f} (Holm)\n"
        )
    if found["performance"]:
        own = found["performance"]["accuracy"]
        gap = "" if own["difference"] is None else f" (difference {own['difference']:+.3f})"
        sys.stdout.write(f"accuracy {own['before']:.3f}, then {own['after']:.3f}{gap}\n")
    tell(f"wrote {output / 'drift.html'}")
