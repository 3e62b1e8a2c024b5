"""``reddots compare``: two or more models on the same photos."""

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


def compare(
    predictions: Annotated[
        list[Path], typer.Argument(help="Two or more prediction tables, the reference first.")
    ],
    truth: Truth,
    output: OutputFolder,
    maps: OutputMaps = None,
    map_labels: LabelMaps = None,
    split: Split = "",
    replicates: Replicates = None,
    seed: Seed = 0,
) -> None:
    """Tell which differences between models are more than chance."""
    require_extra("evaluate")
    from reddots.errors import TableError
    from reddots.evaluation.compare import compare as work_out
    from reddots.evaluation.compare import draws_for, same_photos
    from reddots.evaluation.report.comparison import write_comparison
    from reddots.evaluation.tables.ground_truth import TruthMap
    from reddots.evaluation.tables.predictions import ColumnMap
    from reddots.evaluation.tables.reader import Reading, for_table, pairs

    if len(predictions) < 2:  # a comparison
        raise TableError("A comparison needs at least two prediction tables.")
    until_end(reserved_folder(output, [*predictions, truth]))
    columns = ColumnMap(pairs(maps or (), "--map"))
    truth_map = TruthMap(labels=pairs(map_labels or (), "--map-label"), split=split)
    manifest = Reading(truth=truth_map).manifest(truth)
    samples = [
        Reading(for_table(columns, path), truth_map).sample(path, manifest) for path in predictions
    ]
    names = [path.stem for path in predictions]
    if len(set(names)) < len(names):
        names = [str(path) for path in predictions]
    rivals = same_photos(names, samples)
    draws = draws_for(len(rivals[0].scored)) if replicates is None else replicates
    with bar("bootstrap", draws) as advance:
        report = work_out(rivals, replicates=draws, seed=seed, on_replicate=advance)
    write_comparison(report, output, f"Truth {truth.name}.")
    for pair in report["pairs"]:
        own = pair["differences"]["accuracy"]
        sys.stdout.write(
            f"{pair['second']} against {pair['first']}: accuracy {own['difference']:+.3f}, "
            f"McNemar p {pair['mcnemar']['p']:.4f} (Holm {pair['mcnemar']['p_holm']:.4f}), "
            f"on {report['n']} photos\n"
        )
    tell(f"wrote {output / 'comparison.html'}")
