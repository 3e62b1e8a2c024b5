"""Leave-one-source-out: probabilities by a classifier that never saw the photo's source.

A split by groups says how well photos of known sources are classified; people's photos are of none.
So for each data set the last layer is trained anew on the features of all the others' training
photos, and classifies that set. The features themselves have seen it: the result is optimistic, but
less so than that of the network itself.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

Floats = npt.NDArray[np.floating]
Whole = npt.NDArray[np.intp]
_STRENGTH = 1e-3  # inverse of the penalty on standardised features
_STEPS = 300


def held_out_probabilities(
    learnt: tuple[Floats, Whole, npt.NDArray[np.str_]],
    judged: tuple[Floats, Whole, npt.NDArray[np.str_]],
    shares: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Return probabilities (N × K) of the judged photos; NaN where nobody can judge.

    Nobody can where the other sources have no photo of the truth's output.

    Args:
        learnt: features (M × C), output (M, 0 to K − 1) and source (M) of training photos.
        judged: the same of N photos.
        shares: K, of the outputs in training.
    """
    features, outputs, sources = learnt
    found = np.full((len(judged[1]), len(shares)), np.nan)
    for source in sorted(set(judged[2])):
        own, others = judged[2] == source, sources != source
        known = np.unique(outputs[others])
        if len(known) < 2:  # nothing to tell apart
            continue
        scale = StandardScaler().fit(features[others])
        head = LogisticRegression(C=_STRENGTH, max_iter=_STEPS).fit(
            scale.transform(features[others]),
            outputs[others],
            sample_weight=_weights(outputs[others], sources[others], shares),
        )
        said = np.zeros((int(own.sum()), len(shares)))
        said[:, known] = head.predict_proba(scale.transform(judged[0][own]))
        said[~np.isin(judged[1][own], known)] = np.nan
        found[own] = said
    return found


def _weights(
    outputs: Whole, sources: npt.NDArray[np.str_], shares: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return how much each photo counts, as in training: see ``photos.draw_weights``."""
    cells = Counter(zip(outputs.tolist(), sources.tolist(), strict=True))
    total: Counter[int] = Counter()
    for (output, _), count in cells.items():
        total[output] += count**0.5
    weights = np.array(
        [
            shares[o] * cells[o, s] ** -0.5 / total[o]
            for o, s in zip(outputs.tolist(), sources.tolist(), strict=True)
        ]
    )
    result: npt.NDArray[np.float64] = weights * len(weights) / weights.sum()
    return result
