"""Corrupted copies on disk, so that any model can be stressed.

Each copy is a folder of lossless pictures and a manifest of the same labels. The model's tables,
one for each copy, go back into ``reddots stress --tables``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reddots.datasets.manifest import Manifest, Row, write_manifest
from reddots.errors import OutputError, PhotoError, TableError
from reddots.evaluation.robustness.corruptions import SEVERITIES, Corruption
from reddots.evaluation.robustness.run import CLEAN, SHORT_SIDE, copy_names, drawn_rows


@dataclass(frozen=True)
class Copies:
    """What was written.

    Attributes:
        manifests: by copy.
        left_out: why a photo was, a sentence each.
    """

    manifests: dict[str, Path]
    left_out: tuple[str, ...]


def write_copies(
    manifest: Manifest,
    output: Path,
    corruptions: Sequence[Corruption],
    *,
    limit: int | None = None,
    seed: int = 0,
    on_photo: Callable[[], None] | None = None,
) -> Copies:
    """Write each copy's photos as PNG into ``output/<copy>/`` beside its ``manifest.csv``.

    Photos are numbered in the manifest's order; one that cannot be read is left out and told.

    Args:
        manifest: the photos.
        output: a folder, which is made.
        corruptions: what is done to them.
        limit: at most so many photos, sampled by ``seed``.
        seed: of everything random.
        on_photo: called after each photo.

    Raises:
        OutputError: a folder to write has a photo of the manifest.
        TableError: the folder cannot be written to.
    """
    from PIL import Image

    from reddots.photo.loader import load_photo

    rows = [manifest.rows[i] for i in drawn_rows(len(manifest.rows), limit, seed)]
    written: list[Row] = []
    left_out: list[str] = []
    names = copy_names(corruptions)
    _require_no_photo(map(manifest.path, manifest.rows), [output / name for name in names])
    try:
        for name in names:
            (output / name).mkdir(parents=True, exist_ok=True)
        for number, row in enumerate(rows):
            try:
                photo = load_photo(manifest.path(row), short_side=SHORT_SIDE)
            except PhotoError as error:
                left_out.append(str(error))
                continue
            finally:
                if on_photo:
                    on_photo()
            copies = {CLEAN: photo.pixels}
            for corruption in corruptions:
                for severity in range(1, SEVERITIES + 1):
                    pixels = corruption.apply(photo.pixels, severity, photo.sha256, seed)
                    copies[f"{corruption.id}.{severity}"] = pixels
            for name, pixels in copies.items():
                picture = Image.fromarray(np.ascontiguousarray(pixels))
                picture.save(output / name / f"{number:05}.png")
            written.append(Row(f"{number:05}.png", row.label, group=row.group))
        manifests = {name: output / name / "manifest.csv" for name in names}
        for path in manifests.values():
            write_manifest(written, path)
    except OSError as error:
        raise TableError(f"{output} cannot be written to: {error.strerror or error}.") from error
    return Copies(manifests, tuple(left_out))


def _require_no_photo(photos: Iterable[Path], folders: Sequence[Path]) -> None:
    ours = {folder.resolve() for folder in folders}
    for photo in photos:
        if photo.resolve().parent in ours:
            raise OutputError(f"{photo} is read by this run: name another folder to write.")


def tables_in(folder: Path, corruptions: Sequence[Corruption]) -> dict[str, Path]:
    """Return a model's tables of the copies, called ``<copy>.csv`` (or .jsonl, .parquet).

    Raises:
        TableError: one is missing.
    """
    found = {}
    for name in copy_names(corruptions):
        paths = [folder / f"{name}{end}" for end in (".csv", ".jsonl", ".parquet")]
        own = next((path for path in paths if path.exists()), None)
        if own is None:
            raise TableError(f"{folder} has no table {name}.csv of that copy.")
        found[name] = own
    return found
