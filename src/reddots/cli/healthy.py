"""``reddots data healthy``: healthy skin out of photos of something else."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from reddots._output import reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.progress import bar
from reddots.cli.render.terminal import tell


def healthy(
    manifest: Annotated[Path, typer.Argument(help="The photos' manifest (CSV).")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The folder for the areas and their manifest.")
    ],
    synthetic: Annotated[
        int, typer.Option(min=0, help="Also synthesise so many pictures of skin. Needs “train”.")
    ] = 0,
    merge: Annotated[
        bool, typer.Option("--merge", help="Also list the manifest's own photos, to train on all.")
    ] = False,
    lesions: Annotated[
        bool,
        typer.Option(
            "--lesions",
            help="Also cut as large a piece of what each photo shows, under its own label.",
        ),
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="A set that is not searched (default: dermoscopy)."),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also", help="A set that is searched though its photos have no label, or are healthy."
        ),
    ] = None,
    each: Annotated[int, typer.Option(min=1, help="The most areas of one photo.")] = 3,
    most: Annotated[int, typer.Option(min=1, help="The most areas altogether.")] = 1500,
    seed: Annotated[int, typer.Option(help="Decides between areas that are equally good.")] = 0,
) -> None:
    """Cut areas of healthy skin from a manifest's photos, and list them as normal_skin.

    They are found by program. Look at them before you train on them.
    """
    from reddots.datasets.catalogue import read_catalogue
    from reddots.datasets.healthy_skin.dataset import (
        DERMOSCOPY,
        cut_healthy,
    )
    from reddots.datasets.manifest import moved, read_manifest, write_manifest
    from reddots.errors import ManifestError

    until_end(reserved_folder(output, [manifest], ["manifest.csv"]))
    listed = read_manifest(manifest)
    areas = output / "areas"
    with bar("photos", len(listed.rows)) as advance:
        found = cut_healthy(
            listed,
            areas,
            read_catalogue(),
            without=tuple(without) if without else DERMOSCOPY,
            also=tuple(also or ()),
            each=each,
            most=most,
            seed=seed,
            advance=advance,
        )
    cut = [*found.rows, *(found.counterparts if lesions else ())]
    rows = list(moved(cut, areas, output))
    if synthetic:
        from reddots.simulation.rendering.write_dataset import write_healthy_skin

        place = output / "synthetic"
        rows += moved(write_healthy_skin(place, synthetic, seed), place, output)
    if not rows:
        raise ManifestError(f"None of the {found.looked_at} photos has an area of healthy skin.")
    own = moved(listed.rows, listed.folder, output) if merge else ()
    write_manifest([*own, *rows], output / "manifest.csv")
    for sentence in found.dropped:
        tell(f"left out: {sentence}")
    tones = Counter(row.fitzpatrick for row in found.rows)
    for tone in sorted(tones, key=lambda t: t or 0):
        named = f"of Fitzpatrick type {tone}" if tone else "of unknown skin type"
        tell(f"{tones[tone]} {named}")
    tell(
        f"{len(found.rows)} areas in {found.looked_at} photos"
        f"{f', {len(found.counterparts)} counterparts' if lesions else ''}"
        f"{f', {synthetic} synthetic' if synthetic else ''}: {output / 'manifest.csv'}"
    )
    if found.dropped:
        raise typer.Exit(1)
