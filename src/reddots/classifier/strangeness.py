"""How strange a photo is to the network: the energy of its logits."""

import numpy as np
import numpy.typing as npt


def energy(logits: npt.NDArray[np.floating], temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Return −T log Σ exp(logit / T) of logits (… × K): higher is stranger.

    The free energy of Liu et al. 2020 (Energy-based out-of-distribution detection); it needs
    nothing but the logits, and of the scores tried it tells conditions that were not taught from
    those that were best (``docs/ablation.md``).
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    top = scaled.max(axis=-1, keepdims=True)
    sums = np.log(np.exp(scaled - top).sum(axis=-1)) + top[..., 0]
    result: npt.NDArray[np.float64] = -temperature * sums
    return result
