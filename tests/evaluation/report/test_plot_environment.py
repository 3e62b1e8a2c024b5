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
@pytest.mark.slow
def test_the_same_bytes(
    plain: str, variables: dict[str, str], settings: bytes, why: str, tmp_path: Path
) -> None:
    if settings:
        (tmp_path / "matplotlibrc").write_bytes(settings)
    assert run(tmp_path, variables) == plain, why


COMMANDS = """
import shlex, sys
from reddots.cli import main
for line in sys.argv[1:]:
    sys.argv = ["reddots", *shlex.split(line)]
    try:
        main()
    except SystemExit as end:
        assert not end.code, line
"""
TABLES = {
    "a.csv": "photo,p_HER2+,p_HER2-,p_紫斑\n1,0.7,0.2,0.1\n2,0.2,0.7,0.1\n3,0.1,0.1,0.8\n4,0.4,0.5,0.1\n",
    "b.csv": "photo,p_HER2+,p_HER2-,p_紫斑\n1,0.6,0.3,0.1\n2,0.6,0.3,0.1\n3,0.2,0.1,0.7\n4,0.7,0.2,0.1\n",
    "truth.csv": "photo,label,group\n1,HER2+,1\n2,HER2-,2\n3,紫斑,3\n4,HER2+,4\n",
    "cases.jsonl": '{"id": "1", "urgency": "routine"}\n{"id": "2", "urgency": "emergency"}\n',
    "advice.csv": "id,urgency\n1,routine\n2,same_day\n",
}  # fmt: skip
LINES = [
    "evaluate a.csv --truth truth.csv -o evaluated --replicates 20",
    "compare a.csv b.csv --truth truth.csv -o compared --replicates 20",
    "stress truth.csv -o stressed --corruption blur --tables copies",
    "score advice.csv --vignettes cases.jsonl -o scored",
]
HOSTILE = b"text.usetex: True\nfont.size: 30\nsavefig.dpi: 20\nbackend: TkAgg\nsvg.fonttype: path\n"


def reports(folder: Path, settings: bytes, variables: dict[str, str]) -> dict[str, bytes]:
    """All files that the four commands with figures write there."""
    (folder / "copies").mkdir(parents=True)
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    for copy in ("clean", *(f"blur.{severity}" for severity in range(1, 6))):
        (folder / "copies" / f"{copy}.csv").write_text(TABLES["a.csv"])
    if settings:
        (folder / "matplotlibrc").write_bytes(settings)
        (folder / "mine").mkdir()
        (folder / "mine" / "matplotlibrc").write_bytes(settings)
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, *LINES], cwd=folder, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [path for path in folder.glob("*ed/**/*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.slow  # a minute of computing: eight reports with all their figures
def test_reports_of_every_command_are_the_same_bytes(tmp_path: Path) -> None:
    plain = reports(tmp_path / "plain", b"", {})
    variables = {"MPLBACKEND": "nonsense", "MPLCONFIGDIR": str(tmp_path / "hostile" / "mine")}
    hostile = reports(tmp_path / "hostile", HOSTILE, variables)
    assert {name.split("/")[0] for name in plain} == {"evaluated", "compared", "stressed", "scored"}
    assert {name.rpartition(".")[2] for name in plain} >= {"svg", "png", "pdf", "html", "json"}
    assert hostile.keys() == plain.keys()
    assert [name for name in plain if plain[name] != hostile[name]] == []
    named = [name for name in plain if name.startswith("evaluated/figures/roc.")]
    assert len(named) == 9, "three classes of odd names, in three formats each"
