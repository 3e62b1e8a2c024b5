"""``reddots train``: learn a network from a manifest of photos."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reddots._output import reserved_folder
from reddots._resources import folder as resource_folder
from reddots.cli.options import until_end
from reddots.cli.render.progress import terminal_progress
from reddots.errors import TrainingError

if TYPE_CHECKING:
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.training.recipe import Recipe

_CONFIG = ".toml"


def train(
    config: Annotated[
        Path,
        typer.Argument(
            help="A recipe (TOML) that names the manifest and the run's folder, or the "
            "photos' manifest (CSV)."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The run's folder; or the recipe's.")
    ] = None,
    recipe: Annotated[
        Path | None, typer.Option(help="The recipe for a manifest; else the shipped one.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="The photos' manifest, instead of the recipe's.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after the last epoch.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a run that the folder holds.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Processes that vary photos.", min=0)] = 1,
    epochs: Annotated[int | None, typer.Option(help="Instead of the recipe's.", min=1)] = None,
    seed: Annotated[int | None, typer.Option(help="Instead of the recipe's.", min=0)] = None,
) -> None:
    """Train on one part of the photos, keep what does best on another. Needs the extra “train”.

    Several GPUs or processes: torchrun --nproc-per-node 2 -m reddots train CONFIG
    """
    import msgspec

    from reddots.training.prepare import start_run
    from reddots.training.recipe import read_recipe
    from reddots.training.run_folder import RunFolder

    if config.suffix.lower() == _CONFIG:
        if recipe:
            raise TrainingError(f"{config} is a recipe already: leave out --recipe.")
        recipe = config
    else:
        manifest = manifest or config
    path = recipe or resource_folder("data") / "training" / "lite0.toml"
    settings = read_recipe(path)
    manifest = manifest or (Path(settings.run.manifest) if settings.run.manifest else None)
    output = output or (Path(settings.run.output) if settings.run.output else None)
    if manifest is None or output is None:
        raise TrainingError(
            f"{path.name} does not say {'which photos' if manifest is None else 'where to'}: put "
            "manifest and output under [run], or give --manifest and -o."
        )
    replace = msgspec.structs.replace
    if epochs is not None:
        settings = replace(settings, optimiser=replace(settings.optimiser, epochs=epochs))
    if seed is not None:
        settings = replace(settings, data=replace(settings.data, seed=seed))
    if os.environ.get("RANK", "0") == "0":  # the first process of torchrun has written before us
        RunFolder(output).require_free(resume=resume, overwrite=overwrite)
        until_end(reserved_folder(output, [manifest], ["manifest.csv"]))
    try:
        output.mkdir(parents=True, exist_ok=True)
        if path.resolve() != (output / "recipe.toml").resolve():
            shutil.copyfile(path, output / "recipe.toml")
    except OSError as error:
        raise TrainingError(f"The run {output} cannot be written: {error.strerror}.") from error
    with _steps(settings) as on_step:
        start_run(settings, manifest, output, resume=resume, workers=workers, on_step=on_step)


@contextmanager
def _steps(recipe: "Recipe") -> Iterator[Callable[[int, int, float], None]]:
    """Show a bar on a terminal, or plain lines elsewhere; yield what moves the bar on."""
    from rich.logging import RichHandler

    progress = terminal_progress()
    if progress.console.is_terminal:
        handler = RichHandler(console=progress.console, show_path=False, show_level=False)
        logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[handler])
    else:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    epochs = recipe.optimiser.epochs
    with progress:
        task = progress.add_task("photos", total=None)

        def step(epoch: int, steps: int, loss: float) -> None:
            told = f"epoch {epoch + 1} of {epochs}, loss {loss:.2f}"
            done = progress.tasks[task].completed or epoch * steps
            progress.update(task, description=told, total=epochs * steps, completed=done + 1)

        yield step
