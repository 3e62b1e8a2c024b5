"""``reddots evaluate``: metrics and a report from a table of predictions."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from reddots._extras import require_extra
from reddots._output import reserved_folder
from reddots.cli.evaluation_options import Columns, with_column_options
from reddots.cli.options import OutputFolder, Replicates, Seed, Truth, until_end
from reddots.cli.render.progress import bar
from reddots.cli.render.terminal import tell

if TYPE_CHECKING:
    from reddots.evaluation.tables.reader import Reading

_FILES: Final = ("metrics.json", "report.html", "table.tex", "readers.json", "readers.html")


@with_column_options
def evaluate(
    predictions: Annotated[Path, typer.Argument(help="A prediction table of any model.")],
    truth: Truth,
    output: OutputFolder,
    columns: Columns,
    sensitivities: Annotated[
        list[float] | None,
        typer.Option("--at-sensitivity", help="An operating point with this sensitivity."),
    ] = None,
    specificities: Annotated[
        list[float] | None,
        typer.Option("--at-specificity", help="An operating point with this specificity."),
    ] = None,
    cost_ratios: Annotated[
        list[float] | None,
        typer.Option("--cost-ratio", help="Cost of a miss by that of a false alarm.", min=0.001),
    ] = None,
    runs: Annotated[
        list[Path] | None,
        typer.Option("--run", help="Predictions of another seed or checkpoint of the model."),
    ] = None,
    subgroups: Annotated[
        list[str] | None,
        typer.Option(
            "--subgroup",
            metavar="COLUMN",
            help="A further column to compare by; sex*age crosses two.",
        ),
    ] = None,
    dangerous: Annotated[
        list[str] | None,
        typer.Option(metavar="CLASS", help="A class or label that a doctor should see."),
    ] = None,
    prevalences: Annotated[
        list[float] | None,
        typer.Option("--prevalence", help="A share at which to give predictive values, 0 to 1."),
    ] = None,
    widths: Annotated[
        list[float] | None,
        typer.Option("--width", help="A wanted width of 95% intervals, for the sample size."),
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
    plots: Annotated[
        bool, typer.Option("--plots/--no-plots", help="Plot; slow with many classes.")
    ] = True,
    thumbnails: Annotated[
        bool, typer.Option("--thumbnails", help="Show the photos of errors in the report.")
    ] = False,
) -> None:
    """Compute every metric of a table of predictions and write a report. No model is needed."""
    require_extra("evaluate")
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.errors import TableError
    from reddots.evaluation.aligned_models import common_photos
    from reddots.evaluation.api import evaluate_prepared
    from reddots.evaluation.evaluate import PREVALENCES, Settings
    from reddots.evaluation.metrics.discrimination.operating_points import OperatingPoints
    from reddots.evaluation.metrics.inference.runs import measure_runs
    from reddots.evaluation.metrics.inference.sample_size import WIDTHS
    from reddots.evaluation.readers.table import is_reader_table
    from reddots.evaluation.tables.class_roles import gate_output

    until_end(reserved_folder(output, [predictions, truth, *(runs or ())], _FILES))
    for share in (
        *(prevalences or ()), *(sensitivities or ()), *(specificities or ()), *(widths or ())
    ):  # fmt: skip
        if not 0 < share < 1:
            raise TableError(
                f"A prevalence, a rate or a width is above 0 and below 1, not {share:g}."
            )
    chosen = replace(columns, subgroups=subgroups or (), dangerous=dangerous)
    reading = chosen.reading(predictions, truth)
    if is_reader_table(predictions):
        _evaluate_readers(predictions, truth, output, reading)
        return
    manifest = reading.manifest(truth)
    sample = reading.sample(predictions, manifest)
    settings = Settings(
        dangerous=reading.dangerous_of(sample),
        event=reading.event_of(sample),
        prevalences=prevalences or PREVALENCES,
        points=OperatingPoints(
            reading.columns.thresholds,
            tuple(sensitivities or ()),
            tuple(specificities or ()),
            tuple(cost_ratios or ()),
        ),
        widths=tuple(widths or WIDTHS),
        intersections=reading.intersections,
        replicates=replicates,
        curve_intervals=curve_intervals,
        seed=seed,
        thumbnails=thumbnails,
    )
    draws = settings.replicates_for(len(sample.scored), len(sample.scored.outputs))
    source = f"Predictions {predictions.name}, truth {truth.name}."
    with bar("bootstrap", draws) as advance:
        report = evaluate_prepared(
            sample, settings, f"Evaluation of {predictions.name}", source, advance
        )
    if runs:
        others = [reading.sample(path, manifest) for path in runs]
        names = [path.name for path in (predictions, *runs)]
        scored = common_photos([sample, *others], names)
        report.values_["runs"] = measure_runs(names, scored, draws, seed)
    if shortcuts:
        from reddots.evaluation.shortcuts.probes import (
            check_photos,
            probe_shortcuts,
            probed_rows,
        )

        gate = gate_output(sample.scored.outputs, reading.knowledge)
        report.values_["checks"] = check_photos(manifest)
        with bar("photos", len(probed_rows(sample, gate))) as advance:
            report.values_["shortcuts"] = probe_shortcuts(sample, gate, seed, advance)
    report.save(output, plots=plots)
    for text in report.warnings:
        tell(f"{text}")
    sys.stdout.write(f"{report}\n")
    tell(f"wrote {output / 'report.html'}")


def _evaluate_readers(predictions: Path, truth: Path, output: Path, reading: "Reading") -> None:
    """Evaluate a table of readers: people and models on the same photos."""
    from reddots.evaluation.readers.study import study
    from reddots.evaluation.readers.table import read_readings
    from reddots.evaluation.report.readers import write_readers
    from reddots.evaluation.tables.class_roles import dangerous_classes

    found = read_readings(predictions, reading.manifest(truth))
    positive = reading.dangerous
    if positive is None:
        positive = dangerous_classes(found.classes, found.classes, reading.knowledge)
    report = study(found, positive)
    write_readers(report, output, f"Readers {predictions.name}, truth {truth.name}.")
    for name, own in report["readers"].items():
        sys.stdout.write(f"{name}: accuracy {own['accuracy']:.3f} on {own['read']} photos\n")
    tell(f"wrote {output / 'readers.html'}")
