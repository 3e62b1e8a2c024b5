"""Where in a photo the network found what speaks for an output: its class activation map.

The logits are the mean of the last feature map, times the head's weights, plus its bias. So the
weights applied at each place give a map whose mean plus the bias *is* the logit: nothing is
estimated (Zhou et al., Learning deep features for discriminative localization, CVPR 2016).
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.classifier.linear_head import LinearHead
from reddots.classifier.preprocessing import InputSpec

Map = npt.NDArray[np.float64]


def activation_maps(features: npt.NDArray[np.float32], head: LinearHead) -> Map:
    """Return the map of each output, K × h × w: its mean plus the bias is the logit.

    Args:
        features: float32, C × h × w, the last feature map of one photo.
        head: of the same network.
    """
    maps: Map = np.einsum("kc,chw->khw", head.weight.astype(np.float64), features)
    return maps


def speaks_for(maps: Map, index: int) -> Map:
    """Return how much each place speaks for one output rather than the others, h × w.

    What raises every logit alike changes no probability, so the mean over the outputs is taken off.
    """
    difference: Map = maps[index] - maps.mean(axis=0)
    return difference


def on_photo(map_: Map, height: int, width: int, spec: InputSpec) -> Map:
    """Return a map (h × w) laid where it belongs on a photo, height × width; 0 where unseen.

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
