"""Drift between two tables: what scipy says of independent photos, and whole groups otherwise."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from scipy.stats import chi2_contingency, ks_2samp

from cli.command_line import CommandLine
from evaluation.tables import drawn, read_json, sample_files, write
from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics import drift
from reddots.evaluation.metrics.drift import measure_drift, stability_index


def alone(found: Scored) -> Scored:
    return replace(found, groups=np.arange(len(found)))


@pytest.mark.slow
def test_independent_photos_are_tested_as_scipy_tests_them() -> None:
    before, after = alone(drawn(300)), alone(drawn(200, seed=1, sharpness=0.2))
    found = measure_drift(before, after)
    for index, output in enumerate(before.outputs):
        own = found["classes"][output]
        expected = ks_2samp(before.probabilities[:, index], after.probabilities[:, index])
        assert own["p"] == pytest.approx(expected.pvalue)
        assert own["p_holm"] >= own["p"]
        assert own["predicted_after"] == pytest.approx((after.predicted == index).mean())
    counts = [np.bincount(s.predicted, minlength=3) for s in (before, after)]
    expected_p = chi2_contingency(counts, correction=False).pvalue
    assert found["predicted"]["p"] == pytest.approx(expected_p)
    own = found["performance"]["accuracy"]
    assert own["difference"] == pytest.approx(after.correct.mean() - before.correct.mean())
    assert own["difference_ci"][1] < 0, "the later model is worse"


def test_the_stability_index_by_hand() -> None:
    """Halves of 50% and 50%, then 80% and 20%: 0.3 ln 1.6 + 0.3 ln 2.5."""
    before = np.repeat([0.1, 0.9], 50)
    after = np.repeat([0.1, 0.9], [80, 20])
    expected = 0.3 * np.log(0.8 / 0.5) + -0.3 * np.log(0.2 / 0.5)
    assert stability_index(before, after) == pytest.approx(expected)


@pytest.mark.slow
def test_groups_are_permuted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve patients of ten like photos: photos as independent are called a shift, people not."""
    monkeypatch.setattr(drift, "PERMUTATIONS", 60)
    false = {"alone": 0, "grouped": 0}
    for seed in range(20):
        rng = np.random.default_rng(seed)
        level = np.repeat(rng.uniform(0.2, 0.8, 24), 10)
        p = np.stack([level, 1 - level], axis=1)
        truth = np.eye(2, dtype=bool)[np.zeros(240, dtype=int)]
        whole = Scored(("a", "b"), p, truth, truth, np.repeat(np.arange(24), 10))
        sides = whole.take(np.arange(120)), whole.take(np.arange(120, 240))
        false["grouped"] += measure_drift(*sides, seed=seed)["classes"]["a"]["p"] < 0.05
        false["alone"] += measure_drift(*map(alone, sides))["classes"]["a"]["p"] < 0.05
    assert false["alone"] > 10
    assert false["grouped"] <= 4, "5% of 20, and chance"


@pytest.mark.slow
def test_a_shift_of_groups_is_found() -> None:
    before, after = drawn(200), drawn(200, seed=1)
    moved = replace(after, probabilities=after.probabilities[:, [1, 2, 0]])
    found = measure_drift(before, moved)
    assert found["test"] == "permutation of groups"
    assert found["performance"]["accuracy"]["difference_ci"][1] < 0
    clear = np.clip(np.add(after.probabilities, [0.3, -0.15, -0.15]), 0, 1)
    assert measure_drift(before, replace(after, probabilities=clear))["classes"]["a"]["p"] < 0.01


@pytest.mark.slow
def test_the_command_with_and_without_truth(reddots: CommandLine, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    before, manifest = sample_files(first)
    after, later = sample_files(second, 80, seed=1)
    later.write_text(later.read_text().replace(",back,", ",face,"))
    done = reddots("drift", before, after, "-o", tmp_path / "plain")
    assert done.code == 0, done.err
    plain = read_json(tmp_path / "plain" / "drift.json")
    assert plain["performance"] is None
    assert "--truth" in (tmp_path / "plain" / "drift.html").read_text()
    done = reddots("drift", before, after, "--truth", manifest, "--truth-after", later,
                   "-o", tmp_path / "told")  # fmt: skip
    assert done.code == 0, done.err
    told = read_json(tmp_path / "told" / "drift.json")
    assert (told["n_before"], told["n_after"]) == (60, 80)
    assert told["photos"]["body_site"]["before"] == {"back": 1.0, "face": 0.0}
    assert told["photos"]["body_site"]["p_holm"] < 0.05
    assert "accuracy" in done.out
    assert (tmp_path / "told" / "figures" / "drift.svg").exists()


def test_other_classes_are_refused(reddots: CommandLine, tmp_path: Path) -> None:
    before, _ = sample_files(tmp_path)
    after = write(tmp_path / "o.csv", "photo,p_other_rash,p_x\n0.jpg,0.5,0.5")
    done = reddots("drift", before, after, "-o", tmp_path / "d")
    assert done.code == 2
    assert "same classes" in done.err
    alone = reddots("drift", before, before, "--truth-after", after, "-o", tmp_path / "d")
    assert alone.code == 2
    assert "--truth" in alone.err
