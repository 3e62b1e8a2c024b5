"""Error gallery: the most confident errors, with thumbnails, for a person to inspect."""

import base64
import io
from typing import Any

import numpy as np

from reddots.errors import PhotoError
from reddots.evaluation.core.sample import Sample

SHOWN = 24
_SIDE = 160  # pixels


def error_gallery(sample: Sample, *, thumbnails: bool = False) -> list[dict[str, Any]]:
    """Return the errors that the model was surest of, surest first.

    Args:
        sample: the photos.
        thumbnails: whether to add small pictures (data URIs), where the photos are beside the
            manifest. Photos of people may only be passed on where their terms allow it.
    """
    scored = sample.scored
    wrong = np.flatnonzero(~scored.correct)
    order = wrong[np.argsort(-scored.confidence[wrong], kind="stable")][:SHOWN]
    entries = []
    for row in order:
        truth = (scored.probabilities[row] * scored.possible[row]).sum()
        entry: dict[str, Any] = {
            "photo": sample.photo[row],
            "sha256": sample.sha256[row],
            "label": sample.label[row],
            "called": scored.outputs[scored.predicted[row]],
            "confidence": float(scored.confidence[row]),
            "probability_of_truth": float(truth),
        }
        if thumbnails:
            entry["thumbnail"] = _thumbnail(sample, int(row))
        entries.append(entry)
    return entries


def _thumbnail(sample: Sample, row: int) -> str | None:
    from PIL import Image

    from reddots.photo.loader import load_photo

    try:
        photo = load_photo(sample.folder / sample.listed[row], short_side=_SIDE)
    except PhotoError:
        return None
    image = Image.fromarray(photo.pixels)
    image.thumbnail((2 * _SIDE, _SIDE))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode("ascii")
