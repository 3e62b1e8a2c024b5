"""Fixtures that several tests share."""

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tiny_checkpoint import write_checkpoint

settings.register_profile(
    "reddots", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("reddots")


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint's side-car, made here: tests need no trained network."""
    pytest.importorskip("onnx", reason="making a checkpoint needs onnx, of the extra “train”")
    return write_checkpoint(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every connection but to this machine, and list what was tried."""
    tried: list[str] = []
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        host = address[0] if isinstance(address, tuple) else str(address)
        if isinstance(address, tuple) and host not in {"127.0.0.1", "::1", "localhost"}:
            tried.append(host)
            raise OSError(f"tests do not use the network: {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    return tried
