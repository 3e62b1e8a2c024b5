"""What ``import reddots`` offers: these names, each documented and with an example that runs."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import reddots
from reddots import errors

MODULES = sorted(m.name for m in pkgutil.walk_packages(reddots.__path__, "reddots."))


def test_exported_members() -> None:
    assert sorted(reddots.__all__) == sorted(dir(reddots))
    for name in reddots.__all__:
        assert getattr(reddots, name) is not None, name
    public = [n for n in vars(reddots) if not n.startswith("_")]
    modules = [n for n in public if isinstance(getattr(reddots, n), ModuleType)]
    assert set(public) - set(modules) - {"TYPE_CHECKING"} <= set(reddots.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="measles"):
        reddots.measles  # noqa: B018


@pytest.mark.parametrize("name", [n for n in reddots.__all__ if n != "__version__"])
def test_every_public_name_has_a_docstring_with_an_example(name: str) -> None:
    documented = getattr(reddots, name).__doc__ or ""
    assert ">>>" in documented or "Example" in documented, name


def test_the_tree_of_errors_lists_every_error() -> None:
    defined = [n for n, o in vars(errors).items() if isinstance(o, type)]
    assert [n for n in defined if n not in (errors.__doc__ or "")] == []


def test_importing_the_package_is_quick() -> None:
    code = "import reddots, sys; print([m for m in ('numpy', 'PIL', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["reddots", *MODULES])
def test_the_examples_in_docstrings_run(name: str) -> None:
    if name == "reddots.__main__":
        return
    module = importlib.import_module(name)
    outcome = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert outcome.failed == 0, f"{outcome.failed} of {outcome.attempted} examples in {name}"
