"""Optional dependencies (extras): what is missing of one, and how to get it in one sentence."""

import re
from importlib.metadata import PackageNotFoundError, requires, version

from reddots.errors import InstallationError, RedDotsError

_REQUIREMENT = re.compile(r"([\w.-]+).*extra *== *['\"](\w+)['\"]")
# Modules that are called otherwise than their package.
_PACKAGES = {"cv2": "opencv-python-headless", "sklearn": "scikit-learn"}


def extra_with(module: str) -> str | None:
    """Return the extra that brings a module, or None if none does.

    Example:
        >>> extra_with("sklearn.metrics"), extra_with("os")
        ('evaluate', None)
    """
    package = module.partition(".")[0].replace("_", "-")
    package = _PACKAGES.get(package, package)
    found = sorted(extra for name, extra in _requirements() if name == package and extra != "dev")
    return found[0] if found else None


def missing(extra: str) -> tuple[str, ...]:
    """Return the packages of ``extra`` that are not installed, by the package's own metadata.

    Example:
        >>> missing("no-such-extra")
        ()
    """
    return tuple(n for n, own in _requirements() if own == extra and not _is_installed(n))


def require_extra(extra: str) -> None:
    """Check that an extra is installed.

    Raises:
        InstallationError: some of its packages are missing.
    """
    packages = missing(extra)
    if packages:
        raise missing_extra(extra, *packages)


def unusable(error: Exception) -> RedDotsError:
    """Return the error as one for people; of a module that is missing, how to get it.

    Example:
        >>> str(unusable(ModuleNotFoundError("no", name="onnxruntime")))
        '“onnxruntime” is not installed: install Red Dots again. See “reddots doctor”.'
    """
    if isinstance(error, RedDotsError):
        return error
    name = str(getattr(error, "name", "") or "")
    if not name or name.startswith("reddots"):
        raise error
    extra = extra_with(name)
    if extra:
        return missing_extra(extra, name)
    return InstallationError(
        f"“{name}” is not installed: install Red Dots again. See “reddots doctor”."
    )


def missing_extra(extra: str, *packages: str) -> InstallationError:
    """Return the error of an extra of which ``packages`` are missing."""
    return InstallationError(
        f"This needs the extra “{extra}”: {', '.join(packages)} is not installed. "
        f'Run: pip install "reddots[{extra}]" (in a checkout: pip install ".[{extra}]").'
    )


def _requirements() -> list[tuple[str, str]]:
    found = (_REQUIREMENT.match(line) for line in requires("reddots") or ())
    return [(match[1], match[2]) for match in found if match]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
