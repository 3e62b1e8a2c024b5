import numpy as np
import pytest

from reddots.simulation.rendering.shapes import OTHER_STYLE
from reddots.simulation.spots.decoys import SKIN_DECOYS, draw_marks
from reddots.simulation.spots.scene import Scene, SceneRenderer, contrast

SIDE = 96


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    renderer = SceneRenderer(None, None, style=OTHER_STYLE)
    return [renderer.render(SIDE, np.random.default_rng(seed)) for seed in range(24)]


def test_the_same_seed_gives_the_same_scene():
    one, other = (SceneRenderer(None, None).render(SIDE, np.random.default_rng(5)) for _ in "ab")
    assert (one.pixels == other.pixels).all()
    assert (one.spots == other.spots).all()


def test_spots_lie_in_the_frame(scenes):
    for scene in scenes:
        assert scene.pixels.shape == (SIDE, SIDE, 3)
        assert ((scene.spots[:, :2] >= 0) & (scene.spots[:, :2] < SIDE)).all()


def test_what_is_said_to_be_visible_is_seen_in_the_picture(scenes):
    """The picture is redder or darker at sure spots than just beside them, on the average."""
    from reddots.spots.sampling import spot_colours

    differences = []
    for scene in scenes:
        sure = scene.spots[(scene.spots[:, 3] >= 8) & (scene.spots[:, 2] >= 4)]
        if len(sure):
            inner, outer = spot_colours(scene.pixels, sure[:, :3].astype(float))
            differences.append(np.median(inner - outer, axis=0))
    assert len(differences) >= 5
    mean = np.mean(differences, axis=0)
    assert mean[1] > 2
    assert mean[0] < -2


def test_nothing_is_said_of_kinds_without_red_spots(scenes):
    for scene in scenes:
        if scene.kind in {"nothing", "naevi", "freckles", "hair", "vessels", "diffuse_redness"}:
            assert len(scene.spots) == 0


def test_every_tone_can_be_asked_for():
    for tone in range(1, 7):
        scene = SceneRenderer(None, None).render(48, np.random.default_rng(tone), tone)
        assert scene.tone == tone


def spotted(darker: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    bare = np.full((60, 60, 3), (200, 160, 140), np.uint8)
    with_ = bare.copy()
    y, x = np.mgrid[:60, :60]
    inside = np.hypot(x - 30, y - 30) <= 6
    with_[inside] = np.clip(with_[inside].astype(int) - darker, 0, 255)
    return with_, bare


@pytest.mark.parametrize(
    ("darker", "seen"),
    [
        ((10, 60, 50), True),  # red
        ((60, 60, 60), True),  # as dark as blood on dark skin
        ((0, 0, 0), False),  # nothing there
        ((-30, -30, -30), False),  # paler
    ],
)
def test_contrast_is_that_of_redness_or_darkness(darker, seen):
    found = contrast(*spotted(darker), np.array([[30.0, 30.0, 12.0]]))
    assert (found[0] > 5) == seen


def test_a_general_change_of_light_is_no_spot():
    with_, bare = np.full((40, 40, 3), 100, np.uint8), np.full((40, 40, 3), 150, np.uint8)
    assert contrast(with_, bare, np.array([[20.0, 20.0, 6.0]]))[0] < 0.5


def test_marks_are_drawn_and_decoys_are_no_bleeding():
    bare = np.full((80, 80, 3), 120, np.uint8)
    assert any((draw_marks(bare, np.random.default_rng(s)) != bare).any() for s in range(5))
    assert all(layer.pigment != "bleed" for kind in SKIN_DECOYS for layer in kind.layer)
