"""``reddots export``: make a checkpoint of a calibrated run, with its cards."""

from pathlib import Path
from typing import Annotated

import typer

from reddots._output import reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.terminal import tell


def export(
    run: Annotated[Path, typer.Argument(help="The folder of a calibrated training run.")],
    photos: Annotated[Path, typer.Option(help="The folder that the manifest's paths start from.")],
    version: Annotated[str, typer.Option(help="Such as 0.1.0.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where checkpoints are.")] = Path(
        "checkpoints"
    ),
    measure_on: Annotated[
        list[Path] | None,
        typer.Option(help="A manifest of photos from another source, only measured on."),
    ] = None,
) -> None:
    """Write ONNX, safetensors, side-car and cards, measured as shipped. Needs the extra “train”."""
    from reddots.classifier.checkpoint import read_side_car
    from reddots.training.cards.write import write_cards
    from reddots.training.package import release
    from reddots.training.run_folder import RunFolder

    until_end(reserved_folder(output))
    path = release(RunFolder(run), photos, version, output, measure_on or ())
    write_cards(read_side_car(path), output)
    tell(f"wrote {path}")
