"""Colour management: pixels to sRGB by the ICC profile, code points or gamma that a file carries.

Alpha is put aside meanwhile: Pillow's colour management would drop it. A damaged profile costs the
hue only; code points that nothing is known of are refused.
"""

import io
import struct
from functools import cache
from typing import Any, Final

from PIL import ExifTags, Image, ImageCms

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.decoding import colour_spaces, tone_mapping
from reddots.photo.sandbox.decoding.colour_spaces import GAMMAS, HLG, PQ, PRIMARIES, CodePoints

Meaning = bytes | CodePoints | None  # an ICC profile, or code points; None is sRGB

_ADOBE_RGB: Final = 2  # EXIF's colour space, as cameras write it, and their interoperability index
_ADOBE_INDEX: Final = "R03"
_MOST_GAMMA_ERROR: Final = 0.02  # of a gamma that stands for sRGB
_MOST_CHROMATICITY_ERROR: Final = 0.005
_MOST_CHUNKS: Final = 1000


def meaning_of(image: Image.Image, data: bytes) -> Meaning:
    """Return what the colours of a picture mean that Pillow opened.

    Args:
        image: the picture, with its ``info``.
        data: the file; PNG's code points are read from it.
    """
    if image.format == "PNG":
        points = _of_png(data)
        if points is not None:
            return points
    profile = image.info.get("icc_profile")
    if profile:
        return _with_code_points(profile)
    if image.format == "PNG" and "srgb" not in image.info:
        return _of_gamma(image)
    if _is_adobe_rgb(image):
        return colour_spaces.icc_profile(colour_spaces.ADOBE_RGB, colour_spaces.ADOBE_GAMMA)
    return None


def meaning_of_heif(info: dict[str, Any]) -> Meaning:
    """Return what the colours of a HEIF or AVIF container mean, from pillow-heif's ``info``."""
    profile = info.get("icc_profile")
    if profile:
        return _with_code_points(profile)
    points = info.get("nclx_profile")
    if not points:
        return None
    return CodePoints(int(points["color_primaries"]), int(points["transfer_characteristics"]))


def to_srgb(image: Image.Image, meaning: Meaning) -> Image.Image:
    """Return the picture in sRGB: mode RGB or L, with alpha RGBA or LA; CMYK if nothing is known.

    Raises:
        DecodeError: ``colour_kind``: code points that nothing is known of.
    """
    if meaning is None or not meaning:
        return image
    if image.mode in {"RGBA", "LA"}:
        opaque = to_srgb(image.convert(image.mode[:-1]), meaning)
        opaque.putalpha(image.getchannel("A"))
        return opaque
    if isinstance(meaning, CodePoints):
        return _by_code_points(image, meaning)
    return _by_profile(image, meaning)


def _by_code_points(image: Image.Image, points: CodePoints) -> Image.Image:
    if points.is_srgb:
        return image
    chromaticities = PRIMARIES.get(points.primaries)
    if chromaticities is None:
        raise DecodeError("colour_kind")
    curve: float | tuple[float, ...] | None = GAMMAS.get(points.transfer)
    image = image.convert("RGB")
    if points.transfer == HLG:
        image = image.filter(tone_mapping.hlg_to_display(points.primaries))
        curve = tone_mapping.display_curve()
    elif points.transfer == PQ:
        curve = tone_mapping.pq_curve()
    if curve is None:
        raise DecodeError("colour_kind")
    return _by_profile(image, colour_spaces.icc_profile(chromaticities, curve))


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


@cache
def srgb() -> Any:
    """Return the profile of sRGB."""
    return ImageCms.createProfile("sRGB")


def _with_code_points(profile: bytes) -> Meaning:
    """Return the code points in a profile of high dynamic range, else the profile."""
    try:
        (count,) = struct.unpack_from(">I", profile, 128)
        for place in range(132, 132 + 12 * min(count, 100), 12):
            name, start = struct.unpack_from(">4sI", profile, place)
            if name == b"cicp":
                primaries, transfer = profile[start + 8], profile[start + 9]
                return CodePoints(primaries, transfer) if transfer in {PQ, HLG} else profile
    except (struct.error, IndexError):
        pass
    return profile


def _of_png(data: bytes) -> CodePoints | None:
    """Return the code points of a PNG's cICP chunk, which go before its profile."""
    place = 8
    for _ in range(_MOST_CHUNKS):
        head = data[place : place + 8]
        kind = head[4:]
        if kind == b"cICP":
            points = data[place + 8 : place + 10]
            return CodePoints(points[0], points[1]) if len(points) > 1 else None
        if kind in {b"IDAT", b"IEND", b""}:
            return None
        place += 12 + int.from_bytes(head[:4])
    return None


def _of_gamma(image: Image.Image) -> Meaning:
    """Return a profile of the gamma and primaries of a PNG; None where they are sRGB's."""
    gamma, places = image.info.get("gamma"), image.info.get("chromaticity")
    if not gamma:
        return None
    exponent = colour_spaces.SRGB_CURVE if abs(gamma * 2.2 - 1) < _MOST_GAMMA_ERROR else 1 / gamma
    if places:
        wx, wy, *rest = places  # white first, in a PNG
        places = (*rest, wx, wy)
        off = max(abs(a - b) for a, b in zip(places, colour_spaces.BT709, strict=True))
        places = places if off > _MOST_CHROMATICITY_ERROR else None
    if exponent == colour_spaces.SRGB_CURVE and not places:
        return None
    try:
        return colour_spaces.icc_profile(places or colour_spaces.BT709, exponent)
    except ValueError:
        return None


def _is_adobe_rgb(image: Image.Image) -> bool:
    """Whether a camera says Adobe RGB by EXIF alone."""
    try:
        exif = image.getexif()
        space = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.ColorSpace)
        return space == _ADOBE_RGB or (
            space not in {None, 1}
            and exif.get_ifd(ExifTags.IFD.Interop).get(ExifTags.Interop.InteropIndex)
            == _ADOBE_INDEX
        )
    except Exception:  # noqa: BLE001 - damaged EXIF costs the hue, not the photo
        return False
