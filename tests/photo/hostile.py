"""Files made to harm whoever decodes them: several thousand, made here, never downloaded."""

import io
import json
import os
import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

FLIPPED = 600  # bytes at the head of a file of each format that are turned over, one a file
CUTS = 20
# format, options of Pillow's writer
VALID: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("MPO", {"save_all": True}),
    ("PNG", {}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("HEIF", {}),
    ("AVIF", {"speed": 10}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "jpeg"}),
    ("BMP", {}),
    ("GIF", {}),
]


@dataclass(frozen=True)
class Hostile:
    """One file.

    Attributes:
        group: what kind of harm it means.
        name: which one of the group.
        source: its bytes, or where it lies.
        problem: what must be said of it; empty where a photo may come out as well.
    """

    group: str
    name: str
    source: bytes | Path
    problem: str = ""


def corpus(folder: Path) -> Iterator[Hostile]:
    """Yield every file; those that must lie somewhere are made in ``folder``."""
    for number, (file_format, options) in enumerate(VALID):
        whole = valid(number)
        label = " ".join([file_format, *map(str, options.values())])
        yield Hostile("valid", label, whole)
        for part in range(1, CUTS):
            yield Hostile("cut", f"{label} {part}", whole[: len(whole) * part // CUTS])
        is_first = file_format not in {known for known, _ in VALID[:number]}
        for place in range(min(FLIPPED, len(whole)) if is_first else 0):
            turned = bytearray(whole)
            turned[place] ^= 0xFF
            yield Hostile("flipped", f"{label} {place}", bytes(turned))
    yield from _lies()
    yield from _bombs()
    yield from _impostors()
    yield from _places(folder)


def write(folder: Path, listing: Path) -> None:
    """Write every file into ``folder``, and to ``listing`` a line of JSON for each."""
    kept = folder / "kept"
    kept.mkdir()
    with listing.open("w") as lines:
        for number, hostile in enumerate(corpus(folder)):
            place = hostile.source
            if isinstance(place, bytes):
                place = kept / f"{number}.jpg"
                place.write_bytes(hostile.source)
            row = [hostile.group, hostile.name, str(place), hostile.problem]
            lines.write(json.dumps(row) + "\n")


@cache
def valid(number: int) -> bytes:
    """A small whole photo of the format ``VALID[number]``, with EXIF and a colour profile."""
    pillow_heif.register_heif_opener()
    file_format, options = VALID[number]
    noise = np.random.default_rng(number).integers(-25, 25, (48, 64, 3))
    image = Image.fromarray((np.array([205, 160, 140]) + noise).astype(np.uint8))
    exif = Image.Exif()
    exif[274] = 6
    exif[271] = "A camera"
    told: dict[str, Any] = {}
    if file_format not in {"BMP", "GIF"}:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        told = {"exif": exif.tobytes(), "icc_profile": profile}
    if file_format == "MPO":
        told["append_images"] = [image]
    return saved(image, file_format, **told, **options)


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """The file's bytes."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    size: tuple[int, int],
    *extra: bytes,
    depth: int = 8,
    colour: int = 2,
    interlaced: int = 0,
    zeros: int = 0,
) -> bytes:
    """A PNG whose picture is ``zeros`` bytes of nothing, packed."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced)
    packed = chunk(b"IDAT", zeros_packed(zeros))
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *extra, packed, chunk(b"IEND", b""))
    )


@cache
def zeros_packed(count: int) -> bytes:
    """``count`` zeros, packed."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [packer.compress(block) for _ in range(count >> 20)]
    return b"".join((*parts, packer.compress(bytes(count % (1 << 20))), packer.flush()))


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    """A TIFF of one directory (tag, type, count, value)."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0"
        + struct.pack("<IH", 8, len(entries))
        + body
        + struct.pack("<I", following)
        + bytes(999)
    )


def plain_tiff(width: int, height: int) -> list[tuple[int, int, int, int]]:
    """The tags of an 8-bit grey TIFF."""
    return [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 200),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, width * height % 2**32),
    ]


