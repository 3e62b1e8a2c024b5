"""A red stays the same red, whatever says what its numbers mean, and with alpha as without."""

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageCms

from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.photo.sandbox.decoding import colour_spaces
from reddots.photo.sandbox.decoding.colour_spaces import PRIMARIES, icc_profile, rgb_to_xyz

pillow_heif.register_heif_opener()
SKIN, SPOT, GREY, DARK = (214, 168, 148), (186, 42, 48), (119, 119, 119), (30, 20, 18)
COLOURS = [SKIN, SPOT, GREY, DARK]
P3, BT2020 = 12, 9
SRGB, PQ, HLG, LINEAR, GAMMA_22 = 13, 16, 18, 8, 4
# From RGB to XYZ of D65, as the standards print them: IEC 61966-2-1, SMPTE EG 432-1, BT.2020
TO_XYZ = {
    1: [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
    P3: [[0.4866, 0.2657, 0.1982], [0.2290, 0.6917, 0.0793], [0.0000, 0.0451, 1.0439]],
    BT2020: [[0.6370, 0.1446, 0.1689], [0.2627, 0.6780, 0.0593], [0.0000, 0.0281, 1.0610]],
}


def in_space(colour: Sequence[int], primaries: int, transfer: int) -> tuple[int, ...]:
    """The numbers by which a file of these code points says an sRGB colour."""
    value = np.array(colour) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    light = np.linalg.solve(np.array(TO_XYZ[primaries]), np.array(TO_XYZ[1]) @ light)
    light = np.clip(light, 0, 1)
    if transfer == SRGB:
        code = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    elif transfer == PQ:
        y = (light * 203 / 10_000) ** 0.1593017578125
        code = ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375
    elif transfer == HLG:
        shown = light * 203 / 1000
        scene = shown / max(np.array(TO_XYZ[primaries][1]) @ shown, 1e-9) ** (0.2 / 1.2)
        log = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        code = np.where(scene <= 1 / 12, np.sqrt(3 * scene), log)
    else:
        code = light ** (1 / {LINEAR: 1, GAMMA_22: 2.2}[transfer])
    return tuple(round(float(c) * 255) for c in code)


def image(colour: Sequence[int], *, alpha: bool) -> Image.Image:
    return Image.new("RGBA" if alpha else "RGB", (64, 64), (*colour, 255) if alpha else (*colour,))


def saved(picture: Image.Image, file_format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + body))
    return png[:33] + struct.pack(">I", len(body)) + kind + body + crc + png[33:]


def png(picture: Image.Image, primaries: int, transfer: int) -> bytes:
    return with_chunk(saved(picture, "PNG"), b"cICP", bytes([primaries, transfer, 0, 1]))


def heic(picture: Image.Image, primaries: int, transfer: int) -> bytes:
    return saved(
        picture,
        "HEIF",
        quality=95,
        chroma=444,
        color_primaries=primaries,
        transfer_characteristics=transfer,
        matrix_coefficients=6,
        full_range_flag=1,
    )


def avif(picture: Image.Image, primaries: int, transfer: int) -> bytes:
    data = saved(picture, "AVIF", quality=95, subsampling="4:4:4", speed=10)
    stated = b"colrnclx" + struct.pack(">HH", 1, 13)
    assert data.count(stated) == 1
    return data.replace(stated, b"colrnclx" + struct.pack(">HH", primaries, transfer))


WRITERS = {"PNG": png, "HEIF": heic, "AVIF": avif}
# primaries, transfer, largest difference of an 8-bit value, what it is
POINTS = [
    (1, SRGB, 3, "sRGB"),
    (P3, SRGB, 4, "Display P3"),
    (BT2020, SRGB, 4, "BT.2020 with the curve of sRGB"),
    (P3, GAMMA_22, 5, "P3 with a gamma"),
    (BT2020, PQ, 6, "BT.2100, PQ"),
    (P3, PQ, 6, "P3, PQ"),
    (BT2020, HLG, 6, "BT.2100, HLG"),
]


