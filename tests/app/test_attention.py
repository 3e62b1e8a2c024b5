"""What mattered in a photo is what makes the network less sure when covered."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt

from reddots_app.attention import attention, overlay


class BrightCorner:
    """Stands in for a network that only looks at how bright the top left quarter is."""

    outputs = ("bright", "dark")
    side_car = SimpleNamespace(temperature=1.0)

    def logits(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        height, width = pixels.shape[:2]
        brightness = pixels[: height // 2, : width // 2].mean() / 255
        return np.array([4 * brightness, 0], dtype=np.float32)


def corner() -> npt.NDArray[np.uint8]:
    pixels = np.zeros((120, 120, 3), np.uint8)
    pixels[:60, :60] = 255
    return pixels


def test_it_points_to_the_corner_that_matters() -> None:
    mattered = attention(BrightCorner(), corner(), "bright")  # type: ignore[arg-type]
    assert mattered is not None
    assert mattered[:2, :2].min() > 0.3
    assert mattered[4:, 4:].max() < 0.05


def test_where_nothing_matters_it_says_so() -> None:
    grey = np.full((120, 120, 3), 90, np.uint8)
    assert attention(BrightCorner(), grey, "bright") is None  # type: ignore[arg-type]


def test_the_picture_is_blue_where_it_matters(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    heat = np.zeros((6, 6))
    heat[0, 0] = 1
    (tmp_path / "a.jpg").write_bytes(overlay(np.full((90, 90, 3), 200, np.uint8), heat))
    with Image.open(tmp_path / "a.jpg") as shown:
        red, _, blue = shown.getpixel((2, 2))
        assert blue > red + 30
        assert shown.getpixel((80, 80))[0] > 190
