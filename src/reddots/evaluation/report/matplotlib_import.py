"""Matplotlib import: with its own defaults, whatever the environment and the folder say.

``$MPLBACKEND`` and a ``matplotlibrc`` in the current folder, of ``$MATPLOTLIBRC`` or of the user
can keep it from being imported at all. Its folder of defaults, made the current one, comes first.
"""

import os
import sys
from contextlib import chdir
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path


def import_matplotlib() -> None:
    """Import matplotlib for plots in files; one that is imported already is left as it is."""
    if "matplotlib" in sys.modules:
        return
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        return  # whoever needs it says so
    os.environ["MPLBACKEND"] = "agg"
    try:
        with chdir(Path(spec.submodule_search_locations[0]) / "mpl-data"):
            import_module("matplotlib")
    except FileNotFoundError:  # the current folder is gone, and so is what it may say
        import_module("matplotlib")