@pytest.mark.parametrize("alpha", [False, True], ids=["opaque", "alpha"])
@pytest.mark.parametrize("file_format", list(WRITERS))
@pytest.mark.parametrize(
    ("primaries", "transfer", "most", "why"), POINTS, ids=[row[3] for row in POINTS]
)
def test_code_points_become_srgb(
    primaries: int,
    transfer: int,
    most: int,
    why: str,
    file_format: str,
    alpha: bool,
) -> None:
    picture = Image.new("RGBA" if alpha else "RGB", (64 * len(COLOURS), 64), (255,) * 3)
    for number, colour in enumerate(COLOURS):
        stored = in_space(colour, primaries, transfer)
        picture.paste(image(stored, alpha=alpha), (64 * number, 0))
    data = WRITERS[file_format](picture, primaries, transfer)
    found = load_photo(data).pixels[32, 32::64].astype(int)
    assert np.abs(found - COLOURS).max() <= most, f"{why}: {found.tolist()}"


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_what_is_brighter_than_white_stays_below_it_and_keeps_its_hue(transfer: int) -> None:
    codes = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    greys = load_photo(png(Image.fromarray(codes), BT2020, transfer)).pixels[0].astype(int)
    assert (np.ptp(greys, axis=1) <= 4).all(), "grey is grey, to one step of the code"
    assert (np.diff(greys[:, 0]) >= -1).all(), "brighter is never darker, but for rounding"
    assert greys[0, 0] == 0
    assert 252 <= greys[-1, 0] <= 255
    red = load_photo(png(image((230, 120, 120), alpha=False), BT2020, transfer)).pixels[0, 0]
    assert red[0] > 200
    assert red[0] > red[1] + 60, "a bright red is no white"


# code points that nothing is known of
@pytest.mark.parametrize(("primaries", "transfer"), [(77, SRGB), (BT2020, 9), (1, 200)])
def test_unknown_code_points_are_refused_by_name(primaries: int, transfer: int) -> None:
    with pytest.raises(PhotoError, match="states colours of a kind") as caught:
        load_photo(png(image(SKIN, alpha=False), primaries, transfer))
    assert caught.value.problem == "unsupported_format"


@pytest.mark.parametrize(("primaries", "transfer"), [(2, 2), (1, 1), (6, 6)])
def test_unsaid_ones_and_those_of_television_are_srgb(primaries: int, transfer: int) -> None:
    found = load_photo(heic(image(SPOT, alpha=False), primaries, transfer)).pixels[32, 32]
    assert np.abs(found.astype(int) - SPOT).max() <= (3 if primaries != 6 else 8)


PROFILED = ["PNG", "TIFF", "HEIF", "AVIF", "WEBP"]


@pytest.mark.parametrize("alpha", [255, 128, None])
@pytest.mark.parametrize("file_format", PROFILED)
def test_a_profile_counts_with_alpha_as_without(file_format: str, alpha: int | None) -> None:
    stored = in_space(SPOT, P3, SRGB)
    picture = image(stored, alpha=alpha is not None)
    if alpha is not None:
        picture.putalpha(alpha)
    options: dict[str, Any] = {"icc_profile": icc_profile(PRIMARIES[P3], colour_spaces.SRGB_CURVE)}
    options |= {"lossless": True} if file_format == "WEBP" else {}
    options |= {"chroma": 444, "quality": 95} if file_format == "HEIF" else {}
    options |= {"subsampling": "4:4:4", "quality": 95} if file_format == "AVIF" else {}
    found = load_photo(saved(picture, file_format, **options)).pixels[32, 32].astype(int)
    share = 1 if alpha is None else alpha / 255
    expected = np.array(SPOT) * share + 255 * (1 - share)
    assert np.abs(found - expected).max() <= 4


def test_code_points_of_a_png_go_before_its_profile() -> None:
    swapped = icc_profile((0.30, 0.60, 0.64, 0.33, 0.15, 0.06, 0.3127, 0.329), 2.2)
    data = saved(image(SPOT, alpha=False), "PNG", icc_profile=swapped)
    assert np.abs(load_photo(data).pixels[0, 0].astype(int) - SPOT).max() > 50
    data = with_chunk(data, b"cICP", bytes([1, SRGB, 0, 1]))
    assert np.abs(load_photo(data).pixels[0, 0].astype(int) - SPOT).max() <= 1


def chromaticity_chunk(values: Sequence[float]) -> bytes:
    white_first = [*values[6:], *values[:6]]
    return struct.pack(">8I", *(round(v * 100_000) for v in white_first))


# gamma chunk, primaries chunk, primaries, transfer of what is stored, why
GAMMAS: list[tuple[int, int | None, int, int, str]] = [
    (45_455, None, 1, SRGB, "the gamma that stands for sRGB"),
    (100_000, None, 1, LINEAR, "linear light"),
    (45_455, P3, P3, SRGB, "primaries of P3"),
    (100_000, P3, P3, LINEAR, "both"),
]


@pytest.mark.parametrize("alpha", [False, True], ids=["opaque", "alpha"])
@pytest.mark.parametrize(
    ("gamma", "named", "primaries", "transfer", "why"), GAMMAS, ids=[row[4] for row in GAMMAS]
)
def test_gamma_and_primaries_of_a_png_count(
    gamma: int, named: int | None, primaries: int, transfer: int, why: str, alpha: bool
) -> None:
    data = saved(image(in_space(SPOT, primaries, transfer), alpha=alpha), "PNG")
    if named is not None:
        data = with_chunk(data, b"cHRM", chromaticity_chunk(PRIMARIES[named]))
    data = with_chunk(data, b"gAMA", struct.pack(">I", gamma))
    assert np.abs(load_photo(data).pixels[0, 0].astype(int) - SPOT).max() <= 6, why


