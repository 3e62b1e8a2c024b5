"""The whole way through the page, in a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, USED, Person
from running_site import Site

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
ROWS = """() => [...document.querySelectorAll('.rd-row')].map(row => [
    !!row.querySelector('legend + .rd-help'), !!row.querySelector('[value=not_sure]')])"""


def test_the_whole_way_with_a_photo(visit: Visit, site: Site, photo: Path) -> None:
    person = Person(visit())
    page = person.page
    person.picture("phone-1-first")
    person.upload(photo)
    page.get_by_text(USED).wait_for()
    assert page.locator(".rd-mark-good").count() == 0, "a green tick by the person's yes alone"
    person.picture("phone-2-photo")
    person.begin()
    page.locator("#rd-number input").fill("400")
    page.locator("#rd-next").click()
    alert = page.locator(".rd-question [role=alert]")
    alert.wait_for()
    assert "120" in alert.inner_text(), "a wrong number is explained"
    person.settle()
    person.picture("phone-3-age")
    person.type_number(44)
    while not page.locator(".rd-row").count():
        person.answer_calmly()
    person.settle()
    person.picture("phone-4-checklist")
    page.locator("#rd-next").click()
    page.get_by_text(ENGLISH.question.need_rows).wait_for()
    assert page.locator(".rd-row :checked").count() == 0, "“Next” alone answers nothing"
    person.settle()
    page.locator("#rd-none").check()
    assert page.locator(".rd-row [value=no]:checked").count() == page.locator(".rd-row").count()
    page.locator("#rd-none").uncheck()
    assert page.locator(".rd-row :checked").count() == 0, "“none of these” shows what it answers"
    person.none_of_these()
    lists = []
    while page.locator(".rd-question").count():
        lists += [rows] if (rows := page.evaluate(ROWS)) else []
        person.answer_calmly()
    assert len(lists) >= 3
    assert all(len(rows) <= 6 and rows == [[True, True]] * len(rows) for rows in lists)
    person.picture("phone-5-result")
    assert page.locator(".rd-banner").get_attribute("role") == "alert"
    assert page.locator(".rd-banner svg").count() >= 1
    assert page.get_by_role("heading", name=ENGLISH.result.do_now).count() == 1
    assert page.locator(".rd-thumbnails img").count() == 1
    assert [f for f in site.files() if f.stat().st_size] == [], "the upload is deleted"
    assert photo.stem not in site.written()
    assert site.written().count("\n") == 1, "only the address was written to the log"


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


@pytest.mark.slow
def test_every_answer_can_be_gone_back_to_changed_wiped_and_brought_back(
    visit: Visit, photo: Path
) -> None:
    person = Person(visit())
    page = person.page
    person.upload(photo)
    person.begin()
    person.type_number(76)
    page.go_back()
    page.locator("#rd-number input").wait_for()
    assert page.locator("#rd-number input").input_value() == "76", "the browser's own “Back”"
    person.type_number(77)
    step = person.step
    page.wait_for_function(
        "() => Object.keys(JSON.parse(sessionStorage['red-dots']).pictures).length"
    )
    assert "77" not in page.evaluate("JSON.stringify([document.cookie, {...localStorage}])")
    page.reload()
    page.locator(".rd-question").wait_for()
    assert person.step == step, "a reload loses nothing"
    person.settle()
    person.go_on("#rd-skip")
    person.go_on("#rd-back")
    person.go_on("#rd-review")
    page.get_by_role("button", name=ENGLISH.review.change).first.click()
    page.locator("#rd-number input").wait_for()
    person.type_number(78)
    person.go_on("#rd-show-result")
    assert page.locator(".rd-thumbnails img").count() == 1, "the photo neither"
    page.locator("#rd-review").click()
    page.get_by_text("78 years", exact=True).wait_for()
    person.settle()
    page.locator("#rd-close-review").click()
    page.locator(".rd-result").wait_for()
    person.settle()
    person.go_on("#rd-result-back")
    person.go_on("#rd-start-again")
    page.locator(".rd-hero").wait_for()
    page.wait_for_function("() => !JSON.stringify({...sessionStorage}).includes('78')")
    assert page.locator(".rd-photo").count() == 0
    page.get_by_role("button", name=ENGLISH.message.undo).click()
    page.locator(".rd-question").wait_for()
    person.settle()
    person.go_on("#rd-review")
    assert page.get_by_text("78 years", exact=True).is_visible()
    other = page.context.new_page()
    other.goto(page.url)
    assert other.evaluate("sessionStorage.length") == 0, "answers wait in this tab alone"


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_double_tap_answers_one_question_only(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.page.locator("#rd-number input").fill("30")
    person.page.locator("#rd-next").dblclick()
    person.page.wait_for_timeout(800)
    step = person.step
    assert step.startswith("1."), "the second screen, not the third"
    assert person.page.locator(".rd-question [role=alert]").count() == 0
