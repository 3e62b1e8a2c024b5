"""Class activation map (CAM): where in a photo the network found what speaks for an output.

The logits are the mean of the last feature map, times the last layer's weights, plus its bias. So
the weights applied at each place give a map whose mean *is* the logit: nothing is estimated. The
exported graph gives these maps as its output ``cam`` (N × K × h × w, float32). Reference: Zhou et
al., Learning deep features for discriminative localization, CVPR 2016.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.classifier.preprocessing import InputSpec

Map = npt.NDArray[np.float64]


def contrast(maps: npt.NDArray[np.floating], index: int) -> Map:
    """Return how much each place speaks for one output rather than the others, h × w.

    What raises every logit alike changes no probability, so the mean over the outputs is taken off.

    Args:
        maps: K × h × w, the graph's ``cam`` of one photo.
        index: of the output.

    Example:
        >>> contrast(np.array([[[3.0]], [[1.0]]]), 0)
        array([[1.]])
    """
    difference: Map = np.asarray(maps[index] - maps.mean(axis=0), dtype=np.float64)
    return difference


def on_photo(map_: Map, height: int, width: int, spec: InputSpec) -> Map:
    """Return a map (h × w) resized to its place on a photo, height × width; 0 where unseen.

    The network sees a square from the photo's middle only: what ``preprocessing.prepare`` cuts.
    """
    side = min(height, width) * spec.size / spec.resize
    top, left = round((height - side) / 2), round((width - side) / 2)
    rows, columns = min(round(side), height), min(round(side), width)
    small = Image.fromarray(map_.astype(np.float32))
    laid = np.zeros((height, width))
    laid[top : top + rows, left : left + columns] = np.asarray(
        small.resize((columns, rows), Image.Resampling.BICUBIC)
    )
    return laid