@pytest.mark.parametrize("values", [[0] * 8, [0.3] * 8, [0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.3, 0.3]])
def test_primaries_that_span_nothing_are_skipped(values: list[float]) -> None:
    data = with_chunk(saved(image(SPOT, alpha=False), "PNG"), b"cHRM", chromaticity_chunk(values))
    data = with_chunk(data, b"gAMA", struct.pack(">I", 45_455))
    assert load_photo(data).pixels[0, 0].tolist() == list(SPOT)


def adobe(**interop: str) -> bytes:
    value = np.array(SPOT) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_adobe = np.linalg.inv(np.array(rgb_to_xyz(colour_spaces.ADOBE_RGB)))
    light = np.clip(to_adobe @ np.array(TO_XYZ[1]) @ light, 0, 1)
    stored = tuple(round(float(c) * 255) for c in light ** (256 / 563))
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {
        ExifTags.Base.ColorSpace: 0xFFFF if interop else 2,
        **({ExifTags.IFD.Interop: {1: interop["index"]}} if interop else {}),
    }
    return saved(image(stored, alpha=False), "JPEG", quality=95, subsampling=0, exif=exif)


@pytest.mark.parametrize("interop", [{}, {"index": "R03"}], ids=["colour space 2", "R03"])
def test_adobe_rgb_that_only_exif_tells(interop: dict[str, str]) -> None:
    found = load_photo(adobe(**interop)).pixels[32, 32].astype(int)
    assert np.abs(found - SPOT).max() <= 5


def test_a_grey_profile_counts_with_alpha_as_without() -> None:
    curve = b"curv" + struct.pack(">IIH", 0, 1, 256) + bytes(2)  # linear
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    table = struct.pack(">I4sII4sII", 2, b"wtpt", 156, len(white), b"kTRC", 176, len(curve))
    head = struct.pack(">I4xI", 176 + len(curve), 0x04300000) + b"mntrGRAYXYZ " + bytes(12)
    head = (head + b"acsp" + bytes(28) + white[8:]).ljust(128, b"\0")
    profile = head + table + white + curve
    for mode, colour in (("L", 50), ("LA", (50, 255))):
        data = saved(Image.new(mode, (8, 8), colour), "PNG", icc_profile=profile)
        assert 118 <= load_photo(data).pixels[0, 0, 0] <= 125, f"{mode}: 50 of 255 of the light"


def test_the_profiles_made_here_are_those_of_the_standards() -> None:
    for primaries, expected in TO_XYZ.items():
        assert np.abs(np.array(rgb_to_xyz(PRIMARIES[primaries])) - expected).max() < 0.0006
    profile = ImageCms.ImageCmsProfile(
        io.BytesIO(icc_profile(PRIMARIES[P3], colour_spaces.SRGB_CURVE))
    ).profile
    # Display P3 as Apple ships it, adapted to D50
    for have, want in (
        (profile.red_colorant, (0.51512, 0.24120, -0.00105)),
        (profile.green_colorant, (0.29198, 0.69225, 0.04189)),
        (profile.blue_colorant, (0.15710, 0.06657, 0.78407)),
    ):
        assert have is not None
        assert np.abs(np.array(have[0]) - want).max() < 0.0006


def pq_profile() -> bytes:
    """A profile whose cicp tag says PQ, as some writers of HDR photos put beside nothing else."""
    plain = icc_profile(PRIMARIES[BT2020], 2.2)
    (count,) = struct.unpack_from(">I", plain, 128)
    table_end = 132 + 12 * count
    moved = b"".join(
        name + struct.pack(">II", start + 12, length)
        for name, start, length in struct.iter_unpack(">4sII", plain[132:table_end])
    )
    start = len(plain) + 12
    tag = b"cicp" + struct.pack(">II", start, 12)
    body = b"cicp" + bytes(4) + bytes([BT2020, PQ, 0, 1])
    whole = plain[:128] + struct.pack(">I", count + 1) + moved + tag + plain[table_end:] + body
    return struct.pack(">I", len(whole)) + whole[4:]


WRITES: list[Callable[[Image.Image, bytes], bytes]] = [
    lambda picture, profile: saved(picture, "PNG", icc_profile=profile),
    lambda picture, profile: saved(picture, "HEIF", icc_profile=profile, quality=95, chroma=444),
]


@pytest.mark.parametrize("write", WRITES, ids=["PNG", "HEIF"])
def test_a_profile_of_high_dynamic_range_is_tone_mapped(
    write: Callable[[Image.Image, bytes], bytes],
) -> None:
    data = write(image(in_space(SPOT, BT2020, PQ), alpha=False), pq_profile())
    assert np.abs(load_photo(data).pixels[32, 32].astype(int) - SPOT).max() <= 6
