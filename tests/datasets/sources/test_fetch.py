"""Getting a set fetches its tables and the wanted photos, and its terms go beside them."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from datasets import fabricated_sets as sets
from datasets.file_server import FileServer
from reddots.datasets.catalogue import PhotoSet, RemoteFile, read_catalogue
from reddots.datasets.sources.fetch import ATTRIBUTION, get_set
from reddots.datasets.sources.registry import import_set
from reddots.errors import ManifestError


@pytest.fixture
def server(tmp_path: Path, only_loopback: list[str]) -> Iterator[FileServer]:
    """Serve a small SCIN as its bucket does; photo 41 is not there."""
    source = sets.scin(tmp_path / "bucket")
    files = {
        f"/bucket/dataset/{path.relative_to(source).as_posix()}": path.read_bytes()
        for path in source.rglob("*")
        if path.is_file()
    }
    with FileServer(files) as running:
        yield running
    assert only_loopback == []


def scin_at(server: FileServer) -> PhotoSet:
    base = f"{server.origin}/bucket/dataset"
    files = tuple(
        RemoteFile(name=name, url=f"{base}/{name}")
        for name in ("scin_cases.csv", "scin_labels.csv")
    )
    return msgspec.structs.replace(read_catalogue()["scin"], files=files, origins=(server.origin,))


def test_a_set_is_got_and_imported(server: FileServer, tmp_path: Path) -> None:
    folder = tmp_path / "got"
    names: list[str] = []

    def on_file(name: str, number: int, total: int) -> object:
        names.append(f"{number}/{total} {name}")
        return lambda _have, _all: None

    got = get_set(scin_at(server), folder, on_file=on_file)  # type: ignore[arg-type]
    assert (got.fetched, got.present, len(got.failed)) == (8, 0, 1)
    assert "404" in got.failed[0]
    assert "41.png" in got.failed[0]
    assert names[0] == "1/2 scin_cases.csv"
    assert names[2] == "1/7 images/-11.png"
    text = (folder / ATTRIBUTION).read_text()
    assert "SCIN Data Use License" in text
    assert "Ward et al." in text
    rows = import_set(folder, "scin", tmp_path).rows
    assert [row.label for row in rows].count("vasculitis") == 3
    again = get_set(scin_at(server), folder)
    assert (again.fetched, again.present) == (0, 8)


# labels that are wanted, photos that come, why
ONLY = [
    (["vasculitis"], ["-11", "12", "13"], "one label"),
    (["petechiae"], ["-11", "12", "13"], "one that shares its output"),
    (["normal_skin"], ["31", "51"], "healthy by dermatologists, and by their owner"),
    (["normal_skin", "vasculitis"], ["-11", "12", "13", "31", "51"], "two labels"),
    (["keratosis_pilaris"], [], "none of this copy"),
]


@pytest.mark.parametrize(("only", "photos", "why"), ONLY, ids=[o[2] for o in ONLY])
def test_only_what_is_wanted_comes(
    server: FileServer, tmp_path: Path, only: list[str], photos: list[str], why: str
) -> None:
    get_set(scin_at(server), tmp_path / "got", only)
    assert sorted(p.stem for p in (tmp_path / "got").rglob("*.png")) == photos, why


def test_the_size_is_said_before_photos_come(server: FileServer, tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    folder = tmp_path / "got"
    get_set(
        scin_at(server), folder, ["vasculitis"], tables_only=True, on_size=lambda *n: told.append(n)
    )
    assert list(folder.rglob("*.png")) == [], "only the tables came"
    get_set(scin_at(server), folder, ["vasculitis"], on_size=lambda *n: told.append(n))
    whole = sum(p.stat().st_size for p in folder.rglob("*.png"))
    assert told == [(3, whole, 3)] * 2
    get_set(scin_at(server), folder, ["vasculitis"], on_size=lambda *n: told.append(n))
    assert len(told) == 2, "nothing is missing any more"


def test_a_photo_of_which_nobody_knows_the_size(server: FileServer, tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    only = ["other_rash"]  # photo 41, which is not there
    got = get_set(scin_at(server), tmp_path / "got", only, on_size=lambda *n: told.append(n))
    assert (told, len(got.failed)) == ([(1, 0, 0)], 1)


def test_only_labels_of_the_least_weight_come(server: FileServer, tmp_path: Path) -> None:
    get_set(scin_at(server), tmp_path / "got", ["vasculitis"], sure=0.7)
    assert list((tmp_path / "got").rglob("*.png")) == [], "two thirds are not enough"
    multicare = read_catalogue()["multicare"]
    with pytest.raises(ManifestError, match="no weights"):
        get_set(multicare, tmp_path / "multicare", sure=0.7)


def test_a_label_that_the_set_does_not_give_is_named(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"no photos labelled “not_skin”.*vasculitis"):
        get_set(scin_at(server), tmp_path / "got", ["not_skin"])
    assert server.asked == []


def test_photos_of_other_hosts_are_listed_and_not_fetched(
    only_loopback: list[str], tmp_path: Path
) -> None:
    table = (sets.fitzpatrick17k(tmp_path / "source") / "fitzpatrick17k.csv").read_bytes()
    with FileServer({"/t.csv": table}) as server:
        photo_set = msgspec.structs.replace(
            read_catalogue()["fitzpatrick17k"],
            files=(RemoteFile(name="fitzpatrick17k.csv", url=f"{server.origin}/t.csv"),),
            origins=(server.origin,),
        )
        got = get_set(photo_set, tmp_path / "got")
    assert got.fetched == 1
    assert len(got.failed) == 4
    assert all("dermaamin" in reason and "not fetched" in reason for reason in got.failed)
    assert only_loopback == []


def test_every_address_of_the_catalogue_is_of_a_named_origin() -> None:
    for entry in read_catalogue().values():
        for file in entry.files:
            assert any(file.url.startswith(f"{o}/") for o in entry.origins), entry.id
            assert "/" not in file.name
