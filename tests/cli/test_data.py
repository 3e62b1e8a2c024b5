"""``reddots data``: the sets with their terms, and manifests of photos."""

import json
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from cli.command_line import CommandLine
from datasets import fabricated_sets
from datasets.drawn_photos import skin
from datasets.file_server import FileServer
from reddots.datasets.catalogue import RemoteFile, read_catalogue
from reddots.datasets.manifest import read_manifest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    photos = tmp_path / "photos"
    for number, label in enumerate(["cherry_angioma", "normal_skin", "normal_skin"]):
        (photos / label).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30, 30), (number * 50, 9, 9)).save(photos / label / f"{number}.png")
    (photos / "normal_skin" / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0 damaged")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_list_names_every_set_and_whether_it_may_be_trained_on(
    reddots: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    done = reddots("data", "list")
    assert done.code == 0
    for entry in read_catalogue().values():
        assert entry.id in done.out
    assert "measures only" in done.out


def test_get_says_where_a_set_is_and_under_which_terms(reddots: CommandLine) -> None:
    done = reddots("data", "get", "pad_ufes_20")
    entry = read_catalogue()["pad_ufes_20"]
    assert done.code == 0
    assert all(words in done.out for words in (entry.url, entry.licence, entry.citation))
    assert "reddots data import" in done.out, "and what to do with it"


def test_list_says_what_each_set_labels_of_ours(
    reddots: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    lines = reddots("data", "list").out
    assert "vasculitis, petechiae, purpura, keratosis_pilaris" in lines
    assert "data get scin" in lines
    assert "10,408" in lines


def test_get_fetches_only_into_a_folder_that_is_named(
    reddots: CommandLine,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    only_loopback: list[str],
) -> None:
    """The whole way of a person with internet: get, import, check; here the bucket is a small copy."""
    source = fabricated_sets.scin(folder / "bucket")
    files = {f"/b/{p.relative_to(source).as_posix()}": p.read_bytes() for p in source.rglob("*.*")}
    with FileServer(files) as server:
        tables = [f"{server.origin}/b/{name}" for name in ("scin_cases.csv", "scin_labels.csv")]
        scin = msgspec.structs.replace(
            read_catalogue()["scin"],
            files=tuple(RemoteFile(name=url.rpartition("/")[2], url=url) for url in tables),
            origins=(server.origin,),
        )
        monkeypatch.setattr("reddots.datasets.catalogue.read_catalogue", lambda: {"scin": scin})
        told = reddots("data", "get", "scin")
        assert (told.code, server.asked) == (0, []), "without a folder nothing is contacted"
        got = reddots("data", "get", "scin", "--to", "got", "--only", "vasculitis")
    assert got.code == 0
    assert "3 photos to fetch, about 0.1 MB (judged by 3 of them)" in got.err
    assert "5 files fetched, 0 were there, 0 did not come" in got.err
    assert "reddots data import got --dataset scin" in got.out
    brought = reddots("data", "import", "got", "--dataset", "scin", "-o", "manifest.csv")
    assert brought.code == 0
    assert "3 vasculitis" in brought.err
    assert "4 left out because the photo has not been fetched" in brought.err
    assert reddots("data", "check", "manifest.csv").code == 0
    assert only_loopback == []


def test_a_table_of_one_s_own_is_imported(reddots: CommandLine, folder: Path) -> None:
    (folder / "mine.csv").write_text("file,dx\nnormal_skin/1.png,petechiae\n")
    done = reddots(
        "data", "import", "photos", "--dataset", "own", "--table", "mine.csv",
        "--column", "photo=file", "--column", "label=dx", "-o", "manifest.csv",
    )  # fmt: skip
    assert done.code == 0
    assert [r.label for r in read_manifest(folder / "manifest.csv").rows] == ["petechiae"]


def test_import_writes_a_manifest_and_says_what_it_left_out(
    reddots: CommandLine, folder: Path
) -> None:
    done = reddots("data", "import", "photos", "--dataset", "pad_ufes_20", "-o", "manifest.csv")
    assert (done.code, done.out) == (1, "")
    assert "3 photos, 1 left out" in done.err
    assert "damaged.jpg" in done.err
    rows = read_manifest(folder / "manifest.csv").rows
    assert sorted(r.label for r in rows) == ["cherry_angioma", "normal_skin", "normal_skin"]


def test_check_prints_what_is_wrong(reddots: CommandLine, folder: Path) -> None:
    reddots("data", "import", "photos", "--dataset", "pad_ufes_20", "-o", "manifest.csv")
    good = reddots("data", "check", "manifest.csv")
    assert (good.code, good.out) == (0, "")
    assert "3 photos; nothing found" in good.err
    (folder / "photos/cherry_angioma/0.png").unlink()
    bad = reddots("data", "check", "manifest.csv")
    assert bad.code == 1
    assert bad.out.startswith("unreadable\tphotos/cherry_angioma/0.png\t")
    assert "1 unreadable" in bad.err


@pytest.fixture
def copies(folder: Path) -> Path:
    """Write a manifest of two photos under two names and in two splits."""
    lines = ["photo,label,group,split"]
    for seed in range(2):
        skin(seed).save(folder / f"{seed}.png")
        skin(seed).resize((90, 80)).save(folder / f"{seed} small.png")
        lines += [
            f"{seed}.png,normal_skin,a{seed},train",
            f"{seed} small.png,normal_skin,b{seed},test",
        ]
    (folder / "m.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.usefixtures("copies")
def test_check_finds_copies_and_writes_json(reddots: CommandLine) -> None:
    done = reddots("data", "check", "m.csv", "--json", "check.json")
    assert done.code == 1
    assert "2 near_duplicate, 2 split_duplicate" in done.err
    report = json.loads(Path("check.json").read_text())
    assert report["schema"] == "reddots.data-check/1"
    assert report["counts"] == {"near_duplicate": 2, "split_duplicate": 2}
    first = report["issues"][0]
    assert (first["kind"], first["photo"], first["other"]) == (
        "near_duplicate",
        "0 small.png",
        "0.png",
    )


def test_merged_groups_hold_all_copies(reddots: CommandLine, copies: Path) -> None:
    (copies / "elsewhere").mkdir()
    done = reddots("data", "check", "m.csv", "--merge-groups", "-o", "elsewhere/merged.csv")
    assert done.code == 1, "what was found is still wrong in the manifest that was looked at"
    merged = read_manifest(copies / "elsewhere" / "merged.csv")
    assert [row.group for row in merged.rows] == ["a0", "a0", "a1", "a1"]
    assert all(merged.path(row).is_file() for row in merged.rows), "paths start from the new place"


# arguments, words on the one line of stderr, why
WRONG = [
    (["get", "rumour"], ["rumour", "pad_ufes_20"], "an unknown set"),
    (["import", "photos", "--dataset", "rumour", "-o", "m.csv"], ["rumour"], "a set without terms"),
    (["import", "gone", "--dataset", "sd198", "-o", "m.csv"], ["no folder"], "no such folder"),
    (["import", "photos", "--dataset", "sd198", "-o", "no/m.csv"], ["cannot be written"], "nowhere to write"),
    (["get", "ddi", "--to", "x"], ["not offered", "data get ddi"], "nothing to fetch"),
    (["import", "photos", "--dataset", "own", "--column", "colour=x", "-o", "m.csv"], ["colour", "label"], "an unknown column"),
    (["check", "m.csv", "--merge-groups"], ["--merge-groups", "-o"], "nowhere to write the groups"),
    (["check", "gone.csv"], ["gone.csv", "cannot be read"], "no such manifest"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words", "why"), WRONG, ids=[row[2] for row in WRONG])
@pytest.mark.usefixtures("folder")
def test_wrong_use_is_one_line_and_exit_code_2(
    reddots: CommandLine, arguments: list[str], words: list[str], why: str
) -> None:
    done = reddots("data", *arguments)
    assert (done.code, done.out) == (2, ""), why
    assert all(word in done.err for word in words), why
    assert done.err.count("\n") == 1, why


def test_list_as_json_has_every_set_whole(reddots: CommandLine) -> None:
    from reddots.datasets.catalogue import read_catalogue

    done = reddots("data", "list", "--json")
    assert done.code == 0
    found = {own["id"]: own for own in json.loads(done.out)}
    assert list(found) == list(read_catalogue())
    assert found["ham10000"]["licence"].startswith("CC BY-NC")
    assert "mole_or_growth" in found["ham10000"]["labels"]


def test_an_id_is_never_cut(reddots: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    from reddots.datasets.catalogue import read_catalogue

    monkeypatch.setenv("COLUMNS", "80")
    lines = reddots("data", "list").out
    for name in read_catalogue():
        assert name in lines


def test_an_import_begins_with_a_summary_and_does_not_name_thousands(
    reddots: CommandLine, tmp_path: Path
) -> None:
    """Forty photos of the table are not there, and two skin types cannot be read."""
    from PIL import Image

    folder = tmp_path / "own"
    folder.mkdir()
    rows = ["photo,label,fitzpatrick"]
    for i in range(44):
        rows.append(f"{i}.png,other_rash,{'VII' if i < 2 else 'FST3'}")
        if i < 4:
            Image.new("RGB", (80, 80), (200, 10 * i, 90)).save(folder / f"{i}.png")
    table = folder / "table.csv"
    table.write_text("\n".join(rows) + "\n")
    done = reddots("data", "import", folder, "--dataset", "own", "--table", table,
                   "-o", tmp_path / "m.csv")  # fmt: skip
    lines = done.err.splitlines()
    assert "4 photos, 40 left out" in lines[0]
    assert "40 left out because" in lines[1]
    assert sum("left out:" in line for line in lines) == 11
    assert "and 30 more" in lines[-1]
    assert any("2 kept without a skin type: “VII”" in line for line in lines)
    assert len(lines) < 20
    assert done.code == 1
