"""Operating points of applications, by made-up tables with the published apps' own rates.

The tables of the four dermatology apps on Fitzpatrick 17k photos are not public; these have as many
events, the same sensitivities and the same disagreements, so that the way to the values is tested.
"""

from pathlib import Path

import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from scipy.stats import binomtest

from cli.command_line import CommandLine
from evaluation.tables import read_json

EVENTS, OTHERS = 89, 120
FLAGGED, LIKELIEST = 60, 22  # of the events: 0.674 by the app's own flag, 0.247 by the likeliest


def app(path: Path, flagged: set[int]) -> Path:
    """An app that flags some photos, mostly ones whose likeliest class is benign all the same."""
    lines = ["image,malignant,benign,flag"]
    for i in range(EVENTS + OTHERS):
        p = 0.7 if i < LIKELIEST else 0.3
        lines.append(f"{i}.jpg,{p},{1 - p:.1f},{'malignant' if i in flagged else 'benign'}")
    path.write_text("\n".join(lines) + "\n")
    return path


def truth(path: Path) -> Path:
    rows = (
        f"{i}.jpg,{'malignant' if i < EVENTS else 'benign'},p{i}" for i in range(EVENTS + OTHERS)
    )
    path.write_text("image,label,patient_id\n" + "\n".join(rows) + "\n")
    return path


# options, sensitivity, why
POINTS = [
    ([], 0.247, "by the likeliest class"),
    (["--decision-column", "flag"], 0.674, "by the app's own decision"),
    (["--threshold", "malignant=0.3"], 1.0, "by a threshold that all reach"),
]


@pytest.mark.parametrize(("options", "sensitivity", "why"), POINTS, ids=[r[2] for r in POINTS])
def test_the_operating_point_is_the_apps_own(
    options: list[str], sensitivity: float, why: str, reddots: CommandLine, tmp_path: Path
) -> None:
    table = app(tmp_path / "app.csv", set(range(FLAGGED)))
    done = reddots("evaluate", table, "--truth", truth(tmp_path / "m.csv"), "-o", tmp_path / "r",
                   "--replicates", 0, "--no-plots", *options)  # fmt: skip
    assert done.code == 0, done.err
    own = read_json(tmp_path / "r" / "metrics.json")["per_output"]["malignant"]
    assert own["n"] == EVENTS
    assert round(own["sensitivity"], 3) == sensitivity, why


@pytest.mark.slow
def test_two_apps_that_disagree_on_fifty_photos_do_not_differ(
    reddots: CommandLine, tmp_path: Path
) -> None:
    """Twenty-six only the first has right, twenty-four only the second: exact p 0.89."""
    first = app(tmp_path / "first.csv", set(range(FLAGGED)))
    second = app(tmp_path / "second.csv", set(range(26, FLAGGED + 24)))
    done = reddots("compare", first, second, "--truth", truth(tmp_path / "m.csv"),
                   "-o", tmp_path / "c", "--decision-column", "flag", "--replicates", 20)  # fmt: skip
    assert done.code == 0, done.err
    own = read_json(tmp_path / "c" / "comparison.json")["pairs"][0]["mcnemar"]
    assert (own["only_first_right"], own["only_second_right"]) == (26, 24)
    assert own["p"] == pytest.approx(binomtest(24, 50).pvalue)
    assert round(own["p"], 2) == 0.89


# end point, margin, whether non-inferiority is shown, why
MARGINS = [
    ("accuracy", 0.2, True, "a wide margin"),
    ("accuracy", 0.001, False, "a narrow one"),
    ("auroc.malignant", 0.1, True, "the scores are the same"),
]


@pytest.mark.parametrize(
    ("primary", "margin", "shown", "why"), MARGINS, ids=[r[3] for r in MARGINS]
)
@pytest.mark.slow
def test_non_inferiority_in_a_primary_end_point(
    primary: str, margin: float, shown: bool, why: str, reddots: CommandLine, tmp_path: Path
) -> None:
    first = app(tmp_path / "first.csv", set(range(FLAGGED)))
    second = app(tmp_path / "second.csv", set(range(26, FLAGGED + 24)))
    done = reddots("compare", first, second, "--truth", truth(tmp_path / "m.csv"),
                   "-o", tmp_path / "c", "--decision-column", "flag", "--replicates", 200,
                   "--primary", primary, "--margin", margin)  # fmt: skip
    assert done.code == 0, done.err
    pair = read_json(tmp_path / "c" / "comparison.json")["pairs"][0]
    assert pair["non_inferiority"] == {"end_point": primary, "margin": margin, "shown": shown}, why
    own = pair["differences"][primary]
    assert own["p_holm"] == own["p"], "of one pair the primary end point needs no correction"
    others = [e for n, e in pair["differences"].items() if n != primary and "p" in e]
    assert all(e["p_holm"] >= e["p"] for e in others)


def test_an_unknown_end_point_is_refused(reddots: CommandLine, tmp_path: Path) -> None:
    table = app(tmp_path / "app.csv", set())
    done = reddots("compare", table, table, "--truth", truth(tmp_path / "m.csv"),
                   "-o", tmp_path / "c", "--primary", "auc")  # fmt: skip
    assert done.code == 2
    assert "“auc” is no end point; they are accuracy" in done.err
