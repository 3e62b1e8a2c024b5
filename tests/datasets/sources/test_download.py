"""A download goes on where it broke off, is checked, and goes nowhere that was not named."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasets.file_server import FileServer
from reddots.datasets.sources.download import DownloadError, download

DATA = bytes(range(256)) * 4000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def server(only_loopback: list[str]) -> Iterator[FileServer]:
    with FileServer({"/a.bin": DATA}) as running:
        yield running
    assert only_loopback == []


# where the answers break off, whether the server goes on from a byte, ranges asked for, why
CUTS = [
    ([], True, [""], "nothing breaks"),
    ([300_000], True, ["", "bytes=300000-"], "it breaks once"),
    ([100, 200, 300], True, ["", "bytes=100-", "bytes=300-", "bytes=600-"], "it breaks thrice"),
    ([300_000], False, ["", "bytes=300000-"], "a server that always starts from the beginning"),
    ([0, 0], True, ["", "", ""], "it breaks before the first byte"),
]


@pytest.mark.parametrize("case", CUTS, ids=[c[3] for c in CUTS])
def test_it_goes_on_where_it_broke_off(
    server: FileServer, tmp_path: Path, case: tuple[list[int], bool, list[str], str]
) -> None:
    cuts, server.ranges, asked, why = case
    server.cut_after = list(cuts)
    path = tmp_path / "deep" / "a.bin"
    seen: list[tuple[int, int]] = []
    assert download(f"{server.origin}/a.bin", path, [server.origin], SHA, lambda *b: seen.append(b))
    assert path.read_bytes() == DATA, why
    assert [r for _, r in server.asked] == asked, why
    assert seen[-1] == (len(DATA), len(DATA)), "the bar is full"
    assert [p.name for p in path.parent.iterdir()] == ["a.bin"], "nothing else is left"


def test_another_call_goes_on(server: FileServer, tmp_path: Path) -> None:
    server.cut_after = [1000, 0, 0, 0, 0, 0]
    with pytest.raises(DownloadError, match="call again to go on"):
        download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin], SHA)
    assert not (tmp_path / "a.bin").exists(), "half a file is not called by the file's name"
    assert (tmp_path / "a.bin.partial").stat().st_size == 1000
    server.asked.clear()
    server.cut_after.clear()
    assert download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin], SHA)
    assert server.asked == [("/a.bin", "bytes=1000-")]


def test_a_file_that_changed_in_between_is_fetched_anew(server: FileServer, tmp_path: Path) -> None:
    server.cut_after = [1000, 0, 0, 0, 0, 0]
    with pytest.raises(DownloadError):
        download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin])
    server.files["/a.bin"], server.tag = DATA[::-1], '"two"'
    server.cut_after.clear()
    download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin])
    assert (tmp_path / "a.bin").read_bytes() == DATA[::-1], "not half of each"


def test_a_partial_file_longer_than_the_file_is_fetched_anew(
    server: FileServer, tmp_path: Path
) -> None:
    (tmp_path / "a.bin.partial").write_bytes(DATA * 2)
    (tmp_path / "a.bin.partial.tag").write_text('"one"')
    assert download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin], SHA)
    assert (tmp_path / "a.bin").read_bytes() == DATA


def test_what_is_there_is_not_fetched_again(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(DATA)
    assert not download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin], SHA)
    assert server.asked == []
    (tmp_path / "a.bin").write_bytes(b"another")
    assert download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin], SHA)


def test_a_wrong_checksum_is_refused_and_not_kept(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="checksum"):
        download(f"{server.origin}/a.bin", tmp_path / "a.bin", [server.origin], "0" * 64)
    assert [p for p in tmp_path.iterdir() if p.suffix != ".tag"] == []


# path, origins beside the server's own, words, why
REFUSED = [
    ("/gone", ["404"], "no such file"),
    ("/away", ["not fetched", "example.org"], "it leads to another host"),
    ("/local", ["302"], "it leads to a file of this machine"),
]


@pytest.mark.parametrize(("name", "words", "why"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_is_refused(
    server: FileServer, tmp_path: Path, name: str, words: list[str], why: str
) -> None:
    server.redirects = {"/away": "http://example.org/a.bin", "/local": "file:///etc/hostname"}
    with pytest.raises(DownloadError) as caught:
        download(f"{server.origin}{name}", tmp_path / "a.bin", [server.origin])
    assert all(word in str(caught.value) for word in words), (why, str(caught.value))
    assert not (tmp_path / "a.bin").exists()


@pytest.mark.parametrize("url", ["http://example.org/a", "file:///etc/passwd", "ftp://x/y"])
def test_only_named_origins_are_contacted(
    tmp_path: Path, url: str, only_loopback: list[str]
) -> None:
    with pytest.raises(DownloadError, match="not fetched"):
        download(url, tmp_path / "a", ["https://example.org"])
    assert only_loopback == []


def test_a_redirect_to_a_named_origin_is_followed(server: FileServer, tmp_path: Path) -> None:
    server.redirects = {"/old": f"{server.origin}/a.bin"}
    assert download(f"{server.origin}/old", tmp_path / "a.bin", [server.origin], SHA)
