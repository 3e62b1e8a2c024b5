"""A manifest from a folder that has one folder of photos for each label."""

import os
from pathlib import Path

from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.labels import label_outputs
from reddots.datasets.manifest import Row
from reddots.errors import ManifestError, PhotoError
from reddots.knowledge.categories import read_categories
from reddots.photo.loader import load_photo
from reddots.shipped import folder as shipped_folder

_SMALL = 64  # pixels; enough to know that a photo can be read


def manifest_of_folders(
    folder: Path, dataset: str, relative_to: Path
) -> tuple[list[Row], list[str]]:
    """Return a row for each readable photo, and why the others were left out.

    A folder's name is the label; one that means no output is kept with an empty label, as “no
    label” is not “absent”. Identical files are one photo, and each photo is its own group.

    Raises:
        ManifestError: there is no such folder, or the data set is unknown.
    """
    catalogue = read_catalogue()
    if dataset not in catalogue:
        raise ManifestError(
            f"There is no set “{dataset}”. Enter it in data/datasets.toml with its licence first."
        )
    if not folder.is_dir():
        raise ManifestError(f"There is no folder {folder}.")
    categories = read_categories(shipped_folder("data") / "categories.toml")
    rows: list[Row] = []
    dropped: list[str] = []
    seen: dict[str, Path] = {}
    for path in sorted(p for p in folder.glob("*/**/*") if p.is_file()):
        raw = path.relative_to(folder).parts[0]
        try:
            photo = load_photo(path, short_side=_SMALL)
        except PhotoError as error:
            dropped.append(str(error))
            continue
        if photo.sha256 in seen:
            dropped.append(f"{path} is the same file as {seen[photo.sha256]}.")
            continue
        seen[photo.sha256] = path
        rows.append(
            Row(
                photo=os.path.relpath(path, relative_to),
                label=raw if label_outputs(raw, categories) else "",
                label_raw=raw,
                dataset=dataset,
                group=photo.sha256,
                licence=catalogue[dataset].licence,
                source_url=catalogue[dataset].url,
                sha256=photo.sha256,
            )
        )
    return rows, dropped
