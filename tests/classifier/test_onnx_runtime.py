"""ONNX Runtime's usage statistics are off in every process that looks at a photo."""

import os
import subprocess
import sys
from pathlib import Path

CODE = """
import os, sys
from pathlib import Path
import reddots.classifier.model
assert "onnxruntime" not in sys.modules, "nothing is imported before it is needed"
from reddots.classifier.onnx_runtime import onnx_runtime
onnx_runtime()
assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
"""


def test_it_is_told_before_it_is_imported(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    environment.update(TMPDIR=str(tmp_path), HOME=str(tmp_path))
    subprocess.run([sys.executable, "-c", CODE], check=True, env=environment)
    assert list(tmp_path.rglob("*")) == [], "it left no record of a session"
