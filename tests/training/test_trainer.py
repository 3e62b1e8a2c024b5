"""The moving average of the weights warms up."""

import pytest

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

import torch

from reddots.training.trainer import warmed_up_average

# updates before, decay asked for, share of the average that is kept
STEPS = [
    (0, 0.995, 0.1, "the random start is nearly forgotten at once"),
    (90, 0.995, 0.91, "later more is kept"),
    (100_000, 0.995, 0.995, "in the end what was asked for"),
    (100_000, 0.5, 0.5, "never more than that"),
]


@pytest.mark.parametrize(("updates", "decay", "kept", "why"), STEPS)
def test_the_decay_rises_to_what_was_asked_for(
    updates: int, decay: float, kept: float, why: str
) -> None:
    averaged, current = [torch.ones(1)], [torch.zeros(1)]
    warmed_up_average(decay)(averaged, current, torch.tensor(updates))
    assert averaged[0].item() == pytest.approx(kept, abs=1e-3), why
