"""What a person does on the page, for browser tests: by touch, or (quicker) by the page's calls."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from reddots.knowledge import load
from reddots.knowledge.questions import Question
from reddots_app.i18n import Texts, page_texts

ENGLISH = page_texts()["en"]
# A photo that was used: with spots found, or where none were counted.
USED = re.compile("|".join(re.escape(ENGLISH.photo[q]) for q in ("found", "usable")))
# Pictures of the page are kept where this names a folder; they cost more time than the tests.
SCREENSHOTS = os.environ.get("REDDOTS_SCREENSHOTS")
SKIP_TO = """async question => {
    for (let i = 0; i < 60 && !redDots.state.current?.questions.includes(question); i += 1)
        await redDots.answer({ act: redDots.state.step === "question" ? "skip" : "begin", values: {} });
}"""
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


def calm_answer(question: Question) -> object:
    """What worries least."""
    return {
        "number": {"number": 40, "unit": "years"},
        "choices": list(question.values[:1]),
        "choice": (*question.values, "")[0],
        "tristate": "yes" if question.red_flag == "no" else "no",
    }[question.kind]


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
        self.move("begin")
        self.say(age_years={"number": age, "unit": "years"})
        while not self.page.locator(".rd-row").count():
            self.answer_calmly()
        self.settle()

    def move(self, act: str, **event: object) -> None:
        """Make a move as a touch would, without the touch, and wait until it is shown."""
        self.page.evaluate("event => redDots.answer(event)", {"act": act, **event})

    def say(self, **values: object) -> None:
        """Answer the questions on the screen."""
        self.move("answer", values=values)

    def skip_to(self, question: str) -> None:
        """Leave questions open until the one that is wanted is on the screen."""
        self.page.evaluate(SKIP_TO, question)
        self.settle()

    def asked(self) -> list[str]:
        """Return the questions on the screen."""
        return list(self.page.evaluate("redDots.state.current?.questions ?? []"))

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
        questions = load().questions
        self.say(**{asked: calm_answer(questions[asked]) for asked in self.asked()})

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
        """Keep a screenshot to be viewed, where a folder for them is named."""
        if SCREENSHOTS:
            self.page.mouse.move(0, 0)
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)
