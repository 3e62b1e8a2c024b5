"""File type by its first bytes (magic number): whether a file begins as a photo does."""

from typing import Final

# ISO 23008-12, annex B, and the AVIF specification: the file holds still pictures.
_PHOTO_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
)


def looks_like_a_photo(data: bytes) -> bool:
    """Whether the first bytes are those of an allowed format, so that the file is a damaged one."""
    head = data[:16]
    starts = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
    if head[4:8] == b"ftyp":  # a film starts so too, and differs in the brand
        return head[8:12] in _PHOTO_BRANDS
    return head.startswith(starts) or head[8:12] == b"WEBP"
