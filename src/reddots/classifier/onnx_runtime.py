"""ONNX Runtime sessions, with its usage statistics off, which it would send by default."""

import os
from functools import cache
from typing import Any

from reddots.classifier.onnx_check import objection
from reddots.errors import CheckpointError

_FATAL_ONLY = 4


@cache
def onnx_runtime() -> Any:
    """Return the module ``onnxruntime``, imported with its statistics off.

    From release 1.29 on it collects them on Linux too, from the import on, unless the variable is
    set before (its ``Privacy.md``).
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def open_session(network: bytes, name: str, *, fixed_size: bool = True) -> Any:
    """Open a network in one thread; many photos go to many processes.

    Args:
        network: an ONNX file.
        name: of the network, for messages.
        fixed_size: whether all inputs have one size.

    Raises:
        CheckpointError: it is not whole in itself, or cannot be opened here.
    """
    reason = objection(network)
    if reason:
        raise CheckpointError(
            f"The network of {name} is not opened: its file {reason}. Red Dots takes only "
            "networks that are whole in themselves."
        )
    ort = onnx_runtime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY
    options.enable_mem_pattern = fixed_size
    try:
        return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions share no base but this
        raise CheckpointError(
            f"The network of {name} cannot be opened; it needs something that ONNX Runtime does "
            "not offer here."
        ) from error
