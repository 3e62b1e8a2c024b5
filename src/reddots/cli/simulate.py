"""``reddots simulate``: rendered lesions, and the head that is taught by them."""

import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from reddots._output import reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.terminal import tell

simulate = typer.Typer(
    help="Rendered lesions, and the head that is taught by them. Needs the extra “train”.",
    no_args_is_help=True,
)


@simulate.command("pictures")
def pictures(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into.")],
    side: Annotated[int, typer.Option(help="Of one picture, pixels.", min=32)] = 150,
    seed: Annotated[int, typer.Option(help="Another seed, other pictures.", min=0)] = 0,
) -> None:
    """Render every kind on generated skin of all six tones."""
    from reddots.simulation.rendering.gallery import write_gallery

    until_end(reserved_folder(output))
    written = write_gallery(output, side, seed)
    tell(f"wrote {len(written)} pictures into {output}")


@simulate.command("set")
def synthetic_set(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into.")],
    manifest: Annotated[
        Path | None, typer.Option(help="Photos to render on; without, generated skin only.")
    ] = None,
    pairs: Annotated[int, typer.Option(help="Skin patches; each gives two pictures.", min=1)] = 100,
    side: Annotated[int, typer.Option(help="Of a picture, pixels.", min=32)] = 256,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Write rendered pictures and their manifest, to see or to train on.

    Pictures rendered on photos carry the photos' terms: keep them as you keep the photos.
    """
    from reddots.simulation.rendering.write_dataset import write_set

    until_end(reserved_folder(output, [manifest], ["manifest.csv"]))
    path = write_set(output, manifest, pairs, side, seed)
    tell(f"wrote {path}")


@simulate.command("head")
def head(
    run: Annotated[
        Path,
        typer.Argument(
            help="The folder of a training run; or a checkpoint's side-car, for --real to add to."
        ),
    ],
    photos: Annotated[Path, typer.Option(help="The folder that the manifest's paths start from.")],
    pairs: Annotated[int, typer.Option(help="Skin patches a draw.", min=10)] = 400,
    draws: Annotated[int, typer.Option(help="How often they are rendered anew.", min=1)] = 3,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    workers: Annotated[int, typer.Option(help="Processes that render.", min=1)] = 1,
    real: Annotated[
        Path | None,
        typer.Option(
            help="Manifest whose photos labelled purpura teach too, and others of these sets."
        ),
    ] = None,
    version: Annotated[str, typer.Option(help="Of the new checkpoint.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where the new checkpoint goes.")
    ] = None,
) -> None:
    """Teach the purpura head of a finished run by rendered lesions; “export” then includes it.

    Of a checkpoint the network stays, and real photos teach its head: a new checkpoint, which
    “export” measures.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if run.suffix == ".json":
        if real is None or not version or output is None:
            raise typer.BadParameter("A checkpoint's head needs --real, --version and --output.")
        from reddots.simulation.head.checkpoint import teach_checkpoint

        until_end(reserved_folder(output))
        path = teach_checkpoint(run, photos, real, version=version, output=output, seed=seed)
        tell(f"wrote {path}; “reddots export {path} --photos {photos}” measures it")
        return
    from reddots.simulation.head.train import teach_head
    from reddots.training.run_folder import RunFolder

    if run.is_dir():
        until_end(reserved_folder(run))
    found = teach_head(
        RunFolder(run), photos, pairs=pairs, draws=draws, seed=seed, workers=workers, real=real
    )
    tell(
        f"AUROC among rendered pictures {found['painted']['all']['auroc']:.3f}, by another "
        f"style {found['painted_by_another_brush']['all']['auroc']:.3f}; evidence up to "
        f"{found['cap']:.1f}"
    )


@simulate.command("spots")
def spots(
    manifest: Annotated[Path, typer.Argument(help="Photos, some without red spots; see the docs.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to work in.")],
    scenes: Annotated[int, typer.Option(help="Scenes to learn from.", min=1)] = 2400,
    minutes: Annotated[float, typer.Option(help="Of training.", min=0.01)] = 30.0,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    workers: Annotated[int, typer.Option(help="Processes that render.", min=1)] = 1,
    version: Annotated[str, typer.Option(help="Of the detector.")] = "0.1.0",
    without: Annotated[
        Path | None,
        typer.Option(help="A table whose column “photo” names photos never to be used."),
    ] = None,
) -> None:
    """Render scenes with known spots, train the spot detector on them, measure and export it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    from reddots.simulation.spots.run import DetectorRecipe, make_detector

    until_end(reserved_folder(output, [manifest, without], ["metrics.json"]))
    recipe = DetectorRecipe(scenes, minutes, seed, workers, version, _photos_of(without))
    written = make_detector(manifest, output, recipe)
    tell(f"wrote {written}; what was measured is in metrics.json")


def _photos_of(table: Path | None) -> frozenset[str]:
    if table is None:
        return frozenset()
    from reddots.tabular.reader import open_table

    rows = open_table(table)
    rows.require("photo")
    return frozenset(row.text("photo") for row in rows)


@simulate.command("measure")
def measure(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint's JSON file.")],
    manifest: Annotated[
        Path, typer.Argument(help="Real photos with the columns condition and spots.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Measure the head on real photos of purpura that show spots, against everything else."""
    from reddots.simulation.head.evaluate import figures, look, table

    found = figures(look(checkpoint, manifest))
    sys.stdout.write((json.dumps(found, indent=1) if as_json else table(found)) + "\n")
