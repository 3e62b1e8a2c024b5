"""Red Dots: what tiny red dots on the skin may be, and above all what to do next.

The public API. Each name is imported when it is first used, so ``import reddots`` is quick.

Example:
    >>> import reddots
    >>> reddots.assess({"fever": "yes", "blanches": "no"}).urgency.id
    'emergency'
"""

from importlib import import_module as _import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reddots import datasets, spots
    from reddots._api import assess, checkpoints, load_model, questions
    from reddots.batch.classify import classify
    from reddots.evaluation.api import evaluate
    from reddots.evaluation.predictions import Predictions

__all__ = [
    "Predictions",
    "__version__",
    "assess",
    "checkpoints",
    "classify",
    "datasets",
    "evaluate",
    "load_model",
    "questions",
    "spots",
]
__version__ = _version("reddots")
_HOMES = {
    "Predictions": "reddots.evaluation.predictions",
    "assess": "reddots._api",
    "checkpoints": "reddots._api",
    "classify": "reddots.batch.classify",
    "evaluate": "reddots.evaluation.api",
    "load_model": "reddots._api",
    "questions": "reddots._api",
}


def __getattr__(name: str) -> object:
    if name in {"datasets", "spots"}:
        return _import_module(f"reddots.{name}")
    if name in _HOMES:
        return getattr(_import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
