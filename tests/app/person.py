"""What a person does on the page, for browser tests."""

import re
from pathlib import Path
from typing import Any

import pytest

from reddots_app.i18n import Texts, page_texts

ENGLISH = page_texts()["en"]
# A photo that was used: with spots found, or where none were counted.
USED = re.compile("|".join(re.escape(ENGLISH.photo[q]) for q in ("good", "usable")))
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
_STEP = "() => document.querySelector('.rd-question')?.dataset.step ?? 'none'"


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, by rule and place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not there")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    page.emulate_media(reduced_motion="reduce")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{v['id']} ({v['impact']}): {node['html'][:160]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


class Person:
    """Someone with the page open."""

    def __init__(self, page: Any, texts: Texts = ENGLISH) -> None:
        self.page = page
        self.texts = texts

    @property
    def step(self) -> str:
        """Which screen of questions it is; “none” when there is none."""
        return str(self.page.evaluate(_STEP))

    def shown(self, element: str) -> bool:
        return bool(self.page.locator(element).first.is_visible())

    def upload(self, *files: Path | dict[str, Any]) -> None:
        before = self.page.locator(".rd-photo").count()
        self.page.locator("input[type=file]").set_input_files(
            [str(f) if isinstance(f, Path) else f for f in files]
        )
        self.page.locator(".rd-photo").nth(before).wait_for()
        self.page.locator("#rd-progress").wait_for(state="hidden")
        self.settle()

    def begin(self) -> None:
        self.go_on("#rd-go-on")
        self.page.locator(".rd-question").wait_for()

    def type_number(self, value: float) -> None:
        self.page.locator("#rd-number input").fill(str(value))
        self.go_on("#rd-next")

    def begin_with(self, age: float) -> None:
        """Go to the first checklist: that of the danger signs."""
        self.begin()
        self.type_number(age)
        while not self.page.locator(".rd-row").count():
            self.answer_calmly()

    def press(self, label: str) -> None:
        """Press an answer of a single question."""
        self.go_on(f'.rd-option:has-text("{label}")')

    def tick(self, question: str, label: str) -> None:
        """Tick one line of a checklist."""
        row = self.page.locator(".rd-row", has_text=question)
        row.get_by_text(label, exact=True).click()

    def none_of_these(self) -> None:
        self.page.locator("#rd-none").check()
        self.go_on("#rd-next")

    def go_on(self, element: str) -> None:
        """Touch something that leads on, and wait until it has."""
        self.settle()
        before = self.step
        self.page.locator(element).first.click()
        self.page.wait_for_function(f"before => ({_STEP})() !== before", arg=before)
        self.settle()

    def settle(self) -> None:
        """Wait until taps count again."""
        self.page.wait_for_function("() => !document.body.matches('.rd-settling, .rd-busy')")

    def answer_calmly(self) -> None:
        """Answer whatever is on the screen with what worries least."""
        kind = self.page.locator(".rd-question").get_attribute("data-kind")
        if kind == "number":
            self.type_number(40)
        elif kind == "choices":
            self.page.locator("#rd-choices label").first.click()
            self.go_on("#rd-next")
        elif kind == "checklist":
            self.none_of_these()
        elif "blanches" in self.step:
            self.press(self.texts.question.yes)
        else:
            self.go_on(".rd-option >> nth=-1")

    def answer_all_calmly(self) -> int:
        """Answer until the result is there; return the number of screens."""
        count = 0
        while self.page.locator(".rd-question").count():
            self.answer_calmly()
            count += 1
            assert count < 60
        self.page.locator(".rd-result").wait_for()
        return count

    def banner(self) -> str:
        return str(self.page.locator(".rd-banner").inner_text())

    def picture(self, name: str) -> None:
        """Keep a screenshot to be viewed."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(150)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
