"""The research tab's work: a report from two tables, a table from photos."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from person import Person
from PIL import Image
from running_site import start_site, stop_site
from skin_pictures import picture
from starlette.testclient import TestClient

from cli.command_line import CommandLine
from reddots.errors import ComparisonError, ManifestError, TableError
from reddots_app.app import build_app
from reddots_app.i18n import page_texts
from reddots_app.research import (
    MOST_PHOTOS,
    count_petechiae,
    evaluation_page,
    prediction_table,
)
from spots.test_tourniquet import arm, corners_of

PREDICTIONS = """photo,p_other_rash,p_normal_skin,p_cherry_angioma
a.jpg,0.8,0.1,0.1
b.jpg,0.2,0.7,0.1
c.jpg,0.1,0.1,0.8
d.jpg,0.4,0.5,0.1
"""
TRUTH = """photo,label,group
a.jpg,other_rash,1
b.jpg,normal_skin,2
c.jpg,cherry_angioma,3
d.jpg,other_rash,4
"""


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    predictions, truth = tmp_path / "predictions.csv", tmp_path / "truth.csv"
    predictions.write_text(PREDICTIONS, encoding="utf-8")
    truth.write_text(TRUTH, encoding="utf-8")
    return predictions, truth


@pytest.mark.slow
def test_a_report_is_made_and_the_tables_are_deleted(tables: tuple[Path, Path]) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra draws the figures")
    html = evaluation_page(*tables)
    assert "predictions.csv" in html
    assert html.lstrip().lower().startswith("<!doctype html")
    assert not any(table.exists() for table in tables)


class ComputedError(TableError):
    """Ends an evaluation where its metrics would be computed."""


@pytest.mark.slow
def test_page_command_and_python_compute_the_same(
    tables: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra draws the figures")
    from reddots.evaluation import api

    asked: list[Any] = []

    def compute(sample: Any, settings: Any, *_: Any) -> Any:
        probabilities, groups = sample.scored.probabilities, sample.scored.groups
        asked.append((probabilities.tolist(), groups.tolist(), list(sample.label), settings))
        raise ComputedError("here")

    monkeypatch.setattr(api, "evaluate_prepared", compute)
    predictions, truth = tables
    reddots = CommandLine(monkeypatch, capsys)
    assert reddots("evaluate", predictions, "--truth", truth, "-o", tmp_path / "report").code == 2
    for evaluate in (lambda: api.evaluate(truth, predictions), lambda: evaluation_page(*tables)):
        with pytest.raises(ComputedError):
            evaluate()
    command, python, page = asked
    assert command == python == page


@pytest.mark.parametrize(
    ("predictions", "truth", "error"),
    [
        ("nothing\n1\n", TRUTH, TableError),  # no column of photos
        (PREDICTIONS, "nothing\n1\n", ManifestError),  # no truth
    ],
)
def test_wrong_tables_are_refused_in_words_and_deleted(
    tables: tuple[Path, Path], predictions: str, truth: str, error: type[Exception]
) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra draws the figures")
    tables[0].write_text(predictions, encoding="utf-8")
    tables[1].write_text(truth, encoding="utf-8")
    with pytest.raises(error):
        evaluation_page(*tables)
    assert not any(table.exists() for table in tables)


def test_a_table_has_a_row_for_each_photo_good_or_bad(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(checkpoint))
    picture().save(tmp_path / "=good.jpg")
    (tmp_path / "bad.jpg").write_bytes(b"no photo")
    table = prediction_table(sorted(tmp_path.glob("*.jpg")))
    assert [(row["photo"], row["status"]) for row in table.rows] == [
        ("=good.jpg", "ok"),
        ("bad.jpg", "error"),
    ]
    assert [bool(small) for small in table.miniatures] == [True, False]
    assert table.csv.splitlines()[1].startswith("'=good.jpg,"), "safe for a spreadsheet"
    assert list(tmp_path.glob("*.jpg")) == []


def test_too_many_photos_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="reddots classify"):
        prediction_table([tmp_path / f"{i}.jpg" for i in range(MOST_PHOTOS + 1)])


@pytest.mark.parametrize("sides", [4, 3])
def test_a_tourniquet_test_is_counted_and_its_photo_deleted(tmp_path: Path, sides: int) -> None:
    pytest.importorskip("cv2", reason="the extra “compare” is not installed")
    path = tmp_path / "arm.png"
    Image.fromarray(arm(corners_of(10), 12, sides=sides)).save(path)
    if sides < 4:
        with pytest.raises(ComparisonError, match="Draw all four sides"):
            count_petechiae(path)
    else:
        counted = count_petechiae(path)
        assert 8 <= counted.found.count <= 16
        assert counted.found.low < counted.found.count < counted.found.high
        assert Image.open(BytesIO(counted.marked)).format == "JPEG"
    assert not path.exists()


@pytest.fixture
def research_site(checkpoint: Path, tmp_path: Path) -> Iterator[str]:
    site = start_site(checkpoint, tmp_path, research=True)
    yield site.address
    stop_site(site)


def test_the_link_to_the_research_page_leads_there(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(checkpoint))
    with TestClient(build_app(tmp_path, research=True), base_url="http://127.0.0.1") as client:
        answer = client.get("/research")
    assert answer.status_code == 200
    assert str(answer.url).endswith("/research/")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("language", sorted(page_texts()))
def test_the_research_page(
    browser: Any, research_site: str, tables: tuple[Path, Path], photo: Path, language: str
) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra draws the figures")
    words = page_texts()[language].research
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=language)
    page = context.new_page()
    page.goto(f"{research_site}/?language={language}")
    page.get_by_role("link", name=words.tab).click()
    page.get_by_role("tab", name=words.evaluate_tab).wait_for()
    page.locator("a[download='manifest.csv']").wait_for()  # an example to try
    assert page.get_by_role("heading", name=words.title).is_visible(), "in the reader's language"
    for element, table in zip(("table", "truth"), tables, strict=True):
        page.locator(f"#rd-research-{element} input[type=file]").set_input_files(str(table))
        page.get_by_text(table.stem).first.wait_for()
    page.locator("#rd-research-evaluate").click()
    report = page.frame_locator("iframe.rd-report")
    report.get_by_role("heading").first.wait_for(timeout=240_000)
    assert page.locator("a[download='report.html']").is_visible()
    page.get_by_role("tab", name=words.classify_tab).click()
    page.locator("#rd-research-photos input[type=file]").set_input_files(str(photo))
    page.get_by_text(photo.stem).first.wait_for()
    page.locator("#rd-research-classify").click()
    page.locator("a[download='predictions.csv']:visible").wait_for(timeout=240_000)
    assert photo.name in page.locator(".rd-table").inner_text()
    assert page.locator(".rd-table img").count() == 1
    page.get_by_role("tab", name=words.tourniquet_tab).click()
    page.locator("#rd-research-arm input[type=file]").set_input_files(str(photo))
    page.locator("#rd-research-arm").get_by_text(photo.stem).first.wait_for()
    page.locator("#rd-research-count").click()
    page.get_by_text("Draw all four sides").wait_for(timeout=240_000)
    Person(page).picture(f"desk-research-{language}")
    context.close()
