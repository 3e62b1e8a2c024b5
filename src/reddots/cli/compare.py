"""``reddots compare``: two or more models on the same photos."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reddots._extras import require_extra
from reddots._output import reserved_folder
from reddots.cli.evaluation_options import Columns, with_column_options
from reddots.cli.options import OutputFolder, Replicates, Seed, Truth, until_end
from reddots.cli.render.progress import bar
from reddots.cli.render.terminal import tell


@with_column_options
def compare(
    predictions: Annotated[
        list[Path], typer.Argument(help="Two or more prediction tables, the reference first.")
    ],
    truth: Truth,
    output: OutputFolder,
    columns: Columns,
    primary: Annotated[
        str, typer.Option(help="The primary end point, named beforehand, such as auroc.melanoma.")
    ] = "",
    margin: Annotated[
        float | None, typer.Option(help="Of non-inferiority in the primary end point.", min=0)
    ] = None,
    replicates: Replicates = None,
    seed: Seed = 0,
) -> None:
    """Compare models: which differences are more than chance."""
    require_extra("evaluate")
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.errors import TableError
    from reddots.evaluation.aligned_models import rivals_of
    from reddots.evaluation.compare import Hypothesis, draws_for
    from reddots.evaluation.compare import compare as compare_models
    from reddots.evaluation.report.comparison import write_comparison
    from reddots.evaluation.tables.reader import for_table

    if len(predictions) < 2:  # a comparison
        raise TableError("A comparison needs at least two prediction tables.")
    until_end(reserved_folder(output, [*predictions, truth], ["comparison.json"]))
    readings = [columns.reading(path, truth) for path in predictions]
    manifest = readings[0].manifest(truth)
    samples = [
        replace(own, columns=for_table(own.columns, path)).sample(path, manifest)
        for own, path in zip(readings, predictions, strict=True)
    ]
    names = [path.stem for path in predictions]
    if len(set(names)) < len(names):
        names = [str(path) for path in predictions]
    rivals = rivals_of(names, samples)
    draws = draws_for(len(rivals[0].scored)) if replicates is None else replicates
    count = len(rivals) * (len(rivals) - 1) // 2
    with bar("bootstrap", draws * count) as advance:
        report = compare_models(
            rivals,
            replicates=draws,
            seed=seed,
            hypothesis=Hypothesis(primary, margin),
            on_replicate=advance,
        )
    report["group_column"] = manifest.group_column
    write_comparison(report, output, f"Truth {truth.name}.")
    for pair in report["pairs"]:
        own = pair["differences"]["accuracy"]
        sys.stdout.write(
            f"{pair['second']} against {pair['first']}: accuracy {own['difference']:+.3f}, "
            f"McNemar p {pair['mcnemar']['p']:.4f} (Holm {pair['mcnemar']['p_holm']:.4f}), "
            f"on {pair['n']} photos\n"
        )
        if shown := pair.get("non_inferiority"):
            word = "shown" if shown["shown"] else "not shown"
            sys.stdout.write(f"  non-inferior in {shown['end_point']} by {margin:g}: {word}\n")
    tell(f"wrote {output / 'comparison.html'}")