def _lies() -> Iterator[Hostile]:
    jpeg, gif, bmp = valid(0), valid(12), valid(11)
    for width, height in ((0, 0), (1, 0), (65535, 65535), (65535, 1), (1, 65535), (7000, 7000)):
        frame = jpeg.index(b"\xff\xc0") + 5
        lying = jpeg[:frame] + struct.pack(">HH", height, width) + jpeg[frame + 4 :]
        yield Hostile("lie", f"JPEG of {width} × {height}", lying)
        screen = gif[:6] + struct.pack("<HH", width, height) + gif[10:]
        yield Hostile("lie", f"GIF of {width} × {height}", screen)
        yield Hostile("lie", f"PNG of {width} × {height}", png((width, height), zeros=999))
        yield Hostile("lie", f"TIFF of {width} × {height}", tiff(plain_tiff(width, height)))
    for width, height in ((2**31 - 1, 2**31 - 1), (-1, -1), (-(2**31), 9), (9, -(2**31)), (0, 0)):
        lying = bmp[:18] + struct.pack("<ii", width, height) + bmp[26:]
        yield Hostile("lie", f"BMP of {width} × {height}", lying)
        yield Hostile("lie", f"PNG of {width} × {height}", png((width % 2**32, height % 2**32)))
    for number, name in ((6, "HEIF"), (7, "AVIF")):
        whole = valid(number)
        place = whole.index(b"ispe") + 8
        for size in ((0, 0), (2**32 - 1, 2**32 - 1), (30_000, 30_000), (7_000, 7_000), (1, 1)):
            lying = whole[:place] + struct.pack(">II", *size) + whole[place + 8 :]
            yield Hostile("lie", f"{name} of {size}", lying)
    for orientation in (0, 9, 255, 65535):
        body = b"Exif\0\0" + tiff([(274, 3, 1, orientation)])
        yield Hostile("lie", f"orientation {orientation}", _with(segment(0xE1, body)))
    for name, entries, following in (
        ("of a directory that follows itself", [(274, 3, 1, 6)], 8),
        ("of directories inside each other", [(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)], 8),
        ("out of the file", [(0x8769, 4, 1, 2**32 - 1), (271, 2, 2**32 - 1, 2**32 - 9)], 2**32 - 1),
        ("of very many values", [(271, 12, 2**31, 8)] * 80, 0),
        ("of unknown types", [(n, 99, n, n) for n in range(80)], 0),
    ):
        yield Hostile(
            "lie", f"EXIF {name}", _with(segment(0xE1, b"Exif\0\0" + tiff(entries, following)))
        )
        yield Hostile("lie", f"TIFF {name}", tiff(plain_tiff(30, 30) + entries, following))
    for name, profile in (
        ("of nothing", b""),
        ("of noise", bytes(range(256)) * 9),
        ("that says it has 4 GB", struct.pack(">I", 2**32 - 1) + _profile()[4:]),
        ("of very many tags", _profile()[:128] + struct.pack(">I", 2**32 - 1) + _profile()[132:]),
        ("cut off", _profile()[:200]),
    ):
        body = b"ICC_PROFILE\0\1\1" + profile
        yield Hostile("lie", f"profile {name}", _with(segment(0xE2, body)))
        packed = chunk(b"iCCP", b"x\0\0" + zlib.compress(profile))
        yield Hostile("lie", f"PNG profile {name}", png((9, 9), packed, zeros=9 * 28))
    many = b"".join(
        segment(0xE2, b"ICC_PROFILE\0" + bytes((n, 255)) + b"x" * 60_000) for n in range(1, 256)
    )
    yield Hostile("lie", "profile of 255 parts", _with(many))


