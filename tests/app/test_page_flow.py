"""The whole way through the page, in a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, USED, Person
from running_site import Site

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


def test_the_whole_way_with_a_photo(visit: Visit, site: Site, photo: Path) -> None:
    person = Person(visit())
    person.picture("phone-1-first")
    person.upload(photo)
    page = person.page
    page.get_by_text(USED).wait_for()
    circled = page.locator(".rd-circles").count()
    assert page.locator(".rd-mark-good").count() == circled, "a green tick over found spots alone"
    person.picture("phone-2-photo")
    person.begin()
    person.picture("phone-3-age")
    person.type_number(44)
    person.picture("phone-4-checklist")
    person.answer_all_calmly()
    person.picture("phone-5-result")
    assert page.locator(".rd-banner").get_attribute("role") == "alert"
    assert page.locator(".rd-banner svg").count() >= 1
    assert page.get_by_role("heading", name=ENGLISH.result.do_now).count() == 1
    assert page.locator(".rd-thumbnails img").count() == 1
    assert [f for f in site.files() if f.stat().st_size] == [], "the upload is deleted"


def test_every_checklist_has_at_most_six_rows_with_their_hints(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    seen = 0
    while person.page.locator(".rd-question").count() and seen < 6:
        rows = person.page.locator(".rd-row")
        if rows.count():
            seen += 1
            assert rows.count() <= 6
            assert person.page.locator(".rd-row legend + .rd-help").count() == rows.count()
            assert person.page.locator(".rd-row [value=not_sure]").count() == rows.count()
        person.answer_calmly()
    assert seen >= 3


def test_next_alone_answers_nothing_and_none_shows_what_it_answers(visit: Visit) -> None:
    person = Person(visit())
    person.begin_with(30)
    page = person.page
    page.locator("#rd-next").click()
    page.get_by_text(ENGLISH.question.need_rows).wait_for()
    assert page.locator(".rd-row :checked").count() == 0
    person.settle()
    page.locator("#rd-none").check()
    assert page.locator(".rd-row [value=no]:checked").count() == page.locator(".rd-row").count()
    page.locator("#rd-none").uncheck()
    assert page.locator(".rd-row :checked").count() == 0
    person.none_of_these()


def test_a_danger_interrupts_at_once_and_can_be_corrected(visit: Visit) -> None:
    person = Person(visit())
    person.begin_with(6)
    person.tick("hard to wake", ENGLISH.question.yes)
    page = person.page
    page.locator(".rd-banner.rd-emergency").wait_for()
    assert ENGLISH.result.interrupted in person.banner()
    assert not person.shown(".rd-question")
    call = page.locator(".rd-banner > a.rd-call")
    assert call.get_attribute("href") == "tel:999", "the number of the reader's country"
    assert call.bounding_box()["y"] < 400, "before everything else"
    assert not page.locator(".rd-banner .rd-others a").first.is_visible(), "the others are folded"
    assert page.locator("a[href^='tel:']:visible").count() == 1
    assert page.locator(".rd-do-now ol li").count() == 3
    assert page.locator("#rd-more").count() == 0
    person.picture("phone-emergency")
    person.settle()
    person.go_on("#rd-correct")
    person.tick("hard to wake", ENGLISH.question.no)
    person.none_of_these()
    assert not person.shown(".rd-banner")


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


def test_the_browsers_back_is_one_step_back(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(30)
    person.page.go_back()
    person.page.locator("#rd-number input").wait_for()
    assert person.page.locator("#rd-number input").input_value() == "30"


def test_a_wrong_number_is_explained_and_nothing_is_lost(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.page.locator("#rd-number input").fill("400")
    person.page.locator("#rd-next").click()
    alert = person.page.locator(".rd-question [role=alert]")
    alert.wait_for()
    assert "120" in alert.inner_text()
    person.type_number(40)


def test_every_answer_can_be_changed_from_a_question_and_from_the_result(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(30)
    page = person.page
    person.go_on("#rd-review")
    page.get_by_role("button", name=ENGLISH.review.change).first.click()
    page.locator("#rd-number input").wait_for()
    person.type_number(31)
    person.go_on("#rd-show-result")
    page.locator("#rd-review").click()
    page.get_by_text("31 years", exact=True).wait_for()
    person.settle()
    page.locator("#rd-close-review").click()
    page.locator(".rd-result").wait_for()


def test_start_again_wipes_everything_and_can_be_undone(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(77)
    person.go_on("#rd-start-again")
    page = person.page
    page.locator(".rd-hero").wait_for()
    page.wait_for_function("() => !JSON.stringify({...sessionStorage}).includes('77')")
    assert page.locator(".rd-photo").count() == 0
    page.get_by_role("button", name=ENGLISH.message.undo).click()
    page.locator(".rd-question").wait_for()
    person.settle()
    person.go_on("#rd-review")
    assert page.get_by_text("77 years", exact=True).is_visible()


def test_a_reload_in_the_middle_loses_nothing(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(77)
    step = person.step
    person.page.wait_for_function(
        "() => Object.keys(JSON.parse(sessionStorage['red-dots']).pictures).length"
    )
    person.page.reload()
    person.page.locator(".rd-question").wait_for()
    assert person.step == step
    person.settle()
    person.go_on("#rd-show-result")
    assert person.page.locator(".rd-thumbnails img").count() == 1


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
        answers = person.page.locator(".rd-sheet-doctor").text_content()
        assert own in answers
        assert other not in answers.replace(own, "")
    assert two.page.locator(".rd-thumbnails img").count() == 0


def test_a_double_tap_answers_one_question_only(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.page.locator("#rd-number input").fill("30")
    person.page.locator("#rd-next").dblclick()
    person.page.wait_for_timeout(800)
    step = person.step
    assert step.startswith("1."), "the second screen, not the third"
    assert person.page.locator(".rd-question [role=alert]").count() == 0


def test_nothing_of_a_person_is_in_the_log(visit: Visit, site: Site, photo: Path) -> None:
    person = Person(visit())
    person.upload(photo)
    person.begin()
    person.type_number(93)
    assert photo.stem not in site.written()
    assert site.written().count("\n") == 1, "only the address was written"
