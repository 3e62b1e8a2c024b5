"""Rendered pictures: of the right size, on skin only, the same for the same seed."""

import numpy as np
import pytest

from reddots.datasets.manifest import Row
from reddots.simulation.rendering.camera import photograph
from reddots.simulation.rendering.lesions import Kind, read_kinds
from reddots.simulation.rendering.pairs import PairRenderer
from reddots.simulation.rendering.placement import place
from reddots.simulation.rendering.renderer import Renderer
from reddots.simulation.rendering.shapes import (
    OTHER_STYLE,
    ShapeStyle,
    Spots,
    cloud,
    draw_rings,
    draw_spots,
)
from reddots.simulation.rendering.skin_patches import photo_patch, skin_mask
from reddots.simulation.rendering.synthetic_skin import TONES, generated_skin

SIDE = 96
KINDS = read_kinds()


def spots(*places: tuple[float, float, float]) -> Spots:
    x, y, radius = (np.array(values, float) for values in zip(*places, strict=True))
    return Spots(x, y, radius, np.ones(len(places)), 0.5, 0.0, 1.0)


def differing(kind: Kind, seed: int = 0, style: ShapeStyle | None = None) -> np.ndarray:
    """Where rendering ``kind`` changes light skin that fills the picture."""
    patch = generated_skin(2, SIDE, np.random.default_rng(seed))
    rendered = Renderer(style).render(patch, kind, np.random.default_rng(seed))
    assert rendered.shape == patch.pixels.shape
    assert rendered.dtype == np.uint8
    return np.abs(rendered.astype(int) - patch.pixels).max(axis=2)


def test_both_sides_have_many_kinds_and_each_a_source() -> None:
    assert sum(kind.side == "bleeding" for kind in KINDS) >= 8
    assert sum(kind.side == "other" for kind in KINDS) >= 20
    assert all(kind.source for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_each_kind_can_be_painted(kind: Kind) -> None:
    changed = max(differing(kind, seed).max() for seed in range(4))
    assert changed > 5 if kind.layer else changed <= 1


@pytest.mark.parametrize("tone", TONES)
def test_bleeding_is_painted_on_skin_only(tone: int) -> None:
    kind = next(k for k in KINDS if k.id == "mixed_purpura")
    for seed in range(6):
        rng = np.random.default_rng(seed)
        patch = generated_skin(tone, SIDE, rng)
        rendered = Renderer().render(patch, kind, rng).astype(int)
        outside = patch.mask == 0
        assert np.abs(rendered - patch.pixels)[outside].max(initial=0) <= 1


def test_the_same_seed_paints_the_same() -> None:
    kind = KINDS[0]
    assert np.array_equal(differing(kind, 5), differing(kind, 5))
    assert not np.array_equal(differing(kind, 5), differing(kind, 5, OTHER_STYLE))


# places and radii, what part of the patch is covered, why
COVERED = [
    (((48.0, 48.0, 10.0),), np.pi * 100, "a disc"),
    (((48.0, 48.0, 0.35),), np.pi * 0.35**2, "less than a pixel: paler instead of missing"),
    (((0.0, 48.0, 10.0),), np.pi * 50, "half over the edge"),
    (((48.0, 48.0, 10.0), (48.0, 48.0, 10.0)), np.pi * 100, "twice in one place is once"),
    (((-200.0, 48.0, 10.0),), 0.0, "outside"),
]


@pytest.mark.parametrize(("places", "area", "why"), COVERED, ids=[row[2] for row in COVERED])
@pytest.mark.parametrize("style", [ShapeStyle(), OTHER_STYLE], ids=["style", "another"])
def test_a_spot_covers_its_area(
    style: ShapeStyle, places: tuple[tuple[float, float, float], ...], area: float, why: str
) -> None:
    coverage, dome = draw_spots(spots(*places), SIDE, style, np.random.default_rng(0))
    assert coverage.sum() == pytest.approx(area, rel=0.15, abs=2), why
    assert coverage.min() >= 0
    assert coverage.max() <= 1
    assert dome.max(initial=0) <= 1


def test_a_ring_is_empty_inside() -> None:
    ring = draw_rings(spots((48, 48, 30)), SIDE, 5, ShapeStyle(), np.random.default_rng(0))
    assert ring[48, 48] < 0.2
    assert ring[48, 48 + 28] > 0.8


@pytest.mark.parametrize(
    "arrangement", ["scattered", "clustered", "dependent", "follicular", "linear"]
)
def test_spots_lie_on_skin(arrangement: str) -> None:
    mask = np.zeros((SIDE, SIDE), np.float32)
    mask[30:70, 20:80] = 1
    points = place(mask, 200, arrangement, 2.0, np.random.default_rng(0))  # type: ignore[arg-type]
    assert 0 < len(points) <= 200
    assert (mask[points[:, 1].astype(int), points[:, 0].astype(int)] == 1).all()
    assert len(place(np.zeros_like(mask), 5, "scattered", 2.0, np.random.default_rng(0))) == 0


def test_dependent_spots_are_denser_on_one_side() -> None:
    points = place(
        np.ones((SIDE, SIDE), np.float32), 2000, "dependent", 2, np.random.default_rng(1)
    )
    centre = np.abs(points.mean(axis=0) / SIDE - 0.5).max()
    assert centre > 0.05


@pytest.mark.parametrize("size", [0.8, 3.0, 30.0])
def test_a_cloud_is_standard(size: float) -> None:
    field = cloud(SIDE, size, np.random.default_rng(0))
    assert field.shape == (SIDE, SIDE)
    assert field.std() == pytest.approx(1, abs=0.35)


def test_a_photo_is_a_skin_patch_where_it_shows_skin() -> None:
    rng = np.random.default_rng(0)
    skin = generated_skin(3, 200, np.random.default_rng(4)).pixels
    sky = np.full((200, 300, 3), (60, 90, 200), np.uint8)
    patch = photo_patch(skin, SIDE, rng)
    assert patch is not None
    assert patch.pixels.shape == (SIDE, SIDE, 3)
    assert 0 < patch.melanosomes < 1
    assert photo_patch(sky, SIDE, rng) is None
    assert skin_mask(sky).max() < 0.01


def test_a_phone_keeps_the_size_asked_for() -> None:
    picture = generated_skin(1, 120, np.random.default_rng(0)).pixels
    for seed in range(12):
        taken = photograph(picture, 64, np.random.default_rng(seed))
        assert taken.shape == (64, 64, 3)
        assert taken.dtype == np.uint8


def no_photo(row: Row) -> np.ndarray:
    raise AssertionError(f"there is no photo {row}")


def test_pairs_are_one_skin_patch_with_and_without_bleeding() -> None:
    pair_renderer = PairRenderer((), no_photo, without=("petechiae", "nothing"))
    pairs = list(pair_renderer.pairs(12, 64, np.random.default_rng(0)))
    assert len(pairs) == 12
    for bleeding, other in pairs:
        assert bleeding.bleeding
        assert not other.bleeding
        assert bleeding.group == other.group
        assert bleeding.tone == other.tone
        assert bleeding.kind != "petechiae", "left out"
    assert len({pair[0].group for pair in pairs}) == 12
