"""``reddots stress``: what corrupted photos do to a checkpoint's predictions."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reddots._extras import require_extra
from reddots._output import reserved_folder
from reddots.cli.options import OutputFolder, Seed, until_end
from reddots.cli.render.progress import bar
from reddots.cli.render.terminal import tell


def stress(
    manifest: Annotated[Path, typer.Argument(help="The photos and what they really show (CSV).")],
    output: OutputFolder,
    only: Annotated[
        list[str] | None,
        typer.Option("--corruption", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="Answers (JSON) of the person; nothing to fear by default."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(help="At most so many photos, drawn by the seed.", min=1)
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Another model's stress.json, to be relative to.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; as many as processors by default.", min=1)
    ] = None,
    copies: Annotated[
        Path | None,
        typer.Option(help="Write the corrupted copies here, for another model, and stop."),
    ] = None,
    tables: Annotated[
        Path | None,
        typer.Option(help="Another model's tables of the copies, <copy>.csv, instead of ours."),
    ] = None,
    seed: Seed = 0,
) -> None:
    """Corrupt photos in 15 ways and 5 severities, and report what it costs."""
    require_extra("evaluate")
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.batch.table_reader import read_table
    from reddots.datasets.manifest import read_manifest
    from reddots.errors import TableError
    from reddots.evaluation.report.stress import write_stress
    from reddots.evaluation.robustness.copies import tables_in, write_copies
    from reddots.evaluation.robustness.corruptions import (
        read_corruptions,
        read_person,
    )
    from reddots.evaluation.robustness.measure import (
        measure_robustness,
        read_baseline,
    )
    from reddots.evaluation.robustness.run import CLEAN, copy_names, stress_tables
    from reddots.evaluation.tables.reader import Reading
    from reddots.triage.answers import read_answers

    inputs = [manifest, answers, baseline]
    known = read_corruptions()
    for name in only or ():
        if name not in known:
            raise TableError(f"There is no corruption “{name}”. They are: {', '.join(known)}.")
    chosen = [c for c in known.values() if not only or c.id in only]
    names = copy_names(chosen)
    until_end(reserved_folder(output, inputs, ["stress.json", *_tables(names)]))
    if copies is not None:
        until_end(reserved_folder(copies, inputs, [f"{name}/manifest.csv" for name in names]))
    other = read_baseline(baseline) if baseline else None
    photos = read_manifest(manifest)
    truth = Reading().manifest(manifest)
    total = min(limit or len(photos.rows), len(photos.rows))
    if copies is not None:
        with bar("photos", total) as advance:
            made = write_copies(photos, copies, chosen, limit=limit, seed=seed, on_photo=advance)
        tell(f"wrote {len(names)} copies into {copies}")
        _tell_left_out(made.left_out)
        return
    if tables is not None:
        found = tables_in(tables, chosen)
    else:
        with bar("photos", total) as advance:
            found = stress_tables(
                photos,
                output / "predictions",
                chosen,
                read_answers(answers) if answers else read_person(),
                limit=limit,
                workers=workers or os.cpu_count() or 1,
                seed=seed,
                on_photo=advance,
            )
    report = measure_robustness(found, truth, chosen, other)
    write_stress(report, output, f"Photos of {manifest.name}.")
    sys.stdout.write(
        f"balanced error {report['clean_balanced_error']:.3f} clean, "
        f"{report['mean_balanced_error']:.3f} corrupted, on {report['n']} photos\n"
    )
    tell(f"wrote {output / 'stress.html'}")
    if tables is not None:
        return
    failed = [row for row in read_table(found[CLEAN]) if row["status"] == "error"]
    _tell_left_out([f"{row['photo']}: {row['error']}" for row in failed])


def _tables(names: Sequence[str]) -> list[str]:
    return [f"predictions/{name}.csv" for name in names]


def _tell_left_out(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        tell(f"left out: {sentence}")
    if sentences:
        tell(f"{len(sentences)} photos left out")
        raise typer.Exit(1)
