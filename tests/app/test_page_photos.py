"""Photos of every kind, in a browser: each leads on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from person import ENGLISH, Person
from PIL import Image
from running_site import start_site, stop_site
from skin_pictures import picture

from reddots.knowledge import load
from reddots_app.photos import SHORT_SIDE
from reddots_app.session import MOST_PHOTOS

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
PROBLEMS = load().guidance.photo_problems


def heic(path: Path) -> Path:
    pillow_heif.from_pillow(picture()).save(path)
    return path


def turned(path: Path) -> Path:
    exif = Image.Exif()
    exif[274] = 6
    picture().crop((0, 0, 400, 200)).save(path, exif=exif)
    return path


def broken(path: Path) -> Path:
    picture().save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:400])
    return path


def enormous(path: Path) -> Path:
    Image.new("L", (10_000, 9_000), 128).save(path, "PNG")
    return path


def blue(path: Path) -> Path:
    picture(blue=True).save(path, "JPEG")
    return path


def pdf(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.4 not a photo")
    return path


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.heic", heic),  # what an iPhone saves
        pytest.param(  # sideways, with a hostile name
            "<img src=x onerror=alert(1)>.jpg", turned, marks=pytest.mark.slow
        ),
    ],
)
def test_good_photos_are_used(
    visit: Visit, tmp_path: Path, name: str, make: Callable[[Path], Path]
) -> None:
    person = Person(visit())
    person.upload(make(tmp_path / name))
    text = person.page.locator(".rd-photo").inner_text()
    assert ENGLISH.photo.rejected not in text
    box = person.page.locator(".rd-photo img").evaluate("i => [i.naturalWidth, i.naturalHeight]")
    if make is turned:
        assert box[1] > box[0], "it stands upright"
    assert "onerror" not in person.page.content()


BAD = [
    ("broken.jpg", broken, "unreadable", "cut off"),
    ("wall.jpg", blue, "not_skin", "no skin in it"),
    ("letter.pdf", pdf, "unsupported_format", "no photo at all"),
]


@pytest.mark.slow
def test_bad_photos_are_explained_and_lead_on(visit: Visit, tmp_path: Path) -> None:
    person = Person(visit())
    for name, make, problem, why in BAD:
        person.upload(make(tmp_path / name))
        text = person.page.locator(".rd-step").inner_text()
        assert ENGLISH.photo.rejected in text, why
        assert PROBLEMS[problem].text in text, why
        assert PROBLEMS[problem].retake in text, why
        assert ENGLISH.photo.not_dead_end in text, why
        person.picture(f"phone-photo-{problem}")
        person.page.locator("[data-act=remove]").click()
        person.page.locator(".rd-photo").wait_for(state="detached")
    person.begin()


@pytest.mark.slow
def test_a_large_photo_is_made_smaller_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    person = Person(visit())
    sizes: list[int] = []
    person.page.on(
        "request",
        lambda r: sizes.append(len(r.post_data_buffer or b"")) if "upload" in r.url else None,
    )
    path = enormous(tmp_path / "enormous.png")
    person.upload(path)
    assert person.page.locator(".rd-photo img").count() == 1
    side = "i => Math.min(i.naturalWidth, i.naturalHeight)"
    assert person.page.locator(".rd-photo img").evaluate(side) == SHORT_SIDE
    assert len(sizes) == 1


def test_what_is_sent_has_no_place_and_no_time(visit: Visit, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "MARK-4711"
    exif.get_ifd(0x8825)[1] = "N"
    picture().save(tmp_path / "a.jpg", exif=exif)
    sent: list[bytes] = []
    person = Person(visit())
    person.page.on(
        "request",
        lambda r: sent.append(r.post_data_buffer or b"") if "upload" in r.url else None,
    )
    person.upload(tmp_path / "a.jpg")
    assert b"MARK-4711" in (tmp_path / "a.jpg").read_bytes()
    assert all(b"MARK-4711" not in body for body in sent)


@pytest.mark.slow
def test_a_bar_moves_while_a_photo_is_sent(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    page = person.page
    tools = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 30_000}
    tools.send("Network.emulateNetworkConditions", limits)
    page.locator("input[type=file]").set_input_files(str(photo))
    page.wait_for_function(
        "() => { const v = document.querySelector('#rd-progress progress').value; return v > 0 && v < 100; }"
    )
    person.picture("phone-photo-sending")
    page.locator(".rd-photo").wait_for()


def test_no_spots_have_no_green_tick_and_are_said_so(visit: Visit) -> None:
    person = Person(visit())
    page = person.page
    certain = {"normal_skin": 1.0}
    body = {"status": "ok", "categories": certain, "training_priors": certain}
    page.evaluate(
        "result => { redDots.state.photos = [{id: 'a', result, cropped: false}]; redDots.answer({act: 'show'}); }",
        body,
    )
    page.locator(".rd-photo").wait_for()
    assert ENGLISH.photo.no_spots in page.locator(".rd-photo").inner_text()
    assert page.locator(".rd-mark-good").count() == 0
    person.move("begin")
    person.move("finish")
    assert ENGLISH.result.no_spots in page.locator(".rd-result").inner_text()


def test_detected_spots_are_circled_and_count_by_the_persons_yes_alone(visit: Visit) -> None:
    person = Person(visit())
    page = person.page
    marks = [[0.1 * n, 0.5, 0.02] for n in range(1, 9)]
    spots = {"count": 8, "diameter": 0.02, "pattern": "line", "colour": ["red"], "marks": marks}
    result = {
        "status": "ok",
        "categories": {"other_rash": 1.0},
        "training_priors": {"other_rash": 1.0},
        "spots": {**spots, "size": "small"},
    }
    page.evaluate(
        """async result => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 300, height: 200});
            const blob = await new Promise(done => canvas.toBlob(done));
            redDots.pictures.set("a", {blob, whole: blob, url: URL.createObjectURL(blob)});
            redDots.state.photos = [{id: "a", result, cropped: false}];
            await redDots.answer({act: "show"});
        }""",
        result,
    )
    page.locator(".rd-circles").wait_for()
    assert page.locator(".rd-circles circle").count() == 2 * len(marks)
    page.set_viewport_size({"width": 320, "height": 844})  # the smallest picture there is
    drawn = page.locator(".rd-circles circle").evaluate_all(
        """all => all.map(e => [e.getBoundingClientRect().width,
            parseFloat(getComputedStyle(e).strokeWidth), getComputedStyle(e).vectorEffect])"""
    )
    for width, line, effect in drawn:
        assert effect == "non-scaling-stroke", "thin at any size of the picture"
        assert width - 2 * line >= 3, "and open, so that the spot in it is seen"
    assert page.locator(".rd-mark-good").count() == 0
    person.settle()
    person.picture("phone-spots-found")
    page.locator("[data-act=circles]").click()
    assert not person.shown(".rd-circles"), "they can be hidden"
    assert page.evaluate("Object.keys(redDots.state.answers ?? {}).length") == 0
    page.locator(".rd-spots summary").click()
    page.locator(".rd-spots-form [name=count][value=many]").check()
    page.locator(".rd-spots-form [type=submit]").click()
    page.get_by_text(ENGLISH.spots.taken).wait_for()
    assert page.locator(".rd-mark-good").count() == 1
    person.picture("phone-spots-agreed")
    answers = page.evaluate("redDots.state.answers")
    assert answers == {"count": "many", "size": "small", "pattern": "scattered", "colour": ["red"]}


@pytest.mark.slow
def test_several_photos_one_of_them_bad_one_of_them_twice(
    visit: Visit, photo: Path, tmp_path: Path
) -> None:
    person = Person(visit())
    person.upload(photo, photo, broken(tmp_path / "broken.jpg"))
    assert person.page.locator(".rd-photo").count() == 2
    person.page.locator("[data-act=remove]").nth(1).click()
    person.page.wait_for_function("() => document.querySelectorAll('.rd-photo').length === 1")
    assert ENGLISH.photo.rejected not in person.page.locator("#rd-photos").inner_text()


@pytest.mark.slow
def test_too_many_photos_are_said_so(visit: Visit, tmp_path: Path) -> None:
    paths = [tmp_path / f"{seed}.jpg" for seed in range(MOST_PHOTOS + 1)]
    for seed, path in enumerate(paths):
        picture(seed=seed).save(path)
    person = Person(visit())
    person.upload(*paths)
    assert person.page.locator(".rd-photo").count() == MOST_PHOTOS
    note = ENGLISH.message.too_many.format(limit=MOST_PHOTOS)
    assert note in person.page.locator("#rd-message").inner_text()


@pytest.fixture
def without_checkpoint(tmp_path: Path) -> Iterator[str]:
    site = start_site(None, tmp_path)
    yield site.address
    stop_site(site)


@pytest.mark.slow
def test_without_a_checkpoint_the_questions_go_on(
    visit: Visit, without_checkpoint: str, photo: Path
) -> None:
    person = Person(visit(without_checkpoint))
    person.page.locator("input[type=file]").set_input_files(str(photo))
    person.page.get_by_text(ENGLISH.message.no_model).wait_for()
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    assert person.shown(".rd-banner")
