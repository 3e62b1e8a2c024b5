"""Copies of a photo are found whatever was done to them; other photos are not called copies."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from datasets.drawn_photos import framed, other_colour, recompressed, skin, trimmed
from reddots.datasets.quality.near_duplicates import near_pairs
from reddots.datasets.quality.perceptual_hash import Fingerprint, fingerprint


def print_of(photo: Image.Image) -> Fingerprint:
    return fingerprint(np.asarray(photo, dtype=np.uint8))


def brighter(photo: Image.Image) -> Image.Image:
    return photo.point(lambda v: min(255, round(v * 1.12)))


# what was done to the copy, whether it is still the same photo, why
DONE: list[tuple[Callable[[Image.Image], Image.Image], bool, str]] = [
    (lambda p: p, True, "the same"),
    (recompressed, True, "a worse JPEG"),
    (lambda p: p.resize((80, 70)), True, "half the size"),
    (lambda p: p.resize((200, 120)), True, "stretched"),
    (brighter, True, "brighter"),
    (ImageOps.mirror, True, "mirrored"),
    (trimmed, True, "a little cropped on all sides"),
    (lambda p: p.crop((0, 0, 148, 140)), True, "cropped on one side"),
    (framed, True, "with a bar below"),
    (lambda p: recompressed(trimmed(p)), True, "cropped and recompressed"),
    (other_colour, False, "the same shapes in other colours"),
    (lambda _: skin(99), False, "another photo"),
    (lambda p: p.crop((60, 50, 160, 140)), False, "a detail of it, beyond what is looked for"),
]


@pytest.mark.parametrize(("done", "same", "why"), DONE, ids=[row[2] for row in DONE])
def test_copies_are_found(done: Callable[[Image.Image], Image.Image], same: bool, why: str) -> None:
    for seed in range(5):
        photo = skin(seed)
        assert bool(near_pairs([print_of(photo), print_of(done(photo))])) == same, (why, seed)


# two plain colours, whether they are the same photo
PLAIN = [((200, 150, 130), (200, 150, 130), True), ((200, 150, 130), (190, 150, 130), False)]


@pytest.mark.parametrize(("one", "two", "same"), PLAIN)
def test_plain_photos_are_told_apart_by_colour(
    one: tuple[int, int, int], two: tuple[int, int, int], same: bool
) -> None:
    prints = [print_of(Image.new("RGB", (90, 90), colour)) for colour in (one, two)]
    assert bool(near_pairs(prints)) == same


def test_each_pair_is_named_once_in_order() -> None:
    photos = [skin(1), skin(2), recompressed(skin(1)), skin(3), trimmed(skin(2)), skin(1)]
    assert near_pairs([print_of(p) for p in photos]) == [(0, 2), (0, 5), (1, 4), (2, 5)]


def test_no_photos_have_no_copies() -> None:
    assert near_pairs([]) == []


def test_many_different_photos_are_not_called_copies() -> None:
    assert near_pairs([print_of(skin(seed)) for seed in range(150)]) == []
