"""The whole way through the page, in a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, Person
from running_site import Site

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


def test_the_whole_way_with_a_photo(visit: Visit, site: Site, photo: Path) -> None:
    person = Person(visit())
    person.picture("phone-1-photo")
    person.upload(photo)
    assert ENGLISH.photo.fine in person.page.locator(".rd-photo").inner_text()
    person.picture("phone-2-photo-seen")
    person.begin()
    person.picture("phone-3-age")
    person.type_number(44)
    person.picture("phone-4-checklist")
    person.answer_all_calmly()
    person.picture("phone-5-result")
    page = person.page
    assert page.locator(".rd-banner").get_attribute("role") == "alert"
    assert page.locator(".rd-banner svg").count() >= 1
    for heading in ("why", "do_now", "watch_for", "tell_the_doctor", "candidates", "photo"):
        assert page.get_by_role("heading", name=getattr(ENGLISH.result, heading)).count() >= 1
    assert page.locator(".rd-candidates li").count() >= 5
    assert page.locator(".rd-thumbnails img").count() == 1
    assert [f for f in site.files() if f.stat().st_size] == [], "the upload is deleted"


def test_what_mattered_in_the_photo_is_shown_when_asked_for(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.go_on("#rd-show-result")
    person.page.locator("#rd-show-mattered").click()
    person.page.locator(".rd-mattered").wait_for()
    person.picture("phone-what-mattered")
    assert not person.shown("#rd-show-mattered")


def test_a_danger_interrupts_at_once_and_can_be_corrected(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(6)
    person.tick("hard to wake", ENGLISH.question.yes)
    person.page.locator(".rd-banner.rd-emergency").wait_for()
    assert ENGLISH.result.interrupted in person.banner()
    assert not person.shown(".rd-question")
    assert person.page.locator('.rd-banner a[href="tel:112"]').is_visible()
    top = person.page.locator(".rd-banner").bounding_box()["y"]
    assert top < 250, "the banner is on the first screen"
    person.picture("phone-emergency")
    person.go_on("#rd-correct")
    person.tick("hard to wake", ENGLISH.question.no)
    person.go_on("#rd-next")
    assert not person.shown(".rd-banner")
    assert person.step == 3


def test_not_sure_counts_and_is_always_there(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(6)
    assert (
        person.page.locator(".rd-row:visible").count()
        == person.page.locator(
            f'.rd-row:visible label:has-text("{ENGLISH.question.not_sure}")'
        ).count()
    )


def test_back_skip_and_the_result_at_any_time(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(30)
    person.go_on("#rd-skip")
    person.go_on("#rd-back")
    person.go_on("#rd-back")
    assert person.page.locator("#rd-number input").input_value() == "30"
    person.go_on("#rd-next")
    person.go_on("#rd-show-result")
    assert person.shown(".rd-banner")
    person.go_on("#rd-result-back")
    assert person.shown(".rd-question")


def test_a_wrong_number_is_explained_and_nothing_is_lost(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.page.locator("#rd-number input").fill("400")
    person.page.locator("#rd-next").click()
    alert = person.page.locator(".rd-question [role=alert]")
    alert.wait_for()
    assert "120" in alert.inner_text()
    person.type_number(40)


def test_start_again_wipes_everything(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(77)
    person.go_on("#rd-show-result")
    person.page.locator("#rd-start-again").click()
    person.page.locator("#rd-go-on").wait_for()
    assert person.page.locator(".rd-photo").count() == 0
    html = person.page.content()
    assert "77 years" not in html
    assert "data:image/jpeg" not in html
    person.begin()
    assert person.page.locator("#rd-number input").input_value() == ""


def test_a_reload_in_the_middle_starts_afresh_and_works(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(77)
    person.page.reload()
    person.page.locator("#rd-go-on").wait_for()
    assert person.page.locator(".rd-photo").count() == 0
    person.begin()
    assert person.page.locator("#rd-number input").input_value() == ""


def test_two_people_never_see_each_other(visit: Visit, photo: Path) -> None:
    one, two = Person(visit()), Person(visit())
    one.upload(photo)
    one.begin()
    two.begin()
    one.type_number(61)
    two.type_number(7)
    one.go_on("#rd-show-result")
    two.go_on("#rd-show-result")
    for person, own, other in ((one, "61 years", "7 years"), (two, "7 years", "61 years")):
        answers = person.page.locator(".rd-answers").text_content()
        assert own in answers
        assert other not in answers.replace(own, "")
    assert two.page.locator(".rd-thumbnails img").count() == 0


def test_every_question_can_be_reached_on_the_page(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    more = person.page.locator("#rd-more")
    assert more.is_visible()
    person.go_on("#rd-more")
    assert person.shown(".rd-question")


def test_a_double_tap_answers_one_question_only(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.page.locator("#rd-number input").fill("30")
    person.page.locator("#rd-next").dblclick()
    person.page.wait_for_timeout(800)
    assert person.step == 2


def test_the_print_out_has_the_answers_and_the_photo_only_if_wanted(
    visit: Visit, photo: Path
) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    page = person.page
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
    page.emulate_media(media="print")
    page.locator("#rd-print").evaluate("button => button.click()")
    page.wait_for_function("window.printed === 1")
    assert not person.shown(".rd-thumbnails")
    assert not person.shown("#rd-more")
    assert person.shown(".rd-print-only >> nth=0")
    page.locator("#rd-print-photo input").evaluate("box => box.click()")
    page.locator("#rd-print").evaluate("button => button.click()")
    page.wait_for_function("window.printed === 2")
    assert person.shown(".rd-thumbnails")


def test_the_browsers_own_print_has_the_date_and_the_answers(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    page = person.page
    page.pdf()  # prints as the browser's menu does, without the page's button
    assert page.locator(".rd-date").text_content()
    assert page.locator(".rd-for-doctor[open]").count() == 0, "closed again afterwards"


def test_nothing_of_a_person_is_in_the_log(visit: Visit, site: Site, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(93)
    assert photo.stem not in site.written()
    assert site.written().count("\n") == 1, "only the address was written"
