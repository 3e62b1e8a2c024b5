"""Models are compared on the same photos, and only what is more than chance is called so."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from scipy.stats import norm

from cli.command_line import CommandLine
from evaluation.tables import drawn, read_json, sample_files, scored, write
from reddots.evaluation.aligned_models import Rival
from reddots.evaluation.compare import compare
from reddots.evaluation.metrics.discrimination.delong import delong
from reddots.evaluation.metrics.inference.bootstrap import bootstrap_p


def slow_delong(first: np.ndarray, second: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """The difference and p-value by the definition of 1988, pair by pair."""
    areas, by_hit, by_other = [], [], []
    for score in (first, second):
        hits, others = score[positive], score[~positive]
        wins = np.array([[1.0 if h > o else 0.5 if h == o else 0.0 for o in others] for h in hits])
        areas.append(wins.mean())
        by_hit.append(wins.mean(axis=1))
        by_other.append(wins.mean(axis=0))
    m, n = len(by_hit[0]), len(by_other[0])

    def covariance(rows: list[np.ndarray], i: int, j: int) -> float:
        return float(((rows[i] - areas[i]) * (rows[j] - areas[j])).sum() / (len(rows[i]) - 1))

    signs = {(0, 0): 1, (1, 1): 1, (0, 1): -1, (1, 0): -1}
    variance = sum(
        signs[i, j] * (covariance(by_hit, i, j) / m + covariance(by_other, i, j) / n)
        for i, j in product(range(2), range(2))
    )
    difference = areas[1] - areas[0]
    return difference, float(2 * norm.sf(abs(difference) / np.sqrt(variance)))


@pytest.mark.parametrize("decimals", [8, 1], ids=["no ties", "many ties"])
def test_delong_by_ranks_is_delong_by_definition(decimals: int) -> None:
    rng = np.random.default_rng(0)
    positive = rng.random(80) < 0.4
    first = np.round(rng.normal(size=80) + positive, decimals)
    second = np.round(rng.normal(size=80) + 0.4 * positive, decimals)
    found = delong(first, second, positive)
    assert found is not None
    difference, p_value = slow_delong(first, second, positive)
    assert found.difference == pytest.approx(difference)
    assert found.p_value == pytest.approx(p_value)
    assert found.low < found.difference < found.high
    alone = delong(first, second, positive, np.arange(80))
    assert alone == pytest.approx(found), "one photo a group is no clustering"


def test_delong_on_the_edge() -> None:
    score, positive = np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True])
    same = delong(score, score, positive)
    assert same == (0.0, 0.0, 0.0, 1.0, 0.0), "the same order is no difference"
    assert delong(score, score, np.array([False, False, False, True])) is None


def test_mcnemar_is_the_worked_example() -> None:
    """Five photos only the first got right, none only the second: p = 2 × 0.5⁵."""
    sure, other = [0.9, 0.1, 0], [0.1, 0.9, 0]
    rivals = [
        Rival("x", scored([sure] * 10, "aaaaaaaaaa")),
        Rival("y", scored([other] * 5 + [sure] * 5, "aaaaaaaaaa")),
    ]
    pair = compare(rivals, replicates=20)["pairs"][0]
    assert pair["mcnemar"]["p"] == pytest.approx(2 * 0.5**5)
    assert (pair["mcnemar"]["only_first_right"], pair["mcnemar"]["both_right"]) == (5, 5)
    assert pair["differences"]["accuracy"]["difference"] == -0.5
    assert "kappa" not in pair["differences"], "it does not exist with one truth"


def test_p_values_of_replicates() -> None:
    assert bootstrap_p(np.arange(1.0, 100.0)) == pytest.approx(2 / 100)
    assert bootstrap_p(np.array([-1.0, 1.0])) == 1.0


@pytest.mark.slow
def test_a_model_does_not_differ_from_itself_and_three_make_three_pairs() -> None:
    found = drawn(120)
    report = compare([Rival(n, found) for n in "xyz"], replicates=30)
    assert [(p["first"], p["second"]) for p in report["pairs"]] == [
        ("x", "y"), ("x", "z"), ("y", "z"),
    ]  # fmt: skip
    for name, entry in report["pairs"][0]["differences"].items():
        assert entry["difference"] == 0
        assert name == "ece" or entry["p_holm"] == 1


@pytest.mark.slow
def test_a_better_model_is_found_and_holm_never_lowers_a_p_value() -> None:
    good, bad = drawn(400, sharpness=2.5), drawn(400, sharpness=0.3)
    report = compare([Rival("bad", bad), Rival("good", good)], replicates=200)
    own = report["pairs"][0]["differences"]
    assert own["accuracy"]["difference_ci"][0] > 0
    assert own["log_loss"]["difference_ci"][1] < 0
    assert own["log_loss"]["lower_is_better"]
    assert all(entry["p_holm"] >= entry["p"] for n, entry in own.items() if n != "ece")


def run(reddots: CommandLine, *arguments: object) -> Any:
    return reddots("compare", *arguments, "--replicates", 20)


@pytest.mark.slow
def test_the_command_writes_a_page_and_json_of_common_photos_in_any_order(
    reddots: CommandLine, tmp_path: Path
) -> None:
    predictions, manifest = sample_files(tmp_path)
    lines = predictions.read_text().splitlines()
    other = tmp_path / "other.csv"
    other.write_text("\n".join([lines[0], *lines[:5:-1]]) + "\n")
    done = run(reddots, predictions, other, "--truth", manifest, "-o", tmp_path / "c")
    assert done.code == 0, done.err
    report = read_json(tmp_path / "c" / "comparison.json")
    assert report["n"] == 55
    assert report["pairs"][0]["differences"]["log_loss"]["difference"] == 0
    page = (tmp_path / "c" / "comparison.html").read_text()
    assert 'src="data:' in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert (tmp_path / "c" / "figures" / "forest.predictions.other.svg").exists()


# what the second table is, words of the message, why
REFUSED = [
    ("photo,p_other_rash,p_x\n0.jpg,0.5,0.5", ["p", "x"], "other outputs"),
    ("photo,p_other_rash,p_mole_or_growth,p_not_skin\nz.jpg,1,0,0", ["z.jpg"], "other photos"),
]


@pytest.mark.parametrize(("table", "words", "why"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_cannot_be_compared_is_refused(
    table: str, words: list[str], why: str, reddots: CommandLine, tmp_path: Path
) -> None:
    predictions, manifest = sample_files(tmp_path)
    other = write(tmp_path / "o.csv", table)
    done = run(reddots, predictions, other, "--truth", manifest, "-o", tmp_path / "c")
    assert done.code == 2, why
    for word in words:
        assert word in done.err
    alone = run(reddots, predictions, "--truth", manifest, "-o", tmp_path / "c")
    assert alone.code == 2
    assert "at least two" in alone.err
