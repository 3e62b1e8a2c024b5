"""Red Dots: what tiny red dots on the skin may be, and above all what to do next.

``reddots.classify(paths)`` yields a ``reddots.Prediction`` for each photo.
"""

from importlib.metadata import version as _version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reddots.batch.classify import classify
    from reddots.batch.prediction import Prediction

__all__ = ["Prediction", "__version__", "classify"]
__version__ = _version("reddots")


def __getattr__(name: str) -> object:
    # Imported when asked for: they are slow, and ``reddots --help`` needs neither.
    if name == "classify":
        from reddots.batch.classify import classify

        return classify
    if name == "Prediction":
        from reddots.batch.prediction import Prediction

        return Prediction
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
