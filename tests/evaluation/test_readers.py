"""Reader studies agree with RJafroc and with published kappas, and are written as a page."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from cli.command_line import CommandLine
from evaluation.tables import read_json, write
from reddots.evaluation.metrics.discrimination.curves import Curve
from reddots.evaluation.readers.agreement import agreement, majority_vote
from reddots.evaluation.readers.mrmc import Merit, compare_conditions, compare_with_model


def area(score: np.ndarray, positive: np.ndarray) -> Merit:
    curve = Curve(score, positive)
    return lambda weights: float(curve.areas(weights)[0])


@pytest.mark.slow
def test_a_model_against_readers_is_rjafrocs() -> None:
    """Ten readers of the Roe-Metz model: values of RJafroc, published in google-health/analysis."""
    ill = np.array([1] * 200 + [0] * 800)
    rng = np.random.RandomState(1987)
    case = rng.randn(1000)

    def reader() -> np.ndarray:
        well, sick = 0.075 * rng.randn(2)
        noise = 0.8 * rng.randn(1000)
        return ill + well * (1 - ill) + sick * ill + 0.6 * case + noise

    readers = [area(reader(), ill == 1) for _ in range(10)]
    found = compare_with_model(readers, area(ill + case, ill == 1), np.arange(1000))
    assert found is not None
    assert found.difference == pytest.approx(-0.00584125)
    assert (found.low, found.high) == pytest.approx((-0.03233184, 0.02064934), abs=1e-8)
    assert found.p_value == pytest.approx(0.6560453, abs=1e-6)
    assert found.degrees == pytest.approx(31.00905, abs=1e-4)


def test_two_conditions_are_rjafrocs() -> None:
    """Ten readers, two conditions, structure HL: values of RJafroc, from the same source."""
    rng = np.random.RandomState(1987)
    ill = np.array([0] * 200 + [1] * 200)
    case = np.sqrt(0.3) * rng.randn(400)
    by_condition = [np.sqrt(0.3) * rng.randn(400) for _ in range(2)]
    scores = np.zeros((2, 10, 400), dtype=np.float32)
    for reader in range(10):
        sick, well = np.sqrt(0.0082) * rng.randn(2)
        own = np.sqrt(0.2) * rng.randn(400)
        for condition in range(2):
            more, less = np.sqrt(0.0082) * rng.randn(2)
            noise = np.sqrt(0.2) * rng.randn(400)
            shift = (0.821 + sick + more) * ill + (well + less) * (1 - ill)
            scores[condition, reader] = shift + case + own + by_condition[condition] + noise
    merits = [[area(row.astype(float), ill == 1) for row in side] for side in scores]
    found = compare_conditions(*merits, np.arange(400))
    assert found is not None
    assert found.difference == pytest.approx(0.00451, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((-0.04284443, 0.05186443), abs=1e-5)
    assert found.p_value == pytest.approx(0.8502715, abs=1e-5)
    assert found.degrees == pytest.approx(85.5241922, abs=1e-2)


def test_fewer_than_two_readers_are_no_sample() -> None:
    one = [area(np.array([0.1, 0.9]), np.array([False, True]))]
    assert compare_with_model(one, one[0], np.arange(2)) is None
    assert compare_conditions(one, one, np.arange(2)) is None


def test_fleiss_kappa_is_the_worked_example() -> None:
    """Fleiss 1971 as on Wikipedia: 14 raters, 10 subjects, 5 classes, kappa 0.210."""
    counts = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
              [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]  # fmt: skip
    read = np.array([np.repeat(np.arange(5), row) for row in counts]).T
    names = [str(i) for i in range(14)]
    found = agreement(names, read, np.zeros(10, int), np.arange(10), 5)
    assert found["fleiss_kappa"] == pytest.approx(0.210, abs=0.0005)


def test_the_majority_leaves_ties_out() -> None:
    read = np.array([[0, 1, 2], [0, 1, 1], [1, 1, 0]])
    first, decided = majority_vote(read, 3)
    assert decided.tolist() == [True, True, False]
    assert first[:2].tolist() == [0, 1]


def test_the_command_takes_a_table_of_readers(reddots: CommandLine, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    truth = ["bad" if i % 2 else "good" for i in range(30)]
    rows = []
    for reader in "abc":
        for aided in ("no", "yes"):
            chance = 0.9 if aided == "yes" else 0.65
            for i, word in enumerate(truth):
                other = "good" if word == "bad" else "bad"
                rows.append(
                    f"{i}.jpg,{reader},{word if rng.random() < chance else other},{aided},person"
                )
    rows += [f"{i}.jpg,net,{word},no,model" for i, word in enumerate(truth)]
    table = write(tmp_path / "readers.csv", "photo,reader,decision,aided,kind\n" + "\n".join(rows))
    labels = "\n".join(f"{i}.jpg,{word}" for i, word in enumerate(truth))
    manifest = write(tmp_path / "m.csv", f"photo,label\n{labels}")
    done = reddots(
        "evaluate", table, "--truth", manifest, "-o", tmp_path / "r", "--dangerous", "bad"
    )
    assert done.code == 0, done.err
    found = read_json(tmp_path / "r" / "readers.json")
    assert found["aid"]["accuracy"]["difference"] > 0
    assert found["models"]["net"]["accuracy"]["second"] == 1.0
    assert set(found["agreement"]) == {"unaided", "aided"}
    assert "net" in (tmp_path / "r" / "readers.html").read_text()
    table.write_text(table.read_text().replace("0.jpg,a,good", "0.jpg,a,perhaps"))
    assert "perhaps" in reddots("evaluate", table, "--truth", manifest, "-o", tmp_path / "q").err
