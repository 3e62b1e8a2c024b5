"""Out-of-distribution (OOD) score: how unlike the training photos one is, from its logits."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reddots.photo.result import GATE

Logits = npt.NDArray[np.floating]


def ood_score(
    logits: Logits, outputs: Sequence[str], temperature: float = 1.0
) -> npt.NDArray[np.float64]:
    """Return how little of what skin may show a photo looks like, higher is stranger.

    It is the energy of the outputs without the gate, so that a photo without skin is strange too.
    Of the scores tried it finds conditions that were not taught best
    (``docs/measurements/ablation.md``).

    Args:
        logits: … × K.
        outputs: the K names.
        temperature: the checkpoint's.
    """
    skin = [index for index, output in enumerate(outputs) if output != GATE]
    return energy(np.asarray(logits)[..., skin], temperature)


def energy(logits: Logits, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Return −T log Σ exp(logit / T) of logits (… × K), the free energy of Liu et al. 2020."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    top = scaled.max(axis=-1, keepdims=True)
    sums = np.log(np.exp(scaled - top).sum(axis=-1)) + top[..., 0]
    result: npt.NDArray[np.float64] = -temperature * sums
    return result
