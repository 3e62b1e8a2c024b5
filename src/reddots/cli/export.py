"""``reddots export``: make a checkpoint of a calibrated run, with its cards."""

from pathlib import Path
from typing import Annotated

import typer

from reddots._output import reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.terminal import tell


def export(
    run: Annotated[
        Path,
        typer.Argument(
            help="The folder of a calibrated run; or a checkpoint's side-car, to measure it anew."
        ),
    ],
    photos: Annotated[Path, typer.Option(help="The folder that the manifest's paths start from.")],
    version: Annotated[str, typer.Option(help="Such as 0.1.0; needed for a run.")] = "",
    output: Annotated[Path, typer.Option("-o", "--output", help="Where checkpoints are.")] = Path(
        "checkpoints"
    ),
    measure_on: Annotated[
        list[Path] | None,
        typer.Option(help="A manifest of photos from another source, only measured on."),
    ] = None,
) -> None:
    """Write ONNX, safetensors, side-car and cards, measured as shipped. Needs the extra “train”.

    Of a side-car only the metrics and the cards beside it are written anew.
    """
    from reddots.classifier.checkpoint import read_side_car
    from reddots.errors import TrainingError
    from reddots.training.cards.write import write_cards
    from reddots.training.measurement import measure_again
    from reddots.training.package import release
    from reddots.training.run_folder import RunFolder

    again = run.suffix == ".json"
    if not again and not version:
        raise TrainingError("Name the checkpoint with --version, such as 0.1.0.")
    if again and version:
        raise TrainingError("A checkpoint that is measured anew keeps its version.")
    folder = run.parent if again else output
    until_end(reserved_folder(folder))
    if again:
        path = run
        measure_again(run, photos, measure_on or ())
    else:
        path = release(RunFolder(run), photos, version, output, measure_on or ())
    write_cards(read_side_car(path), folder)
    tell(f"wrote {path}")
