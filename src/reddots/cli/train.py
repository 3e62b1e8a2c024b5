"""``reddots train``: learn a network from a manifest of photos."""

import logging
import shutil
from pathlib import Path
from typing import Annotated

import typer

from reddots.errors import TrainingError
from reddots.shipped import folder as shipped_folder


def train(
    manifest: Annotated[Path, typer.Argument(help="The photos' manifest (CSV).")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The run's folder.")],
    recipe: Annotated[
        Path | None, typer.Option(help="A recipe (TOML); else the shipped one.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after the last epoch.")] = False,
    workers: Annotated[int, typer.Option(help="Processes that vary photos.", min=0)] = 1,
    epochs: Annotated[int | None, typer.Option(help="Instead of the recipe's.", min=1)] = None,
) -> None:
    """Train on one part of the photos, keep what does best on another. Needs the extra “train”."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    from reddots.training.recipe import read_recipe  # noqa: PLC0415
    from reddots.training.start import start_run  # noqa: PLC0415 - imports torch

    recipe_path = recipe or shipped_folder("data") / "training" / "lite0.toml"
    settings = read_recipe(recipe_path)
    try:
        output.mkdir(parents=True, exist_ok=True)
        if recipe_path.resolve() != (output / "recipe.toml").resolve():
            shutil.copyfile(recipe_path, output / "recipe.toml")
    except OSError as error:
        raise TrainingError(f"The run {output} cannot be written: {error.strerror}.") from error
    start_run(settings, manifest, output, resume=resume, workers=workers, epochs=epochs)
