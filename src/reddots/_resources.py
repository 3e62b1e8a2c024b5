"""Package resources: where ``data/`` and ``checkpoints/`` are."""

from pathlib import Path
from typing import Literal

from reddots.errors import KnowledgeError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["data", "checkpoints"]) -> Path:
    """Return the folder ``name``, from the installed wheel or from the checkout.

    Raises:
        KnowledgeError: neither holds it, so the installation is damaged.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise KnowledgeError(f"Red Dots cannot find its “{name}” folder. Please install it again.")
