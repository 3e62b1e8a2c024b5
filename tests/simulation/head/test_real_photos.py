"""A handful of real photos teach beside the rendered ones, and each person is left out in turn."""

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("torch", reason="teaching needs torch, of the extra “train”")

from reddots.errors import TrainingError
from reddots.simulation.head.real_photos import RealPhotos, teach_by_photos
from reddots.simulation.head.ridge import fit_head, score
from reddots.training.networks.simulated_head import SimulatedHead

DEPTHS, LAST = 24, 8


def photos(
    shift: float, column: int, people: int = 8, others: int = 120, seed: int = 0
) -> RealPhotos:
    """Photos of people and of others, who differ in one depth by so many standard deviations."""
    rng = np.random.default_rng(seed)
    pooled = rng.normal(size=(people + others, DEPTHS)).astype(np.float32)
    pooled[:people, column] += shift
    group = np.array([f"g{i}" for i in range(people + others)])
    kind = np.array(["bleeding"] * people + ["mole", "rash"] * (others // 2))
    return RealPhotos(pooled, np.arange(people + others) < people, group, kind, LAST)


def rendered_head(column: int, shift: float, seed: int = 1) -> SimulatedHead:
    """A head that rendered pictures taught to look at one depth."""
    rng = np.random.default_rng(seed)
    truth = rng.random(300) < 0.5
    pooled = rng.normal(size=(300, DEPTHS)).astype(np.float32)
    pooled[:, column] += shift * truth
    return fit_head(pooled, truth, 0.01)


def area(scores: npt.NDArray[np.float64], shows: npt.NDArray[np.bool_]) -> float:
    """The share of pairs in the right order."""
    return float((scores[shows][:, None] > scores[~shows]).mean())


def test_real_photos_teach_what_rendered_ones_do_not_show() -> None:
    """Rendered pictures differ in depth 0, real ones in depth 3."""
    found, head = photos(4.0, 3), rendered_head(0, 3.0)
    taught = teach_by_photos(head, found)
    assert taught.setting.weight > 0
    assert area(taught.held_out, found.shows) > area(score(head, found.pooled), found.shows) + 0.1
    fresh = photos(4.0, 3, people=60, seed=7)
    assert area(score(taught.head, fresh.pooled), fresh.shows) > 0.9


def test_where_real_photos_teach_nothing_the_rendered_head_stays() -> None:
    """They differ in what rendered pictures taught already, widely: nothing can be won."""
    found, head = photos(9.0, 0, others=300), rendered_head(0, 3.0)
    taught = teach_by_photos(head, found)
    own = score(head, found.pooled)
    assert area(taught.held_out, found.shows) == pytest.approx(area(own, found.shows), abs=0.02)


def test_the_head_is_the_sum_that_was_chosen() -> None:
    found, head = photos(4.0, 20), rendered_head(0, 3.0)
    taught = teach_by_photos(head, found)
    assert taught.setting.last_depth, "what differs is in the last depth"
    scores = score(taught.head, found.pooled)
    assert area(scores, found.shows) >= area(taught.held_out, found.shows)
    # Both are of one scale: what is held out is read as what is in use.
    others = ~found.shows
    assert taught.held_out[others].mean() == pytest.approx(scores[others].mean(), abs=0.5)
    assert taught.held_out[others].std() == pytest.approx(scores[others].std(), rel=0.3)


@pytest.mark.slow
def test_noise_has_no_held_out_score_better_than_chance() -> None:
    """Nested: what was chosen on a photo never judges it, so that chance stays chance."""
    areas = []
    for seed in range(6):
        found = photos(0.0, 0, seed=seed)
        areas.append(area(teach_by_photos(rendered_head(0, 3.0), found).held_out, found.shows))
    assert np.mean(areas) == pytest.approx(0.5, abs=0.1)


def test_it_is_said_what_taught() -> None:
    figures = teach_by_photos(rendered_head(0, 3.0), photos(4.0, 3)).figures
    assert set(figures["against_groups_left_out"]) == {"mole", "rash"}
    assert (figures["photos"], figures["groups"], figures["others"]) == (8, 8, 120)
    assert 0 <= figures["auroc_rendered_alone"] <= 1
    assert set(figures["chosen"]) == {"last_depth", "penalty", "weight"}


def test_two_people_cannot_teach() -> None:
    with pytest.raises(TrainingError, match="only 2 people"):
        teach_by_photos(rendered_head(0, 3.0), photos(4.0, 3, people=2))
