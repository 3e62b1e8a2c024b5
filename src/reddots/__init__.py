"""Red Dots: what tiny red dots on the skin may be, and above all what to do next."""

from importlib.metadata import version as _version

__version__ = _version("reddots")
