"""ONNX Runtime with its usage statistics off, which it would send by default."""

import os
from functools import cache
from typing import Any


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
