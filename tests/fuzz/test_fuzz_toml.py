"""Whatever a data file holds, it is read whole or a sentence says what is wrong in it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fuzzing import damaged, fuzz

from reddots._resources import folder
from reddots.datasets.catalogue import read_catalogue
from reddots.errors import RedDotsError
from reddots.knowledge.loader import read_knowledge
from reddots.knowledge.sources import read_sources
from reddots.training.recipe import read_recipe
from reddots_app.i18n import read_page_texts

FILES = ("categories", "questions", "rules", "evidence", "guidance", "screens", "contradictions")
DATA = folder("data")
SHAPES: dict[str, Callable[[Path], object]] = {
    "sources.toml": read_sources,
    "datasets.toml": read_catalogue,
    "training/lite0.toml": read_recipe,
    "locale/page.es.toml": lambda path: read_page_texts(path.parent),
    **{f"knowledge/{name}.toml": lambda path: read_knowledge(path.parent) for name in FILES},
}


@pytest.fixture(scope="module")
def copied() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(DATA, place, dirs_exist_ok=True)
        yield Path(place)


def read(name: str, data: bytes, copied: Path) -> None:
    path = copied / name
    path.write_bytes(data)
    try:
        SHAPES[name](path)
    except RedDotsError as error:
        assert str(error)  # either way is right
    finally:
        shutil.copyfile(DATA / name, path)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.slow
def test_damaged_data_files(name: str, copied: Path) -> None:
    def file(data: bytes) -> None:
        read(name, data, copied)

    file.__name__ = name
    fuzz(damaged([(DATA / name).read_bytes()]), file)


# file, what is replaced, by what, why
FINDINGS = [
    ("locale/page.es.toml", b'"Idioma"', b'"{"', "a brace that nothing closes"),
    ("locale/page.es.toml", b'"Idioma"', b'"{a!}"', "a placeholder that is none"),
]


@pytest.mark.parametrize(("name", "old", "new", "why"), FINDINGS, ids=[row[3] for row in FINDINGS])
def test_known_crashes(name: str, old: bytes, new: bytes, why: str, copied: Path) -> None:
    data = (DATA / name).read_bytes()
    assert old in data, why
    read(name, data.replace(old, new), copied)
