"""Dataset of healthy skin, cropped from the photos of a manifest."""

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from PIL import Image

from reddots.datasets.catalogue import PhotoSet, require_trainable
from reddots.datasets.healthy_skin.areas import Pixels, counterpart, healthy_areas
from reddots.datasets.loading import without_mark
from reddots.datasets.manifest import Manifest, Row
from reddots.datasets.quality.borders import trim_bars
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo

AREAS: Final = "healthy_areas"
LESIONS: Final = "lesion_areas"
LABEL: Final = "normal_skin"
DERMOSCOPY: Final = ("ham10000", "isic")  # under a lens and oil no skin looks as it does to a phone
_WITHOUT: Final = {"", "normal_skin", "not_skin", "keratosis_pilaris"}  # or all of it is affected
_SHORT_SIDE: Final = 448  # pixels; that of the photos that train
_THREADS: Final = 2  # as many as the loader decodes at the same time


_Found = tuple[Row, Pixels, Pixels | None]  # of a photo, a healthy area and its counterpart


@dataclass(frozen=True)
class HealthySet:
    """What was cut.

    Attributes:
        rows: one an area; paths start from the folder.
        counterparts: of a photo with areas, a piece as large as the first that shows its lesion.
        looked_at: photos that were searched.
        dropped: a sentence for each photo that could not be read.
    """

    rows: tuple[Row, ...]
    counterparts: tuple[Row, ...]
    looked_at: int
    dropped: tuple[str, ...]


def cut_healthy(
    manifest: Manifest,
    folder: Path,
    catalogue: Mapping[str, PhotoSet],
    *,
    without: tuple[str, ...] = DERMOSCOPY,
    also: tuple[str, ...] = (),
    each: int = 3,
    most: int = 1500,
    seed: int = 0,
    advance: Callable[[], object] = lambda: None,
) -> HealthySet:
    """Write areas of healthy skin as PNG files into ``folder``; return their rows.

    An area has its photo's group, so that both are on one side of every split, and its photo's
    licence, address, skin type and region. Of more than ``most`` areas those stay whose set and
    skin type are rarest among them.

    Args:
        manifest: the photos.
        folder: where the areas go; it is made if it is not there.
        catalogue: the sets and their terms.
        without: sets that are not searched.
        also: sets that are searched whatever their labels say: photos without a label, of skin
            beside a wound, and healthy skin before a ground that would give it away.
        each: areas of one photo.
        most: areas altogether.
        seed: decides between areas that are equally good.
        advance: called after each photo.

    Raises:
        ManifestError: the terms of a photo's set forbid training.
        OSError: the folder cannot be written.
    """
    rows = [
        r for r in manifest.rows
        if r.dataset in also or (r.label not in _WITHOUT and r.dataset not in without)
    ]  # fmt: skip
    require_trainable(rows, catalogue)
    found: list[_Found] = []
    dropped: list[str] = []

    def search(row: Row) -> list[_Found] | PhotoError:
        try:
            pixels = load_photo(manifest.path(row), short_side=_SHORT_SIDE).pixels
        except PhotoError as error:
            return error
        pixels = trim_bars(without_mark(pixels, row, catalogue))
        random = np.random.default_rng((seed, crc32(row.photo.encode())))
        areas = healthy_areas(pixels, random, each)
        # A photo has one middle, so that the counterparts of its areas would be nearly the same.
        lesion = counterpart(pixels, areas[0]) if areas else None
        return [
            (row, area.cut(pixels), None if number else lesion) for number, area in enumerate(areas)
        ]

    with ThreadPoolExecutor(_THREADS) as threads:
        for pieces in threads.map(search, rows):
            advance()
            if isinstance(pieces, PhotoError):
                dropped.append(str(pieces))
            else:
                found += pieces
    folder.mkdir(parents=True, exist_ok=True)
    areas, lesions = [], []
    for row, area, lesion in _rarest(found, most, seed):
        raw = f"healthy area of {row.dataset}"
        areas.append(
            replace(_write(row, area, folder), label=LABEL, label_raw=raw, dataset=AREAS,
                    condition="healthy_skin")
        )  # fmt: skip
        if lesion is not None:
            lesions.append(replace(_write(row, lesion, folder), dataset=LESIONS))
    return HealthySet(tuple(areas), tuple(lesions), len(rows), tuple(dropped))


def _rarest(found: list[_Found], most: int, seed: int) -> Iterator[_Found]:
    """Yield ``most`` of what was found, in its order: as many of each set and skin type."""
    cells: Counter[tuple[str, int | None]] = Counter()
    place = {}
    for index in np.random.default_rng(seed).permutation(len(found)):
        row = found[index][0]
        cells[row.dataset, row.fitzpatrick] += 1
        place[int(index)] = cells[row.dataset, row.fitzpatrick]
    kept = sorted(place, key=lambda index: (place[index], index))[:most]
    for index in sorted(kept):
        yield found[index]


def save_piece(piece: Pixels, folder: Path) -> tuple[str, str]:
    """Write a picture as PNG, named by its hash; return its name and its file's sha256."""
    file = io.BytesIO()
    # PNG, so that an area carries its photo's JPEG traces and no further ones that give it away.
    Image.fromarray(piece).save(file, "PNG")
    digest = hashlib.sha256(file.getvalue()).hexdigest()
    name = f"{digest[:20]}.png"
    (folder / name).write_bytes(file.getvalue())
    return name, digest


def _write(row: Row, piece: Pixels, folder: Path) -> Row:
    """Write a piece of a photo; return the photo's row for it."""
    name, digest = save_piece(piece, folder)
    return replace(row, photo=name, sha256=digest)
