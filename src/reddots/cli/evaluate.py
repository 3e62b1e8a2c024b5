"""``reddots evaluate``: figures and a report from a table of predictions."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from reddots._extras import require_extra
from reddots._output import reserved_folder
from reddots.cli.options import (
    LabelMaps,
    OutputFolder,
    OutputMaps,
    Replicates,
    Seed,
    Split,
    Truth,
    until_end,
)
from reddots.cli.render.progress import bar
from reddots.cli.render.terminal import tell


def evaluate(
    predictions: Annotated[
        Path, typer.Argument(help="A prediction table: .csv, .jsonl or .parquet, of any model.")
    ],
    truth: Truth,
    output: OutputFolder,
    maps: OutputMaps = None,
    map_labels: LabelMaps = None,
    photo_column: Annotated[str, typer.Option(help="The table's column of photos.")] = "photo",
    truth_photo_column: Annotated[str, typer.Option(help="The manifest's.")] = "photo",
    label_column: Annotated[str, typer.Option(help="The manifest's column of truth.")] = "label",
    group_column: Annotated[
        str, typer.Option(help="The manifest's column of patients, lesions or clusters.")
    ] = "group",
    split: Split = "",
    subgroups: Annotated[
        list[str] | None,
        typer.Option("--subgroup", metavar="COLUMN", help="A further column to compare by."),
    ] = None,
    dangerous: Annotated[
        list[str] | None,
        typer.Option(metavar="OUTPUT", help="An output that a doctor should see."),
    ] = None,
    prevalences: Annotated[
        list[float] | None,
        typer.Option("--prevalence", help="A share at which to give predictive values, 0 to 1."),
    ] = None,
    replicates: Replicates = None,
    curve_intervals: Annotated[
        bool | None,
        typer.Option("--curve-intervals/--no-curve-intervals", help="Intervals of curves; slow."),
    ] = None,
    seed: Seed = 0,
    shortcuts: Annotated[
        bool,
        typer.Option(
            "--shortcuts",
            help="Look at the photos too: check them, and predict from file, border, background.",
        ),
    ] = False,
    thumbnails: Annotated[
        bool, typer.Option("--thumbnails", help="Show the photos of errors in the report.")
    ] = False,
) -> None:
    """Work out every figure of a table of predictions and write a report. No model is needed."""
    require_extra("evaluate")
    from reddots.errors import TableError
    from reddots.evaluation.evaluate import PREVALENCES, Settings
    from reddots.evaluation.evaluate import evaluate as work_out
    from reddots.evaluation.report.checklist import (
        fill_checklists,
        read_checklists,
    )
    from reddots.evaluation.report.page import warnings, write_report
    from reddots.evaluation.tables.class_roles import expected_shares, gate_output
    from reddots.evaluation.tables.ground_truth import TruthMap
    from reddots.evaluation.tables.predictions import ColumnMap
    from reddots.evaluation.tables.reader import Reading, pairs

    until_end(reserved_folder(output, [predictions, truth]))
    for share in prevalences or ():
        if not 0 < share < 1:
            raise TableError(f"A prevalence is above 0 and below 1, not {share:g}.")
    reading = Reading(
        ColumnMap(pairs(maps or (), "--map"), photo_column),
        TruthMap(
            truth_photo_column,
            label_column,
            group_column,
            pairs(map_labels or (), "--map-label"),
            split,
        ),
        subgroups or (),
        dangerous,
    )
    manifest = reading.manifest(truth)
    sample = reading.sample(predictions, manifest)
    outputs = sample.scored.outputs
    settings = Settings(
        dangerous=reading.dangerous_of(sample),
        gate=gate_output(outputs, reading.knowledge),
        expected=expected_shares(outputs, reading.knowledge),
        prevalences=prevalences or PREVALENCES,
        replicates=replicates,
        curve_intervals=curve_intervals,
        seed=seed,
        thumbnails=thumbnails,
    )
    with bar("bootstrap", settings.replicates_for(len(sample.scored))) as advance:
        report = work_out(sample, settings, advance)
    if shortcuts:
        from reddots.evaluation.shortcuts.probes import (
            check_photos,
            probe_shortcuts,
            probed_rows,
        )

        report["checks"] = check_photos(manifest)
        with bar("photos", len(probed_rows(sample, settings.gate))) as advance:
            report["shortcuts"] = probe_shortcuts(sample, settings.gate, seed, advance)
    report["checklist"] = fill_checklists(report, sample.model, read_checklists())
    title = f"Evaluation of {predictions.name}"
    write_report(report, output, title, f"Predictions {predictions.name}, truth {truth.name}.")
    for text in warnings(report):
        tell(f"{text}")
    sys.stdout.write(
        f"accuracy {report['accuracy']:.3f}, balanced accuracy {report['balanced_accuracy']:.3f}, "
        f"log loss {report['log_loss']:.3f}, ECE {report['ece']:.3f}, on {report['n']} photos\n"
    )
    tell(f"wrote {output / 'report.html'}")