def _bombs() -> Iterator[Hostile]:
    yield Hostile(
        "bomb",
        "PNG of 30,000 × 30,000",
        png((30_000, 30_000), depth=1, colour=0, zeros=48_000_000),
        "too_large",
    )
    yield Hostile("bomb", "PNG of 49 megapixels", png((7000, 7000), zeros=7000 * 21001))
    yield Hostile(
        "bomb",
        "PNG of 49 megapixels, 16 bits, alpha",
        png((7000, 7000), depth=16, colour=6, zeros=7000 * 56001),
    )
    yield Hostile(
        "bomb",
        "PNG of 49 megapixels, 16 bits, grey",
        png((7000, 7000), depth=16, colour=0, zeros=7000 * 14001),
    )
    yield Hostile(
        "bomb",
        "PNG of 49 megapixels, interlaced",
        png((7000, 7000), interlaced=1, zeros=7000 * 21001),
    )
    yield Hostile("bomb", "PNG of one line", png((50_000_000, 1), zeros=150_000_001))
    yield Hostile("bomb", "PNG of one column", png((1, 50_000_000), colour=0, zeros=100_000_000))
    yield Hostile("bomb", "PNG with 200 MB behind its picture", png((9, 9), zeros=200_000_000))
    for kind in (b"zTXt", b"iTXt", b"tEXt"):
        head = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"tEXt": b"k\0"}[kind]
        packed = bytes(20_000_000) if kind == b"tEXt" else zeros_packed(20_000_000)
        yield Hostile(
            "bomb",
            f"PNG with a text of 20 MB, {kind!r}",
            png((9, 9), chunk(kind, head + packed), zeros=252),
        )
        small = b"a" * 900_000 if kind == b"tEXt" else zeros_packed(900_000)
        many = chunk(kind, head + small) * 100
        yield Hostile(
            "bomb", f"PNG with 100 texts of 0.9 MB, {kind!r}", png((9, 9), many, zeros=252)
        )
    yield Hostile(
        "bomb",
        "PNG with a profile of 100 MB",
        png((9, 9), chunk(b"iCCP", b"x\0\0" + zeros_packed(100_000_000)), zeros=252),
    )
    yield Hostile(
        "bomb", "PNG of 100,000 chunks", png((9, 9), chunk(b"teXt", b"") * 100_000, zeros=252)
    )
    yield Hostile(
        "bomb",
        "PNG with EXIF that is a zip",
        png((9, 9), chunk(b"eXIf", zeros_packed(50_000_000)), zeros=252),
    )
    yield Hostile(
        "bomb",
        "JPEG with EXIF that is a zip",
        _with(segment(0xE1, b"Exif\0\0PK\3\4" + zeros_packed(40_000_000)[:60_000])),
    )
    yield Hostile("bomb", "JPEG of 100,000 remarks", _with(segment(0xFE, b"x") * 100_000))
    yield Hostile("bomb", "JPEG with 20 MB of remarks", _with(segment(0xFE, b"x" * 65_000) * 300))
    laughs = b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 20))
    xmp = b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [" + laughs + b"]><x>&l19;</x>"
    yield Hostile("bomb", "JPEG with XMP of a billion laughs", _with(segment(0xE1, xmp)))
    large = Image.new("RGB", (7000, 7000))
    yield Hostile("bomb", "JPEG of 49 megapixels", saved(large, "JPEG"))
    yield Hostile(
        "bomb", "JPEG of 49 megapixels, CMYK", saved(Image.new("CMYK", (7000, 7000)), "JPEG")
    )
    yield Hostile("bomb", "JPEG of 49 megapixels and 1,000 scans", scans(1000), "too_large")
    yield Hostile("bomb", "JPEG of 49 megapixels and 25 scans more", scans(25))
    yield Hostile("bomb", "BMP of 49 megapixels that is not there", bmp_header(7000, 7000))
    yield Hostile("bomb", "WebP of 49 megapixels", saved(large, "WEBP", method=0))
    yield Hostile(
        "bomb",
        "WebP of 49 megapixels, lossless",
        saved(large, "WEBP", lossless=True, method=0, quality=0),
    )
    yield Hostile("bomb", "GIF of 49 megapixels", saved(Image.new("P", (7000, 7000)), "GIF"))
    yield Hostile(
        "bomb", "TIFF of 49 megapixels, packed", saved(large, "TIFF", compression="tiff_deflate")
    )
    yield Hostile(
        "bomb",
        "TIFF of 49 megapixels of numbers",
        saved(Image.new("F", (7000, 7000)), "TIFF", compression="tiff_deflate"),
    )
    yield Hostile("bomb", "AVIF of 49 megapixels", saved(large, "AVIF", speed=10))
    gif = valid(12)
    frame = gif[gif.index(b"\x2c") : -1]
    yield Hostile("bomb", "GIF of 10,000 frames", gif[:-1] + frame * 10_000 + b";")
    chain = [b"II*\0" + struct.pack("<I", 8)]
    for number in range(10_000):
        place = 8 + 30 * (number + 1)
        chain.append(struct.pack("<HHHIIHHIII", 2, 256, 4, 1, 9, 257, 4, 1, 9, place))
    yield Hostile("bomb", "TIFF of 10,000 directories", b"".join(chain))
    yield Hostile("bomb", "TIFF that follows itself", tiff(plain_tiff(30, 30), 8))
    strips = [e for e in plain_tiff(30, 30) if e[0] not in {273, 278, 279}]
    lying = [*strips, (273, 4, 2**28, 8), (278, 4, 1, 1), (279, 4, 2**28, 8)]
    yield Hostile("bomb", "TIFF of 268 million strips", tiff(lying))
    frames = [Image.new("RGB", (64, 64), (n % 256, 0, 0)) for n in range(500)]
    for file_format, options in (("PNG", {}), ("WEBP", {"method": 0}), ("AVIF", {"speed": 10})):
        data = saved(frames[0], file_format, save_all=True, append_images=frames[1:], **options)
        yield Hostile("bomb", f"{file_format} of 500 frames", data)


