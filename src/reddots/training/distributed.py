"""Distributed training: one process on a CPU or GPU, or several that ``torchrun`` started."""

from typing import Any, Final

import torch
from accelerate import Accelerator
from accelerate.data_loader import prepare_data_loader
from accelerate.utils import DataLoaderConfiguration
from torch.utils.data import DataLoader

from reddots.errors import TrainingError
from reddots.training.mixed_precision import half_precision

_ACCELERATE_NAMES: Final = {torch.bfloat16: "bf16", torch.float16: "fp16", torch.float32: "no"}


def open_processes() -> Accelerator:
    """Return this process's place among the others; half precision where the device has it.

    ``torchrun --nproc-per-node 2 -m reddots train …`` starts several; Accelerate reads what it says
    in the environment. Batches are shared out, so that a recipe means the same for any number.
    """
    cuda = torch.cuda.is_available()
    dtype = half_precision("cuda" if cuda else "cpu")
    return Accelerator(
        cpu=not cuda,
        mixed_precision=_ACCELERATE_NAMES[dtype],
        dataloader_config=DataLoaderConfiguration(split_batches=True),
    )


def share_out(loader: DataLoader[Any], accelerator: Accelerator, batch: int) -> DataLoader[Any]:
    """Return the loader of this process's part of each batch, on its device.

    Raises:
        TrainingError: the batch cannot be shared out.
    """
    if batch % accelerator.num_processes:
        raise TrainingError(
            f"A batch of {batch} cannot be shared out among {accelerator.num_processes} processes: "
            "let the recipe's batch be a multiple of them."
        )
    shared: DataLoader[Any] = prepare_data_loader(
        loader,
        device=accelerator.device,
        num_processes=accelerator.num_processes,
        process_index=accelerator.process_index,
        split_batches=True,
        put_on_device=True,
    )
    return shared
