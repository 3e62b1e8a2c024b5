"""Plots are the same bytes whatever the environment says of matplotlib."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

PLOT = """
import hashlib
from reddots.evaluation.report.matplotlib_import import import_matplotlib
import_matplotlib()
from matplotlib.figure import Figure
from reddots.evaluation.report.style import plot_style, save
with plot_style():
    figure = Figure(figsize=(2, 2))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1])
    axes.set_title("HER2+ $x$ púrpura_1 %")
    drawing = save("plot", "a plot", figure)
print([hashlib.sha256(data).hexdigest() for data in drawing.files().values()])
"""

# variables, the folder's matplotlibrc, why
ENVIRONMENTS: list[tuple[dict[str, str], bytes, str]] = [
    ({"MPLBACKEND": "nonsense"}, b"", "a back end that there is not"),
    ({"MPLBACKEND": "TkAgg"}, b"", "a back end that needs a screen"),
    ({"MATPLOTLIBRC": "/nonexistent"}, b"", "settings that are not there"),
    ({}, b"text.usetex: True\nfont.size: 30\nsavefig.dpi: 20\n", "LaTeX and another size"),
    ({}, b"font.family: \xff\n", "settings that are no text"),
]


def run(folder: Path, variables: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PLOT], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run(tmp_path_factory.mktemp("plain"), {})


@pytest.mark.parametrize(
    ("variables", "settings", "why"), ENVIRONMENTS, ids=[row[2] for row in ENVIRONMENTS]
)
def test_the_same_bytes(
    plain: str, variables: dict[str, str], settings: bytes, why: str, tmp_path: Path
) -> None:
    if settings:
        (tmp_path / "matplotlibrc").write_bytes(settings)
    assert run(tmp_path, variables) == plain, why