def _impostors() -> Iterator[Hostile]:
    wrong = "unsupported_format"
    pages = {
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "SVG of entities": b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        "HTML": b"<!DOCTYPE html><script>alert(1)</script>",
        "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n",
        "zip": b"PK\3\4" + bytes(99),
        "ELF": b"\x7fELF\2\1\1" + bytes(99),
        "shell": b"#!/bin/sh\nid\n",
        "pickle": b"\x80\4\x8c\5posix\x8c\6system\x93\x8c\2id\x85R.",
        "text": b"These are no spots.",
        "one byte": b"\0",
        "zeros": bytes(100_000),
        "RIFF that is sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(99),
        "film": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(99),
        "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99),
        "Photoshop": b"8BPS\0\1" + bytes(99),
    }
    for name, data in pages.items():
        yield Hostile("impostor", name, data, wrong)
        for number, (file_format, _) in enumerate(VALID):
            yield Hostile("polyglot", f"{name} behind {file_format}", valid(number) + data)
            yield Hostile("polyglot", f"{name} before {file_format}", data + valid(number))
    for name in ("ICO", "PPM", "TGA", "PCX", "SGI", "DDS", "ICNS", "EPS", "PDF"):
        yield Hostile("impostor", name, saved(Image.new("RGB", (32, 32)), name), wrong)
    noise = np.random.default_rng(0)
    for number in range(200):
        start = [
            b"",
            b"\xff\xd8\xff\xe1",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"BM",
            b"II*\0",
            b"MM\0*",
        ]
        head = start[number % len(start)]
        yield Hostile("noise", str(number), head + noise.bytes(50 + 10 * number))


def _places(folder: Path) -> Iterator[Hostile]:
    def made(name: str, data: bytes = b"") -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    photo = made("photo.jpg", valid(0))
    yield Hostile("place", "empty", made("empty.jpg"), "empty")
    for name in (
        "a.png",
        "a.txt",
        "a.exe",
        "a",
        ".hidden",
        "a.jpg.exe",
        "a\u202egpj.exe",
        "a\nb.jpg",
        "<b>.jpg",
        "-rf",
        "%s%n",
        "a;id.jpg",
    ):
        yield Hostile("name", name, made(name, valid(0)))
    for name in (
        "../" * 30 + "etc/hostname",
        "../../nothing.jpg",
        "a\0b.jpg",
        "n" * 5000,
        "x/" * 3000,
    ):
        yield Hostile("name", name[:30], folder / name)
    yield Hostile("place", "a folder", folder, "not_a_file")
    for device in ("zero", "null", "random", "full", "tty", "stdin", "mem", "kmsg"):
        yield Hostile("place", f"/dev/{device}", Path("/dev") / device)
    for file in ("self/mem", "kmsg", "self/environ", "self/maps", "self/fd/0", "kcore"):
        yield Hostile("place", f"/proc/{file}", Path("/proc") / file)
    os.mkfifo(folder / "pipe")
    yield Hostile("place", "a pipe", folder / "pipe", "not_a_file")
    listener = socket.socket(socket.AF_UNIX)
    place = os.open(folder, os.O_RDONLY)
    listener.bind(f"/proc/self/fd/{place}/socket")
    listener.close()
    os.close(place)
    yield Hostile("place", "a socket", folder / "socket", "not_a_file")
    for name, size, problem in (
        ("tera", 10**12, "too_large"),
        ("mega", 99_000_000, "unsupported_format"),
    ):
        with (folder / name).open("wb") as file:
            file.truncate(size)
        yield Hostile("place", f"sparse, {size} bytes", folder / name, problem)
    for name, target in (
        ("zero", "/dev/zero"),
        ("loop", "loop"),
        ("gone", "nothing"),
        ("here", "."),
        ("good", str(photo)),
    ):
        link = folder / f"link to {name}"
        link.symlink_to(link if target == "loop" else target)
        yield Hostile("place", f"a link to {name}", link)


def _with(inserted: bytes) -> bytes:
    """A whole JPEG with more behind its first marker."""
    return valid(0)[:2] + inserted + valid(0)[2:]


@cache
def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def scans(count: int) -> bytes:
    """A progressive JPEG whose scans are said again and again, each over the whole picture."""
    whole = saved(Image.new("L", (7000, 7000)), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * count + whole[-2:]


def bmp_header(width: int, height: int) -> bytes:
    """A BMP without its pixels."""
    return (
        saved(Image.new("RGB", (1, 1)), "BMP")[:18] + struct.pack("<ii", width, height) + bytes(28)
    )
