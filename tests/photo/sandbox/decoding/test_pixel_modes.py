"""Pixels that are brought down in bands are those of Pillow's own resize, whatever the mode."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.decoding import pixel_modes
from reddots.photo.sandbox.decoding.pixel_modes import brought_down, rows_of, rows_of_buffer


def noise(mode: str, size: tuple[int, int], seed: int = 0) -> Image.Image:
    bands = len(Image.new(mode, (1, 1)).getbands())
    values = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], bands), np.uint8)
    return Image.merge(mode, [Image.fromarray(values[..., n]) for n in range(bands)])


@given(
    width=st.integers(1, 700),
    height=st.integers(1, 700),
    by=st.floats(1, 40),
    mode=st.sampled_from(["L", "RGB", "CMYK"]),
)
def test_opaque_pixels_are_those_of_pillow(width: int, height: int, by: float, mode: str) -> None:
    image = noise(mode, (width, height))
    size = (max(1, round(width / by)), max(1, round(height / by)))
    if height > 100 * width:  # Pillow then goes down the columns first
        return
    expected = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    assert np.array_equal(brought_down(rows_of(image), size), expected)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("by", [2, 5, 31])
def test_clear_pixels_do_not_count(mode: str, by: int) -> None:
    image = noise(mode, (620, 930))
    image.paste(Image.new(mode, (620, 930), (0,) * (len(mode) - 1) + (0,)), (310, 0))
    size = (620 // by, 930 // by)
    small = np.asarray(brought_down(rows_of(image), size)).astype(int)
    expected = np.asarray(image.resize(size, Image.Resampling.BICUBIC)).astype(int)
    assert small.shape == expected.shape
    left = small[:, : size[0] // 2 - 2], expected[:, : size[0] // 2 - 2]
    assert np.abs(left[0] - left[1]).mean() < 12
    assert (small[:, size[0] // 2 + 2 :, -1] == 0).all()


def test_rows_of_a_buffer_are_those_of_the_picture() -> None:
    image = noise("RGB", (61, 530))
    stride = 192
    padded = np.zeros((530, stride), np.uint8)
    padded[:, : 61 * 3] = np.asarray(image).reshape(530, -1)
    rows = rows_of_buffer("RGB", image.size, padded.tobytes(), stride)
    assert np.array_equal(rows.band(0, 530), image)
    assert np.array_equal(rows.band(7, 9), image.crop((0, 7, 61, 9)))
    assert np.array_equal(brought_down(rows, (9, 78)), brought_down(rows_of(image), (9, 78)))


def test_a_buffer_that_is_too_short_is_an_error() -> None:
    with pytest.raises(ValueError, match="not enough image data"):
        rows_of_buffer("RGB", (61, 530), bytes(61 * 3 * 100), 61 * 3).band(99, 101)


@pytest.mark.parametrize(
    ("most", "is_refused"), [(0, False), (1, True), (4095, True), (4096, False)]
)
def test_16_bits_that_are_hardly_used_are_refused(most: int, is_refused: bool) -> None:
    image = Image.fromarray(np.array([[0, most]], np.uint16))
    if is_refused:
        with pytest.raises(DecodeError, match="narrow"):
            rows_of(image)
    else:
        assert rows_of(image).band(0, 1).mode == "L"


def test_no_band_is_larger_than_it_must_be() -> None:
    asked: list[int] = []
    image = noise("L", (40, 4000))
    rows = rows_of(image)

    def band(top: int, bottom: int) -> Image.Image:
        asked.append(bottom - top)
        return rows.band(top, bottom)

    brought_down(pixel_modes.Rows(rows.size, band), (4, 400))
    assert sum(asked) == 4000
    assert max(asked) <= 256
