"""Softmax with temperature: probabilities from logits (Guo et al. 2017, temperature scaling)."""

import numpy as np
import numpy.typing as npt


def softmax(logits: npt.NDArray[np.floating], temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Return probabilities (… × K, float64, summing to 1) of logits (… × K) / ``temperature``.

    Example:
        >>> softmax(np.array([0.0, 0.0])).tolist()
        [0.5, 0.5]
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    result: npt.NDArray[np.float64] = weights / weights.sum(axis=-1, keepdims=True)
    return result
