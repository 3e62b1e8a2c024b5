"""The terms of the public photo sets are kept: what may be trained on, and what follows from it."""

from pathlib import Path

import pytest

from reddots._resources import folder
from reddots.datasets.catalogue import (
    PhotoSet,
    licence_that_follows,
    read_catalogue,
    require_trainable,
)
from reddots.datasets.manifest import Row
from reddots.errors import KnowledgeError, ManifestError
from reddots.tabular.reader import open_table


def photo_set(name: str, *, commercial: bool = True, may_train: bool = True) -> PhotoSet:
    return PhotoSet(
        id=name, name=f"The {name} set", what="", licence=f"licence of {name}",
        commercial=commercial, may_train=may_train, trim_bottom=0.0, url="", citation="", source="",
    )  # fmt: skip


CATALOGUE = {
    s.id: s
    for s in [
        photo_set("open"),
        photo_set("free"),
        photo_set("research", commercial=False),
        photo_set("closed", commercial=False, may_train=False),
    ]
}


def rows(*names: str) -> list[Row]:
    return [Row(photo=f"{i}.jpg", label="x", dataset=name) for i, name in enumerate(names)]


# data sets of the rows, words that the message must have, why
REFUSED = [
    (["closed"], ["The closed set", "forbid training", "licence of closed"], "terms forbid it"),
    (["open", "open", "closed"], ["The closed set"], "one photo is enough"),
    (["rumour"], ["rumour", "not in data/datasets.toml"], "an unknown set"),
    (["open", ""], ["“”", "not in data/datasets.toml"], "a row that names no set"),
]


@pytest.mark.parametrize(("names", "words", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_sets_are_refused(names: list[str], words: list[str], why: str) -> None:
    with pytest.raises(ManifestError) as caught:
        require_trainable(rows(*names), CATALOGUE)
    for word in words:
        assert word in str(caught.value), why


@pytest.mark.parametrize("names", [["open"], ["research"], ["open", "research", "free"]])
def test_sets_that_allow_training_pass(names: list[str]) -> None:
    require_trainable(rows(*names), CATALOGUE)
    with pytest.raises(ManifestError):
        require_trainable(rows(*names, "closed"), CATALOGUE)


# data sets of the rows, whether the result is for research only, sets it names, sets it does not
FOLLOWING = [
    (["open"], False, ["The open set (licence of open)"], ["free"]),
    (["open", "free", "open"], False, ["The free set", "The open set"], ["research"]),
    (["open", "research"], True, ["The research set (licence of research)"], ["open"]),
    (["closed", "research"], True, ["The closed set", "The research set"], ["open"]),
]


@pytest.mark.parametrize(("names", "research_only", "named", "not_named"), FOLLOWING)
def test_the_strictest_terms_follow(
    names: list[str], research_only: bool, named: list[str], not_named: list[str]
) -> None:
    licence = licence_that_follows(rows(*names), CATALOGUE)
    assert licence.startswith("Non-commercial") == research_only
    assert all(licence.count(name) == 1 for name in named), licence
    assert not any(name in licence for name in not_named), licence


def test_the_shipped_file_is_read() -> None:
    catalogue = read_catalogue()
    assert not catalogue["dermnetnz"].may_train
    assert not catalogue["fitzpatrick17k"].commercial
    assert catalogue["caltech101"].may_train
    for name, entry in catalogue.items():
        assert name == entry.id
        assert 0 <= entry.trim_bottom <= 0.3
        assert all([entry.name, entry.what, entry.licence, entry.citation, entry.source]), name
        assert entry.url.startswith("https://") or (not entry.url and entry.steps), name


def test_photos_with_terms_of_their_own_have_their_credit() -> None:
    table = open_table(folder("data") / "credits.csv", ManifestError)
    credited = {row.text("photo").partition("/")[0] for row in table}
    assert credited == {e.id for e in read_catalogue().values() if "credits.csv" in e.citation}
    assert all(row.text("licence") and row.text("credit") for row in table)


ENTRY = """
[[set]]
id = "a"
name = "A"
what = "photos"
licence = "CC0"
commercial = true
may_train = true
trim_bottom = 0.0
url = "https://example.org"
citation = "A"
source = "A"
"""

# the file, words that the message must have, why
BAD = [
    (ENTRY + ENTRY, ["“a”", "twice"], "one id twice"),
    (ENTRY.replace("may_train = true", ""), ["may_train"], "whether it may train is not said"),
    (
        ENTRY.replace("commercial = true", 'commercial = "yes"'),
        ["commercial"],
        "a word for a truth",
    ),
    (ENTRY + 'colour = "red"', ["colour"], "an unknown key"),
    (ENTRY + "=", ["line"], "no TOML"),
]


@pytest.mark.parametrize(("content", "words", "why"), BAD, ids=[row[2] for row in BAD])
def test_a_bad_catalogue_is_named(tmp_path: Path, content: str, words: list[str], why: str) -> None:
    path = tmp_path / "sets.toml"
    path.write_text(content)
    with pytest.raises(KnowledgeError) as caught:
        read_catalogue(path)
    for word in ["sets.toml", *words]:
        assert word in str(caught.value), why


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"sets\.toml: cannot be read"):
        read_catalogue(tmp_path / "sets.toml")
