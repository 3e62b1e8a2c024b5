"""EXIF orientation: how a stored picture is turned or mirrored to stand upright."""

from typing import Final

from PIL import ExifTags, Image

_TURNED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING: Final = {_TURNED[2], _TURNED[3], _TURNED[4]}  # these keep width and height apart


def orientation_of(image: Image.Image) -> int:
    """Return the orientation that the file states, 1 to 8; 1, upright, where it is damaged."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF costs the rotation, not the photo
        return 1


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Return the picture turned and mirrored as its orientation asks."""
    turned = _TURNED.get(orientation)
    return picture if turned is None else picture.transpose(turned)


def swaps_sides(orientation: int) -> bool:
    """Return whether width becomes height."""
    return orientation in _TURNED and _TURNED[orientation] not in _LYING
